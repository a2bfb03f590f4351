"""The skeleton of a generated series: its size, its seasons and episodes, and their ids.

Ids never meet: a season is ``series * 100 + position``, an episode ``series * 4096 + position``,
so up to 89 seasons and 4,000 episodes of 500,000 series stay inside 32 bits.
"""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from tests.tmdb.chance import mix, stream, tag
from tests.tmdb.world import season_name

GIANT_EVERY = 1_000
GIANT_SEASONS = 89
TODAY = date(2026, 11, 1).toordinal()
"""The day up to which the generated world has aired."""

_PLAN = tag("plan")
_GROWTH = 3
_EPISODE_LIMIT = 4_000
_SEASON_COUNTS = ((0.70, 1, 1), (0.83, 2, 2), (0.94, 3, 5), (0.985, 6, 9), (0.9985, 10, 24))


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
    count = _season_count(roll(), roll(), giant=series_id % GIANT_EVERY == GIANT_EVERY - 1)
    large = count > 5
    first_day = TODAY - int(roll() ** 1.5 * 9_000) - 300 * (count - 1)
    return Plan(
        series_id=series_id,
        bits=bits,
        name_bits=mix(bits),
        first_day=first_day,
        cast_count=int(roll() ** 3 * 14) + (count * 4 if large else 1) - (roll() < 0.1),
        guest_count=5 if large else int(roll() * 4),
        region_count=_region_count(roll(), roll(), large=large),
        seasons=_plan_seasons(random, series_id, count, first_day, bits, revisions),
    )


def _season_count(kind: float, size: float, *, giant: bool) -> int:
    if giant:
        return GIANT_SEASONS
    for threshold, low, high in _SEASON_COUNTS:
        if kind < threshold:
            return low + int(size * (high - low + 1))
    return 25 + int(size * 50)


def _region_count(kind: float, size: float, *, large: bool) -> int:
    if large:
        return 20 + int(size * 21)
    return 0 if kind < 0.35 else 1 + int(size**2 * 12)


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
    next_episode = series_id * 4096
    room = _EPISODE_LIMIT
    for position, number in enumerate(numbers):
        size = min(
            _episode_count(roll(), roll(), announced=number == count and bits % 31 == 0), room
        )
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


def _episode_count(kind: float, size: float, *, announced: bool) -> int:
    if announced or kind < 0.01:
        return 0
    if kind < 0.80:
        return 3 + int(size * 10)
    if kind < 0.985:
        return 13 + int(size * 13)
    return 40 + int(size * 60)


def _episode_numbers(count: int, *, gap: bool) -> tuple[int, ...]:
    numbers = range(1, count + 1)
    if not gap or count < 3:
        return tuple(numbers)
    return tuple(number if number < 3 else number + 2 for number in numbers)
