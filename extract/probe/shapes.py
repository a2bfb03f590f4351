"""The shape of an answer: its keys and the types of its values, and no value.

    {"id": 1, "seasons": [{"id": 7, "name": "One"}, {"id": null}]}
    {"id": "integer", "seasons": [{"id": "integer|null", "name?": "string"}]}

A list is the union of its elements; `?` marks a key that not each of them has. Keys that are data
(regions, numbers, whatever is no name of a field) are folded into `*`. What is large is cut.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 24
MOST_KEYS = 200
"""Of one object: with more, its keys are data."""
MOST_NODES = 4_000
"""Of one shape; what comes after is `…`."""

_FIELD = re.compile(r"[A-Za-z_][A-Za-z_/-]{0,59}")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[0-9]{1,9}(?![A-Za-z0-9])")
_REGION = re.compile(r"[A-Z]{2}(-[A-Z]{2})?")
_TYPES: Mapping[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    type(None): "null",
}


@dataclass(slots=True)
class _Union:
    """What was seen in one place."""

    scalars: set[str] = field(default_factory=set)
    objects: int = 0
    fields: dict[str, "_Union"] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    """In how many of the objects each field was."""
    lists: int = 0
    element: "_Union | None" = None


@dataclass(slots=True)
class _Room:
    """How much of a shape may still be described."""

    nodes: int = MOST_NODES


def shape_of(value: Any) -> Any:
    """Describe a value read from JSON; the description is JSON too, of bounded size."""
    union = _Union()
    _take(union, value, DEEPEST, _Room())
    return _told(union)


def _take(union: _Union, value: Any, depth: int, room: _Room) -> None:
    if isinstance(value, dict):
        union.objects += 1
        _take_object(union, value, depth, room)
    elif isinstance(value, list):
        union.lists += 1
        for each in value:
            union.element = union.element or _new(room)
            if union.element is None or not depth:
                union.scalars.add("…")
                break
            _take(union.element, each, depth - 1, room)
    else:
        union.scalars.add(_TYPES.get(type(value), "number"))


def _take_object(union: _Union, value: Mapping[Any, Any], depth: int, room: _Room) -> None:
    is_data = len(value) > MOST_KEYS
    named: set[str] = set()
    for key, each in value.items():
        name = "*" if is_data else field_name(str(key))
        inner = union.fields.get(name) or (_new(room) if len(union.fields) < MOST_KEYS else None)
        if inner is None or not depth:
            union.scalars.add("…")
            break
        union.fields[name] = inner
        named.add(name)
        _take(inner, each, depth - 1, room)
    for name in named:
        union.seen[name] = union.seen.get(name, 0) + 1


def _new(room: _Room) -> _Union | None:
    room.nodes -= 1
    return _Union() if room.nodes >= 0 else None


def field_name(key: str) -> str:
    """Give the name of a field as it may be shown: `season/N` for `season/1`, `*` for data."""
    if _REGION.fullmatch(key):
        return "*"
    name = _NUMBER.sub("N", key)
    return name if name != "N" and _FIELD.fullmatch(name) else "*"


def _told(union: _Union) -> Any:
    kinds: list[Any] = []
    if union.scalars:
        kinds.append("|".join(sorted(union.scalars)))
    if union.objects:
        kinds.append(
            {
                name if name == "*" or union.seen.get(name) == union.objects else f"{name}?": _told(
                    inner
                )
                for name, inner in sorted(union.fields.items())
            }
        )
    if union.lists:
        kinds.append([_told(union.element)] if union.element else [])
    return kinds[0] if len(kinds) == 1 else {"any of": kinds}
