"""What no answer held before stands in a mart, with its first load, and breaks nothing."""

from pathlib import Path
from typing import Any

import pytest

from extract.postgres.connections import connect
from flows import drift
from tests.dbt_project.extraction import extract_from
from tests.dbt_project.warehouse import Warehouse
from tests.tmdb.options import Options
from tests.tmdb.recordings import RecordingsAbsentError, recordings_folder
from tests.tmdb.server import tmdb_server

BUILT = ("run", "--select", "unknown_fields schema_drift")
DETAILS: dict[str, Any] = {"id": 1, "name": "One", "status": "Ended", "type": "Scripted"}


@pytest.fixture
def warehouse(database: str, tmp_path: Path) -> Warehouse:
    return Warehouse(database, tmp_path / "dbt")


def _drift(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select resource, json_path, drift_kind, seen, example_key, example, document_count,"
        " first_load_id from marts.schema_drift order by resource, json_path, drift_kind, seen"
    )


def test_made_up_series_hold_nothing_that_is_not_known(warehouse: Warehouse) -> None:
    with tmdb_server(Options(series_count=20, people_count=20)) as tmdb:
        extract_from(tmdb, warehouse, tmdb.ids())
    warehouse.dbt(*BUILT)
    assert _drift(warehouse) == []


def test_nothing_that_was_recorded_is_unknown(warehouse: Warehouse) -> None:
    try:
        recordings_folder()
    except RecordingsAbsentError as absent:
        pytest.skip(str(absent))
    with tmdb_server(Options(world="recordings")) as tmdb:
        extract_from(tmdb, warehouse, tmdb.ids())
    warehouse.dbt(*BUILT)
    assert _drift(warehouse) == []


def test_a_new_key_and_a_new_value_are_told_from_the_load_that_brought_them_first(
    warehouse: Warehouse,
) -> None:
    season = {"id": 5, "season_number": 1, "episodes": [{"id": 6, "episode_number": 1}]}
    warehouse.answer({("tmdb_tv_details", "1"): DETAILS, ("tmdb_tv_seasons", "1/season/1"): season})
    warehouse.dbt(*BUILT)
    assert _drift(warehouse) == []

    strange = DETAILS | {"status": "Paused", "mood": {"dark": True}}
    load = warehouse.answer({("tmdb_tv_details", "1"): strange})
    warehouse.dbt(*BUILT)
    found = [
        ("tmdb_tv_details", "", "key", "mood", "1", '{"dark": true}', 1, load),
        ("tmdb_tv_details", "status", "value", "Paused", "1", None, 1, load),
    ]
    assert _drift(warehouse) == found

    episode = {"id": 6, "episode_number": 1, "episode_type": "cliffhanger", "length": "long"}
    again = warehouse.answer(
        {
            ("tmdb_tv_details", "1"): strange | {"name": "Renamed"},
            ("tmdb_tv_details", "2"): strange | {"id": 2},
            ("tmdb_tv_seasons", "1/season/1"): season | {"episodes": [episode, 7, None]},
        }
    )
    warehouse.dbt(*BUILT)
    found = [(*row[:6], 2, load) for row in found]
    place = ("tmdb_tv_seasons", "episodes[]")
    found += [
        (*place, "key", "length", "1/season/1", "long", 1, again),
        (
            *("tmdb_tv_seasons", "episodes[].episode_type", "value", "cliffhanger"),
            *("1/season/1", None, 1, again),
        ),
    ]
    assert _drift(warehouse) == found
    with connect(warehouse.url) as connection:
        since = drift.drift_since(connection, load or 0)
        assert drift.horizon(connection) == again
    assert [str(each) for each in since] == [
        "`episodes[]` of tmdb_tv_seasons has a new key, `length`, in one document: 1/season/1",
        "`episodes[].episode_type` of tmdb_tv_seasons has a new value, `cliffhanger`,"
        " in one document: 1/season/1",
    ]


def test_what_upstream_took_back_stays_with_the_time_at_which_it_was_seen(
    warehouse: Warehouse,
) -> None:
    first = warehouse.answer({("tmdb_tv_details", "1"): DETAILS | {"mood": "dark"}})
    warehouse.answer({("tmdb_tv_details", "1"): DETAILS})
    warehouse.dbt(*BUILT)
    assert [(row[3], row[-1]) for row in _drift(warehouse)] == [("mood", first)]


def test_a_document_of_a_million_strange_keys_is_told_by_twenty(warehouse: Warehouse) -> None:
    hostile = {f"k{number:06}": "x" * 300 for number in range(20_000)} | {"y" * 5_000: [1] * 999}
    warehouse.answer({("tmdb_tv_details", "1"): DETAILS | hostile | {"status": ["Ended"]}})
    warehouse.dbt(*BUILT)
    found = _drift(warehouse)
    assert [row[3] for row in found[:20]] == [f"k{number:06}" for number in range(20)]
    assert [row[3] for row in found[20:]] == ['["Ended"]']
    assert {len(row[5]) for row in found[:20]} == {200}
