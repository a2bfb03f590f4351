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
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.whole.house import TOKEN, House
from tests.whole.proofs import track_all

pytestmark = pytest.mark.long

SERIES = 40
HELD = "select count(*) from raw.tmdb_tv_details where is_latest"
COMMAND = [sys.executable, "-m", "flows.cli"]


def ask(server: Server, query: str) -> Any:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


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
                "TMDB_REQUESTS_PER_SECOND": "4",  # ten seconds, in which the restart comes
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
                wait_until(tmdb.requests, "nothing is asked for")
                assert first.poll() is None
                server.stop()
                server.start()
                said = first.communicate(timeout=PATIENCE_SECONDS)[1].decode()
            assert first.returncode in (0, 1)  # it may have waited
            assert "Traceback" not in said
            with extract() as second:
                second.communicate(timeout=PATIENCE_SECONDS)
            assert second.returncode == 0
        assert ask(server, HELD) == [(SERIES,)]
        of_series = "select distinct status from raw.fetches where resource like 'tmdb_tv_%'"
        assert ask(server, of_series) == [("ok",)]
    finally:
        server.remove()


def test_a_build_and_a_mirror_that_lose_postgres_say_so_and_the_next_ones_complete(
    tmp_path: Path,
) -> None:
    options = Options(series_count=8, people_count=20, tokens=(TOKEN,))
    with tmdb_server(options) as tmdb:
        house = House(tmp_path, tmdb, variables={"TMDB_REQUESTS_PER_SECOND": "400"})
        server = Server(house.home)
        try:
            track_all(house)
            assert house.call("extract").code == 0
            begun = "select coalesce(max(build_id), 0) from staging.builds"
            with house.start("build") as process:
                wait_until(
                    lambda: house.one("select to_regclass('staging.builds') is not null"),
                    "no build begins",
                )
                wait_until(lambda: house.one(begun), "no build begins")
                time.sleep(1.0)
                restart_under(process, server)
            assert house.call("build").code == 0

            tmdb.latency(2.0)  # three rounds of twenty connections, while the restart comes
            with house.start("mirror") as process:
                wait_until(lambda: tmdb.requests("/t/p/"), "no image is asked for")
                restart_under(process, server)
            tmdb.latency(0.0)
            again = house.call("mirror")
            assert again.code == 0, again.err
            assert ", 0 stored" not in again.out, "the restart came too late to show anything"
            assert ", 0 stored" in house.call("mirror").out
            said = [path.read_text() for path in (house.root / "said").iterdir()]
            assert not any("Traceback" in text or "--verbose" in text for text in said), said
        finally:
            server.remove()


def restart_under(process: "subprocess.Popen[bytes]", server: Server) -> None:
    """Restart Postgres while a process is at work; it may wait for it, or give up."""
    assert process.poll() is None, "the restart comes too late to show anything"
    server.stop()
    server.start()
    assert process.wait(180) in (0, 1)
