"""Requests a series: a first pass over everything, and refreshes, by the project's own planner.

The made-up series have the sizes of TMDb's whole catalogue (`tests.tmdb.sizes`). Each is asked for
as a run does, until nothing is missing, and its answers are taken apart, in this process and
without HTTP. The recordings are counted by the seasons that their details list: hardly any season
was recorded.

`python -m benchmarks requests`, or `python -m benchmarks.requests [--series 10000]`. It ends with
the season numbers that a first request guesses best while it knows none.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from benchmarks.figures import Figure, report
from benchmarks.upstream import exchange, made_up
from extract.sources.tmdb.requests import (
    FIRST_SEASONS,
    first_request,
    further_count,
    further_requests,
    season_name,
)
from extract.sources.tmdb.resources import SEASON_CREDITS, SEASONS
from extract.sources.tmdb.splitting import ListedSeasons, SeriesAnswers
from tests.tmdb.chance import mix
from tests.tmdb.documents import Documents
from tests.tmdb.recordings import RecordedWorld, RecordingsAbsentError
from tests.tmdb.upstream import Upstream
from tests.tmdb.world import DETAILS, season_number

MOST = 1.15
"""Requests a series that a first pass may take."""
PER_SECOND = 40
CATALOGUE = 231_538
EDITED = 2_450 / CATALOGUE
"""Of all series on one day: TMDb's feed names 2,000 to 2,900."""
NEW_SEASON_EVERY = 10
"""One in so many edited series has a new season: a belief."""
FEED_PAGE = 100
GUESSED = range(10)

Numbers = frozenset[int]


@dataclass(slots=True)
class Pass:
    """How many series were asked for, and with how many requests."""

    series: int = 0
    requests: int = 0

    @property
    def mean(self) -> float:
        """Requests a series."""
        return self.requests / self.series

    def __str__(self) -> str:
        """Show it, with the time that it takes at the limit."""
        seconds = self.requests / PER_SECOND
        return (
            f"{self.series:6,} series, {self.requests:6,} requests, {self.mean:.3f} a series, "
            f"{seconds:,.0f} s at {PER_SECOND}/s"
        )


def main() -> int:
    """Count and judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--series", type=int, default=10_000)
    upstream = made_up(parser.parse_args().series)
    edited, grown = edits(upstream)
    for series_id, number in grown.items():
        upstream.remove_season(series_id, number)
    held: dict[int, Numbers] = {}
    first = asked_for(upstream, upstream.ids(), held)
    again = asked_for(upstream, upstream.ids(), held)
    for series_id, number in grown.items():
        upstream.return_season(series_id, number)
    upstream.touch(edited)
    changed = asked_for(upstream, edited, held)
    feed = -(-len(edited) // FEED_PAGE)
    print(f"first pass                 {first}")
    print(f"refresh, nothing changed   {again}")
    print(f"refresh of a day's edits   {changed}, {len(grown)} new seasons; {feed} for the feed")
    hours = first.mean * CATALOGUE / PER_SECOND / 3_600
    print(f"first pass over all {CATALOGUE:,} series: {hours:.2f} h at {PER_SECOND}/s")
    print_recordings()
    print_guesses("made up", (numbers_of(upstream, each) for each in upstream.ids()))
    return report(figure("first pass", first, MOST))


def edits(upstream: Upstream) -> tuple[list[int], dict[int, int]]:
    """Choose the series that a day edits, and the season that is new in some of them."""
    ids = sorted(upstream.ids(), key=lambda series_id: mix(series_id))
    edited = ids[: max(1, round(len(ids) * EDITED))]
    newest = {each: max(numbers_of(upstream, each), default=0) for each in edited}
    with_seasons = [each for each in edited if newest[each]]
    return edited, {each: newest[each] for each in with_seasons[::NEW_SEASON_EVERY]}


def asked_for(upstream: Upstream, series_ids: Iterable[int], held: dict[int, Numbers]) -> Pass:
    """Ask for series, of which some seasons may be held; notes those that came as held."""
    documents, counted = Documents(upstream, cache_bytes=0), Pass()
    for series_id in series_ids:
        known = dict.fromkeys(held.get(series_id, ()))
        taken = SeriesAnswers(first_request(series_id, known), datetime.now(UTC))
        counted.series += 1
        counted.requests += sum(1 for _ in exchange(documents, taken))
        batch = taken.conclude()
        if batch.failures:
            raise RuntimeError(f"a made-up answer lacks something: {batch.failures[:1]}")
        keys = (each.key for each in batch.documents if each.resource == SEASONS.name)
        held[series_id] = frozenset(int(key.rpartition("/")[2]) for key in keys)
    return counted


def print_recordings() -> None:
    """Count by what the recorded details list, as if all of it came."""
    try:
        world = RecordedWorld()
    except RecordingsAbsentError as absent:
        print(f"recordings                 {absent}")
        return
    seasons = {each: listed_in(world, each) for each in world.ids()}
    first = Pass(len(seasons), sum(planned(*each, known=()) for each in seasons.items()))
    again = Pass(len(seasons), sum(planned(*each, known=each[1]) for each in seasons.items()))
    print(f"recordings, first pass     {first}")
    print(f"recordings, refresh        {again}")
    print_guesses("recordings", seasons.values())


def listed_in(world: RecordedWorld, series_id: int) -> Numbers:
    """Read the season numbers out of recorded details."""
    return frozenset(ListedSeasons.of((world.series(series_id) or {})[DETAILS]).ids)


def planned(series_id: int, seasons: Numbers, known: Iterable[int]) -> int:
    """Count the requests for a series of these seasons, of which some are known beforehand."""
    first = first_request(series_id, dict.fromkeys(known))
    missing = seasons - set(first.seasons)
    names = [season_name(each, kind) for each in missing for kind in (SEASONS, SEASON_CREDITS)]
    return 1 + len(further_requests(series_id, names))


def numbers_of(upstream: Upstream, series_id: int) -> Numbers:
    """Give the numbers of the seasons that a series has upstream."""
    numbers = map(season_number, upstream.names(series_id))
    return frozenset(number for number in numbers if number is not None)


def print_guesses(name: str, numbers: Iterable[Numbers]) -> None:
    """Show what the first request's guess costs: the best three, and the one that is made."""
    counts = Counter(numbers)
    means = {guess: mean_of(guess, counts) for guess in combinations(GUESSED, FIRST_SEASONS)}
    made = tuple(sorted(first_request(1, {}).seasons))
    best = sorted(means, key=means.__getitem__)[:3]
    told = ", ".join(f"{guess} {means[guess]:.3f}" for guess in best)
    print(f"{name}: best guesses {told}; made: {made} {means[made]:.3f}")


def mean_of(guess: Iterable[int], counts: Mapping[Numbers, int]) -> float:
    """Give the requests a series where the first request asks for these season numbers."""
    guessed = set(guess)
    requests = sum(
        count * (1 + further_count(FIRST_SEASONS + len(numbers - guessed)))
        for numbers, count in counts.items()
    )
    return requests / sum(counts.values())


def figure(name: str, measured: Pass, most: float) -> Figure:
    """Set a mean beside what it may be."""
    return Figure(
        name=f"requests a series, {name} of {measured.series:,}",
        value=measured.mean,
        unit="",
        peer="wanted",
        peer_value=most,
        ratio=measured.mean / most,
        at_most=1,
    )


if __name__ == "__main__":
    sys.exit(main())
