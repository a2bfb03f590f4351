"""Who reads while tables are replaced, and after: views, grants and comments outlive a refresh."""

import threading
from collections.abc import Iterator

import psycopg
import pytest

from tests.dbt_project.warehouse import Warehouse

VIEWS = (
    "select schemaname || '.' || viewname from pg_views"
    " where schemaname in ('staging', 'core', 'marts', 'desk') order by 1"
)
FOREIGN = "desk.announced"
"""A view of an analyst's own over a table of ours."""


@pytest.fixture(scope="module")
def warehouse(
    module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """A warehouse of one series, built, with a view of somebody's beside ours."""
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    details = {"id": 101, "name": "Series 101", "networks": [], "seasons": []}
    warehouse.answer({("tmdb_tv_details", "101"): details})
    warehouse.dbt("run")
    warehouse.execute("create schema desk")
    warehouse.execute(
        f"create view {FOREIGN} with (security_barrier) as select name from core.shows"
    )
    warehouse.execute(f"comment on view {FOREIGN} is 'What we announced'")
    warehouse.execute(f"comment on column {FOREIGN}.name is 'Its name'")
    warehouse.execute(f"grant select on {FOREIGN} to showhouse_reader")
    yield warehouse


def identities(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.rows(
        "select oid::regclass::text, oid, xmin::text from pg_class"
        " where relkind = 'v' and relnamespace::regnamespace::text in ('staging', 'core', 'marts')"
        " order by 1"
    )


@pytest.mark.parametrize(
    "changed, arguments",
    [
        ("alter table core.shows add column left_by_older_code integer", ["--select", "shows"]),
        ("select 1", ["--full-refresh", "--select", "shows", "seasons", "show_details"]),
        ("alter table core.networks drop column name cascade", ["--select", "networks"]),
    ],
    ids=["a table of older code", "a part refreshed", "a view that lost its column"],
)
def test_no_view_is_missing_after_a_part_was_refreshed(
    warehouse: Warehouse, changed: str, arguments: list[str]
) -> None:
    before = warehouse.rows(VIEWS)
    assert ("core.images",) in before and (FOREIGN,) in before
    warehouse.execute(changed)
    warehouse.dbt("run", *arguments)
    assert warehouse.rows(VIEWS) == before
    for (view,) in before:
        warehouse.rows(f"select * from {view} limit 1")
    assert warehouse.rows(f"select * from {FOREIGN}") == [("Series 101",)]


def test_a_view_comes_back_with_its_options_comments_and_readers(warehouse: Warehouse) -> None:
    warehouse.dbt("run", "--full-refresh", "--select", "shows")
    said = warehouse.rows(
        "select obj_description(oid), col_description(oid, 1), reloptions::text,"
        " has_table_privilege('showhouse_reader', oid, 'select')"
        f" from pg_class where oid = '{FOREIGN}'::regclass"
    )
    assert said == [("What we announced", "Its name", "{security_barrier=true}", True)]


def test_a_reader_misses_no_view_while_its_tables_are_replaced(warehouse: Warehouse) -> None:
    ended, reads, errors = threading.Event(), [0], list[str]()

    def read() -> None:
        with psycopg.connect(warehouse.url, autocommit=True) as connection:
            connection.execute("set role showhouse_analyst")
            while not ended.is_set():
                try:
                    connection.execute("select count(*) from marts.present_ids")
                    connection.execute("select count(*) from core.images")
                    reads[0] += 1
                except psycopg.Error as error:
                    errors.append(str(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        warehouse.dbt("run", "--full-refresh", "--select", "shows", "seasons", "networks", "people")
    finally:
        ended.set()
        for reader in readers:
            reader.join()
    assert reads[0] > 10
    assert errors == []


def test_a_build_of_the_same_code_replaces_no_view(warehouse: Warehouse) -> None:
    before = identities(warehouse)
    warehouse.dbt("run")
    assert identities(warehouse) == before


@pytest.mark.parametrize("selected", [["networks"], ["stg_tmdb__shows"]])
def test_views_that_are_missing_come_back_whatever_was_selected(
    warehouse: Warehouse, selected: list[str]
) -> None:
    before = warehouse.rows(VIEWS)
    warehouse.execute("drop view staging.stg_tmdb__seasons, core.images, marts.changes cascade")
    assert warehouse.rows(VIEWS) != before
    warehouse.dbt("run", "--select", *selected)
    assert warehouse.rows(VIEWS) == before
    restored = identities(warehouse)
    warehouse.dbt("run")
    assert identities(warehouse) == restored, "made by other SQL than its model's"


def test_what_stands_in_a_views_place_is_replaced(warehouse: Warehouse) -> None:
    warehouse.execute("drop view marts.show_translations")
    warehouse.execute("create table marts.show_translations (other integer)")
    warehouse.dbt("run", "--select", "show_translations")
    assert warehouse.rows("select count(*) from marts.show_translations") == [(0,)]
    held = warehouse.rows(
        "select relkind from pg_class where oid = 'marts.show_translations'::regclass"
    )
    assert held == [("v",)]


def test_a_table_without_changes_writes_no_row(warehouse: Warehouse) -> None:
    """Of marts that are built as a whole as well."""
    tables = ("catalogue_trends", "network_stats", "show_facets", "show_rankings", "show_details")
    counted = " union all ".join(f"select xmin::text, '{t}' from marts.{t}" for t in tables)
    before = warehouse.rows(f"{counted} order by 1, 2")
    assert {table for _, table in before} >= {"show_details", "show_facets"}
    warehouse.dbt("run")
    assert warehouse.rows(f"{counted} order by 1, 2") == before


def test_a_whole_mart_follows_its_parents_and_writes_what_differs(warehouse: Warehouse) -> None:
    facets = "select xmin::text, dimension, value, show_count from marts.show_facets order by 2, 3"
    before = warehouse.rows(facets)
    details = {
        "id": 102,
        "name": "Series 102",
        "networks": [],
        "genres": [{"id": 9, "name": "Game"}],
    }
    warehouse.answer({("tmdb_tv_details", "102"): details})
    warehouse.dbt("run")
    after = warehouse.rows(facets)
    told = {(dimension, value): count for _, dimension, value, count in after}
    assert told["all", "all"] == 2 and told["genre", "Game"] == 1
    assert {row for row in after if row[1] != "all"} >= {row for row in before if row[1] != "all"}
