"""What a build recomputes, writes and leaves alone, and that the comparison of builds notices."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dbt_project.lives import assert_incremental_equals_full
from tests.dbt_project.warehouse import TABLES, Warehouse, differences

SERIES = ("seasons", "show_networks", "networks")


def _show(series_id: int, networks: list[int], season_numbers: list[int]) -> dict[str, object]:
    return {
        "id": series_id,
        "name": f"Series {series_id}",
        "networks": [{"id": i, "name": f"Network {i}"} for i in networks],
        "seasons": [{"id": series_id * 100 + n, "season_number": n} for n in season_numbers],
    }


@pytest.fixture(scope="module")
def world(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Two series, built."""
    scratch: Path = tmp_path_factory.mktemp("dbt")
    world = Warehouse(module_database, scratch)
    world.answer({("tmdb_tv_details", str(i)): _show(i, [1, 2], [1, 2]) for i in (101, 102)})
    world.dbt("run", *TABLES)
    world.save()
    yield world
    world.drop_saved()


@pytest.fixture
def warehouse(world: Warehouse) -> Warehouse:
    """The two series as they were when they were built."""
    world.rewind()
    return world


@pytest.fixture
def empty_warehouse(database: str, tmp_path: Path) -> Warehouse:
    """One in which nothing is built."""
    return Warehouse(database, tmp_path / "dbt")


def test_the_comparison_notices_a_watermark_that_runs_ahead(warehouse: Warehouse) -> None:
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [2], [1, 2, 3])})
    warehouse.answer({("tmdb_tv_details", "102"): _show(102, [2], [1])})
    warehouse.dbt("run", "--select", "shows")
    # what a watermark of the newest load, not of the model's own last build, would say
    warehouse.execute(
        "update staging.watermarks set (build_id, horizon)"
        " = (select build_id, horizon from staging.builds order by build_id desc limit 1)"
    )
    with pytest.raises(AssertionError, match=r"core\.networks"):
        assert_incremental_equals_full(warehouse, *SERIES)


def test_the_comparison_notices_rows_that_are_not_deleted(warehouse: Warehouse) -> None:
    warehouse.execute(
        "create function staging.keep() returns trigger language plpgsql"
        " as 'begin return null; end'"
    )
    warehouse.execute(
        "create trigger keep before delete on core.show_networks"
        " for each row execute function staging.keep()"
    )
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1], [1, 2])})
    with pytest.raises(AssertionError, match=r"core\.show_networks"):
        assert_incremental_equals_full(warehouse, *SERIES)


def test_a_build_without_news_asks_for_no_row_and_writes_none(warehouse: Warehouse) -> None:
    before = _versions_of_rows(warehouse)
    outcomes: Any = warehouse.dbt("run", *TABLES).result
    assert _versions_of_rows(warehouse) == before
    told = {
        outcome.adapter_response.get("code")
        for outcome in outcomes
        if outcome.node.config.materialized == "incremental"
    }
    assert told == {"SELECT"}, "a statement was planned for a model whose parents did not change"


def test_code_that_changed_is_built_anew_and_code_that_did_not_is_not(warehouse: Warehouse) -> None:
    as_built = warehouse.snapshot()
    of_code = "select model, fingerprint from staging.watermarks order by 1"
    fingerprints = warehouse.rows(of_code)
    warehouse.execute("update core.shows set name = 'as old code had it'")
    warehouse.dbt("run", *TABLES)
    assert warehouse.rows(of_code) == fingerprints
    assert warehouse.rows("select distinct name from core.shows") == [("as old code had it",)]
    warehouse.execute("update staging.watermarks set fingerprint = 'old' where model = 'shows'")
    warehouse.dbt("run", *TABLES)
    assert differences(as_built, warehouse.snapshot()) == []
    assert warehouse.rows(of_code) == fingerprints


def test_a_change_of_one_show_rewrites_that_show_alone(warehouse: Warehouse) -> None:
    before = _versions_of_rows(warehouse)
    changed = _show(101, [1, 2], [1, 2]) | {"overview": "Now with a text."}
    warehouse.answer({("tmdb_tv_details", "101"): changed})
    warehouse.dbt("run", *TABLES)
    after = _versions_of_rows(warehouse)
    rewritten = {table for table in after if after[table] != before[table]}
    assert rewritten == {
        "core.shows",
        "marts.show_completeness",  # it misses one thing less
        "marts.show_details",
        "marts.show_documents",
        "staging.int_networks__mentioned",  # it holds when each show last said so
    }
    assert len(before["core.shows"] & after["core.shows"]) == 1


def _versions_of_rows(warehouse: Warehouse) -> dict[str, set[str]]:
    """Where each row of the incremental tables lies, and which transaction wrote it."""
    tables = warehouse.rows(
        "select model from staging.watermarks where keys is not null order by 1"
    )
    places = {}
    for (model,) in tables:
        for schema, table in warehouse.rows(
            "select table_schema, table_name from information_schema.tables"
            " where table_name = %s and table_type = 'BASE TABLE'"
            " and table_name <> all (%s)",
            model,
            ["network_stats", "show_rankings", "show_facets"],  # built as a whole
        ):
            rows = warehouse.rows(f"select ctid::text || ' ' || xmin::text from {schema}.{table}")
            places[f"{schema}.{table}"] = {place for (place,) in rows}
    return places


def test_a_selection_from_shows_on_works_in_an_empty_warehouse(
    empty_warehouse: Warehouse,
) -> None:
    warehouse = empty_warehouse
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1], [1])})
    warehouse.dbt("build", "--select", "shows+", "--exclude-resource-type", "unit_test")
    assert warehouse.rows("select name from core.shows") == [("Series 101",)]
    assert_incremental_equals_full(warehouse)


def test_a_build_that_was_taken_over_writes_nothing_more(warehouse: Warehouse) -> None:
    before = warehouse.rows("select ctid::text, xmin::text from core.shows")
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1], [1])})
    warehouse.execute(
        "create function staging.take_over() returns trigger language plpgsql as"
        " 'begin new.taken_over_at = now(); return new; end'"
    )
    warehouse.execute(
        "create trigger take_over before insert on staging.builds"
        " for each row execute function staging.take_over()"
    )
    result = warehouse.try_dbt("run", *TABLES)
    assert not result.success
    messages = " ".join(str(outcome.message) for outcome in result.result.results)  # type: ignore[union-attr]
    assert "taken over by a newer one" in messages
    assert warehouse.rows("select ctid::text, xmin::text from core.shows") == before
