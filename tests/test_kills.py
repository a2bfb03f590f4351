"""kill -9 of what works beside others or on lists: the next run ends as an undisturbed one.

`tests/test_whole.py` kills whole runs of one process; here it is one of four shards, Postgres under
them, and whoever reads an export or a feed or purges.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from extract.postgres.cluster import find_place
from extract.postgres.connections import connect
from extract.postgres.server import Server
from extract.settings import ROOT
from tests.clocks import set_clock
from tests.conftest import Fresh
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_process
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.whole.contents import contents, differences
from tests.whole.house import TOKEN, House
from tests.whole.proofs import track_all
from tests.whole.shards import SHARDS, kill_one, shards

pytestmark = pytest.mark.long

SERIES, LISTED, SEED = 60, 1_600, 5
FAST = {"TMDB_REQUESTS_PER_SECOND": "400", "TMDB_MAX_CONNECTIONS": "2"}
RETENTION = timedelta(days=400)
_PURGE = """
from extract.settings import load_settings
from flows import steps
steps.purge_overdue(load_settings())
"""
_UNASKED = "select count(*) from raw.fetches where status = 'known'"
Process = subprocess.Popen[bytes]


@pytest.fixture
def disturbed(tmp_path: Path) -> Iterator[House]:
    """A house on an embedded server of its own, with 60 series upstream."""
    options = Options(seed=SEED, series_count=SERIES, people_count=80, tokens=(TOKEN,))
    with tmdb_process(options) as tmdb:
        house = House(tmp_path / "disturbed", tmdb, variables=FAST)
        yield house
        Server(house.home).remove()


def test_shards_leave_no_trace_of_a_killed_postgres_and_a_killed_one_of_them(
    disturbed: House, fresh: Fresh, tmp_path: Path
) -> None:
    chance = Random(SEED)
    quiet = House(tmp_path / "quiet", disturbed.tmdb, fresh(), FAST)
    track_all(quiet)
    assert quiet.call("extract").code == 0
    track_all(disturbed)

    disturbed.tmdb.latency(0.2)
    with shards(disturbed, "extract") as started:
        time.sleep(chance.uniform(0, 0.5))
        _kill_postgres(disturbed)
        ends = [shard.wait(PATIENCE_SECONDS) for shard in started]
    assert set(ends) <= {0, 1}  # who could wait for it has waited
    said = [path.read_text() for path in (disturbed.root / "said").iterdir()]
    assert not any("Traceback" in text or "--verbose" in text for text in said), said

    with shards(disturbed, "extract") as started:
        lost = kill_one(started, chance, within=0.3)
        ends = [shard.wait(PATIENCE_SECONDS) for shard in started if shard is not lost]
    assert ends == [0] * (SHARDS - 1), "the others were hit as well"
    assert disturbed.one(_UNASKED) > 0, "the kill came too late to show anything"

    disturbed.tmdb.latency(0.0)
    assert disturbed.call("extract").code == 0
    assert (found := differences(contents(disturbed), contents(quiet))) == [], "\n".join(found)


def _kill_postgres(house: House) -> None:
    """Kill the embedded server as the kernel would, and start it as the next command would."""
    place = find_place(house.home)
    assert place is not None
    postmaster = int((place / "data" / "postmaster.pid").read_text().partition("\n")[0])
    os.kill(postmaster, signal.SIGKILL)
    time.sleep(0.5)
    Server(house.home).start()


def test_reading_lists_and_feeds_and_purging_leave_no_trace_of_their_kills(
    fresh: Fresh, tmp_path: Path
) -> None:
    options = Options(seed=SEED, series_count=LISTED, people_count=80, tokens=(TOKEN,))
    with tmdb_process(options) as tmdb:
        tmdb.edited(tmdb.ids())
        quiet, disturbed = (House(tmp_path / name, tmdb, fresh(), FAST) for name in "qd")
        for news in ("tmdb_tv_series_ids", "tmdb_tv_changes"):
            assert quiet.call("extract", news).code == 0
            tmdb.latency(0.03)
            with disturbed.start("extract", news) as process:
                _kill_while(disturbed, process, f"select count(*) from raw.{news}", LISTED)
            tmdb.latency(0.0)
            assert disturbed.call("extract", news).code == 0
        assert differences(contents(disturbed), contents(quiet)) == []

        for house in (quiet, disturbed):
            assert house.url
            set_clock(house.url, RETENTION)
        emptied = "select count(*) from raw.tmdb_tv_series_ids where purged_at is not null"
        with _purge(disturbed) as process:
            _kill_while(disturbed, process, emptied, LISTED)
        for house in (quiet, disturbed):
            with _purge(house) as process:
                assert process.wait(PATIENCE_SECONDS) == 0
            assert house.one(emptied) == LISTED
        assert differences(contents(disturbed), contents(quiet)) == []


def _purge(house: House) -> Process:
    """Start a purge, and no build after it."""
    assert house.url
    environment = os.environ | {"DATABASE_URL": house.url, "SHOWHOUSE_HOME": str(house.home)}
    return subprocess.Popen(
        [sys.executable, "-c", _PURGE], env=environment, cwd=ROOT, start_new_session=True
    )


def _kill_while(house: House, process: Process, count: str, whole: int) -> None:
    """Kill a process as soon as a part of its work is committed."""
    with connect(house.database) as connection:

        def done() -> int:
            row = connection.execute(count.encode()).fetchone()
            return int(row[0]) if row else 0

        wait_until(
            lambda: process.poll() is not None or done() > 0,
            "the moment for the kill never came",
            every=0.002,
        )
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert 0 < done() <= whole
        assert process.returncode == -signal.SIGKILL, "the kill came too late to show anything"
