"""What a run costs and what it survives, on thousands of series: `tests/test_whole.py` at length.

    python -m benchmarks.endurance               # 2,000 series, 20 kills, 5 % faults
    python -m benchmarks.endurance kills --kills 5 --series 200
    python -m benchmarks.endurance shards --kills 5 --series 200

Every part runs the `showhouse` command in processes of its own, on an embedded Postgres of its own,
against a TMDb on this machine, which has the latency and the bursts of 502 of the real one; dbt's
tests are part of the builds. What does not hold ends it with exit code 1.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from extract.postgres.server import Server
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.pace import REAL, Manner
from tests.tmdb.server import tmdb_process
from tests.whole.contents import contents
from tests.whole.house import TOKEN, House
from tests.whole.kills import STEPS, run_and_time
from tests.whole.proofs import (
    Figures,
    an_edit_costs_itself,
    faults_cost_what_they_hit,
    kills_leave_no_trace,
    nobody_sees_the_token,
    nothing_due_asks_nothing,
    nothing_new_writes_nothing,
    track_all,
)
from tests.whole.shards import lost_shards_leave_no_trace

KILLS_PER_ROUND = 5
SHARD_KILLS = 5
TOUCHED = 0.01
AT_MOST = 0.03
"""Of the rows of any model: the 1 % of series that are touched may be larger than others."""

COUNTED = replace(REAL, bursts=None)
"""Where each request and each fault is counted, nothing else goes wrong."""

FAST = {"TMDB_REQUESTS_PER_SECOND": "400"}


@contextmanager
def house_of(tmdb: Tmdb, name: str) -> Iterator[House]:
    """A house with an embedded server, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"showhouse-{name}-") as folder:
        house = House(Path(folder) / name, tmdb, variables=FAST)
        try:
            track_all(house)
            yield house
        finally:
            Server(house.home).remove()


@contextmanager
def upstream(series: int, manner: Manner = REAL) -> Iterator[Tmdb]:
    """A TMDb that accepts our token only."""
    options = Options(seed=11, series_count=series, tokens=(TOKEN,), manner=manner)
    with tmdb_process(options) as tmdb:
        yield tmdb


def economy(series: int, seed: int) -> None:
    """Nothing new costs nothing, and 1 % costs 1 %."""
    chance = Random(seed)
    with upstream(series, COUNTED) as tmdb, house_of(tmdb, "economy") as house:
        code, lengths = run_and_time(house, "run")
        assert code == 0, "the first run failed"
        requests = tmdb.summary()["requests"]
        print(f"first run of {series:,} series: {requests:,} requests; {_seconds(lengths)}")
        nothing_due_asks_nothing(house)
        print("second run: nothing due, no request, no row in raw, core and marts, no object")
        requests = nothing_new_writes_nothing(house)
        print(f"everything asked again: {requests:,} requests, no row, no object, no image asked")
        _show(an_edit_costs_itself(house, TOUCHED, chance, named=True), series)
        _show(an_edit_costs_itself(house, TOUCHED, chance, named=False), series)
        nobody_sees_the_token(house)
        print("the token is in no table, file or output")


def kills(count: int, series: int, seed: int) -> None:
    """Rounds of edits upstream, kills and one undisturbed run, beside a house left in peace."""
    chance = Random(seed)
    with ExitStack() as stack:
        tmdb = stack.enter_context(upstream(series))
        quiet = stack.enter_context(house_of(tmdb, "quiet"))
        disturbed = stack.enter_context(house_of(tmdb, "disturbed"))
        done = 0
        while done < count:
            code, lengths = run_and_time(quiet, "run", "--force")
            assert code == 0, "the undisturbed run failed"
            steps = _steps(chance, min(KILLS_PER_ROUND, count - done))
            met = kills_leave_no_trace(disturbed, contents(quiet), lengths, chance, steps)
            done += len(met)
            told = ", ".join(f"{each.step} +{each.after:.1f} s" for each in met)
            print(f"{done:3} kills ({told}): raw, core, marts, mirror and receipts as undisturbed")
            _edit(tmdb, quiet)
        nobody_sees_the_token(quiet, disturbed)
        print("the token is in no table, file or output")


def shards(count: int, series: int, seed: int) -> None:
    """Four runs share the work and one of them is lost, so many times, beside a house in peace."""
    chance = Random(seed)
    with ExitStack() as stack:
        tmdb = stack.enter_context(upstream(series))
        quiet = stack.enter_context(house_of(tmdb, "quiet"))
        disturbed = stack.enter_context(house_of(tmdb, "disturbed"))
        code, lengths = run_and_time(quiet, "run")
        assert code == 0, "the undisturbed run failed"
        expected, longest = contents(quiet), sum(lengths.values())
        lost_shards_leave_no_trace(disturbed, expected, count, chance, longest)
        print(f"{count} of four shards lost, each time another: all as undisturbed")


def _steps(chance: Random, count: int) -> tuple[str, ...]:
    """Some, in order: the images are held after the mirror, and no rebuild follows then."""
    return (*(chance.choice(STEPS[:2]) for _ in range(count - 4)), *STEPS[-min(count, 4) :])


def _edit(tmdb: Tmdb, house: House) -> None:
    """Let a tenth of the series change, and some logos: every step has something to do again."""
    tmdb.touch_share(0.1)
    for (network_id,) in house.rows("select network_id from core.networks order by 1 limit 20"):
        tmdb.change_logo("networks", network_id)


def faults(series: int, seed: int) -> None:
    """5 % of the series fail, and nothing else does."""
    with upstream(series, COUNTED) as tmdb, house_of(tmdb, "healthy") as healthy:
        code, _ = run_and_time(healthy, "run")
        assert code == 0, "the undisturbed run failed"
        with house_of(tmdb, "faulty") as house:
            ill = faults_cost_what_they_hit(house, contents(healthy), seed)
            print(f"{ill} of {series:,} series failed and were told, all others complete (exit 1)")
            print("nothing bad in raw; complete with exit 0 once the faults were over")
            print("faults in 5 % of all attempts left no trace")
            nobody_sees_the_token(house)


def _show(figures: Figures, series: int) -> None:
    print(
        f"{figures.touched} of {series:,} series touched: {figures.requests:,} requests, "
        f"{sum(figures.versions.values())} new versions, as expected for each resource"
    )
    for model, (written, total) in sorted(figures.written.items()):
        share = written / total if total else 0.0
        print(f"    {model:40} {written:7,} of {total:9,} rows written ({share:.2%})")
        assert share <= AT_MOST, f"{model}: {share:.2%} of its rows were written"


def _seconds(lengths: dict[str, float]) -> str:
    return ", ".join(f"{step} {seconds:.0f} s" for step, seconds in lengths.items())


def main() -> int:
    """Prove what is asked for, all of it by default."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", default=["economy", "kills", "shards", "faults"])
    parser.add_argument("--series", type=int, help="2,000; 500 for the kills")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    for part in options.parts:
        started = time.monotonic()
        print(f"== {part}")
        try:
            if part == "economy":
                economy(options.series or 2_000, options.seed)
            elif part == "kills":
                kills(options.kills, options.series or 500, options.seed)
            elif part == "shards":
                shards(min(options.kills, SHARD_KILLS), options.series or 500, options.seed)
            elif part == "faults":
                faults(options.series or 2_000, options.seed)
            else:
                parser.error(f"`{part}` is no part: economy, kills, shards, faults")
        except AssertionError as error:
            print(f"{part} does not hold: {error}")
            return 1
        print(f"   {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
