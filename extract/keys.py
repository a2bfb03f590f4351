"""Which keys are due, decided in one query over the books for each subject.

Series that are named or tracked are asked for if they are due; naming one does not track it, that
is a decision of its own; or they are listed in the catalogue, or held. What was found in them
(people, networks) follows: of named series what those name, otherwise all that is known and due.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.sql import SQL, Composed, Identifier

from extract.postgres import clock
from extract.sample import KEYS, SERIES_IDS
from extract.sources.tmdb.subjects import SERIES, SUBJECTS
from extract.subject import Subject

MAX_SERIES_ID = 2**31 - 1
_KEYS_AT_ONCE = 1_000
_NUMBERS = count()


@dataclass(frozen=True, slots=True)
class Shard:
    """The share `number` of `count`: which keys are in it depends on them alone."""

    number: int = 1
    count: int = 1

    def __post_init__(self) -> None:
        """Refuse a share that there is not."""
        if not 1 <= self.number <= self.count:
            raise ValueError(f"`{self}` is no share: K/N is one of N, from 1/N to N/N")

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read `2/4`. Raises ValueError."""
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text.strip())
        if not found:
            raise ValueError(f"`{text}` is no share: K/N is one of N, as in 2/4")
        return cls(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a run is asked to do."""

    tmdb_ids: tuple[int, ...] = ()
    """Series by TMDb's ids, and what is found in them."""
    tracked: bool = False
    """The tracked series as well; they alone where nothing is named. And all that was found."""
    changes: bool = False
    """All series that are held as well; due is also what was not checked since the feed begins."""
    catalogue: bool = False
    """Every series that the latest export lists."""
    shard: Shard = Shard()
    """A share of all these alone."""
    subject: str = ""
    """One subject alone, by its name; empty: all of them."""
    keys: tuple[str, ...] = ()
    """These keys of it alone."""
    series_only: bool = False
    """Series, and nothing of what is found in them."""
    limit: int | None = None
    """At most so many series, so many people, and so on."""
    force: bool = False
    """Due or not: series, and of what is found in them what `resources` names."""
    forced_before: datetime | None = None
    """Of what is forced only what was last checked before then, or never."""
    since: date | None = None
    """Also what was last checked before this date (UTC), due or not."""
    dry_run: bool = False
    """Say what would be asked for, and stop."""
    resources: tuple[str, ...] = ()
    """These alone, besides the details that they arrive with; empty: all."""
    withheld: tuple[str, ...] = ()
    """Parts that arrived for nobody so far: asked for, and not asked for twice."""
    among: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By subject, the only keys that there are to ask for; one that is not named has all."""

    def __post_init__(self) -> None:
        """Refuse a name that nothing is extracted under."""
        known = {each.name for subject in SUBJECTS for each in subject.resources}
        if unknown := sorted(set(self.resources) - known):
            names = ", ".join(f"`{name}`" for name in sorted(known))
            raise ValueError(f"`{unknown[0]}` is no resource that is extracted. There are {names}.")

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What is to be asked for, in order."""
        return tuple(
            subject
            for subject in SUBJECTS
            if self.subject in ("", subject.name)
            and (subject is SERIES or not self.series_only)
            and subject.is_asked_for(self.resources)
        )


def selected(selection: Selection, *, sample: bool) -> Selection:
    """Say what is meant: of the sample what it holds, without ids all of its series."""
    if not sample:
        return selection
    ids = selection.tmdb_ids or (() if selection.keys else SERIES_IDS)
    return replace(selection, tmdb_ids=ids, tracked=False, among=KEYS)


class Due:
    """The keys that are due, in order, to be gone through once.

    They stay in Postgres until they are taken: the people of a whole catalogue are millions.
    """

    def __init__(self, connection: Connection[Any], query: Composed, parameters: Mapping[str, Any]):
        name = f"due_{next(_NUMBERS)}"
        self._cursor = connection.cursor(name, scrollable=True, withhold=True)
        self._cursor.execute(query, parameters)
        self._count = connection.execute(SQL("move all in {}").format(Identifier(name))).rowcount
        self._cursor.scroll(0, "absolute")

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        for chunk in self.chunks(_KEYS_AT_ONCE):
            yield from chunk

    def chunks(self, size: int) -> Iterator[list[str]]:
        """Give them in lists of this size."""
        while rows := self._cursor.fetchmany(size):
            yield [key for (key,) in rows]
        self.close()

    def close(self) -> None:
        """Let Postgres forget those that were not taken; gone itself, it has forgotten them."""
        with suppress(OperationalError):
            self._cursor.close()


def due(
    connection: Connection[Any],
    subject: Subject,
    selection: Selection,
    *,
    at: datetime | None = None,
) -> Due:
    """List the keys to ask for, in order; `at` is now, unless told otherwise."""
    since = selection.since and datetime.combine(selection.since, time(), UTC)
    is_named = bool(selection.keys or selection.tmdb_ids)
    is_followed = selection.changes and not selection.keys
    is_selected = is_named or selection.catalogue or selection.changes
    among = selection.among.get(subject.name)
    return Due(
        connection,
        subject.due,
        {
            "keys": list(selection.keys),
            "series": [str(number) for number in selection.tmdb_ids if 0 < number <= MAX_SERIES_ID],
            "tracked": selection.tracked or is_followed or not is_selected,
            "found": selection.tracked or not is_named,
            "held": is_followed,
            "swept": selection.changes,
            "catalogue": selection.catalogue and not selection.keys,
            "shard": selection.shard.number - 1,
            "shards": selection.shard.count,
            "among": None if among is None else list(among),
            "resources": list(selection.resources),
            "force": selection.force and (subject is SERIES or bool(selection.resources)),
            "forced_before": selection.forced_before,
            "at": at or clock.now(connection),
            "since": since,
            "limit": selection.limit,
        },
    )
