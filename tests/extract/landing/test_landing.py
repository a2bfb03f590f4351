"""One writer: versions, checks, tombstones, rejects, failures."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.canonical import read
from extract.documents import Document, document
from extract.landing import Batch, Failure, Landed, Reject, land
from extract.registry import RESOURCES
from extract.resource import Resource
from tests.extract.landing.answers import (
    KEYWORDS,
    fetch,
    keywords,
    made_up,
    minute,
    no_keywords,
    versions,
)

Connection = psycopg.Connection[Any]
RUN = uuid4()


def put(connection: Connection, *documents: Document) -> Landed:
    return land(connection, Batch(list(documents)), run_id=RUN)


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES.keys())
def test_each_resource_lands_once_and_a_second_time_brings_nothing(
    connection: Connection, resource: Resource
) -> None:
    first = put(connection, made_up(resource, "a"))
    second = put(connection, made_up(resource, "a", at=1))
    assert (first.checked, first.landed) == (1, 1)
    assert (second.checked, second.landed, second.load_id) == (1, 0, None)
    rows = connection.execute(f"select payload from raw.{resource.name}").fetchall()
    assert rows == [({"id": 1, "content": "a"},)]
    assert fetch(connection, "1", resource.name)[3:5] == (minute(1), minute(0))


def test_a_value_that_comes_back_is_a_third_version(connection: Connection) -> None:
    for at, content in enumerate("aba"):
        assert put(connection, keywords(1, content, at)).landed == 1
    assert versions(connection, "1") == [("a", False), ("b", False), ("a", True)]


def test_an_older_answer_never_supersedes(connection: Connection) -> None:
    put(connection, keywords(1, "new", 5))
    put(connection, keywords(1, "new", 9))
    assert put(connection, keywords(1, "old", 8)).landed == 0
    assert versions(connection, "1") == [("new", True)]
    assert fetch(connection, "1")[3] == minute(9)


def test_the_last_answer_of_a_batch_wins(connection: Connection) -> None:
    landed = put(
        connection, keywords(1, "second", 2), keywords(1, "third", 3), keywords(1, "first", 1)
    )
    assert (landed.checked, landed.landed) == (1, 1)
    assert versions(connection, "1") == [("third", True)]


def test_what_is_volatile_makes_no_version_but_is_stored_with_the_next(
    connection: Connection,
) -> None:
    credits = RESOURCES["tmdb_tv_credits"]

    def cast(popularity: float, name: str, at: float) -> Document:
        payload = {"id": 1, "cast": [{"name": name, "popularity": popularity}], "crew": []}
        return document(credits, "1", payload, request="GET /", fetched_at=minute(at))

    assert put(connection, cast(1.5, "Ann", 1)).landed == 1
    assert put(connection, cast(2.5, "Ann", 2)).landed == 0
    assert put(connection, cast(3.5, "Bea", 3)).landed == 1
    kept = "select payload #> '{cast,0,popularity}' from raw.tmdb_tv_credits order by load_id"
    assert connection.execute(kept).fetchall() == [(1.5,), (3.5,)]


def test_a_tombstone_lands_once_and_the_key_may_return(connection: Connection) -> None:
    put(connection, keywords(1, "a", 1))
    assert put(connection, no_keywords(1, 2)).by_resource[KEYWORDS.name].tombstones == 1
    assert put(connection, no_keywords(1, 3)).landed == 0
    assert fetch(connection, "1")[0] == "gone"
    assert put(connection, keywords(1, "a", 4)).landed == 1
    assert versions(connection, "1") == [("a", False), (None, False), ("a", True)]
    assert fetch(connection, "1")[0] == "ok"


def test_a_payload_that_was_purged_is_taken_again(connection: Connection) -> None:
    put(connection, keywords(1, "a", 1))
    connection.execute("update raw.tmdb_tv_keywords set payload = null, purged_at = now()")
    assert put(connection, keywords(1, "a", 2)).landed == 1
    assert versions(connection, "1") == [(None, False), ("a", True)]


def test_only_what_is_new_draws_a_load_and_loads_count_what_they_hold(
    connection: Connection,
) -> None:
    first = put(connection, keywords(1, "a"), keywords(2, "a"))
    for at in range(1, 4):
        put(connection, keywords(1, "a", at))
    second = put(connection, keywords(1, "b", 5), no_keywords(2, 5), keywords(3, "a", 5))
    assert (first.load_id, second.load_id) == (1, 2)
    rows = connection.execute(
        "select run_id, checked_count, landed_count, resources from raw.loads order by load_id"
    ).fetchall()
    assert rows == [
        (RUN, 2, 2, {KEYWORDS.name: {"checked": 2, "landed": 2, "tombstones": 0}}),
        (RUN, 3, 3, {KEYWORDS.name: {"checked": 3, "landed": 3, "tombstones": 1}}),
    ]


def test_a_check_sets_when_the_key_is_due_again(connection: Connection) -> None:
    put(connection, keywords(1, "a", 7))
    assert fetch(connection, "1")[-1] == minute(7) + KEYWORDS.max_age


def test_failures_are_counted_and_pause_longer_each_time(connection: Connection) -> None:
    put(connection, keywords(1, "a"))
    pauses = []
    for attempt in range(1, 16):
        failed_at = minute(10_000 * attempt)
        failure = Failure(KEYWORDS.name, "1", f"status 500, time {attempt}", failed_at)
        land(connection, Batch(failures=[failure]), run_id=RUN)
        status, attempts, error, checked, *_, due = fetch(connection, "1")
        assert (status, attempts, error) == ("failed", attempt, f"status 500, time {attempt}")
        assert checked == minute(0)
        pauses.append((due - failed_at) / timedelta(minutes=1))
    assert pauses[:5] == [0, 5, 10, 20, 40]
    assert pauses[-1] == 24 * 60
    put(connection, keywords(1, "a", 200_000))
    assert fetch(connection, "1")[:3] == ("ok", 0, None)


def test_a_failure_before_the_last_check_says_nothing(connection: Connection) -> None:
    put(connection, keywords(1, "a", 5))
    late = Failure(KEYWORDS.name, "1", "no connection", minute(4))
    land(connection, Batch(failures=[late]), run_id=RUN)
    assert fetch(connection, "1")[0] == "ok"


def test_a_reject_is_kept_once_however_often_it_comes(connection: Connection) -> None:
    def reject(at: float) -> Reject:
        body = b"<html>\x00\x1b[31m\xff" + b"x" * 5_000
        return Reject(KEYWORDS.name, "1", "html", "a page", body, "GET /tv/1", minute(at))

    land(connection, Batch(rejects=[reject(1), reject(2)]), run_id=RUN)
    landed = land(connection, Batch([keywords(2, "a")], [reject(3)]), run_id=RUN)
    assert (landed.landed, landed.rejected) == (1, 1)
    rows = connection.execute(
        "select reason, seen_count, first_seen_at, last_seen_at, length(body_excerpt), "
        "left(body_excerpt, 8) from raw.rejects"
    ).fetchall()
    assert rows == [("html", 3, minute(2), minute(3), 200, "<html>\ufffd\ufffd")]
    assert fetch(connection, "1")[:3] == ("failed", 2, "rejected: html: a page")


@pytest.mark.parametrize("number", ["1e200000", "-1e-200000"])
def test_a_document_that_only_postgres_refuses_is_rejected_and_the_others_land(
    connection: Connection, number: str
) -> None:
    payload = f'{{"id": 13, "results": [{number}]}}'.encode()  # `document` would not let it in
    bad = replace(keywords(13, "a"), payload=payload, payload_hash=sha256(payload).digest())
    failure = Failure(KEYWORDS.name, "99", "no connection", minute(0))
    others = [keywords(series_id, "a") for series_id in range(1, 12)]
    landed = land(connection, Batch([*others, bad], [], [failure]), run_id=RUN)
    assert (landed.landed, landed.rejected, landed.failed) == (11, 1, 1)
    rows = connection.execute("select key, reason, seen_count from raw.rejects").fetchall()
    assert rows == [("13", "refused_by_postgres", 1)]
    assert connection.execute("select count(*) from raw.tmdb_tv_keywords").fetchone() == (11,)
    assert fetch(connection, "13")[0] == "failed"
    assert fetch(connection, "99")[0] == "failed"


def test_numbers_beyond_a_double_arrive_as_they_were_sent(connection: Connection) -> None:
    body = b'{"id":1,"results":[1e400, 123456789012345678901234567890, 0.12345678901234567890]}'
    put(connection, document(KEYWORDS, "1", read(body), request="GET /", fetched_at=minute(0)))
    held = "select payload = %s::jsonb from raw.tmdb_tv_keywords"
    assert connection.execute(held, (body.decode(),)).fetchone() == (True,)


@pytest.mark.parametrize(
    "number", ["1e131071", "-9.5e131071", "1e-16383", "1" + "0" * 131_071, "0." + "1" * 16_383]
)
def test_the_longest_numbers_that_are_let_in_postgres_holds(
    connection: Connection, number: str
) -> None:
    body = f'{{"id":1,"results":[{number}]}}'.encode()
    each = document(KEYWORDS, "1", read(body), request="GET /", fetched_at=minute(0))
    assert put(connection, each).landed == 1


def test_an_empty_batch_does_nothing(connection: Connection) -> None:
    assert land(connection, Batch(), run_id=RUN) == Landed()


def test_landing_within_a_transaction_is_refused(connection: Connection) -> None:
    with connection.transaction(), pytest.raises(ValueError, match="idle"):
        put(connection, keywords(1, "a"))


def test_landing_reads_what_is_committed_whatever_the_connection_prefers(
    connection: Connection,
) -> None:
    connection.execute("set default_transaction_isolation = 'serializable'")
    assert put(connection, keywords(1, "a")).landed == 1
    assert put(connection, keywords(1, "b", 1)).landed == 1


def test_on_postgres_15_too_documents_land_once(database_15: str) -> None:
    with psycopg.connect(database_15, autocommit=True) as connection:
        assert put(connection, keywords(1, "a"), no_keywords(2)).landed == 2
        assert put(connection, keywords(1, "a", 1), no_keywords(2, 1)).landed == 0
        assert put(connection, keywords(1, "b", 2)).landed == 1
        assert versions(connection, "1") == [("a", False), ("b", True)]
