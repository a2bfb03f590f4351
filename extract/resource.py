"""What a source and a resource are: literals that are checked when they are made, at import.

Behaviour is a function passed in; there is nothing to inherit and nothing that registers itself.
The list of them all is `extract.registry`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Payload = Mapping[str, Any]
Check = Callable[[str, Payload], str | None]
Age = Callable[[Payload], timedelta]

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_PATH = re.compile(r"[a-z_]+(\[\])?(\.[a-z_]+(\[\])?)*")
_VOLATILE = re.compile(r"\*\*\.[a-z_]+|[a-z_]+(\.[a-z_]+)?")


def any_object(key: str, payload: Payload) -> str | None:
    """Accept every JSON object: the check of a resource that we write ourselves."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where documents come from, and on which terms they are kept."""

    name: str
    """What its resources' names begin with: `tmdb`."""
    title: str
    """What people call it: `TMDb`."""
    attribution: str
    """The line that has to be shown wherever its data is."""
    licence: str
    """The terms in one sentence."""
    retention: timedelta | None
    """How long a payload may be kept without being checked again; None: as long as we like."""
    images_may_be_kept: bool = False
    """Whether its terms allow copies of its images: without it the mirror asks for none."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where documents name keys of another resource: there they are found."""

    resource: str
    """Whose key it is: `tmdb_person_details`."""
    path: str
    """Where it stands: `episodes[].guest_stars[].id`."""
    form: str = "[1-9][0-9]{0,8}"
    """What a key looks like, as a regular expression; anything else there is none."""

    def __post_init__(self) -> None:
        """Refuse a path that leads nowhere."""
        if not _PATH.fullmatch(self.path):
            raise ValueError(f"the path `{self.path}` to `{self.resource}` is malformed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of document, landing in the table `raw.<name>`."""

    name: str
    """`tmdb_tv_details`: the raw table, the dbt source table and the resource are one name."""
    source: Source
    entity: str
    """What stands before a key's first part in the natural key of its entity: `tmdb:tv:`."""
    path: str | None = None
    """The resource's own endpoint; None where no source answers it."""
    appended_to: str | None = None
    """The resource in whose answer it arrives."""
    appended_as: str | None = None
    """Its name in that answer: `watch/providers`; `season/{season_number}` for one per season."""
    has_id: bool = True
    """Whether its own endpoint tells the `id` of the thing: an appended part lacks it always."""
    cut_out: tuple[str, ...] = ()
    """The fields of its details that it consists of, besides their id."""
    max_age: timedelta
    """When a checked key is due again, at the latest."""
    age: Age | None = None
    """When a checked key is due again, by what its payload says; None: always `max_age`."""
    volatile: tuple[str, ...] = ()
    """What the hash leaves out: `field`, `object.field`, or `**.field`, which is at any depth."""
    mentions: tuple[Mention, ...] = ()
    """The keys of other resources that it names."""
    check: Check = any_object
    """Says what is wrong with a payload under a key; None: nothing."""

    def __post_init__(self) -> None:
        """Refuse a literal that would only fail when the first document arrives."""
        faults = [
            (not _NAME.fullmatch(self.name), "its name is not of the form source_resource"),
            (not self.name.startswith(f"{self.source.name}_"), "its name lacks its source's name"),
            (self.entity and not self.entity.endswith(":"), "its entity does not end in a colon"),
            ((self.appended_to is None) != (self.appended_as is None), "half an append"),
            (self.max_age <= timedelta(0), "its max_age is not positive"),
            (self.retention and self.max_age >= self.retention, "it is purged before it is due"),
            (not all(map(_VOLATILE.fullmatch, self.volatile)), "a volatile path is malformed"),
        ]
        for wrong, why in faults:
            if wrong:
                raise ValueError(f"resource `{self.name}`: {why}")

    @property
    def retention(self) -> timedelta | None:
        """How long a payload may be kept without being checked again."""
        return self.source.retention

    def due_after(self, payload: Payload | None) -> timedelta:
        """How long after a check a key is due again; a payload of None is a tombstone."""
        if payload is None or self.age is None:
            return self.max_age
        return min(self.age(payload), self.max_age)
