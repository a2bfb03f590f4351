"""Retention: what is overdue goes, what is not stays, whoever else is writing."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.landing import Batch, land
from extract.landing.purging import AHEAD, Purged, purge
from extract.landing.turns import LOCK
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from tests.extract.landing.answers import (
    KEYWORDS,
    fetch,
    keywords,
    made_up,
    minute,
    no_keywords,
    versions,
)

pytestmark = pytest.mark.slow

Connection = psycopg.Connection[Any]
RUN = uuid4()
assert KEYWORDS.retention
KEPT = KEYWORDS.retention - AHEAD
DAY = 24 * 60


def put(connection: Connection, *documents: Any) -> int | None:
    """Land, as if the load had been committed when its documents were answered."""
    landed = land(connection, Batch(list(documents)), run_id=RUN)
    connection.execute(
        "update raw.loads set committed_at = %s where load_id = %s",
        (max(each.fetched_at for each in documents), landed.load_id),
    )
    return landed.load_id


def purged(connection: Connection, at: datetime, **more: Any) -> Purged:
    return purge(connection, RESOURCES.values(), run_id=RUN, at=at, **more)


def test_the_latest_is_kept_from_its_last_check_on_and_older_ones_from_their_end_on(
    connection: Connection,
) -> None:
    put(connection, keywords(1, "a", 0), keywords(2, "a", 0), keywords(3, "a", 0))
    put(connection, keywords(1, "b", 10 * DAY))
    put(connection, keywords(2, "a", 20 * DAY))  # checked, and still the same

    def held(days: float) -> dict[str, list[Any]]:
        purged(connection, minute(days * DAY) + KEPT)
        return {key: [row[0] for row in versions(connection, key)] for key in "123"}

    assert held(0) == {"1": ["a", "b"], "2": ["a"], "3": ["a"]}
    assert held(0.01) == {"1": ["a", "b"], "2": ["a"], "3": [None]}
    assert held(10) == {"1": ["a", "b"], "2": ["a"], "3": [None]}
    assert held(10.01) == {"1": [None, None], "2": ["a"], "3": [None]}
    assert held(20.01) == {"1": [None, None], "2": [None], "3": [None]}


def test_a_purge_keeps_hash_and_times_and_is_a_load_that_says_what_it_did(
    connection: Connection,
) -> None:
    put(connection, keywords(1, "a"), no_keywords(2))
    kept = "select key, payload_hash, request, fetched_at, load_id, is_latest, is_tombstone"
    kept = f"{kept} from raw.tmdb_tv_keywords order by key"
    before = connection.execute(kept).fetchall()
    done = purged(connection, minute(1) + KEPT)
    assert done.by_resource == {KEYWORDS.name: 1}
    assert connection.execute(kept).fetchall() == before
    marks = "select key, purged_by, purged_at is not null from raw.tmdb_tv_keywords order by key"
    assert connection.execute(marks).fetchall() == [("1", done.load_id, True), ("2", None, False)]
    load = "select kind, landed_count, resources from raw.loads where load_id = %s"
    told = ("purge", 0, {KEYWORDS.name: {"purged": 1}})
    assert connection.execute(load, (done.load_id,)).fetchone() == told
    assert purged(connection, minute(1) + KEPT).count == 0
    assert connection.execute("select count(*) from raw.loads").fetchone() == (2,)


def test_a_failed_try_and_a_resource_of_our_own_change_nothing(connection: Connection) -> None:
    put(connection, keywords(1, "a"), made_up(RESOURCES["showhouse_tracked_shows"], "a"))
    connection.execute(
        "update raw.fetches set status = 'failed', last_failed_at = %s", (minute(0) + KEPT,)
    )
    purged(connection, minute(1) + KEPT)
    assert versions(connection, "1") == [(None, True)]
    ours = connection.execute("select payload is null from raw.showhouse_tracked_shows").fetchall()
    assert ours == [(False,)]


def test_a_dry_run_counts_and_empties_nothing(connection: Connection) -> None:
    put(connection, keywords(1, "a"), keywords(2, "a"))
    assert purged(connection, minute(1) + KEPT, dry_run=True).by_resource == {KEYWORDS.name: 2}
    assert versions(connection, "1") == [("a", True)]
    assert connection.execute("select count(*) from raw.loads").fetchone() == (1,)


def test_the_same_content_lands_anew_after_a_purge(connection: Connection) -> None:
    put(connection, keywords(1, "a"))
    at = minute(1) + KEPT
    purged(connection, at)
    put(connection, keywords(1, "a", (at - minute(0)) / timedelta(minutes=1)))
    assert versions(connection, "1") == [(None, False), ("a", True)]
    assert fetch(connection, "1")[0] == "ok"


def test_a_key_that_is_checked_while_the_purge_waits_for_its_turn_is_kept(
    connection: Connection, database: str
) -> None:
    put(connection, keywords(1, "a"), keywords(2, "a"))
    at = minute(1) + KEPT
    with connect(database) as other, connect(database) as purging:
        other.execute("select pg_advisory_lock(%s)", (LOCK,))
        thread = Thread(target=purged, args=(purging, at))
        thread.start()
        waiting = "select from pg_stat_activity where wait_event = 'advisory' and pid = %s"
        while connection.execute(waiting, (purging.info.backend_pid,)).fetchone() is None:
            assert thread.is_alive()
        land(other, Batch([keywords(1, "a", 5 * DAY)]), run_id=RUN)
        other.execute("select pg_advisory_unlock(%s)", (LOCK,))
        thread.join()
    assert versions(connection, "1") == [("a", True)]
    assert versions(connection, "2") == [(None, True)]


def test_a_purge_that_stops_half_way_is_taken_up_by_the_next(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.landing.purging.BATCH_SIZE", 2)
    put(connection, *(keywords(n, "a") for n in range(1, 8)))

    class StoppedError(Exception):
        pass

    def stop(done: int, of: int) -> None:
        assert of == 7
        if done == 4:
            raise StoppedError

    with pytest.raises(StoppedError):
        purged(connection, minute(1) + KEPT, on_progress=stop)
    left = "select count(*) from raw.tmdb_tv_keywords where payload is not null"
    assert connection.execute(left).fetchone() == (3,)
    assert purged(connection, minute(1) + KEPT).count == 3
    loads = "select count(*), count(distinct load_id) from raw.loads where kind = 'purge'"
    assert connection.execute(loads).fetchone() == (4, 4)


def test_many_purges_at_once_empty_each_payload_once(connection: Connection, database: str) -> None:
    put(connection, *(keywords(n, "a") for n in range(1, 1200)))
    done: list[Purged] = []

    def work() -> None:
        with connect(database) as own:
            done.append(purged(own, minute(1) + KEPT))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each.count for each in done) == 1199
    told = "select sum((resources -> 'tmdb_tv_keywords' ->> 'purged')::int) from raw.loads"
    assert connection.execute(told).fetchone() == (1199,)


def test_on_postgres_15_too_payloads_are_purged(database_15: str) -> None:
    with connect(database_15) as connection:
        put(connection, keywords(1, "a"))
        assert purged(connection, minute(1) + KEPT).count == 1
