"""What a test leaves in a database that was lent to it, the next test does not find."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from extract.postgres.connections import connect
from extract.postgres.server import Server
from tests.lending import Lender, new_database

pytestmark = pytest.mark.slow

MADE = """
    create schema held;
    create table held.notes (
        note_id bigint generated always as identity primary key,
        body text default 'empty' unique
    );
    create sequence held.numbers start 7;
    create sequence held.used;
    select nextval('held.used');
    create table held.versions (version text);
    insert into held.versions values ('first');
    create view held.bodies as select body from held.notes;
    create function held.answer() returns integer language sql return 42;
    create function held.pass() returns trigger language plpgsql as 'begin return new; end';
    create function held.note_it() returns event_trigger language plpgsql as 'begin end';
    create text search configuration held.words (copy = simple);
"""

# A statement of each kind; `{database}` is the name of the database.
LEFTOVERS = {
    "schema": "create schema another",
    "schema's name": "alter schema held rename to kept",
    "table": "create table held.another (number integer)",
    "table without a schema of its own": "create table another (number integer)",
    "unlogged table": "create unlogged table held.another (number integer)",
    "partitions": "create table held.another (number integer) partition by list (number)",
    "table that is gone": "drop view held.bodies; drop table held.notes",
    "view": "create view held.another as select 1 as one",
    "view that is gone": "drop view held.bodies",
    "view's text": "create or replace view held.bodies as select '' as body",
    "materialized view": "create materialized view held.another as select 1 as one",
    "column": "alter table held.notes add column number integer",
    "column that is gone": "alter table held.notes drop column body cascade",
    "column's type": "alter table held.versions alter column version type varchar",
    "column's default": "alter table held.notes alter column body set default 'full'",
    "column's default that is gone": "alter table held.notes alter column body drop default",
    "column's storage": "alter table held.notes alter column body set storage external",
    "column's statistics": "alter table held.notes alter column body set statistics 10",
    "constraint": "alter table held.notes add check (body <> '')",
    "constraint that is gone": "alter table held.notes drop constraint notes_body_key",
    "foreign key": "alter table held.notes add foreign key (note_id) references held.notes",
    "parameter of a table": "alter table held.notes set (autovacuum_enabled = off)",
    "logging of a table": "alter table held.versions set unlogged",
    "place of a table": "alter table held.notes set schema public",
    "index": "create index on held.notes (lower(body))",
    "index to cluster on": "cluster held.notes using notes_pkey",
    "replica identity": "alter table held.notes replica identity full",
    "row security": "alter table held.notes enable row level security",
    "policy": "create policy mine on held.notes using (true)",
    "inheritance": "create table held.another () inherits (held.versions)",
    "function": "create function held.another() returns integer language sql return 1",
    "function's body": "create or replace function held.answer() returns integer return 43",
    "function's cost": "alter function held.answer() cost 5",
    "procedure": "create procedure held.another() language sql as ''",
    "aggregate": "create aggregate held.total(integer) (sfunc = int4pl, stype = integer)",
    "trigger": "create trigger mine before insert on held.notes for each row"
    " execute function held.pass()",
    "event trigger": "create event trigger mine on ddl_command_end execute function held.note_it()",
    "rule": "create rule mine as on delete to held.notes do instead nothing",
    "type": "create type held.pair as (one integer, two integer)",
    "enum": "create type held.mood as enum ('good', 'bad')",
    "domain": "create domain held.positive as integer check (value > 0)",
    "cast": "create cast (bigint as json) with inout",
    "operator": "create operator held.=== (function = int4eq, leftarg = int4, rightarg = int4)",
    "collation": 'create collation held.plain from "C"',
    "conversion": "create conversion held.mine for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
    "text search": "alter text search configuration held.words alter mapping for word with simple;"
    " create text search dictionary held.plain (template = simple)",
    "extension": "create extension pg_trgm",
    "foreign data": "create foreign data wrapper mine",
    "publication": "create publication mine for table held.notes",
    "extended statistics": "create statistics held.both on note_id, body from held.notes",
    "sequence": "create sequence held.another",
    "sequence's step": "alter sequence held.numbers increment 2",
    "large object": "select lo_from_bytea(0, 'left')",
    "comment on a table": "comment on table held.notes is 'left'",
    "comment on a column": "comment on column held.notes.body is 'left'",
    "comment on the database": "comment on database {database} is 'left'",
    "grant on a table": "grant select on held.notes to public",
    "grant on a column": "grant select (body) on held.notes to public",
    "grant on a schema": "grant usage on schema held to public",
    "grant on a function that is gone": "revoke execute on function held.answer() from public",
    "grant on a sequence": "grant usage on held.numbers to public",
    "grant on the database": "grant create on database {database} to public",
    "owner of a table": "alter table held.notes owner to pg_monitor",
    "owner of the database": "alter database {database} owner to pg_monitor",
    "default privileges": "alter default privileges grant select on tables to public",
    "setting of the database": "alter database {database} set search_path = held",
    "setting of a role in it": "alter role current_user in database {database} set jit = off",
    "limit of connections": "alter database {database} connection limit 50",
    "row that was there": "update held.versions set version = 'second'",
    "row beside one that was there": "insert into held.versions values ('second')",
    "no row where one was": "delete from held.versions",
    "no row where one was, by truncation": "truncate held.versions",
}


@pytest.fixture(scope="module")
def small(server: Server) -> Iterator[Lender]:
    """Lends databases that hold one thing of each kind."""
    with new_database(server.url, "template1") as url:
        with connect(url) as connection:
            connection.execute(MADE.encode())
            template = connection.info.dbname
        yield Lender(server.url, template)


def ask(url: str, query: str) -> list[Any]:
    with connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def identity(url: str) -> int:
    """What stays of a database as long as it is not dropped."""
    [(oid,)] = ask(url, "select oid from pg_database where datname = current_database()")
    return int(oid)


@pytest.mark.parametrize("leftover", LEFTOVERS.values(), ids=LEFTOVERS)
def test_a_database_whose_catalogue_or_first_rows_were_changed_is_dropped(
    small: Lender, server_url: str, leftover: str
) -> None:
    with small.lend() as url:
        number = identity(url)
        with connect(url) as connection:
            connection.execute(leftover.format(database=connection.info.dbname).encode())
    assert ask(server_url, f"select from pg_database where oid = {number}") == []
    with small.lend() as url:
        assert ask(url, "table held.versions") == [("first",)]


def test_a_database_with_new_rows_alone_is_emptied_and_lent_again(small: Lender) -> None:
    with small.lend() as url:
        number = identity(url)
        with connect(url) as connection:
            connection.execute("insert into held.notes (body) values ('one'), ('two')")
            connection.execute("delete from held.notes where body = 'one'")
            connection.execute("select nextval('held.numbers'), nextval('held.used')")
            connection.execute("select setval('held.numbers', 99, false)")
            connection.execute("analyze")
            with connection.transaction(force_rollback=True):
                connection.execute("create table held.another (number integer)")
    with small.lend() as again:
        assert identity(again) == number
        assert again != url, "a process of the first test could still find it"
        assert ask(again, "table held.notes") == []
        assert ask(again, "insert into held.notes default values returning *") == [(1, "empty")]
        assert ask(again, "select nextval('held.numbers'), nextval('held.used')") == [(7, 2)]
        assert ask(again, "table held.versions") == [("first",)]
        assert ask(again, "select from pg_stats where schemaname = 'held'") == []


def test_sessions_that_are_left_end_with_their_locks_settings_and_temporary_tables(
    small: Lender,
) -> None:
    with small.lend() as url:
        number = identity(url)
        left = connect(url)
        left.execute("select pg_advisory_lock(1)")
        left.execute("set work_mem = '1MB'")
        left.execute("create temporary table mine (number integer)")
        within = connect(url, autocommit=False)
        within.execute("insert into held.notes default values")
    with small.lend() as again:
        assert identity(again) == number
        assert ask(again, "select from pg_locks where locktype = 'advisory'") == []
        assert ask(again, "select to_regclass('mine')::text") == [(None,)]
        assert ask(again, "table held.notes") == []
        for connection in (left, within):
            with pytest.raises(psycopg.OperationalError):
                connection.execute("select 1")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)


def test_two_that_are_lent_at_once_are_two(small: Lender) -> None:
    with small.lend() as one, small.lend() as two:
        numbers = {identity(one), identity(two)}
    assert len(numbers) == 2
    with small.lend() as one, small.lend() as two:
        assert {identity(one), identity(two)} == numbers


def test_a_database_that_a_failing_test_changed_is_dropped_as_well(small: Lender) -> None:
    with pytest.raises(RuntimeError), small.lend() as url:
        number = identity(url)
        ask(url, "select lo_from_bytea(0, 'left')")
        raise RuntimeError
    with small.lend() as url:
        assert identity(url) != number


def test_a_warehouse_is_lent_again_and_begins_with_the_first_load(lender: Lender) -> None:
    numbers = set()
    for _ in range(2):
        with lender.lend() as url:
            numbers.add(identity(url))
            assert ask(url, "select nextval('raw.load_ids')") == [(1,)]
            with connect(url) as connection:
                connection.execute("insert into raw.rate_gates values ('host', 1)")
                rows = "insert into raw.rejects select from generate_series(1, 3)"
                with pytest.raises(psycopg.errors.NotNullViolation):
                    connection.execute(rows)
            assert ask(url, "select nextval('raw.rejects_reject_id_seq')") == [(2,)]
            assert ask(url, "select host from raw.rate_gates") == [("host",)]
    assert len(numbers) == 1
