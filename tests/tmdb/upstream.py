"""Upstream as it changes: a world plus everything that was done to it while the server runs.

Whatever happens here is what TMDb's editors do to the real one: series are edited and deleted,
seasons vanish and come back, sets are emptied. It works over the generator and over the
recordings alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.tmdb.chance import mix
from tests.tmdb.generator import touched_parts
from tests.tmdb.hostility import HOSTILE_KINDS, chosen_kind, make_hostile
from tests.tmdb.things import Things
from tests.tmdb.world import (
    DETAILS,
    Part,
    World,
    season_credits_name,
    season_name,
    season_number,
)


class Upstream:
    """The state of the world that the server answers from; memory grows with the changes only."""

    def __init__(
        self,
        world: World,
        *,
        seed: int = 1,
        hostile_share: float = 0.0,
        hostile_kinds: tuple[str, ...] = HOSTILE_KINDS,
    ) -> None:
        self.world = world
        self.things = Things(world, self.now)
        self.version = 0
        self.days_ahead = 0.0
        self.edits: list[tuple[datetime, int]] = []
        """When which series was edited: what the change feed tells."""
        self._seed = seed
        self._hostile_share = hostile_share
        self._hostile_kinds = hostile_kinds or HOSTILE_KINDS
        self._touches: dict[int, int] = {}
        self._revisions: dict[int, dict[str, int]] = {}
        self._deleted: set[int] = set()
        self._removed: dict[int, set[str]] = {}
        self._emptied: dict[int, dict[str, set[str] | None]] = {}
        self._overrides: dict[int, dict[str, Part]] = {}
        self._hostile: dict[int, str | None] = {}

    def now(self) -> datetime:
        """Give the time upstream, days ahead of ours where days have passed."""
        return datetime.now(UTC) + timedelta(days=self.days_ahead)

    def edited(self, ids: Iterable[int], days_ago: float = 0.0) -> None:
        """Tell the change feed of edits; those made through this class tell it themselves."""
        at = self.now() - timedelta(days=days_ago)
        self.edits += ((at, series_id) for series_id in ids)

    def ids(self) -> list[int]:
        """List the series that exist now."""
        return [series_id for series_id in self.world.ids() if series_id not in self._deleted]

    def parts(self, series_id: int) -> Mapping[str, Part] | None:
        """Give the untouched parts of a series to read with `part`; None when there is none."""
        if series_id in self._deleted:
            return None
        return self.world.series(series_id, self._revisions.get(series_id, {}))

    def part(self, series_id: int, parts: Mapping[str, Part], name: str) -> Part | None:
        """Give one part as it stands upstream now, None where there is none."""
        if name in self._removed.get(series_id, ()):
            return None
        try:
            part = parts[name]
        except KeyError:
            return None
        if name == DETAILS and series_id in self._removed:
            part = _without_seasons(part, self._removed[series_id])
        if series_id in self._emptied and name in self._emptied[series_id]:
            part = _emptied(part, self._emptied[series_id][name])
        part = self.things.with_merged(part)
        part = part | self._overrides.get(series_id, {}).get(name, {})
        kind = self.hostile_kind(series_id)
        return make_hostile(kind, name, part) if kind else part

    def document(self, series_id: int, name: str = DETAILS) -> Part | None:
        """Give one part of a series as it stands now: what a test compares with."""
        parts = self.parts(series_id)
        return None if parts is None else self.part(series_id, parts, name)

    def names(self, series_id: int) -> list[str]:
        """List the parts that a series has now."""
        parts = self.parts(series_id)
        removed = self._removed.get(series_id, set())
        return [] if parts is None else [name for name in parts if name not in removed]

    def series_with(self, seasons: int, or_more: bool = False) -> list[int]:
        """List the series that have so many seasons, specials not among them."""
        counts = {series_id: self._season_count(series_id) for series_id in self.ids()}
        return [
            series_id
            for series_id, count in counts.items()
            if count == seasons or (or_more and count > seasons)
        ]

    def _season_count(self, series_id: int) -> int:
        return sum(1 for name in self.names(series_id) if season_number(name))

    def hostile_kind(self, series_id: int) -> str | None:
        """Say which kind of hostile value a series carries."""
        if series_id in self._hostile:
            return self._hostile[series_id]
        if not self._hostile_share:
            return None
        return chosen_kind(self._seed, series_id, self._hostile_share, self._hostile_kinds)

    def touch(self, ids: Iterable[int], parts: Sequence[str] | None = None) -> dict[int, list[str]]:
        """Edit the named parts of each series, or one to three by chance; says what changed.

        That may be more than was edited: a season that grows changes the details too.
        """
        self.version += 1
        changed: dict[int, list[str]] = {}
        for series_id in ids:
            before = self.parts(series_id)
            if before is None:
                continue
            turn = self._touches[series_id] = self._touches.get(series_id, 0) + 1
            chosen = parts or touched_parts(self._seed, before, series_id, turn)
            revisions = dict(self._revisions.get(series_id, {}))
            for name in chosen:
                revisions[name] = revisions.get(name, 0) + 1
            self._revisions[series_id] = revisions
            after = self.parts(series_id) or {}
            changed[series_id] = [
                name for name in self.names(series_id) if before[name] != after.get(name)
            ]
        self.edited(changed)
        return changed

    def touch_share(self, share: float) -> dict[int, list[str]]:
        """Edit a share of all series, another choice each time."""
        ids = self.ids()
        ids.sort(key=lambda series_id: mix(self._seed, self.version, series_id))
        return self.touch(sorted(ids[: round(len(ids) * share)]))

    def delete_series(self, ids: Iterable[int], is_told: bool = False) -> None:
        """Let series answer 404; the change feed tells of no deletion ([L]), unless told to."""
        self.version += 1
        gone = list(ids)
        self._deleted.update(gone)
        self.edited(gone if is_told else ())

    def return_series(self, ids: Iterable[int], is_told: bool = True) -> None:
        """Bring deleted series back as they were; the change feed may miss it."""
        self.version += 1
        back = list(ids)
        self._deleted.difference_update(back)
        self.edited(back if is_told else ())

    def remove_season(self, series_id: int, number: int) -> None:
        """Let a season vanish with its credits, from the details too."""
        self.remove_part(series_id, season_name(number))
        self.remove_part(series_id, season_credits_name(number))

    def return_season(self, series_id: int, number: int) -> None:
        """Bring a season back."""
        self.return_part(series_id, season_name(number))
        self.return_part(series_id, season_credits_name(number))

    def remove_part(self, series_id: int, part: str) -> None:
        """Leave a part out of answers: a missing key when appended, 404 when asked for alone."""
        self.version += 1
        self.edited([series_id])
        self._removed.setdefault(series_id, set()).add(part)

    def return_part(self, series_id: int, part: str) -> None:
        """Answer a part again."""
        self.version += 1
        self.edited([series_id])
        self._removed.get(series_id, set()).discard(part)

    def empty(self, series_id: int, part: str, fields: Iterable[str] | None = None) -> None:
        """Empty the named lists and maps of a part; without names, all of them."""
        self.version += 1
        self.edited([series_id])
        self._emptied.setdefault(series_id, {})[part] = None if fields is None else set(fields)

    def refill(self, series_id: int, part: str) -> None:
        """Undo `empty`."""
        self.version += 1
        self.edited([series_id])
        self._emptied.get(series_id, {}).pop(part, None)

    def override(self, series_id: int, part: str, fields: Mapping[str, Any]) -> None:
        """Write values over a part's own, until told otherwise."""
        self.version += 1
        self.edited([series_id])
        self._overrides.setdefault(series_id, {}).setdefault(part, {}).update(fields)

    def forget_overrides(self, series_id: int) -> None:
        """Take back all values written over a series."""
        self.version += 1
        self.edited([series_id])
        self._overrides.pop(series_id, None)

    def make_hostile(self, ids: Iterable[int], kind: str | None) -> None:
        """Give series a kind of hostile value, None to heal them."""
        self.version += 1
        self._hostile.update(dict.fromkeys(ids, kind))

    def set_day(self, day: int) -> None:
        """Move popularity to another day; 0 lets it stand still."""
        if day != self.world.day:
            self.version += 1
            self.world.day = day

    def merge_person(self, gone: int, into: int) -> None:
        """Merge a person into another, who is credited in their place from then on."""
        self.version += 1
        self.things.merge_person(gone, into)

    def change_logo(self, kind: str, owner_id: int) -> None:
        """Change the logo of a shared thing, in worlds that make them up."""
        self.version += 1
        self.world.change_logo(kind, owner_id)


def _without_seasons(details: Part, removed: set[str]) -> Part:
    gone = {season_number(name) for name in removed} - {None}
    if not gone or not isinstance(details.get("seasons"), list):
        return details
    kept = [season for season in details["seasons"] if season.get("season_number") not in gone]
    regular = sum(1 for season in kept if season.get("season_number"))
    return details | {"seasons": kept, "number_of_seasons": regular}


def _emptied(part: Part, fields: set[str] | None) -> Part:
    chosen = part.keys() if fields is None else fields
    return part | {
        field: type(part[field])() for field in chosen if isinstance(part.get(field), list | dict)
    }
