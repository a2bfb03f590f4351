"""`showhouse serve`: several workers, figures over all of them, an orderly end; settings said."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from api.access import new_key
from extract.postgres.server import Server
from tests.api.conftest import fresh_database
from tests.api.marts import create_marts
from tests.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SLOW = """
create function marts.slowly() returns text volatile language plpgsql as
$$ begin perform pg_sleep(3); return '{}'; end $$;
alter table marts.network_documents rename to kept;
create view marts.network_documents as
    select network_id, etag, marts.slowly() as document from marts.kept;
grant select on marts.network_documents, marts.kept to showhouse_reader;
"""

_SLEEPING = """
    select pid from pg_stat_activity
    where datname = current_database() and wait_event = 'PgSleep'
"""
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
UPGRADE |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(url: str, port: int, *options: str, **environment: str) -> "subprocess.Popen[str]":
    return _run(url, ["flows.cli", "serve", "--port", str(port), *options], **environment)


def _run(url: str, module: list[str], **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(url: str, *options: str) -> Iterator[tuple[httpx.Client, "subprocess.Popen[str]"]]:
    """Serve in a process of its own, ended at the end if it still runs."""
    port = _free_port()
    process = _start(url, port, *options)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as client:
            _await_start(client, process)
            yield client, process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def _await_start(client: httpx.Client, process: "subprocess.Popen[str]") -> None:
    def is_ready() -> bool:
        assert process.poll() is None, process.communicate()
        try:
            return client.get("/ready").status_code == 200
        except httpx.TransportError:
            return False

    wait_until(is_ready, "the API did not start", every=0.1)


@pytest.fixture(scope="module")
def slow_marts(server: Server) -> Iterator[str]:
    """Marts of which a network takes its time."""
    with fresh_database(server) as url:
        create_marts(url)
        with psycopg.connect(url) as connection:
            connection.execute(SLOW)
        yield url


def test_workers_share_their_figures_and_end_when_the_last_answer_is_given(
    slow_marts: str,
) -> None:
    with serving(slow_marts, "--workers", "2") as (client, process):
        for _ in range(20):  # connections of their own, so that both workers are asked
            assert httpx.get(f"{client.base_url}/shows/tmdb:1396", timeout=300).status_code == 200
        figures = client.get("/metrics").text
        asked = 'requests_total{method="GET",path="/shows/{id}",status="200"} 20.0'
        assert asked in figures
        answers: list[Any] = []
        thread = threading.Thread(target=lambda: answers.append(client.get("/networks/174")))
        thread.start()
        with psycopg.connect(slow_marts, autocommit=True) as onlooker:
            wait_until(lambda: onlooker.execute(_SLEEPING).fetchone(), "nothing is asked for")
        process.send_signal(signal.SIGTERM)
        thread.join()
        assert answers[0].status_code == 200
        assert process.wait(timeout=PATIENCE_SECONDS) in (0, -signal.SIGTERM)
        with pytest.raises(httpx.TransportError):
            client.get("/health")


def test_a_wrong_setting_is_said_once_before_anything_starts(slow_marts: str) -> None:
    process = _start(slow_marts, _free_port(), "--workers", "2", SHOWHOUSE_API_KEYS="hunter2")
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert said.count("`SHOWHOUSE_API_KEYS` is wrong") == 1
    assert "hunter2" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("options", [[], ["--http", "api.serving:BoundedProtocol"]], ids=str)
def test_under_uvicorn_alone_no_line_holds_a_key_sent_in_an_address(
    marts: str, options: list[str]
) -> None:
    """As docs/api.md says to: uvicorn's own log of requests would show each address whole."""
    key, entry = new_key("ann", "viewer")
    port = _free_port()
    command = ["uvicorn", "api.app:create_app", "--factory", "--port", str(port), *options]
    process = _run(marts, command, SHOWHOUSE_API_KEYS=entry)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as client:
            _await_start(client, process)
            statuses = {
                name: client.get(f"/3/tv/1396?{name}={key}").status_code
                for name in ("api_key", "api_%6Bey", "key")
            }
            upgraded = client.get(f"/3/tv/1396?api_key={key}", headers=UPGRADE).status_code
    finally:
        process.terminate()
        said = "".join(process.communicate(timeout=PATIENCE_SECONDS))
    assert (statuses, upgraded) == ({"api_key": 200, "api_%6Bey": 200, "key": 401}, 403)
    assert said.count('"path":"/3/tv/1396"') == len(statuses), said
    assert key not in said


def test_a_key_is_shown_with_the_entry_that_admits_it() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "flows.cli", "key", "ann", "--role", "admin"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    key, entry = made.stdout.split()
    assert entry.startswith("ann:admin:")
    assert key not in entry
    wrong = subprocess.run(
        [sys.executable, "-m", "flows.cli", "key", "a:b"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 2
