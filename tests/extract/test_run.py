"""The whole of extraction, against a server that answers as TMDb does."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson
import psycopg
import pytest

from extract.errors import AuthenticationRejected, SettingsError
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.run import Extracted, Selection, extract
from extract.settings import Settings
from extract.sources.tmdb.requests import season_piece
from tests.tmdb.documents import WITHOUT_ID
from tests.tmdb.faults import Faults
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server
from tests.tmdb.world import season_number
from tests.waiting import wait_until_left_alone

pytestmark = pytest.mark.slow

SERIES = 40
WORLD = Options(series_count=SERIES, people_count=60)
TMDB = [name for name in RESOURCES if name.startswith("tmdb_")]
Run = Callable[..., Extracted]

_EXTRACT = """
import asyncio, sys
from extract.run import Selection, extract
from extract.settings import load_settings
settings = load_settings(
    database_url=sys.argv[1], tmdb_base_url=sys.argv[2], tmdb_bearer_token="a-token-for-tests",
    tmdb_requests_per_second=1000,
)
ids = tuple(map(int, sys.argv[3].split(",")))
import extract.landing.lander as lander
lander.Lander.__init__.__kwdefaults__["keys"] = 5
print("begun", flush=True)
asyncio.run(extract(settings, Selection(tmdb_ids=ids)))
"""


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(WORLD) as tmdb:
        yield tmdb


@pytest.fixture
def live(settings: Settings, tmdb: Tmdb) -> Settings:
    return _towards(settings, tmdb)


@pytest.fixture
def run(live: Settings) -> Run:
    def run(*ids: int, **selected: Any) -> Extracted:
        selection = Selection(tmdb_ids=ids or tuple(range(1, SERIES + 1)), **selected)
        return asyncio.run(extract(live, selection))

    return run


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(database) as connection:
        yield connection


def _towards(settings: Settings, tmdb: Tmdb, **more: Any) -> Settings:
    fields = {
        "tmdb_base_url": tmdb.base_url,
        "tmdb_bearer_token": "a-token-for-tests",
        "tmdb_requests_per_second": 1_000.0,
    }
    return Settings(**{**settings.model_dump(), **fields, **more})


def _held(connection: psycopg.Connection[Any], table: str) -> dict[str, Any]:
    return dict(
        connection.execute(f"select key, payload from raw.{table} where is_latest").fetchall()
    )


def _state(connection: psycopg.Connection[Any]) -> dict[str, list[tuple[Any, ...]]]:
    """All that is held, but when it was fetched and by which load."""
    return {
        table: connection.execute(
            f"select key, payload, is_tombstone, superseded_by is null from raw.{table} "
            "order by key, load_id"
        ).fetchall()
        for table in TMDB
    }


def _row_count(connection: psycopg.Connection[Any]) -> int:
    counts = (connection.execute(f"select count(*) from raw.{table}") for table in TMDB)
    return sum((count.fetchone() or (0,))[0] for count in counts)


def test_everything_that_upstream_holds_is_held_unchanged(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    done = run()
    assert done.is_whole and not done.failures
    for series_id in tmdb.ids():
        for name in tmdb.names(series_id):
            table, key = _place(series_id, name)
            row = connection.execute(
                f"select payload = %s::jsonb from raw.{table} where key = %s",
                (_as_endpoint(tmdb, series_id, name), key),
            ).fetchone()
            assert row == (True,), f"{table} {key}"


def _place(series_id: int, name: str) -> tuple[str, str]:
    """The table and the key under which a part of a series lands."""
    piece = season_piece(name)
    if piece:
        return piece[0].name, f"{series_id}/season/{piece[1]}"
    return f"tmdb_tv_{name.replace('/', '_')}", str(series_id)


def _as_endpoint(tmdb: Tmdb, series_id: int, name: str) -> str:
    part = tmdb.document(series_id, name)
    if name not in ("details", *WITHOUT_ID) and not season_piece(name):
        part = {"id": series_id, **part}
    return orjson.dumps(part).decode()


def test_requests_per_series_are_one_and_one_more_for_each_ten_seasons(
    run: Run, tmdb: Tmdb
) -> None:
    done = run()
    expected = 0
    for series_id in tmdb.ids():
        numbers = _seasons(tmdb, series_id)
        expected += 1 - (-len(numbers - set(range(4))) // 10)
    found = {name: count for name, count in done.due_counts.items() if name != "series"}
    assert all(found.values())
    assert expected == sum("season" in one.path for one in tmdb.requests("/3/tv/"))
    assert done.requests == expected + sum(found.values()) == len(tmdb.requests())


def test_a_second_run_asks_for_nothing_and_a_forced_one_writes_no_version(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    run()
    before, rows = _state(connection), _row_count(connection)
    tmdb.clear()
    assert not any(run().due_counts.values())
    assert tmdb.requests() == []
    forced = run(force=True)
    assert sum(forced.due_counts.values()) == forced.due_counts["series"] == SERIES
    assert forced.load_id is None
    assert _row_count(connection) == rows and _state(connection) == before


def test_what_was_edited_upstream_lands_and_nothing_else(run: Run, tmdb: Tmdb) -> None:
    run()
    tmdb.touch([2, 3], ["keywords", "videos"])
    done = run(force=True)
    changed = {name: count.landed for name, count in done.by_resource.items() if count.landed}
    assert changed == {"tmdb_tv_keywords": 2, "tmdb_tv_videos": 2}


def test_popularity_moves_the_metrics_only(run: Run, tmdb: Tmdb) -> None:
    run()
    tmdb.advance_days(1)
    done = run(force=True)
    assert {name for name, count in done.by_resource.items() if count.landed} == {"tmdb_tv_metrics"}


def test_a_series_that_is_gone_and_one_that_never_was_leave_tombstones(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    run(1, 2)
    tmdb.delete_series(1, is_told=True)
    done = run(1, 2, 999_999, force=True)
    assert done.is_whole
    tombstones = "select key from raw.tmdb_tv_details where is_tombstone order by key"
    assert connection.execute(tombstones).fetchall() == [("1",), ("999999",)]
    assert "1" in _held(connection, "tmdb_tv_keywords")
    tmdb.return_series(1)
    assert run(1, force=True).by_resource["tmdb_tv_details"].landed == 1


def test_a_season_that_vanished_upstream_is_gone_and_returns(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    series_id = tmdb.series_with(seasons=2)[0]
    run(series_id)
    tmdb.remove_season(series_id, 1)
    assert run(series_id, force=True).by_resource["tmdb_tv_seasons"].tombstones == 1
    assert _held(connection, "tmdb_tv_seasons")[f"{series_id}/season/1"] is None
    tmdb.return_season(series_id, 1)
    run(series_id, force=True)
    assert _held(connection, "tmdb_tv_seasons")[f"{series_id}/season/1"]["season_number"] == 1


def test_credits_are_gone_with_a_season_that_an_earlier_run_alone_found_gone(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    series_id = tmdb.series_with(seasons=2)[0]
    run(series_id)
    tmdb.remove_season(series_id, 1)
    key = f"{series_id}/season/1"
    run(series_id, force=True, resources=("tmdb_tv_seasons",))
    assert _held(connection, "tmdb_tv_seasons")[key] is None
    assert _held(connection, "tmdb_tv_season_credits")[key]
    run(series_id, force=True)
    assert _held(connection, "tmdb_tv_season_credits")[key] is None


@pytest.mark.parametrize("details", [{"seasons": []}, {"number_of_seasons": 99}], ids=str)
def test_details_that_list_too_few_seasons_make_none_gone(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any], details: dict[str, Any]
) -> None:
    series_id = tmdb.series_with(seasons=2)[0]
    run(series_id)
    before = _held(connection, "tmdb_tv_seasons")
    listed = tmdb.document(series_id)["seasons"][:-1]
    tmdb.override(series_id, "details", {"seasons": listed, **details})
    names = [key.partition("/")[2] for key in before]
    tmdb.leave_out(f"tv/{series_id}", *names, times=None)
    done = run(series_id, force=True)
    assert _held(connection, "tmdb_tv_seasons") == before and all(before.values())
    assert {failure.key for failure in done.failures} == before.keys()
    assert run(series_id).due_counts["series"] == 1  # and their own endpoints still answer
    assert _held(connection, "tmdb_tv_seasons") == before
    assert run(series_id).due_counts["series"] == 0


def test_a_series_that_loses_its_only_season_keeps_it_until_its_own_endpoint_says_that_it_is_gone(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    series_id = tmdb.series_with(seasons=1)[0]
    run(series_id)
    tmdb.remove_season(series_id, 1)
    assert {each.key for each in run(series_id, force=True).failures} == {f"{series_id}/season/1"}
    assert _held(connection, "tmdb_tv_seasons")[f"{series_id}/season/1"]
    assert run(series_id).is_whole
    assert _held(connection, "tmdb_tv_seasons")[f"{series_id}/season/1"] is None
    assert run(series_id).due_counts["series"] == 0


def _seasons(tmdb: Tmdb, series_id: int) -> set[int]:
    """The numbers of its seasons."""
    numbers = map(season_number, tmdb.names(series_id))
    return {number for number in numbers if number is not None}


def test_a_part_that_does_not_come_is_asked_for_twice_told_and_asked_for_by_the_next_run(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    run()
    before = _held(connection, "tmdb_tv_keywords")
    tmdb.leave_out("tv/1", "keywords", times=None)
    tmdb.clear()
    done = run(1, force=True, series_only=True)
    assert sum("keywords" in request.path for request in tmdb.requests()) == 2
    assert not done.is_whole
    (failure,) = done.failures
    assert (failure.subject, failure.key) == ("series", "1") and "`keywords`" in failure.why
    counts = done.by_resource["tmdb_tv_keywords"]
    assert (counts.asked, counts.arrived, counts.checked, counts.failed) == (1, 0, 0, 1)
    assert _held(connection, "tmdb_tv_keywords") == before
    assert run(1, 2).due_counts["series"] == 1
    tmdb.leave_out("tv/1", "keywords", times=0)
    assert run(1, force=True).is_whole
    assert run(1, 2).due_counts["series"] == 0


def test_a_season_that_is_listed_and_does_not_come_is_told_and_asked_for_by_the_next_run(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    series_id = tmdb.series_with(seasons=2)[0]
    tmdb.leave_out(f"tv/{series_id}", "season/1", times=None)
    (failure,) = run(series_id, series_only=True).failures
    assert (failure.key, "`season/1`" in failure.why) == (f"{series_id}/season/1", True)
    assert run(series_id, series_only=True).due_counts["series"] == 1
    tmdb.leave_out(f"tv/{series_id}", "season/1", times=0)
    assert run(series_id, force=True).is_whole
    assert run(series_id).due_counts["series"] == 0
    assert _held(connection, "tmdb_tv_seasons")[f"{series_id}/season/1"]["id"]


def test_a_part_of_a_person_that_does_not_come_is_asked_for_alone(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    run(1)
    key = next(iter(_held(connection, "tmdb_person_images")))
    before = _held(connection, "tmdb_person_images")
    tmdb.leave_out(f"person/{key}", "images", times=None)
    connection.execute(
        "update raw.fetches set next_due_at = now() where resource = 'tmdb_person_details'"
        " and key = %s",
        (key,),
    )
    tmdb.clear()
    done = run(1)
    assert done.is_whole and done.due_counts["people"] == 1
    paths = [request.path.partition("?")[0] for request in tmdb.requests("/3/person/")]
    assert paths == [f"/3/person/{key}", f"/3/person/{key}/images"]
    assert _held(connection, "tmdb_person_images") == before


@pytest.mark.parametrize("is_held", [False, True])
def test_a_part_that_its_own_endpoint_answers_with_404_is_told_to_nobody_and_stays_as_it_is(
    run: Run, tmdb: Tmdb, connection: psycopg.Connection[Any], is_held: bool
) -> None:
    run(1, series_only=not is_held)
    (key,) = connection.execute(
        "select key from raw.fetches where resource = 'tmdb_person_details' limit 1"
    ).fetchone() or ("",)
    before = _held(connection, "tmdb_person_images").get(key)
    tmdb.remove_thing_part("person", key, "images")
    assert run(1, resources=("tmdb_person_images",), force=True).failures == []
    assert _held(connection, "tmdb_person_images").get(key) == before
    assert (before is not None) is is_held
    assert run(1).due_counts["people"] == 0


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
def test_of_parts_that_are_left_out_at_random_nothing_is_missing_or_all_is_told(
    settings: Settings, connection: psycopg.Connection[Any], for_good: bool
) -> None:
    world = replace(WORLD, left_out_share=0.05, left_out_for_good=for_good)
    with tmdb_server(world) as tmdb:
        live, ids = _towards(settings, tmdb), tuple(tmdb.ids())
        done = asyncio.run(extract(live, Selection(tmdb_ids=ids, series_only=True)))
        left_out = {
            (subject.removeprefix("tv/"), name)
            for subject, name in tmdb.left_out()
            if name in tmdb.names(int(subject.removeprefix("tv/")))
        }
        # Credits of a season that came are asked for at their own endpoint: nothing lacks there.
        lost = {
            (key, name)
            for key, name in left_out
            if for_good
            and (not name.endswith("/credits") or (key, name.removesuffix("/credits")) in left_out)
        }
        expected = {
            _place(series_id, name)
            for series_id in ids
            for name in tmdb.names(series_id)
            if (str(series_id), name) not in lost
        }
        assert len(left_out) > 20
        held = {
            (table, key)
            for table in TMDB
            if table.startswith("tmdb_tv_")
            for key in _held(connection, table)
            if table != "tmdb_tv_metrics"
        }
        assert held == expected
        assert done.is_whole is not for_good
        told = {failure.key.partition("/")[0] for failure in done.failures}
        assert told == {series_id for series_id, _ in lost}
        assert len(done.failures) == len(lost)
        again = asyncio.run(extract(live, Selection(tmdb_ids=ids, series_only=True)))
        assert again.due_counts["series"] == len(told)


def test_hostile_series_land_what_is_sound_and_say_what_is_not(
    settings: Settings, connection: psycopg.Connection[Any]
) -> None:
    with tmdb_server(replace(WORLD, hostile_share=0.5)) as tmdb:
        ids = tuple(range(1, SERIES + 1))
        done = asyncio.run(extract(_towards(settings, tmdb), Selection(tmdb_ids=ids)))
    assert not done.failures
    assert len(_held(connection, "tmdb_tv_details")) == SERIES
    reasons = dict(connection.execute("select reason, count(*) from raw.rejects group by 1"))
    assert set(reasons) == {"wrong_shape"}
    assert sum(reasons.values()) == sum(count.rejected for count in done.by_resource.values())


@pytest.mark.parametrize("sticky", [False, True], ids=["passing", "lasting"])
def test_with_faults_upstream_the_healthy_complete_and_the_rest_is_told(
    settings: Settings,
    connection: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
    sticky: bool,
) -> None:
    monkeypatch.setattr("extract.http.patience.LONGEST_BACKOFF", 0.05)
    kinds = ("500", "503", "reset", "truncated", "html", "cut_json", "unsuccessful", "wrong_id")
    faults = Faults(share=0.2, kinds=kinds, sticky=sticky)
    with tmdb_server(replace(WORLD, faults=faults)) as tmdb:
        ids = tuple(tmdb.ids())
        done = asyncio.run(extract(_towards(settings, tmdb), Selection(tmdb_ids=ids)))
        whole = {key: tmdb.document(int(key)) for key in _held(connection, "tmdb_tv_details")}
    failed = {key for subject, key, _ in done.failures if subject == "series"}
    assert failed.isdisjoint(whole)
    assert failed | set(whole) == {str(series_id) for series_id in ids}
    assert _held(connection, "tmdb_tv_details") == whole
    statuses = connection.execute(
        "select key from raw.fetches where resource = 'tmdb_tv_details' and status = 'failed'"
    ).fetchall()
    assert {key for (key,) in statuses} == failed
    if sticky:
        expected = {str(n) for n in ids if faults.at(f"tv/{n}", 0)}
        assert failed == expected
        reasons = {why for (why,) in connection.execute("select distinct reason from raw.rejects")}
        assert reasons <= {"html", "truncated", "error_body", "wrong_shape"}
    assert all(failure.why for failure in done.failures)


def test_refused_credentials_stop_the_run_at_once_and_land_nothing(
    settings: Settings, connection: psycopg.Connection[Any]
) -> None:
    with tmdb_server(replace(WORLD, tokens=("another-token",))) as tmdb:
        ids = tuple(tmdb.ids())
        with pytest.raises(AuthenticationRejected):
            asyncio.run(extract(_towards(settings, tmdb), Selection(tmdb_ids=ids)))
        assert len(tmdb.requests()) <= settings.tmdb_max_connections
    assert _row_count(connection) == 0
    assert connection.execute("select count(*) from raw.fetches").fetchone() == (0,)


def test_without_credentials_nothing_is_asked_and_the_sentence_says_what_to_do(
    settings: Settings,
) -> None:
    with pytest.raises(SettingsError, match="TMDB_BEARER_TOKEN"):
        asyncio.run(extract(settings, Selection(tmdb_ids=(1,))))


def test_a_dry_run_plans_the_requests_and_sends_none(run: Run, tmdb: Tmdb) -> None:
    done = run(1, 2, dry_run=True)
    assert tmdb.requests() == []
    assert [line.partition("?")[0] for line in done.planned] == ["GET /tv/1", "GET /tv/2"]


def test_named_resources_land_alone_with_their_details(run: Run) -> None:
    done = run(1, resources=("tmdb_tv_watch_providers",))
    assert set(done.by_resource) == {
        "tmdb_tv_details",
        "tmdb_tv_metrics",
        "tmdb_tv_watch_providers",
    }


def test_the_sample_lands_without_key_or_network(settings: Settings) -> None:
    first = asyncio.run(extract(settings, Selection(), sample=True))
    again = asyncio.run(extract(settings, Selection(force=True), sample=True))
    assert first.is_whole and first.by_resource["tmdb_tv_details"].landed >= 40
    assert again.load_id is None and again.due_counts["series"] == first.due_counts["series"]


def test_progress_counts_up_to_all_series(live: Settings) -> None:
    told: list[tuple[str, int, int]] = []
    asyncio.run(
        extract(live, Selection(tmdb_ids=(1, 2, 3)), on_progress=lambda *told_: told.append(told_))
    )
    assert told[:3] == [("series", 1, 3), ("series", 2, 3), ("series", 3, 3)]
    people = [(done, total) for subject, done, total in told if subject == "people"]
    assert people == [(done, len(people)) for done in range(1, len(people) + 1)] != []


def test_a_run_killed_at_any_moment_is_resumed_by_running_again(
    run: Run, live: Settings, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    chance = random.Random(1)
    ids = ",".join(map(str, tmdb.ids()))
    tmdb.latency(0.05)
    for _ in range(4):
        killed = subprocess.Popen(
            [sys.executable, "-c", _EXTRACT, str(live.database_url), tmdb.base_url, ids],
            stdout=subprocess.PIPE,
        )
        assert killed.stdout is not None and killed.stdout.readline() == b"begun\n"
        time.sleep(chance.uniform(0.1, 0.6))
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    wait_until_left_alone(str(live.database_url), connection.info.backend_pid)
    tmdb.latency(0)
    run()
    resumed = _state(connection)
    tables = ", ".join(f"raw.{table}" for table in [*TMDB, "fetches", "loads"])
    connection.execute(f"truncate {tables}")
    run()
    assert resumed == _state(connection)
