"""A world made up as it is asked for: as many series as wanted, the same ones for the same seed.

Sizes follow the real catalogue: most series have one season and few credits, one in a thousand
has 89 seasons. The mess is the mess of real answers: dates that are ``""``, null or absent,
missing keys, gaps in episode numbers, duplicate credits, trailing spaces, SVG logos, empty sets.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from random import Random

from tests.tmdb import sets
from tests.tmdb.brands import company_in, company_parts, network_in, network_parts
from tests.tmdb.chance import mix, stream, tag
from tests.tmdb.credits import (
    Member,
    aggregate_credits_part,
    cast_of,
    credits_part,
    crew_of,
    main_cast,
    season_credits_part,
    with_newcomer,
)
from tests.tmdb.details import details_part
from tests.tmdb.episodes import season_part
from tests.tmdb.groups import group_part, series_of_group
from tests.tmdb.persons import person_in, person_parts
from tests.tmdb.plan import Plan, plan_series
from tests.tmdb.pools import PEOPLE_COUNT, Pools, Thing
from tests.tmdb.recommended import recommendations
from tests.tmdb.world import (
    DETAILS,
    SETS,
    UNTOUCHED,
    Part,
    credited_season,
    season_credits_name,
    season_name,
    season_number,
)

Builder = Callable[[Plan, Random, Pools, int], Part]
Parts = Callable[[int, Thing, dict[str, int]], dict[str, Part]]

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
        ("recommendations", recommendations),
    )
}

_THINGS: Mapping[str, tuple[Callable[[Pools, int], Thing | None], Parts]] = {
    "person": (person_in, person_parts),
    "network": (network_in, network_parts),
    "company": (company_in, company_parts),
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
        """Give the parts of a person and the like; None for one that no series could name."""
        if kind == "episode_group":
            return self._group(key, revisions.get(DETAILS, 0))
        find, parts = _THINGS[kind]
        thing = find(self._pools, int(key)) if key.isdigit() else None
        return thing and parts(self.seed, thing, dict(revisions))

    def _group(self, key: str, revision: int) -> Mapping[str, Part] | None:
        series = self.series(series_of_group(key), {"episode_groups": 1})
        if not isinstance(series, GeneratedSeries):
            return None
        for listed in series["episode_groups"]["results"]:
            if listed["id"] == key:
                return {DETAILS: group_part(self.seed, series.plan, listed, revision)}
        return None

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
        self.plan = plan_series(seed, series_id, revisions)

    def __getitem__(self, name: str) -> Part:
        builder = _BUILDERS.get(name)
        if builder:
            key, build = builder
            random = stream(self._seed, key, self.plan.series_id)
            return build(self.plan, random, self._pools, self._revisions.get(name, 0))
        if name == DETAILS:
            return details_part(
                self._seed, self._pools, self.plan, self._crew, self._revisions, self._day
            )
        if name == "credits":
            return credits_part(main_cast(self._cast_in(name)), self._crew)
        if name == "aggregate_credits":
            return aggregate_credits_part(self._cast_in(name), self._crew)
        return self._season(name)

    def __iter__(self) -> Iterator[str]:
        yield DETAILS
        yield from SETS
        for season in self.plan.seasons:
            yield season_name(season.number)
        for season in self.plan.seasons:
            yield season_credits_name(season.number)

    def __len__(self) -> int:
        return 1 + len(SETS) + 2 * len(self.plan.seasons)

    @cached_property
    def _cast(self) -> list[Member]:
        return cast_of(self._seed, self._pools, self.plan)

    @cached_property
    def _crew(self) -> list[Member]:
        return crew_of(self._seed, self._pools, self.plan)

    def _cast_in(self, name: str) -> list[Member]:
        return with_newcomer(self._cast, self._pools, self.plan, self._revisions.get(name, 0))

    def _season(self, name: str) -> Part:
        number, credited = season_number(name), credited_season(name)
        for season in self.plan.seasons:
            if season.number == number:
                revision = self._revisions.get(name, 0)
                return season_part(self._seed, self._pools, self.plan, season, revision)
            if season.number == credited:
                return season_credits_part(season, self._cast_in(name), self._crew)
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
