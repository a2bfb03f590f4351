"""An upgrade of the raw schema by Alembic, in one transaction under a lock."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.pool import NullPool

from extract.errors import DatabaseUnreachable, SchemaIsNewer, SchemaIsOlder
from extract.postgres.connections import address, connect

VERSION_TABLE: dict[str, Any] = {"version_table": "alembic_version", "version_table_schema": "raw"}
_LOCK = "select pg_advisory_xact_lock(hashtextextended('showhouse: migrations of raw', 0))"
_MAY_MIGRATE = """
    select coalesce(bool_and(pg_has_role(nspowner, 'usage')), true)
    from pg_namespace where nspname = 'raw'
"""
_LACKING = """
    select name from unnest(%(names)s::text[]) as name
    where not exists (
        select from pg_class
        where relnamespace = 'raw'::regnamespace and relname = name
    )
"""
_CREATE_MISSING = """
    select raw.create_resource_table(%(name)s, %(entity)s)
    where to_regclass(format('raw.%%I', %(name)s::text)) is null
"""


def upgrade(url: str, resources: Sequence[tuple[str, str]]) -> list[str]:
    """Do what `migrate` promises, whatever stands already."""
    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect(url, autocommit=False, application="showhouse migrate"),
        poolclass=NullPool,
    )
    with engine.begin() as connection:
        if not connection.exec_driver_sql(_MAY_MIGRATE).scalar_one():
            _require_current(connection, [name for name, _ in resources])
            return []
        connection.exec_driver_sql(_LOCK)
        _refuse_other_encoding(connection, url)
        connection.exec_driver_sql("create schema if not exists raw")
        config = _config(connection)
        _refuse_newer(connection, ScriptDirectory.from_config(config))
        command.upgrade(config, "head")
        for name, entity in resources:
            connection.exec_driver_sql(_CREATE_MISSING, {"name": name, "entity": entity})
        missing: list[str] = connection.exec_driver_sql("select raw.grant_rights()").scalar_one()
        return missing


def _require_current(connection: sa.Connection, names: list[str]) -> None:
    script = ScriptDirectory.from_config(_config(connection))
    _refuse_newer(connection, script)
    heads = MigrationContext.configure(connection, opts=VERSION_TABLE).get_current_heads()
    lacking = connection.exec_driver_sql(_LACKING, {"names": names}).first()
    if heads != tuple(script.get_heads()) or lacking:
        raise SchemaIsOlder(heads[0] if heads else "none")


def _config(connection: sa.Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _refuse_newer(connection: sa.Connection, script: ScriptDirectory) -> None:
    context = MigrationContext.configure(connection, opts=VERSION_TABLE)
    for found in context.get_current_heads():
        try:
            script.get_revision(found)
        except CommandError:
            raise SchemaIsNewer(found, script.get_current_head() or "none") from None


def _refuse_other_encoding(connection: sa.Connection, url: str) -> None:
    encoding: str = connection.exec_driver_sql("show server_encoding").scalar_one()
    if encoding != "UTF8":
        why = f"its encoding is `{encoding}`, and Showhouse needs a database made with UTF8"
        raise DatabaseUnreachable(address(url), why)
