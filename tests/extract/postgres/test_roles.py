"""Each role may do its own work, and nothing that is another's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from extract.documents import Batch, Failure
from extract.errors import SchemaIsOlder
from extract.landing import land
from extract.landing.purging import purge
from extract.landing.taking_back import take_back
from extract.postgres.connections import connect
from extract.postgres.migrations import migrate
from extract.postgres.server import Server
from extract.registry import RESOURCES
from extract.suppression import suppress
from tests.extract.landing.answers import keywords, minute, no_keywords

Connection = psycopg.Connection[Any]
DETAILS = ("tmdb_tv_details", "tmdb:tv:")


@contextmanager
def acting_as(url: str, role: str) -> Iterator[Connection]:
    with connect(url) as connection:
        connection.execute(f"set role {role}")
        yield connection


def refused(connection: Connection, *statements: str) -> list[str]:
    """The statements that were not refused for want of a right."""
    allowed = []
    for statement in statements:
        try:
            connection.execute(statement.encode())
            allowed.append(statement)
        except InsufficientPrivilege:
            pass
    return allowed


def test_the_loader_lands_purges_and_takes_back(database: str) -> None:
    with acting_as(database, "showhouse_loader") as connection:
        failure = Failure("tmdb_tv_keywords", "9", "no answer", minute(0))
        batch = Batch([keywords(1, "a"), no_keywords(2)], [], [failure])
        load_id = land(connection, batch, run_id=uuid4()).load_id
        assert load_id is not None
        assert purge(connection, RESOURCES.values(), run_id=uuid4(), at=minute(9**6)).count == 1
        take_back(connection, load_id, run_id=uuid4())
        suppress(connection, 5)


def test_the_loader_drops_and_makes_nothing_and_forges_no_decision(database: str) -> None:
    with acting_as(database, "showhouse_loader") as connection:
        allowed = refused(
            connection,
            "delete from raw.tmdb_tv_details",
            "truncate raw.tmdb_tv_details",
            "drop table raw.tmdb_tv_details",
            "create table raw.mine (id integer)",
            "create schema mine",
            "update raw.alembic_version set version_num = '0'",
            "delete from raw.loads",
            "create role mine",
        )
    assert allowed == []


def test_the_transformer_reads_raw_makes_schemas_and_writes_no_raw(database: str) -> None:
    migrate(database, [])
    with acting_as(database, "showhouse_transformer") as connection:
        connection.execute("select count(*) from raw.tmdb_tv_details")
        connection.execute("select count(*) from raw.suppressed_people")
        connection.execute("create schema core")
        allowed = refused(
            connection,
            "insert into raw.fetches (resource, key, status, next_due_at)"
            " values ('a', 'b', 'ok', now())",
            "update raw.loads set run_id = run_id",
            "delete from raw.tmdb_tv_details",
            "select nextval('raw.load_ids')",
            "create table raw.mine (id integer)",
        )
    assert allowed == []


@pytest.mark.parametrize("role", ["showhouse_analyst", "showhouse_reader"])
def test_a_reader_sees_nothing_of_raw_and_makes_nothing(database: str, role: str) -> None:
    with acting_as(database, role) as connection:
        allowed = refused(
            connection,
            "select count(*) from raw.tmdb_tv_details",
            "select count(*) from raw.loads",
            "create schema mine",
            "create table public.mine (id integer)",
        )
    assert allowed == []


def test_a_table_that_comes_later_is_the_loader_s_as_well(empty_database: str) -> None:
    migrate(empty_database, [])
    migrate(empty_database, [DETAILS])
    with acting_as(empty_database, "showhouse_loader") as connection:
        connection.execute("update raw.tmdb_tv_details set request = request")


def test_who_may_make_no_roles_is_told_which_are_missing_and_the_schema_stands(
    server: Server,
) -> None:
    others = ("showhouse_loader", "showhouse_transformer", "showhouse_analyst", "showhouse_reader")
    with connect(server.url("postgres")) as connection:
        connection.execute("create role plain nologin")
        connection.execute("create database plain owner plain")
        try:
            for role in others:
                connection.execute(f"alter role {role} rename to {role}_away")
            with connect(server.url("plain")) as own:
                own.execute("set role plain")
                own.execute("create schema raw")
            url = server.url("plain") + "&options=-c%20role%3Dplain"
            assert migrate(url, [DETAILS]) == sorted(others)
        finally:
            for role in others:
                connection.execute(f"alter role {role}_away rename to {role}")
        assert migrate(url, [DETAILS]) == []
        connection.execute("drop database plain with (force)")
        connection.execute("drop role plain")


def test_a_login_that_may_not_migrate_works_until_there_is_something_to_migrate(
    database: str,
) -> None:
    registered = [(resource.name, resource.entity) for resource in RESOURCES.values()]
    url = f"{database}&options=-c%20role%3Dshowhouse_loader"
    assert migrate(url, registered) == []
    with pytest.raises(SchemaIsOlder, match=r"Let its owner run `showhouse db migrate`"):
        migrate(url, [*registered, ("tmdb_tv_later", "tmdb:tv:")])
