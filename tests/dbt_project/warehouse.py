"""One warehouse under test: land documents, build it with real dbt, look at every row."""

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from dbt.cli.main import dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier, Literal

from extract.landing import Batch, Document, document, land, tombstone
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.settings import ROOT
from tests.dbt_project.invocation import invoke
from tests.dbt_project.manifest import SILENCE, made_of, manifest

BUILT_SCHEMAS = ("staging", "core", "marts")
BOOKS = {"builds", "watermarks", "changes"}
TABLES = ("--select", "intermediate", "core", "marts")
"""All but the views of staging, of which a build makes those that do not stand, at its start."""
NOW_VIEWS = {"source_freshness", "show_freshness", "changes", "change_windows"}
Snapshot = dict[str, list[str]]
_BUILT = """
    select table_schema, table_name from information_schema.tables
    where table_schema = any (%s)
    order by 1, 2
"""
_FILLED = """
    select relname from pg_class
    where relnamespace = 'raw'::regnamespace and relkind = 'r' and relname <> 'alembic_version'
        and pg_relation_size(oid) > 0
"""


class Warehouse:
    """A database of its own, with a clock that moves on by a minute at each landing."""

    def __init__(
        self,
        url: str,
        scratch: Path,
        target: str = "prod",
        *,
        parsed: Manifest | None = None,
        is_patched: bool = True,
    ) -> None:
        """Use the migrated database at `url`; dbt's files go into `scratch`.

        Without `parsed`, the project as it was kept; `is_patched=False` runs dbt as users do.
        """
        self.url = url
        self._target = target
        self._parsed = parsed
        self._is_patched = is_patched
        self.clock = datetime(2024, 5, 1, tzinfo=UTC)
        self._saved_at = self.clock
        self._scratch = scratch
        scratch.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "profiles.example.yml", scratch / "profiles.yml")

    def document(self, resource: str, key: str, payload: dict[str, Any] | None) -> Document:
        """Make a document answered now; no payload makes a tombstone."""
        asked = {"request": f"GET {key}", "fetched_at": self.clock}
        if payload is None:
            return tombstone(RESOURCES[resource], key, **asked)  # type: ignore[arg-type]
        return document(RESOURCES[resource], key, payload, **asked)  # type: ignore[arg-type]

    def land(self, documents: Iterable[Document]) -> int | None:
        """Land them in one batch; the load's id, or None where nothing was new."""
        with connect(self.url) as connection:
            landed = land(connection, Batch(documents=list(documents)), run_id=uuid4())
        return landed.load_id

    def answer(self, payloads: dict[tuple[str, str], dict[str, Any] | None]) -> int | None:
        """Land payloads by resource and key, a minute after the last ones."""
        self.clock += timedelta(minutes=1)
        return self.land(
            self.document(resource, key, payload) for (resource, key), payload in payloads.items()
        )

    def dbt(self, *arguments: str, as_of: str = "2024-06-01") -> dbtRunnerResult:
        """Run dbt; asserts that it did what it was asked."""
        result = self.try_dbt(*arguments, as_of=as_of)
        assert result.success, _first_failure(result)
        return result

    def build(self, *models: str, more: Sequence[str] = (), as_of: str = "2024-06-01") -> None:
        """Run some models and what they are made of; all of them if none is named."""
        selection = ("--select", *made_of(*models)) if models else TABLES
        self.dbt("run", *selection, *more, as_of=as_of)

    def try_dbt(self, *arguments: str, as_of: str = "2024-06-01") -> dbtRunnerResult:
        """Run dbt and leave the judgement to the caller."""
        variables = f"{{as_of: '{as_of}'}}"
        with self._environment():
            told = [*arguments, "--vars", variables, *self._places()]
            return invoke(self._manifest(), told, is_patched=self._is_patched)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with connect(self.url) as connection:
            return connection.execute(query, values).fetchall()

    def execute(self, statement: str) -> None:
        """Tell the database something."""
        with connect(self.url) as connection:
            connection.execute(statement)

    def snapshot(self) -> Snapshot:
        """Every row of every table built from raw, as text, sorted."""
        with connect(self.url) as connection:
            tables = [
                SQL("select {0}, array(select t::text from {1} as t order by 1)").format(
                    Literal(f"{schema}.{table}"), Identifier(schema, table)
                )
                for schema, table in connection.execute(_BUILT, [list(BUILT_SCHEMAS)])
                if table not in BOOKS | NOW_VIEWS and not table.startswith("stg_")
            ]
            connection.execute("set jit = off; set max_parallel_workers_per_gather = 0")
            return dict(connection.execute(SQL(" union all ").join(tables)).fetchall())

    def forget(self) -> None:
        """Empty raw and drop all that was built."""
        with connect(self.url) as connection:
            filled = [table for (table,) in connection.execute(_FILLED)]
            if filled:
                tables = SQL(", ").join(Identifier("raw", table) for table in filled)
                connection.execute(SQL("truncate {} cascade").format(tables))
        self.drop()

    def drop(self) -> None:
        """Drop all that was built."""
        self.execute(f"drop schema if exists {', '.join(BUILT_SCHEMAS)} cascade")

    def save(self) -> None:
        """Keep a copy of the database beside it, as it is now, for `rewind`."""
        self._saved_at = self.clock
        with self._administrator() as administrator:
            administrator.execute(SQL("drop database if exists {}").format(self._copy))
            self._copied(administrator, self._copy, self._name)

    def rewind(self) -> None:
        """Make the database what it was when it was saved, under its name.

        The name has to stay: models note the SQL they were built by, and that names the database.
        """
        with self._administrator() as administrator:
            administrator.execute(SQL("drop database {} with (force)").format(self._name))
            self._copied(administrator, self._name, self._copy)
        self.clock = self._saved_at

    def drop_saved(self) -> None:
        """Drop the copy."""
        with self._administrator() as administrator:
            administrator.execute(SQL("drop database if exists {}").format(self._copy))

    def _administrator(self) -> Connection[Any]:
        return connect(make_conninfo(self.url, dbname="postgres"))

    @property
    def _name(self) -> Identifier:
        return Identifier(str(conninfo_to_dict(self.url)["dbname"]))

    @property
    def _copy(self) -> Identifier:
        return Identifier(f"{conninfo_to_dict(self.url)['dbname']}_saved")

    @staticmethod
    def _copied(administrator: Connection[Any], name: Identifier, template: Identifier) -> None:
        copied = SQL("create database {} template {} strategy file_copy").format(name, template)
        administrator.execute(copied)

    def _manifest(self) -> Manifest:
        """The parsed project, pointed at this warehouse: the database's name alone differs."""
        parsed = self._parsed or manifest(self._target)
        database = str(conninfo_to_dict(self.url)["dbname"])
        for node in (*parsed.nodes.values(), *parsed.sources.values()):
            if node.relation_name:
                before, after = f'"{node.database}".', f'"{database}".'
                node.relation_name = node.relation_name.replace(before, after, 1)
            node.database = database
        return parsed

    def _places(self) -> Sequence[str]:
        scratch = str(self._scratch)
        return (
            *("--project-dir", str(ROOT), "--profiles-dir", scratch, "--target", self._target),
            *("--target-path", f"{scratch}/target", "--no-write-json", *SILENCE),
        )

    @contextmanager
    def _environment(self) -> Any:
        os.environ["DATABASE_URL"] = self.url
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"]


def _first_failure(result: dbtRunnerResult) -> str:
    if result.exception:
        return str(result.exception)
    outcomes = getattr(result.result, "results", [])
    failed = [o for o in outcomes if o.status in ("error", "fail", "runtime error")]
    return "; ".join(f"{o.node.name}: {o.message}" for o in failed[:3]) or "no result"


def differences(left: Snapshot, right: Snapshot) -> list[str]:
    """The first row in which two warehouses differ, for each table that does."""
    found = []
    for table in sorted(left.keys() | right.keys()):
        only_left = sorted(set(left.get(table, [])) - set(right.get(table, [])))
        only_right = sorted(set(right.get(table, [])) - set(left.get(table, [])))
        if left.get(table) != right.get(table):
            found.append(f"{table}: left only {only_left[:1]}, right only {only_right[:1]}")
    return found
