"""How large generated series are: the distribution of the whole catalogue of TMDb.

Measured [L]: a backend that holds the catalogue counts 231,538 series, 397,000 seasons,
6.6 million episodes and 3.1 million cast entries. 79 % of the series have one season, 8 % none,
and 97 % have no season above number 8. So a series has 1.7 seasons, 28 episodes and 13.5 cast
entries in the mean, and most are far smaller. A third of the entries are regulars of a season. The
largest cast has 11,550 entries, the longest season 4,829 episodes.

A belief: how the rest is spread between these figures. Series of more than five seasons have the
longer seasons and the larger casts here, so that a world of a few dozen series stays small.
"""

GIANT_EVERY = 1_000
"""One series in so many has `GIANT_SEASONS`: those whose id is one less than a multiple."""
GIANT_SEASONS = 89
LARGEST_CAST_ID = 9_997
"""The one series that has `LARGEST_CAST` cast entries; a smaller world does not hold it."""
LARGEST_CAST = 11_550
LONGEST_SEASON_ID = 9_998
"""The one series that has `LONGEST_SEASON` episodes in one season, its only one."""
LONGEST_SEASON = 4_829

_SEASON_COUNTS = (
    (0.080, 0, 0),
    (0.870, 1, 1),
    (0.925, 2, 2),
    (0.945, 3, 3),
    (0.959, 4, 5),
    (0.970, 6, 8),
    (0.986, 9, 12),
    (0.995, 13, 24),
    (1.000, 25, 45),
)
"""Of series with fewer seasons than a giant: the share up to here, the fewest, the most."""

_EPISODE_COUNTS = ((0.01, 0, 0), (0.80, 3, 12), (0.985, 13, 25), (1.0, 40, 99))
_EPISODE_COUNTS_OF_LARGE = ((0.01, 0, 0), (0.45, 6, 15), (0.90, 16, 26), (1.0, 27, 200))

Spread = tuple[tuple[float, int, int], ...]


def is_large(season_count: int) -> bool:
    """Say whether a series of so many seasons is among the few large ones."""
    return season_count > 5


def season_count(series_id: int, kind: float, size: float) -> int:
    """Give the number of seasons, specials not among them; `kind` and `size` are in [0, 1)."""
    if series_id == LONGEST_SEASON_ID:
        return 1
    if series_id % GIANT_EVERY == GIANT_EVERY - 1:
        return GIANT_SEASONS
    return _chosen(_SEASON_COUNTS, kind, size)


def episode_count(series_id: int, kind: float, size: float, *, large: bool, announced: bool) -> int:
    """Give the number of episodes of a season of a series; an announced one has none."""
    if series_id == LONGEST_SEASON_ID:
        return LONGEST_SEASON
    if announced:
        return 0
    return _chosen(_EPISODE_COUNTS_OF_LARGE if large else _EPISODE_COUNTS, kind, size)


def cast_count(series_id: int, size: float, lack: float, seasons: int) -> int:
    """Give the number of cast entries of a series with so many seasons."""
    if series_id == LARGEST_CAST_ID:
        return LARGEST_CAST
    return int(size**3 * 22) + (seasons * 11 if is_large(seasons) else 1) - (lack < 0.1)


def region_count(kind: float, size: float, *, large: bool) -> int:
    """Give the number of countries in which a series is offered."""
    if large:
        return 20 + int(size * 21)
    return 0 if kind < 0.35 else 1 + int(size**2 * 12)


def _chosen(spread: Spread, kind: float, size: float) -> int:
    _, low, high = next(each for each in spread if kind < each[0])
    return low + int(size * (high - low + 1))
