"""Shapes of JSON: which keys stand at which place, and of which types, in many documents at once.

A place is written as a path: `episodes[].crew[].id`. The elements of an array are one place, and so
are the values of an object whose keys are data (regions of the world, numbers): `results.*.link`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_DATA_KEY = re.compile(r"[A-Z]{2}|\d+")
_TYPES = {bool: "boolean", int: "number", float: "number", str: "string", dict: "object"}
_TYPES |= {list: "array", type(None): "null"}


@dataclass(slots=True)
class Shape:
    """What was seen in some documents."""

    types: dict[str, set[str]] = field(default_factory=dict)
    """By place: `number`, `string` …; the place of a whole document is empty."""
    always: dict[str, set[str]] = field(default_factory=dict)
    """By place of objects: the keys that each of them has."""

    @property
    def places(self) -> set[str]:
        """All places, but those of whole documents."""
        return self.types.keys() - {""}

    def add(self, value: Any, place: str = "") -> None:
        """Take in a document."""
        self.types.setdefault(place, set()).add(_TYPES[type(value)])
        if isinstance(value, list):
            for each in value:
                self.add(each, f"{place}[]")
        elif isinstance(value, dict):
            keys = {_folded(key) for key in value}
            self.always[place] = self.always.get(place, keys) & keys
            for key, each in value.items():
                self.add(each, f"{place}.{_folded(key)}" if place else _folded(key))


def shape_of(documents: Iterable[Any]) -> Shape:
    """Give the shape of some documents together."""
    shape = Shape()
    for document in documents:
        shape.add(document)
    return shape


def described(schema: Mapping[str, Any], place: str = "", shape: Shape | None = None) -> Shape:
    """Give the shape that a JSON schema describes; no key is promised by it."""
    shape = shape or Shape()
    kind = {"integer": "number"}.get(schema.get("type", ""), schema.get("type", ""))
    # The description gives a type to what was null in its example: none that we could hold to.
    shape.types.setdefault(place, set()).add(kind or "any")
    for key, each in schema.get("properties", {}).items():
        described(each, f"{place}.{_folded(key)}" if place else _folded(key), shape)
    if isinstance(schema.get("items"), dict):
        described(schema["items"], f"{place}[]", shape)
    return shape


def _folded(key: str) -> str:
    return "*" if _DATA_KEY.fullmatch(key) else key
