"""The target `dev` builds beside what others read; each role builds and reads its own."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from extract.postgres.migrations import migrate
from tests.dbt_project.histories import Payloads
from tests.dbt_project.warehouse import Warehouse

SHOWS: Payloads = {
    ("tmdb_tv_details", str(i)): {"id": i, "name": f"Series {i}", "networks": [], "seasons": []}
    for i in (101, 102)
}
TABLES = (
    "select count(*) from information_schema.tables where table_schema = '{}'"
    " and table_name !~ '^(stg|int)_' and table_type = 'BASE TABLE'"
)


def test_a_branch_is_built_beside_what_others_read_from_the_same_raw(
    database: str, tmp_path: Path
) -> None:
    warehouse = Warehouse(database, tmp_path)
    warehouse.answer(dict([*SHOWS.items()][:1]))
    warehouse.dbt("run")
    before = warehouse.snapshot()
    warehouse.answer(dict([*SHOWS.items()][1:]))
    branch = Warehouse(database, tmp_path / "dev", target="dev")
    for _ in range(2):
        branch.dbt("run")
    assert warehouse.rows("select count(*) from dev_core.shows") == [(2,)]
    assert warehouse.rows("select count(*) from dev_staging.builds") == [(2,)]
    assert warehouse.snapshot() == before
    assert warehouse.rows("select count(*) from staging.builds") == [(1,)]
    for layer in ("staging", "core", "marts"):
        assert warehouse.rows(TABLES.format(f"dev_{layer}")) == warehouse.rows(TABLES.format(layer))
    definitions = "select string_agg(definition, '') from pg_views where schemaname = 'dev_staging'"
    [(views,)] = warehouse.rows(definitions)
    assert "FROM staging." not in views
    with (
        psycopg.connect(database, autocommit=True) as reader,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        reader.execute("set role showhouse_analyst")
        reader.execute("select * from dev_core.shows")


def test_the_transformer_builds_and_then_the_analyst_reads_core_and_marts_alone(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = Warehouse(database, tmp_path)
    migrate(database, [])
    warehouse.answer(SHOWS)
    monkeypatch.setenv("PGOPTIONS", "-c role=showhouse_transformer")
    warehouse.dbt("build", "--exclude-resource-type", "unit_test")
    warehouse.dbt("run", "--full-refresh", "--select", "shows")
    monkeypatch.delenv("PGOPTIONS")
    owners = "select distinct tableowner from pg_tables where schemaname in ('core', 'marts')"
    assert warehouse.rows(owners) == [("showhouse_transformer",)]
    with psycopg.connect(database, autocommit=True) as analyst:
        analyst.execute("set role showhouse_analyst")
        assert analyst.execute("select count(*) from core.shows").fetchone() == (2,)
        assert analyst.execute("select count(*) from marts.show_details").fetchone() == (2,)
        assert (
            _allowed(
                analyst,
                "select * from staging.builds",
                "select * from raw.tmdb_tv_details",
                "delete from core.shows",
                "insert into marts.show_details default values",
                "drop table core.shows",
                "create table core.mine (id integer)",
            )
            == []
        )


def _allowed(connection: psycopg.Connection[Any], *statements: str) -> list[str]:
    allowed = []
    for statement in statements:
        try:
            connection.execute(statement.encode())
            allowed.append(statement)
        except psycopg.errors.InsufficientPrivilege:
            pass
    return allowed
