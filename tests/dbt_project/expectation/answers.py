"""What TMDb has answered about each series so far, as the landing keeps it.

A fresh answer replaces the parts it brings. A part it lacks was not checked, so the last one holds,
but a season that fresh details do not list is gone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.dbt_project.expectation.values import objects, whole
from tests.tmdb.world import (
    APPENDABLE,
    DETAILS,
    Part,
    credited_season,
    season_credits_name,
    season_name,
    season_number,
)

WATCH_PROVIDERS = "watch/providers"
METRICS = ("popularity", "vote_average", "vote_count")


@dataclass(slots=True)
class Series:
    """One series: its parts as last answered, and all details, metrics, offers that differed."""

    series_id: int
    parts: dict[str, Part] = field(default_factory=dict)
    offers: list[Part] = field(default_factory=list)
    versions: list[Part] = field(default_factory=list)
    metrics: list[Part] = field(default_factory=list)

    @property
    def details(self) -> Part:
        """The series' own document."""
        return self.parts[DETAILS]

    @property
    def natural_key(self) -> str:
        """What its id is derived from."""
        return f"tmdb:tv:{self.series_id}"

    def part(self, name: str) -> Part:
        """A part as last answered; nothing where it never was."""
        return self.parts.get(name, {})

    def announced(self) -> dict[int, Part]:
        """The seasons that the details list, by number; the first of two with one number."""
        seasons: dict[int, Part] = {}
        for season in objects(self.details.get("seasons")):
            number = whole(season.get("season_number"))
            if number is not None:
                seasons.setdefault(number, season)
        return seasons

    def fetched(self) -> dict[int, Part]:
        """The seasons' own documents, by number."""
        numbers = ((season_number(name), part) for name, part in self.parts.items())
        return {number: part for number, part in numbers if number is not None}

    def credited(self) -> dict[int, Part]:
        """The credits of seasons, by number."""
        numbers = ((credited_season(name), part) for name, part in self.parts.items())
        return {number: part for number, part in numbers if number is not None}

    def regulars(self) -> Iterator[tuple[int, Part]]:
        """Each entry of the seasons' lists of regulars, with the number of the season."""
        for number, credits in self.credited().items():
            for said in objects(credits.get("cast")):
                if whole(said.get("id")) is not None:
                    yield number, said

    def answer(self, parts: Mapping[str, Part]) -> None:
        """Take in a fresh answer."""
        self.parts |= parts
        listed = self.announced().keys()
        for number in self.fetched().keys() - listed:
            if season_name(number) not in parts:
                del self.parts[season_name(number)]
                self.parts.pop(season_credits_name(number), None)
        offers = parts.get(WATCH_PROVIDERS)
        if offers is not None and (not self.offers or self.offers[-1] != offers):
            self.offers.append(offers)
        metrics = {name: repr(self.details[name]) for name in METRICS if name in self.details}
        if not self.metrics or metrics != _as_written(self.metrics[-1]):
            self.metrics.append({name: self.details[name] for name in metrics})
        own = {name: self.details[name] for name in self.details if not _is_appended(name)}
        if not self.versions or _lasting(own) != _lasting(self.versions[-1]):
            self.versions.append(own)


def _as_written(part: Part) -> Part:
    return {name: repr(value) for name, value in part.items()}


def _is_appended(name: str) -> bool:
    return name in APPENDABLE or season_number(name) is not None


def _lasting(node: Any) -> Any:
    """Details without what moves by itself: it makes no version of them."""
    if isinstance(node, list):
        return [_lasting(item) for item in node]
    if not isinstance(node, dict):
        return repr(node)
    is_measured = "seasons" in node or "episode_number" in node
    moving = METRICS if is_measured else METRICS[:1]
    return {name: _lasting(value) for name, value in node.items() if name not in moving}
