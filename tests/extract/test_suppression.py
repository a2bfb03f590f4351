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
from extract.registry import RESOURCES
from extract.resource import Resource
from extract.sources.imdb.datasets import DATASETS
from extract.sources.imdb.wanted import Wanted
from extract.sources.tmdb.resources import TMDB
from extract.sources.tmdb.subjects import SUBJECTS
from extract.suppression import follow, restore, suppress, suppressed

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


NAMES = "select key, payload is null from raw.imdb_name_basics order by key"
DECIDED = (
    "select key, payload -> 'imdb_ids' from raw.showhouse_suppressed_people"
    " where superseded_by is null and payload @> '{\"is_suppressed\": true}' order by key"
)


def tell(connection: Connection, payloads: dict[tuple[str, str], dict[str, Any]]) -> None:
    documents = [
        document(RESOURCES[name], key, payload, request="GET", fetched_at=NOW)
        for (name, key), payload in payloads.items()
    ]
    land(connection, Batch(documents), run_id=uuid4())


def credited(tmdb_id: int, title: str, called: str, *names: str) -> dict[tuple[str, str], Any]:
    """A series whose cast TMDb calls by name, and of which IMDb credits these names."""
    cast = [{"id": tmdb_id, "name": called}]
    rows: dict[tuple[str, str], Any] = {
        ("tmdb_tv_aggregate_credits", "1"): {"id": 1, "cast": cast},
        ("tmdb_tv_external_ids", "1"): {"id": 1, "imdb_id": title},
        ("imdb_title_episode", "tt0000002"): {"parentTconst": title},
    }
    for number, name in enumerate(names):
        principal = ("imdb_title_principals", f"{(title, 'tt0000002')[number % 2]}/{number}")
        rows[principal] = {"nconst": name}
        rows["imdb_name_basics", name] = {"primaryName": called.upper()}
    return rows


@pytest.mark.parametrize("identity", [287, "nm0000093"])
def test_a_decision_holds_every_id_that_documents_claim_and_empties_what_imdb_says(
    connection: Connection, identity: int | str
) -> None:
    own = {"id": 287, "imdb_id": "nm0000093"}
    other = {"id": 287, "imdb_id": "nm0000094"}
    tell(
        connection,
        {
            ("tmdb_person_details", "287"): own,
            ("tmdb_person_external_ids", "287"): other,
            **{("imdb_name_basics", f"nm000009{n}"): {"primaryName": "A"} for n in (3, 4, 5)},
        },
    )
    suppress(connection, identity)
    decided = [("tmdb:person:287", ["nm0000093", "nm0000094"])]
    assert connection.execute(DECIDED).fetchall() == decided
    emptied = [("nm0000093", True), ("nm0000094", True), ("nm0000095", False)]
    assert connection.execute(NAMES).fetchall() == emptied
    suppress(connection, identity)  # what claimed them is emptied by now
    assert connection.execute(DECIDED).fetchall() == decided
    assert restore(connection, "nm0000094")
    assert connection.execute(DECIDED).fetchall() == []


def test_whom_imdb_alone_knows_or_several_claim_is_forgotten_by_that_id(
    connection: Connection,
) -> None:
    claims = {"id": 1, "imdb_id": "nm0000002"}
    tell(connection, {("tmdb_person_details", key): claims for key in ("1", "2")})
    for name in ("nm0000001", "nm0000002"):
        suppress(connection, name)
    assert suppressed(connection) == ["nm0000001", "nm0000002"]
    assert connection.execute(DECIDED).fetchall() == [
        (f"imdb:{name}", [name]) for name in ("nm0000001", "nm0000002")
    ]
    (people,) = (subject for subject in SUBJECTS if subject.name == "people")
    assert sorted(due(connection, people, Selection(tracked=True, force=True))) == ["1", "2"]


def test_a_namesake_in_the_same_series_goes_as_well_unless_somebody_else_has_the_name(
    connection: Connection,
) -> None:
    names = ("nm0000001", "nm0000002", "nm0000003")
    tell(connection, credited(287, "tt0000001", "Ann", *names))
    tell(
        connection,
        {
            ("imdb_name_basics", "nm0000003"): {"primaryName": "Bob"},
            ("imdb_name_basics", "nm0000004"): {"primaryName": "Ann"},  # of no series of theirs
            ("tmdb_person_details", "5"): {"id": 5, "imdb_id": "nm0000002"},
        },
    )
    suppress(connection, 287)
    assert connection.execute(DECIDED).fetchall() == [("tmdb:person:287", ["nm0000001"])]


def test_a_decision_from_before_names_were_noted_is_completed_once(connection: Connection) -> None:
    suppress(connection, 287)
    assert connection.execute(DECIDED).fetchall() == [("tmdb:person:287", None)]
    assert follow(connection) == []  # IMDb's names were never read
    tell(connection, credited(287, "tt0000001", "Ann", "nm0000001"))
    assert [person.imdb_ids for person in follow(connection)] == [("nm0000001",)]
    assert connection.execute(DECIDED).fetchall() == [("tmdb:person:287", ["nm0000001"])]
    assert follow(connection) == []


def test_whoever_claims_a_forgotten_name_later_is_forgotten_too(connection: Connection) -> None:
    suppress(connection, "nm0000001")
    tell(connection, {("tmdb_person_details", "5"): {"id": 5, "imdb_id": "nm0000001"}})
    follow(connection)
    assert suppressed(connection) == [5, "nm0000001"]
    assert restore(connection, 5), "which has an id in common with the other"
    assert suppressed(connection) == []


def test_imdbs_names_of_the_forgotten_are_not_wanted(connection: Connection) -> None:
    tracked = {"imdb_id": "tt0000001", "is_tracked": True}
    tell(connection, {("showhouse_tracked_shows", "imdb:tt0000001"): tracked})
    tell(
        connection,
        {("imdb_title_principals", f"tt0000001/{n}"): {"nconst": f"nm000000{n}"} for n in (1, 2)},
    )
    suppress(connection, "nm0000001")
    wanted = Wanted(connection, catalogue=False)
    wanted.fingerprint(DATASETS["imdb_name_basics"])
    rows = connection.execute("select id from pg_temp.wanted_people").fetchall()
    assert rows == [("nm0000002",)]
