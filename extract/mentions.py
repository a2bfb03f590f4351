"""Which keys of other resources a document names: people in credits, networks in details.

A resource says where (`Resource.mentions`). What lands is searched here, when it is taken apart;
what landed before there was a place to search is searched in Postgres, by the same path.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from extract.resource import Mention, Payload, Resource

Key = tuple[str, str]
"""A resource and a key."""


def mentioned(resource: Resource, payload: Payload) -> frozenset[Key]:
    """Find the keys that a payload names, each once; what has not the form of a key is none."""
    return frozenset(
        (mention.resource, key)
        for mention in resource.mentions
        for key in {str(value) for value in _values(payload, _steps(mention.path))}
        if _form(mention.form).fullmatch(key)
    )


def jsonpath(mention: Mention) -> str:
    """Write where it stands as Postgres does: `$.episodes[*].guest_stars[*].id`."""
    return f"$.{mention.path.replace('[]', '[*]')}"


def _values(node: Any, steps: tuple[tuple[str, bool], ...]) -> Iterator[int | str]:
    # Nested loops, no path library: a long season has ten thousand of them.
    nodes = [node]
    for name, is_list in steps:
        found = [each[name] for each in nodes if isinstance(each, dict) and name in each]
        if is_list:
            found = [each for entries in found if isinstance(entries, list) for each in entries]
        nodes = found
    return (value for value in nodes if type(value) in (int, str))


@lru_cache
def _steps(path: str) -> tuple[tuple[str, bool], ...]:
    return tuple((step.removesuffix("[]"), step.endswith("[]")) for step in path.split("."))


@lru_cache
def _form(form: str) -> re.Pattern[str]:
    return re.compile(form, re.ASCII)
