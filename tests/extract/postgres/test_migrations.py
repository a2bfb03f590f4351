"""Migrations of the raw schema, on the embedded Postgres and on 15."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from extract.errors import DatabaseUnreachable, SchemaIsNewer
from extract.postgres import migrations
from extract.postgres.connections import connect
from extract.postgres.migrations import migrate
from extract.postgres.migrations.current import ROLES, missing_roles, newest_revision
from extract.postgres.server import Server
from extract.settings import ROOT

pytestmark = pytest.mark.slow

DETAILS = ("tmdb_tv_details", "tmdb:tv:")
TRACKED = ("showhouse_tracked_shows", "")
NEWEST = max(path.name[:4] for path in Path(migrations.__file__).parent.glob("versions/*.sql"))


def tables(url: str) -> set[str]:
    with connect(url) as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'raw'")
        return {name for (name,) in rows}


def test_a_second_migration_adds_only_what_is_new(empty_database: str) -> None:
    migrate(empty_database, [DETAILS])
    first = tables(empty_database)
    assert {"alembic_version", "loads", "fetches", "rejects", "tmdb_tv_details"} <= first
    migrate(empty_database, [DETAILS, TRACKED])
    assert tables(empty_database) - first == {"showhouse_tracked_shows"}


def test_the_registry_s_tables_stand_on_postgres_15(database_15: str, database: str) -> None:
    assert tables(database_15) == tables(database)
    with connect(database_15) as connection:
        assert connection.info.server_version // 10_000 == 15


def test_many_migrations_at_once_are_one(empty_database: str) -> None:
    context = multiprocessing.get_context("spawn")
    started = [
        context.Process(target=migrate, args=(empty_database, [DETAILS, TRACKED])) for _ in range(4)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0, 0, 0, 0]
    with connect(empty_database) as connection:
        versions = connection.execute("select version_num from raw.alembic_version").fetchall()
    assert versions == [(NEWEST,)]


def test_a_migration_that_finds_nothing_to_do_loads_no_alembic(database: str) -> None:
    program = """
import sys
from extract.settings import load_settings
from flows.steps import migrate_raw
assert migrate_raw(load_settings(database_url=sys.argv[1])) == []
assert not {"alembic", "sqlalchemy"} & sys.modules.keys()
"""
    migrate(database, [])  # a right in the database itself comes with no template
    subprocess.run([sys.executable, "-c", program, database], cwd=ROOT, check=True)


def test_the_newest_revision_and_the_roles_are_those_of_the_upgrade(database: str) -> None:
    heads = ScriptDirectory(str(Path(migrations.__file__).parent)).get_heads()
    assert heads == [newest_revision()]
    with connect(database) as connection:
        [(body,)] = connection.execute(
            "select prosrc from pg_proc where oid = 'raw.grant_rights'::regproc"
        ).fetchall()
    assert set(re.findall(r"'(showhouse_\w+)'", body)) == set(ROLES)


@pytest.mark.parametrize(
    "loss",
    [
        "drop table raw.tmdb_tv_details",
        "delete from raw.alembic_version",
        "insert into raw.alembic_version values ('0001')",
        "revoke select on raw.fetches from showhouse_loader",
        "revoke all on raw.tmdb_tv_details from showhouse_transformer",
        "revoke create on database {} from showhouse_transformer",
        "drop schema raw cascade",
    ],
)
def test_what_an_upgrade_would_mend_is_not_taken_for_current(
    empty_database: str, loss: str
) -> None:
    migrate(empty_database, [DETAILS])
    with connect(empty_database) as connection:
        assert missing_roles(connection, [DETAILS[0]]) == []
        connection.execute(loss.format(connection.info.dbname).encode())
        assert missing_roles(connection, [DETAILS[0]]) is None


def test_a_killed_migration_leaves_nothing_behind(empty_database: str) -> None:
    # The lock is taken by us, so that the other one is killed in the middle of its transaction.
    blocker = connect(empty_database, autocommit=False)
    blocker.execute("create schema raw")
    process = multiprocessing.get_context("spawn").Process(
        target=migrate, args=(empty_database, [DETAILS])
    )
    process.start()
    with connect(empty_database) as watcher:
        waiting = "select from pg_stat_activity where wait_event_type = 'Lock'"
        while watcher.execute(waiting).fetchone() is None:
            assert process.is_alive()
            time.sleep(0.02)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    blocker.rollback()
    blocker.close()
    migrate(empty_database, [DETAILS])
    assert "tmdb_tv_details" in tables(empty_database)


def test_a_schema_from_newer_code_is_refused_by_name(empty_database: str) -> None:
    migrate(empty_database, [])
    with connect(empty_database) as connection:
        connection.execute("update raw.alembic_version set version_num = '9999'")
    with pytest.raises(SchemaIsNewer, match=f"`9999`.*`{NEWEST}`"):
        migrate(empty_database, [DETAILS])
    assert "tmdb_tv_details" not in tables(empty_database)


def test_a_database_of_another_encoding_is_refused(server: Server) -> None:
    with connect(server.url("postgres")) as connection:
        connection.execute(
            "create database latin template template0 encoding 'LATIN1' locale 'C'"
            " locale_provider libc"
        )
    with pytest.raises(DatabaseUnreachable, match=r"encoding is `LATIN1`"):
        migrate(server.url("latin"), [])


def test_a_resource_has_one_latest_version_of_each_key(empty_database: str) -> None:
    migrate(empty_database, [DETAILS])
    insert = (
        "insert into raw.tmdb_tv_details (key, payload, payload_hash, request, fetched_at, load_id)"
        " values ('1', '{}', '\\x00', 'GET /tv/1', now(), %s)"
    )
    with connect(empty_database) as connection:
        connection.execute(insert, [1])
        with pytest.raises(Exception, match="tmdb_tv_details_one_latest"):
            connection.execute(insert, [2])
