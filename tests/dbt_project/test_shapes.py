"""A warehouse that older code built is brought up by the next build, and no more than it takes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dbt_project.warehouse import TABLES, Warehouse, differences

DETAILS: dict[str, Any] = {
    "id": 101,
    "name": "One",
    "status": "Ended",
    "seasons": [{"id": 5, "season_number": 1}],
    "networks": [{"id": 1, "name": "Network"}],
}
BUILT_ANEW = """
    select model from staging.watermarks
    inner join pg_class as relations on relations.relname = model and relations.relkind = 'r'
    where full_build_id = (select max(build_id) from staging.builds)
        and relations.relnamespace::regnamespace::text in ('staging', 'core', 'marts')
"""

CHANGES = {
    "episodes": "alter table core.episodes drop column production_code cascade",
    "seasons": "alter table core.seasons add column left_behind text",
    "show_networks": "alter table core.show_networks alter column position type bigint",
    "show_status_history": "alter table core.show_status_history drop column is_in_production",
    "show_keywords": "update staging.watermarks set keys = 'old' where model = 'show_keywords'",
    "int_networks__mentioned": (
        "alter table staging.int_networks__mentioned drop column logo_path cascade"
    ),
}
"""What older code may have left, by the model whose table it is."""


@pytest.fixture(scope="module")
def world(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A warehouse that is built."""
    scratch: Path = tmp_path_factory.mktemp("dbt")
    world = Warehouse(module_database, scratch)
    world.answer(
        {
            ("tmdb_tv_details", "101"): DETAILS,
            ("tmdb_tv_seasons", "101/season/1"): {
                "id": 5,
                "season_number": 1,
                "episodes": [{"id": 7, "episode_number": 1, "production_code": "1X01"}],
            },
        }
    )
    world.build()
    world.save()
    yield world
    world.drop_saved()


@pytest.fixture
def warehouse(world: Warehouse) -> Warehouse:
    """The warehouse as it was when it was built."""
    world.rewind()
    return world


def _built_anew(warehouse: Warehouse) -> set[str]:
    return {name for (name,) in warehouse.rows(BUILT_ANEW)}


def test_tables_of_another_shape_are_built_anew_and_no_others_are(warehouse: Warehouse) -> None:
    for change in CHANGES.values():
        warehouse.execute(change)
    warehouse.answer({("tmdb_tv_details", "102"): DETAILS | {"id": 102, "seasons": []}})
    warehouse.dbt("run", *TABLES)
    assert _built_anew(warehouse) == CHANGES.keys()
    brought_up = warehouse.snapshot()
    warehouse.dbt("run", *TABLES)
    assert _built_anew(warehouse) == set()
    warehouse.dbt("run", *TABLES, "--full-refresh")
    assert differences(brought_up, warehouse.snapshot()) == []


def test_a_warehouse_from_before_keys_were_kept_is_not_built_anew(warehouse: Warehouse) -> None:
    warehouse.execute("alter table staging.watermarks drop column keys")
    warehouse.dbt("run", *TABLES)
    assert _built_anew(warehouse) == set()


def test_what_purged_versions_told_stays_when_a_column_comes(warehouse: Warehouse) -> None:
    warehouse.answer({("tmdb_tv_details", "101"): DETAILS | {"status": "Canceled"}})
    warehouse.build("show_status_history")
    warehouse.execute(
        "update raw.tmdb_tv_details set payload = null, purged_at = now(), purged_by = 3"
        " where superseded_by is not null"
    )
    warehouse.execute("alter table core.show_status_history drop column is_in_production")
    warehouse.build("show_status_history")
    kept = (
        "select tmdb_status, is_in_production from core.show_status_history order by first_seen_at"
    )
    assert warehouse.rows(kept) == [("Ended", None), ("Canceled", None)]
