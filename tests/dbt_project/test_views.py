"""Views stand while a build goes on, and after a build of a part: they are replaced in place."""

import pytest

from tests.dbt_project.warehouse import TABLES, Warehouse

VIEWS = (
    "select table_schema || '.' || table_name from information_schema.views"
    " where table_schema in ('staging', 'core', 'marts') order by 1"
)
COLUMNS = (
    "select column_name from information_schema.columns where table_schema = 'marts'"
    " and table_name = 'show_translations' order by ordinal_position"
)


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse of one series, built."""
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    details = {"id": 101, "name": "Series 101", "networks": [], "seasons": []}
    warehouse.answer({("tmdb_tv_details", "101"): details})
    warehouse.dbt("run", *TABLES)
    return warehouse


def test_a_build_of_a_part_leaves_every_view_where_it_is(warehouse: Warehouse) -> None:
    before = warehouse.rows(VIEWS)
    assert ("marts.person_documents",) in before
    oids = "select oid from pg_class where relkind = 'v' and relnamespace = 'marts'::regnamespace"
    held = warehouse.rows(f"{oids} order by 1")
    warehouse.dbt("run", "--select", "staging", "core")
    assert warehouse.rows(VIEWS) == before
    assert warehouse.rows(f"{oids} order by 1") == held


def test_a_view_whose_columns_changed_is_made_anew(warehouse: Warehouse) -> None:
    columns = warehouse.rows(COLUMNS)
    warehouse.execute("drop view marts.show_translations")
    warehouse.execute("create view marts.show_translations as select 1 as other, 2 as name")
    warehouse.dbt("run", "--select", "show_translations")
    assert warehouse.rows(COLUMNS) == columns


def test_the_rules_of_the_marts_views_hold(warehouse: Warehouse) -> None:
    """The unit tests and data tests of what the API reads through views."""
    warehouse.dbt(
        "test", "--select", "show_translations", "show_part_documents", "person_documents",
        "company_documents", "watch_provider_documents", "changes", "change_windows",
    )  # fmt: skip
