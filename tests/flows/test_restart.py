"""Postgres goes down and comes back while a run is under way."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from extract.postgres.server import Server
from extract.settings import ROOT
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

SERIES = 40
HELD = "select count(*) from raw.tmdb_tv_details where is_latest"
COMMAND = [sys.executable, "-m", "flows.cli"]


def ask(server: Server, query: str) -> Any:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.mark.timeout(400)
def test_what_was_landed_before_a_restart_stays_and_the_next_run_brings_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(tmp_path / "home")
    options = Options(series_count=SERIES, latency_seconds=0.05)
    try:
        with tmdb_server(options) as tmdb:
            environment = os.environ | {
                "DATABASE_URL": "",
                "SHOWHOUSE_HOME": str(tmp_path / "home"),
                "TMDB_BASE_URL": tmdb.base_url,
                "TMDB_BEARER_TOKEN": "any",
                "TMDB_REQUESTS_PER_SECOND": "20",
            }
            ids = [argument for number in tmdb.ids() for argument in ("--tmdb-id", str(number))]

            def extract() -> "subprocess.Popen[bytes]":
                return subprocess.Popen(
                    [*COMMAND, "extract", "--series-only", *ids],
                    env=environment,
                    cwd=ROOT,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                )

            with extract() as first:
                deadline = time.monotonic() + 120
                while not tmdb.requests() and time.monotonic() < deadline:
                    time.sleep(0.05)
                time.sleep(0.5)
                assert first.poll() is None
                server.stop()
                server.start()
                said = first.communicate(timeout=120)[1].decode()
            assert first.returncode in (0, 1)  # it may have waited
            assert "Traceback" not in said
            with extract() as second:
                second.communicate(timeout=120)
            assert second.returncode == 0
        assert ask(server, HELD) == [(SERIES,)]
        of_series = "select distinct status from raw.fetches where resource like 'tmdb_tv_%'"
        assert ask(server, of_series) == [("ok",)]
    finally:
        server.remove()
