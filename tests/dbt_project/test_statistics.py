"""The planner knows how large things are: a build counts what grew before others read it."""

import random
from pathlib import Path

import pytest

from tests.dbt_project.warehouse import TABLES, Warehouse

COUNTED = "select reltuples::integer from pg_class where oid = %s::regclass"


@pytest.fixture
def warehouse(database: str, tmp_path: Path) -> Warehouse:
    """A warehouse of one series, built."""
    warehouse = Warehouse(database, tmp_path)
    land(warehouse, range(1))
    warehouse.dbt("run", *TABLES)
    return warehouse


def land(warehouse: Warehouse, series_ids: range) -> None:
    """Land series of 1.5 KB that do not compress: a page of Postgres holds five of them."""
    chance = random.Random(1)
    warehouse.answer(
        {
            ("tmdb_tv_details", str(series)): {
                "id": series,
                "name": f"Series {series}",
                "overview": chance.randbytes(750).hex(),
            }
            for series in series_ids
        }
    )


def test_what_landed_is_counted_though_a_crash_lost_the_count_of_changes(
    warehouse: Warehouse,
) -> None:
    land(warehouse, range(1, 200))
    warehouse.rows("select pg_stat_reset()")
    assert warehouse.rows(COUNTED, "raw.tmdb_tv_details") != [(200,)]
    warehouse.dbt("run", "--select", "stg_reference__sources")
    assert warehouse.rows(COUNTED, "raw.tmdb_tv_details") == [(200,)]


def test_a_table_that_a_later_build_made_large_is_counted_before_it_is_read(
    warehouse: Warehouse,
) -> None:
    assert warehouse.rows(COUNTED, "core.shows") == [(1,)]
    land(warehouse, range(1, 200))
    warehouse.dbt("run", "--select", "shows")
    assert warehouse.rows(COUNTED, "core.shows") == [(200,)]
