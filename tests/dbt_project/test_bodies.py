"""A body of the real shape of each endpoint: it lands as it came, and every field is read."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from extract.documents import Batch
from extract.landing import land
from extract.postgres.connections import connect
from extract.sources.tmdb.requests import first_request
from extract.sources.tmdb.single import SingleAnswers, single_requests
from extract.sources.tmdb.splitting import SeriesAnswers
from extract.sources.tmdb.subjects import SUBJECTS
from tests.dbt_project import bodies, bodies_alone
from tests.dbt_project.warehouse import Warehouse

NOW = datetime(2025, 3, 3, tzinfo=UTC)
READ = json.loads(Path(__file__).with_name("readings.json").read_text())
"""What staging reads of the bodies: by view, every typed column but our own ids, which are made of
TMDb's, moments and metadata. `""` is null."""
NOTHING_READ = {
    "stg_tmdb__answers": "it gives answers as they are",
    "stg_tmdb__change_windows": "a window is landed by us: TMDb has no body of it",
    "stg_tmdb__unknown_fields": "every field of these bodies is known",
}
KEYS = {"people": "5", "episode groups": bodies.GROUP, "networks": "8", "companies": "9"}


def taken_apart() -> list[Batch]:
    """Take the bodies apart as the extraction does."""
    series = SeriesAnswers(first_request(1, {}), NOW)
    series.take_first(orjson.dumps(bodies.SERIES))
    taken = [series.conclude()]
    for subject in SUBJECTS[1:]:
        (request,) = single_requests(subject.resources, (), [KEYS[subject.name]])
        single = SingleAnswers(request, NOW)
        single.take_first(orjson.dumps(bodies_alone.THINGS[subject.name]))
        taken.append(single.conclude())
    return taken


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse of all bodies, with the views of staging."""
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    with connect(warehouse.url) as connection:
        for batch in taken_apart():
            assert (batch.failures, batch.rejects) == ([], [])
            land(connection, batch, run_id=uuid4())
    warehouse.answer(deepcopy(dict(bodies_alone.ALONE)))
    warehouse.dbt("run", "--select", "staging.tmdb")
    return warehouse


def test_every_piece_lands_as_it_came_with_the_id_that_appended_pieces_lack() -> None:
    found = {
        (each.resource, each.key): orjson.loads(each.payload or b"null")
        for batch in taken_apart()
        for each in batch.documents
    }
    for name, body in bodies.PARTS.items():
        resource = f"tmdb_tv_{name.replace('/', '_')}"
        own = {} if name == "recommendations" else {"id": 1}
        assert found.pop((resource, "1")) == body | own
    season = ("1/season/1", {"id": 61})
    assert found.pop(("tmdb_tv_seasons", season[0])) == bodies.SEASON | season[1]
    credits = found.pop(("tmdb_tv_season_credits", season[0]))
    assert credits == bodies.SERIES["season/1/credits"] | season[1]
    measures = ("popularity", "vote_average", "vote_count")
    metrics = found.pop(("tmdb_tv_metrics", "1"))
    assert metrics == {"id": 1, **{name: bodies.DETAILS[name] for name in measures}}
    assert found.pop(("tmdb_tv_details", "1")) == bodies.DETAILS
    parts = {"external_ids", "images", "translations", "alternative_names"}
    for subject in SUBJECTS[1:]:
        key, body = KEYS[subject.name], bodies_alone.THINGS[subject.name]
        for each in subject.resources:
            landed = found.pop((each.name, key))
            if each.appended_as:
                assert landed == body[each.appended_as] | {"id": body["id"]}
            elif each.cut_out:
                assert landed == {"id": body["id"], "popularity": body["popularity"]}
            else:
                whole = {name: body[name] for name in body.keys() - parts}
                assert landed == whole
    assert found == {}


def test_staging_reads_every_field(warehouse: Warehouse) -> None:
    views = warehouse.rows(
        "select table_name from information_schema.tables"
        " where table_schema = 'staging' and starts_with(table_name, 'stg_tmdb__')"
    )
    read = {view: _rows(warehouse, view) for (view,) in views if view not in NOTHING_READ}
    assert read.keys() == READ.keys(), "a view of staging has no line in readings.json, or no body"
    assert read == READ


def test_no_field_of_a_real_shape_is_unknown(warehouse: Warehouse) -> None:
    assert warehouse.rows("select * from staging.stg_tmdb__unknown_fields") == []


def _rows(warehouse: Warehouse, view: str) -> list[dict[str, Any]]:
    rows = warehouse.rows(f"select to_jsonb(t) from staging.{view} as t")
    left_out = ("show_id", "person_id")
    return [
        {
            name: value
            for name, value in row.items()
            if name not in left_out and not name.startswith("_") and not name.endswith("_at")
        }
        for (row,) in rows
    ]
