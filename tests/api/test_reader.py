"""The role of the API, in a warehouse that dbt built: it reads the marts, and that is all."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.dbt_project.warehouse import Warehouse


@pytest.fixture
def reader(built: Warehouse) -> Iterator[psycopg.Connection[Any]]:
    """A connection in the role of the API."""
    with psycopg.connect(built.url, autocommit=True) as connection:
        connection.execute("set role showhouse_reader")
        yield connection


def _relations(built: Warehouse) -> list[tuple[str, str]]:
    return built.rows(
        "select table_schema, table_name from information_schema.tables where table_schema"
        " in ('raw', 'staging', 'core', 'marts') and table_name !~ '^pg_' order by 1, 2"
    )


def test_the_role_of_the_api_reads_the_marts_and_nothing_else(
    built: Warehouse, reader: psycopg.Connection[Any]
) -> None:
    relations = _relations(built)
    assert {schema for schema, _ in relations} == {"raw", "staging", "core", "marts"}
    for schema, table in relations:
        asked = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
        if schema == "marts":
            assert reader.execute(asked).fetchone(), table
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(asked)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from marts.show_documents",
        "update marts.network_documents set name = null",
        "insert into marts.season_documents default values",
        "truncate marts.show_documents",
        "drop table marts.show_documents",
        "create table marts.mine (id integer)",
        "create table public.mine (id integer)",
        "select raw.create_resource_table('mine_own', '')",
    ],
)
def test_the_role_of_the_api_writes_nothing(
    reader: psycopg.Connection[Any], statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(statement.encode())


def test_the_role_of_the_api_still_reads_after_a_rebuild(
    built: Warehouse, reader: psycopg.Connection[Any]
) -> None:
    built.dbt("run", "--select", "show_documents", "network_stats", "--full-refresh")
    for table in ("show_documents", "network_stats"):
        assert reader.execute(f"select count(*) from marts.{table}".encode()).fetchone()
