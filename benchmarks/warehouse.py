"""A warehouse to measure: an embedded server in a temporary home, databases on it, dbt's runs."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg

from extract.postgres.migrations import migrate
from extract.postgres.server import Server
from extract.registry import RESOURCES
from extract.settings import ROOT

DROP: LiteralString = "drop database if exists bench with (force)"
CREATE: LiteralString = "create database bench"


@dataclass(frozen=True, slots=True)
class Scratch:
    """A server that is gone afterwards, with its usual durable settings, and a folder for files."""

    server: Server
    folder: Path

    def fresh(self) -> str:
        """Give an empty database, and nothing left to write out from the one before."""
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute(DROP)
            connection.execute(CREATE)
            connection.execute("checkpoint")
        return self.server.url("bench")

    def cpu_seconds(self) -> float:
        """Processor seconds that this Postgres has taken so far, its ended processes included."""
        with psycopg.connect(self.server.url("postgres")) as connection:
            [(folder,)] = connection.execute("show data_directory").fetchall()
        pid = Path(folder, "postmaster.pid").read_text().split()[0]
        ticks = sum(map(int, _stat(pid)[11:15]))
        for each in Path("/proc").iterdir():
            with suppress(OSError):
                if each.name.isdigit() and _stat(each.name)[1] == pid:
                    ticks += sum(map(int, _stat(each.name)[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def migrated(self) -> str:
        """Give a fresh database with the raw schema."""
        url = self.fresh()
        migrate(url, [(resource.name, resource.entity) for resource in RESOURCES.values()])
        return url


def _stat(pid: str) -> list[str]:
    """What Linux tells of a process after its name: its state, its parent and so on."""
    return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Start a server in a temporary home; told to terminate, this process removes it first."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Terminated."))
    with tempfile.TemporaryDirectory(prefix="showhouse-bench-") as folder:
        server = Server(Path(folder) / "home")
        server.start()
        try:
            yield Scratch(server, Path(folder))
        finally:
            server.remove()


@contextmanager
def database(url: str | None) -> Iterator[str]:
    """Give a migrated database: the one at the URL, else one on a server of its own."""
    if url is not None:
        migrate(url, [(resource.name, resource.entity) for resource in RESOURCES.values()])
        yield url
        return
    with scratch() as made:
        yield made.migrated()


@dataclass(frozen=True, slots=True)
class Node:
    """What dbt did with one model or test."""

    name: str
    kind: str
    seconds: float
    rows: int
    is_whole: bool
    """Built as a whole each time: a rank or a share of everything."""


def run_dbt(url: str, folder: Path, *arguments: str) -> list[Node]:
    """Run dbt in this process on the database at `url`; `folder` keeps what it parsed.

    Raises RuntimeError where anything fails.
    """
    from dbt.cli.main import dbtRunner

    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "profiles.example.yml", folder / "profiles.yml")
    os.environ |= {"DATABASE_URL": url, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    done = dbtRunner().invoke([*arguments, *_places(folder)])
    if not done.success:
        failed = [
            f"{each.node.name}: {each.message}"
            for each in getattr(done.result, "results", ())
            if each.status in ("error", "fail")
        ]
        raise RuntimeError(f"dbt {arguments[0]} failed: {done.exception or failed}")
    results = getattr(done.result, "results", ())
    return [
        Node(
            each.node.name,
            str(each.node.resource_type),
            each.execution_time,
            int(each.adapter_response.get("rows_affected", 0) or 0),
            each.node.config.materialized == "table",
        )
        for each in results
    ]


def _places(folder: Path) -> Sequence[str]:
    return (
        *("--project-dir", str(ROOT), "--profiles-dir", str(folder)),
        *("--target-path", str(folder / "target"), "--log-level", "none"),
        *("--log-level-file", "none"),
    )
