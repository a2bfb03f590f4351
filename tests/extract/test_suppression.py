"""A person who is forgotten: the decision lands, what was held of that person alone is emptied."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.documents import Batch, Reject, document
from extract.keys import Selection, due
from extract.landing import land
from extract.landing.forgetting import PERSON, due_again, empty_forgotten
from extract.postgres.connections import connect
from extract.resource import Resource
from extract.sources.tmdb.resources import TMDB
from extract.sources.tmdb.subjects import SUBJECTS
from extract.suppression import restore, suppress, suppressed

Connection = psycopg.Connection[Any]
OF_PEOPLE = Resource(
    name="tmdb_person_anything", source=TMDB, entity=PERSON, max_age=timedelta(days=30)
)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HELD = "select key, payload is null, purged_by from raw.tmdb_person_anything order by key, load_id"


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        connection.execute("select raw.create_resource_table(%s, %s)", (OF_PEOPLE.name, PERSON))
        yield connection


def put(connection: Connection, *keys: str, at: int = 0) -> None:
    documents = [
        document(
            OF_PEOPLE,
            key,
            {"id": key, "name": f"Name {at}"},
            request=f"GET /person/{key}",
            fetched_at=NOW + timedelta(minutes=at),
        )
        for key in keys
    ]
    land(connection, Batch(documents), run_id=uuid4())


def test_a_decision_lands_once_without_a_name_and_may_be_undone(connection: Connection) -> None:
    for _ in range(2):
        suppress(connection, 287)
    assert suppressed(connection) == [287]
    rows = "select key, payload from raw.showhouse_suppressed_people"
    assert connection.execute(rows).fetchall() == [
        ("tmdb:person:287", {"tmdb_id": 287, "is_suppressed": True})
    ]
    assert restore(connection, 287)
    assert not restore(connection, 287)
    assert suppressed(connection) == []


def test_every_version_of_that_person_alone_is_emptied(connection: Connection) -> None:
    put(connection, "287", "2870", "287/images")
    put(connection, "287", at=1)
    suppress(connection, 287)
    done = empty_forgotten(connection, [OF_PEOPLE], run_id=uuid4())
    assert done.by_resource == {OF_PEOPLE.name: 3}
    load = done.load_id
    assert connection.execute(HELD).fetchall() == [
        ("287", True, load),
        ("287", True, load),
        ("287/images", True, load),
        ("2870", False, None),
    ]
    assert empty_forgotten(connection, [OF_PEOPLE], run_id=uuid4()).load_id is None


def test_what_was_refused_of_that_person_goes_as_well(connection: Connection) -> None:
    rejects = [
        Reject(OF_PEOPLE.name, key, "wrong_shape", "", b"a body with a name", "GET /", NOW)
        for key in ("287", "2870")
    ]
    land(connection, Batch(rejects=rejects), run_id=uuid4())
    suppress(connection, 287)
    empty_forgotten(connection, [OF_PEOPLE], run_id=uuid4())
    assert connection.execute("select key from raw.rejects").fetchall() == [("2870",)]


def test_what_landed_late_is_emptied_by_the_next_purge_and_after_an_undo_it_is_due(
    connection: Connection,
) -> None:
    suppress(connection, 287)
    put(connection, "287")  # was under way when the decision landed
    assert empty_forgotten(connection, [OF_PEOPLE], run_id=uuid4()).count == 1
    restore(connection, 287)
    due_again(connection, [OF_PEOPLE], 287)
    due = "select key from raw.fetches where next_due_at <= now() and key = '287'"
    assert connection.execute(due).fetchall() == [("287",)]
    put(connection, "287", at=1)
    assert connection.execute(HELD).fetchall()[-1] == ("287", False, None)


@pytest.mark.parametrize("force", [False, True])
def test_who_is_forgotten_is_not_asked_for_until_it_is_undone(
    connection: Connection, force: bool
) -> None:
    (people,) = (subject for subject in SUBJECTS if subject.name == "people")
    connection.execute(
        "insert into raw.fetches (resource, key, status, next_due_at)"
        " select 'tmdb_person_details', n::text, 'known', now() from generate_series(1, 3) as n"
    )
    everyone = Selection(tracked=True, force=force)
    suppress(connection, 2)
    assert list(due(connection, people, everyone)) == ["1", "3"]
    named = Selection(subject="people", keys=("2",), force=True)
    assert list(due(connection, people, named)) == []
    restore(connection, 2)
    assert sorted(due(connection, people, everyone)) == ["1", "2", "3"]
