"""A world made up as it is asked for: as many series as wanted, the same ones for the same seed.

Sizes follow the real catalogue: most series have one season and few credits, one in a thousand
has 89 seasons. The mess is the mess of real answers: dates that are ``""``, null or absent,
missing keys, gaps in episode numbers, duplicate credits, trailing spaces, SVG logos, empty sets.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from random import Random

from tests.tmdb import sets
from tests.tmdb.chance import mix, stream, tag
from tests.tmdb.credits import (
    Member,
    aggregate_credits_part,
    cast_of,
    credits_part,
    crew_of,
    with_newcomer,
)
from tests.tmdb.details import details_part
from tests.tmdb.episodes import season_part
from tests.tmdb.persons import person_in, person_parts
from tests.tmdb.plan import Plan, plan_series
from tests.tmdb.pools import PEOPLE_COUNT, Pools
from tests.tmdb.world import DETAILS, SETS, UNTOUCHED, Part, season_name, season_number

Builder = Callable[[Plan, Random, Pools, int], Part]

_BUILDERS: Mapping[str, tuple[int, Builder]] = {
    name: (tag(name), builder)
    for name, builder in (
        ("external_ids", sets.external_ids),
        ("alternative_titles", sets.alternative_titles),
        ("translations", sets.translations),
        ("content_ratings", sets.content_ratings),
        ("keywords", sets.keywords),
        ("videos", sets.videos),
        ("images", sets.images),
        ("watch/providers", sets.watch_providers),
        ("episode_groups", sets.episode_groups),
    )
}


class GeneratedWorld:
    """Series 1 to `count` of a seed; nothing is kept but the bounded pools of shared things."""

    def __init__(self, seed: int = 1, count: int = 2_000, people_count: int = PEOPLE_COUNT) -> None:
        self.seed = seed
        self.count = count
        self._people_count = people_count
        self._day = 0
        self._logo_editions: dict[str, int] = {}
        self._pools = self._fill_pools()

    @property
    def day(self) -> int:
        """The day whose popularity is answered; 0 stands still."""
        return self._day

    @day.setter
    def day(self, day: int) -> None:
        if day != self._day:
            self._day = day
            self._pools = self._fill_pools()

    def series(
        self, series_id: int, revisions: Mapping[str, int] = UNTOUCHED
    ) -> Mapping[str, Part] | None:
        """Give the parts of a series, each built when looked at; None beyond the catalogue."""
        if not 0 < series_id <= self.count:
            return None
        return GeneratedSeries(self.seed, self._pools, series_id, dict(revisions), self._day)

    def thing(
        self, kind: str, key: str, revisions: Mapping[str, int] = UNTOUCHED
    ) -> Mapping[str, Part] | None:
        """Give the parts of a person; None for one whom no series could credit."""
        if kind != "person" or not key.isdigit():
            return None
        person = person_in(self._pools, int(key))
        return person and person_parts(self.seed, person, dict(revisions))

    def ids(self) -> Iterable[int]:
        """List all ids of the catalogue."""
        return range(1, self.count + 1)

    def change_logo(self, kind: str, owner_id: int) -> None:
        """Give one of `networks`, `production_companies`, `watch_providers` another logo."""
        key = f"{kind}/{owner_id}"
        self._logo_editions[key] = self._logo_editions.get(key, 0) + 1
        self._pools = self._fill_pools()

    def _fill_pools(self) -> Pools:
        return Pools(self.seed, self._day, self._logo_editions, self._people_count)


class GeneratedSeries(Mapping[str, Part]):
    """One series: a mapping from part to content that builds only what is asked for."""

    def __init__(
        self, seed: int, pools: Pools, series_id: int, revisions: dict[str, int], day: int
    ) -> None:
        self._seed = seed
        self._pools = pools
        self._revisions = revisions
        self._day = day
        self._plan = plan_series(seed, series_id, revisions)

    def __getitem__(self, name: str) -> Part:
        builder = _BUILDERS.get(name)
        if builder:
            key, build = builder
            random = stream(self._seed, key, self._plan.series_id)
            return build(self._plan, random, self._pools, self._revisions.get(name, 0))
        if name == DETAILS:
            return details_part(
                self._seed, self._pools, self._plan, self._crew, self._revisions, self._day
            )
        if name == "credits":
            return credits_part(self._cast_in(name), self._crew)
        if name == "aggregate_credits":
            return aggregate_credits_part(self._cast_in(name), self._crew)
        return self._season(name)

    def __iter__(self) -> Iterator[str]:
        yield DETAILS
        yield from SETS
        for season in self._plan.seasons:
            yield season_name(season.number)

    def __len__(self) -> int:
        return 1 + len(SETS) + len(self._plan.seasons)

    @cached_property
    def _cast(self) -> list[Member]:
        return cast_of(self._seed, self._pools, self._plan)

    @cached_property
    def _crew(self) -> list[Member]:
        return crew_of(self._seed, self._pools, self._plan)

    def _cast_in(self, name: str) -> list[Member]:
        return with_newcomer(self._cast, self._pools, self._plan, self._revisions.get(name, 0))

    def _season(self, name: str) -> Part:
        number = season_number(name)
        for season in self._plan.seasons:
            if season.number == number:
                revision = self._revisions.get(name, 0)
                return season_part(self._seed, self._pools, self._plan, season, revision)
        raise KeyError(name)


def touched_parts(
    seed: int, series: Mapping[str, Part], series_id: int, revision: int
) -> list[str]:
    """Choose the one to three parts that an edit upstream changes."""
    names = list(series)
    return list(
        dict.fromkeys(
            names[mix(seed, series_id, revision, turn) % len(names)]
            for turn in range(1 + mix(seed, series_id, revision) % 3)
        )
    )
