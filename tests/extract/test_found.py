"""What is found in series is asked for after them: who is credited lands, once, and stays fresh."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from extract.keys import due
from extract.landing.discovery import discover
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.resource import Resource
from extract.run import Extracted, Selection, extract
from extract.settings import Settings
from extract.sources.tmdb.subjects import SUBJECTS
from extract.subject import Subject
from tests.tmdb.faults import Faults
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server
from tests.tmdb.world import THINGS

Connection = psycopg.Connection[Any]
Run = Callable[..., Extracted]
FOUND = SUBJECTS[1:]
EACH = pytest.mark.parametrize("subject", FOUND, ids=lambda subject: subject.name)
KNOWN = "select resource, key from raw.fetches where status = 'known' order by 1, 2"


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=6, people_count=40)) as tmdb:
        yield tmdb


@pytest.fixture
def run(settings: Settings, tmdb: Tmdb) -> Run:
    fields = {
        "tmdb_base_url": tmdb.base_url,
        "tmdb_bearer_token": "a-token-for-tests",
        "tmdb_requests_per_second": 1_000.0,
    }
    there = Settings(**{**settings.model_dump(), **fields})

    def run(*ids: int, **selected: Any) -> Extracted:
        return asyncio.run(extract(there, Selection(tmdb_ids=ids, **selected)))

    return run


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


def _keys(connection: Connection, query: str) -> set[str]:
    return {key for (key,) in connection.execute(query.encode())}


def _credited(tmdb: Tmdb, *ids: int) -> set[str]:
    """Everyone whom series credit, read off TMDb's own documents."""
    found: set[str] = set()
    for series_id in ids:
        for name in tmdb.names(series_id):
            document = tmdb.document(series_id, name)
            for credited in (document, *document.get("episodes", ())):
                for role in ("cast", "crew", "guest_stars", "created_by"):
                    found |= {str(person["id"]) for person in credited.get(role, ())}
    return found


def _named(tmdb: Tmdb, *ids: int) -> dict[str, set[str]]:
    """By kind of thing, all that series name."""
    named: dict[str, set[str]] = {"person": _credited(tmdb, *ids)}
    for kind, part, field in (
        ("episode_group", "episode_groups", "results"),
        ("network", "details", "networks"),
        ("company", "details", "production_companies"),
    ):
        documents = (tmdb.document(series_id, part) for series_id in ids)
        named[kind] = {str(each["id"]) for document in documents for each in document[field]}
    return named


@pytest.mark.parametrize(("subject", "kind"), tuple(zip(FOUND, THINGS, strict=True)), ids=THINGS)
def test_what_series_name_lands_unchanged_with_all_its_parts(
    run: Run, tmdb: Tmdb, connection: Connection, subject: Subject, kind: str
) -> None:
    tmdb.touch([1], ["episode_groups"])
    assert run(*tmdb.ids()).is_whole
    named = _named(tmdb, *tmdb.ids())[kind]
    assert named
    requests = [request.path for request in tmdb.requests() if f"/{kind}/" in request.path]
    assert len(requests) == len(named)
    for resource in subject.resources:
        rows = connection.execute(
            f"select key, payload from raw.{resource.name} where is_latest"
        ).fetchall()
        assert {key for key, _ in rows} == named, resource.name
        for key, payload in rows:
            assert payload == _as_endpoint(tmdb, kind, key, resource), f"{resource.name} {key}"


def _as_endpoint(tmdb: Tmdb, kind: str, key: str, resource: Resource) -> Any:
    parts = tmdb.thing(kind, key)
    if resource.cut_out:
        return {name: parts["details"][name] for name in ("id", *resource.cut_out)}
    if resource.appended_as:
        return {"id": int(key), **parts[resource.appended_as]}
    return parts["details"]


def test_who_is_known_is_not_asked_for_again_and_a_newcomer_is(run: Run, tmdb: Tmdb) -> None:
    run(1)
    before = _credited(tmdb, 1)
    tmdb.clear()
    tmdb.override(
        1, "credits", {"cast": [{"id": 1_000 + 3 * number} for number in range(40)], "crew": []}
    )
    done = run(1, force=True)
    assert {
        request.path.partition("?")[0].rpartition("/")[2] for request in tmdb.requests("/3/person/")
    } == _credited(tmdb, 1) - before
    assert done.due_counts["people"] == 40 - len(before) > 0


def test_a_named_series_brings_its_own_people_and_a_run_of_all_those_who_are_left(
    run: Run, tmdb: Tmdb, connection: Connection
) -> None:
    run(1, 2, 3, series_only=True)
    assert tmdb.requests("/3/person/") == []
    run(1)
    held = "select key from raw.tmdb_person_details"
    assert _keys(connection, held) == _credited(tmdb, 1)
    run(tracked=True)
    assert _keys(connection, held) == _credited(tmdb, 1, 2, 3)


def test_a_limit_holds_for_each_subject_and_what_is_left_comes_the_next_time(
    run: Run, connection: Connection
) -> None:
    assert run(1, 2, limit=1).due_counts["series"] == 1
    again = run(1, 2, limit=3)
    assert again.due_counts["people"] <= 3
    assert connection.execute("select count(*) from raw.tmdb_person_details").fetchone() == (4,)


def test_naming_resources_asks_for_their_subjects_alone(run: Run, tmdb: Tmdb) -> None:
    run(1, series_only=True)
    tmdb.clear()
    done = run(1, resources=("tmdb_person_images",))
    assert set(done.due_counts) == {"people"}
    assert set(done.by_resource) == {
        "tmdb_person_details",
        "tmdb_person_images",
        "tmdb_person_metrics",
    }
    assert tmdb.requests("/3/tv/") == []


def test_popularity_of_a_person_moves_the_metrics_only(run: Run, tmdb: Tmdb) -> None:
    run(1)
    tmdb.advance_days(1)
    done = run(1, force=True, resources=("tmdb_person_details",))
    changed = {name for name, count in done.by_resource.items() if count.landed}
    assert changed == {"tmdb_person_metrics"}


def test_who_was_deleted_leaves_a_tombstone_and_returns(
    run: Run, tmdb: Tmdb, connection: Connection
) -> None:
    run(1)
    key = min(_credited(tmdb, 1))
    tmdb.delete_thing("person", key)
    details = ("tmdb_person_details",)
    run(1, force=True, resources=details)
    gone = "select key from raw.tmdb_person_details where is_latest and is_tombstone"
    assert _keys(connection, gone) == {key}
    tmdb.return_thing("person", key)
    assert run(1, force=True, resources=details).by_resource[details[0]].landed == 1


def test_who_fails_is_told_stops_nobody_and_is_due_again(
    run: Run, tmdb: Tmdb, connection: Connection
) -> None:
    faults = Faults(share=0.3, kinds=("wrong_id",), sticky=True, seed=3)
    run(1, series_only=True)
    tmdb.faults(0.3, kinds=("wrong_id",), sticky=True, seed=3)
    ill = {key for key in _credited(tmdb, 1) if faults.at(f"person/{key}", 0)}
    done = run(1, resources=("tmdb_person_details",))
    assert ill and {failure.key for failure in done.failures} == ill
    assert {failure.subject for failure in done.failures} == {"people"}
    held = "select key from raw.tmdb_person_details"
    assert _keys(connection, held) == _credited(tmdb, 1) - ill
    tmdb.faults(0.0)
    run(1, resources=("tmdb_person_details",))
    assert _keys(connection, held) == _credited(tmdb, 1)


def test_what_landed_before_a_mention_was_declared_is_searched_once(
    run: Run, connection: Connection
) -> None:
    run(1, 2, 3, series_only=True)
    known = connection.execute(KNOWN).fetchall()
    assert known
    connection.execute("delete from raw.fetches where status = 'known'")
    discover(connection, RESOURCES.values())
    assert connection.execute(KNOWN).fetchall() == known
    connection.execute("delete from raw.fetches where status = 'known'")
    discover(connection, RESOURCES.values())
    assert connection.execute(KNOWN).fetchall() == []


NO_KEYS: list[Any] = [
    None,
    0,
    -5,
    2**31 * 9,
    "287/../account",
    "",
    {},
    [],
    True,
    1.5,
    "x" * 600,
]


@EACH
def test_what_is_no_key_is_never_asked_for(
    run: Run, tmdb: Tmdb, connection: Connection, subject: Subject
) -> None:
    people = [{"id": key} for key in NO_KEYS]
    tmdb.override(1, "credits", {"cast": [*people, 7, "x", None], "crew": []})
    tmdb.override(1, "details", {"created_by": people, "networks": people})
    tmdb.override(1, "details", {"production_companies": people})
    tmdb.override(1, "episode_groups", {"results": [*people, {"id": "ABCDEF" * 4}]})
    run(1, series_only=True)
    listed = sorted(due(connection, subject, Selection(tmdb_ids=(1,))))
    assert all(0 < int(key) < 10**9 for key in listed)
    connection.execute("delete from raw.fetches where status = 'known'")
    discover(connection, RESOURCES.values())
    assert sorted(due(connection, subject, Selection())) == listed
