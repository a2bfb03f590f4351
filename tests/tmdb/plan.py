"""The skeleton of a generated series: its size, its seasons and episodes, and their ids.

Ids never meet: a season is ``series * 100 + position``, an episode ``series * 4096 + position``,
so up to 89 seasons and 4,000 episodes of 500,000 series stay inside 32 bits. The one series with
more episodes has ids above all of these.
"""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from tests.tmdb.chance import mix, stream, tag
from tests.tmdb.sizes import (
    GIANT_SEASONS,
    LONGEST_SEASON_ID,
    cast_count,
    episode_count,
    is_large,
    region_count,
    season_count,
)
from tests.tmdb.world import season_name

MOST_SERIES = 500_000
"""Up to this id the ids of episodes stay apart."""
TODAY = date(2026, 11, 1).toordinal()
"""The day up to which the generated world has aired."""

_PLAN = tag("layout")
_GROWTH = 3
_EPISODE_IDS = 4_096
_EPISODE_LIMIT = 4_000


@dataclass(frozen=True, slots=True)
class SeasonPlan:
    """One season: its number, ids, first air day (None: unknown) and episode numbers."""

    number: int
    season_id: int
    first_episode_id: int
    starts: int | None
    episodes: tuple[int, ...]
    step: int

    def air_day(self, index: int) -> int | None:
        """Give the day on which the episode at this index airs."""
        return None if self.starts is None else self.starts + self.step * index


@dataclass(frozen=True, slots=True)
class Plan:
    """One series: what its parts must agree on."""

    series_id: int
    bits: int
    name_bits: int
    first_day: int
    cast_count: int
    guest_count: int
    region_count: int
    seasons: tuple[SeasonPlan, ...] = field(default=())


def plan_series(seed: int, series_id: int, revisions: dict[str, int]) -> Plan:
    """Lay out a series; a revision of a season gives it up to three more episodes."""
    random = stream(seed, _PLAN, series_id)
    roll = random.random
    bits = random.getrandbits(62)
    count = season_count(series_id, roll(), roll())
    large = is_large(count)
    first_day = TODAY - int(roll() ** 1.5 * 9_000) - 300 * max(0, count - 1)
    return Plan(
        series_id=series_id,
        bits=bits,
        name_bits=mix(bits),
        first_day=first_day,
        cast_count=cast_count(series_id, roll(), roll(), count),
        guest_count=3 if large else int(roll() * 4),
        region_count=region_count(roll(), roll(), large=large),
        seasons=_plan_seasons(random, series_id, count, first_day, bits, revisions),
    )


def _plan_seasons(
    random: Random,
    series_id: int,
    count: int,
    first_day: int,
    bits: int,
    revisions: dict[str, int],
) -> tuple[SeasonPlan, ...]:
    roll = random.random
    numbers = range(0 if bits % 4 == 0 and 1 < count < GIANT_SEASONS else 1, count + 1)
    seasons = []
    next_episode, room = _episode_ids(series_id)
    large = is_large(count)
    for position, number in enumerate(numbers):
        announced = number == count and bits % 31 == 0
        size = episode_count(series_id, roll(), roll(), large=large, announced=announced)
        size = min(room, size)
        grown = size + revisions.get(season_name(number), 0) % (_GROWTH + 1)
        starts = first_day + 300 * position
        seasons.append(
            SeasonPlan(
                number=number,
                season_id=series_id * 100 + position,
                first_episode_id=next_episode,
                starts=None if roll() < 0.03 else starts,
                episodes=_episode_numbers(grown, gap=roll() < 0.05),
                step=1 if size > 30 else 7,
            )
        )
        next_episode += size + _GROWTH
        room = max(0, room - size - _GROWTH)
    return tuple(seasons)


def _episode_ids(series_id: int) -> tuple[int, int]:
    """Give the id of the first episode of a series, and how many episodes it may have."""
    if series_id == LONGEST_SEASON_ID:
        return MOST_SERIES * _EPISODE_IDS + _EPISODE_IDS, 2 * _EPISODE_IDS
    return series_id * _EPISODE_IDS, _EPISODE_LIMIT


def _episode_numbers(count: int, *, gap: bool) -> tuple[int, ...]:
    numbers = range(1, count + 1)
    if not gap or count < 3:
        return tuple(numbers)
    return tuple(number if number < 3 else number + 2 for number in numbers)
