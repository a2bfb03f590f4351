"""The whole command, from the first request to the mirrored logo, in processes of its own.

`python -m benchmarks.endurance` proves the same of thousands of series and of more kills.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Fresh
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_process
from tests.whole.contents import contents
from tests.whole.house import TOKEN, House
from tests.whole.kills import EXTRACT, MIRROR, REBUILD, run_and_time
from tests.whole.proofs import (
    an_edit_costs_itself,
    faults_cost_what_they_hit,
    kills_leave_no_trace,
    nobody_sees_the_token,
    nothing_due_asks_nothing,
    nothing_new_writes_nothing,
    track_all,
)

SERIES = 60
SEED = 5
FAST = {"TMDB_REQUESTS_PER_SECOND": "400"}


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_process(
        Options(seed=SEED, series_count=SERIES, people_count=100, tokens=(TOKEN,))
    ) as running:
        yield running


@pytest.mark.build
def test_what_did_not_change_costs_nothing_and_what_did_costs_itself(
    tmdb: Tmdb, fresh: Fresh, tmp_path: Path
) -> None:
    house = House(tmp_path / "house", tmdb, fresh(), FAST)
    track_all(house)
    assert house.call("run").code == 0
    nothing_due_asks_nothing(house)
    nothing_new_writes_nothing(house)
    an_edit_costs_itself(house, 0.05, Random(SEED), named=True)
    nobody_sees_the_token(house)


@pytest.mark.long
def test_kills_and_faults_leave_no_trace(tmdb: Tmdb, fresh: Fresh, tmp_path: Path) -> None:
    quiet, disturbed, faulty = (
        House(tmp_path / name, tmdb, fresh(), FAST) for name in ("quiet", "disturbed", "faulty")
    )
    for house in (quiet, disturbed, faulty):
        track_all(house)
    code, lengths = run_and_time(quiet, "run")
    assert code == 0
    undisturbed = contents(quiet)
    steps = (EXTRACT, MIRROR, REBUILD)
    kills_leave_no_trace(disturbed, undisturbed, lengths, Random(SEED), steps)
    faults_cost_what_they_hit(faulty, undisturbed, SEED)
    nobody_sees_the_token(quiet, disturbed, faulty)
