"""Many writers at once, and writers that are killed: the end state is that of one, undisturbed."""

import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.documents import Batch
from extract.landing import land
from extract.landing.turns import LOCK
from extract.postgres.connections import connect
from tests.extract.landing.answers import keywords, versions
from tests.waiting import wait_until_left_alone

pytestmark = pytest.mark.slow

WRITERS, ROUNDS, SERIES = 8, 12, 20

_LAND_FOR_EVER = """
import sys
from itertools import count
from uuid import uuid4
from extract.documents import Batch
from extract.landing import land
from extract.landing.turns import LOCK
from extract.postgres.connections import connect
from tests.extract.landing.answers import keywords
with connect(sys.argv[1]) as connection:
    for at in count(int(sys.argv[2])):
        batch = Batch([keywords(series_id, [at] * 200, at) for series_id in range(1, 301)])
        land(connection, batch, run_id=uuid4())
        print(at, flush=True)
"""


def _write(url: str, writer: int) -> None:
    chance = random.Random(writer)
    with connect(url) as connection:
        for _ in range(ROUNDS):
            chosen = chance.sample(range(1, SERIES + 1), 12)
            documents = [
                keywords(series_id, chance.choice("ab"), chance.uniform(0, 1_000))
                for series_id in chosen
            ]
            land(connection, Batch(documents), run_id=uuid4())


def _poll(url: str, ended: Event) -> list[str]:
    """Read as dbt does: up to the highest load; tells what turned up below it later."""
    faults: list[str] = []
    seen: set[tuple[str, int]] = set()
    horizon = 0
    with connect(url) as connection:
        while not ended.is_set():
            (highest,) = connection.execute("select max(load_id) from raw.loads").fetchone() or ()
            rows = connection.execute("select key, load_id from raw.tmdb_tv_keywords").fetchall()
            new = set(rows) - seen
            faults += [f"{key} of load {load} came late" for key, load in new if load <= horizon]
            seen |= new
            horizon = highest or 0
            seen = {row for row in seen if row[1] <= horizon}
    return faults


def _faults(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    """Keys without exactly one latest version, or whose chain of versions is broken."""
    return connection.execute(
        """
        with chained as (
            select
                key, load_id, superseded_by, fetched_at, payload_hash,
                lead(load_id) over chain as next_load_id,
                lag(payload_hash) over chain as previous_hash,
                lag(fetched_at) over chain as previous_fetched_at
            from raw.tmdb_tv_keywords
            window chain as (partition by key order by load_id)
        )
        select * from chained
        where
            superseded_by is distinct from next_load_id
            or payload_hash = previous_hash
            or fetched_at < previous_fetched_at
            or load_id not in (select load_id from raw.loads)
        """
    ).fetchall()


def test_eight_writers_leave_one_chain_of_versions_per_key_and_no_late_rows(database: str) -> None:
    ended = Event()
    with ThreadPoolExecutor(WRITERS + 1) as threads:
        polling = threads.submit(_poll, database, ended)
        for writing in [threads.submit(_write, database, writer) for writer in range(WRITERS)]:
            writing.result()
        ended.set()
        assert polling.result() == []
    with connect(database) as connection:
        assert _faults(connection) == []
        newest = connection.execute(
            """
            select count(*) from raw.tmdb_tv_keywords as version
            inner join raw.fetches as held on held.key = version.key
            where version.is_latest and version.fetched_at <= held.last_checked_at
            """
        ).fetchone()
        assert newest == (SERIES,)
        order = connection.execute("select committed_at from raw.loads order by load_id").fetchall()
        assert order == sorted(order)


def test_the_order_of_writers_does_not_matter_to_what_is_latest(database: str) -> None:
    documents = [keywords(1, content, at) for at, content in enumerate("abcdefgh")]
    with ThreadPoolExecutor(WRITERS) as threads:
        shuffled = random.sample(documents, len(documents))
        for each in [threads.submit(_land_one, database, Batch([each])) for each in shuffled]:
            each.result()
    with connect(database) as connection:
        assert versions(connection, "1")[-1] == ("h", True)


def _land_one(url: str, batch: Batch) -> None:
    with connect(url) as connection:
        land(connection, batch, run_id=uuid4())


def test_a_document_that_looked_unchanged_and_was_overtaken_still_lands(database: str) -> None:
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with connect(database) as first, ThreadPoolExecutor(1) as threads:
        land(first, Batch([keywords(1, "a", 1)]), run_id=uuid4())
        first.execute("select pg_advisory_lock(%s)", (LOCK,))
        second = threads.submit(_land_one, database, Batch([keywords(1, "a", 5)]))
        while first.execute(waiting).fetchone() == (0,):
            time.sleep(0.01)
        land(first, Batch([keywords(1, "b", 3)]), run_id=uuid4())
        first.execute("select pg_advisory_unlock(%s)", (LOCK,))
        second.result()
        assert versions(first, "1") == [("a", False), ("b", False), ("a", True)]


def test_a_writer_killed_at_any_moment_leaves_whole_batches(database: str) -> None:
    chance, landed = random.Random(1), 0
    for _ in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", _LAND_FOR_EVER, database, str(landed + 1)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        told = [int(writer.stdout.readline())]
        time.sleep(chance.uniform(0.0, 0.4))
        writer.send_signal(signal.SIGKILL)
        told += [int(line) for line in writer.stdout.read().split()]
        writer.stdout.close()
        writer.wait()
        wait_until_left_alone(database)
        with connect(database) as connection:
            # The lock of a killed writer is gone once its backend notices: landing waits for that.
            counts = connection.execute(
                "select fetched_at, count(*) from raw.tmdb_tv_keywords group by 1 order by 1"
            ).fetchall()
            assert {count for _, count in counts} == {300}
            assert len(counts) in (told[-1], told[-1] + 1)
            assert _faults(connection) == []
            landed = len(counts)
