"""`prefect deployment run 'refresh/daily'` as in production: a server, a work pool, a worker."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from extract.run import Selection, extract
from extract.settings import ROOT, Settings
from tests.conftest import Fresh
from tests.flows.conftest import Showhouse
from tests.flows.prefect_server import free_port
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.whole.edits import expected_requests, requests_for_series

PREFECT = [sys.executable, "-m", "prefect"]
TOKEN = "token-that-must-be-seen-nowhere"
SERIES = 12
SHARDS = 2
FINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


class Site:
    """Prefect's command line, with an environment and a log."""

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self.url = f"http://127.0.0.1:{free_port()}/api"
        self.log = home / "prefect.log"
        self.environment = environment | {
            "PREFECT_HOME": str(home / "prefect"),
            "PREFECT_API_URL": self.url,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }

    def prefect(self, *arguments: str) -> str:
        ended = subprocess.run(
            [*PREFECT, "--no-prompt", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    @contextmanager
    def running(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A process of Prefect's for the length of a block, ended by its id."""
        with (
            self.log.open("ab") as log,
            subprocess.Popen(
                [*PREFECT, *arguments], env=self.environment, cwd=ROOT, stdout=log, stderr=log
            ) as process,
        ):
            try:
                yield process
            finally:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """An answer of Prefect's own API, which costs less than another start of its command.

        Its database, SQLite, is locked at times: it says 503 or nothing, and its own client asks
        again, too.
        """
        request = urllib.request.Request(
            f"{self.url}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with urllib.request.urlopen(request, timeout=300) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                with error:
                    if error.code != 503 or time.monotonic() > deadline:
                        raise
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.5)

    def start(self, deployment: str, **parameters: object) -> str:
        """Ask for a run of a deployment now; its id."""
        found = self.ask(f"deployments/name/{deployment}")
        asked = {"parameters": found["parameters"] | parameters}
        return str(self.ask(f"deployments/{found['id']}/create_flow_run", asked)["id"])

    def outcome_of(self, run: str) -> str:
        """How a run ended, once it has."""
        state = ""

        def has_ended() -> bool:
            nonlocal state
            state = self.ask(f"flow_runs/{run}")["state_type"]
            return state in FINAL

        self._wait_until(has_ended)
        return state

    def wait_until_running(self, deployment: str, count: int) -> None:
        """Wait until so many runs of a deployment are under way."""
        under_way = {
            "deployments": {"name": {"any_": [deployment]}},
            "flow_runs": {"state": {"type": {"any_": ["RUNNING"]}}},
        }
        self._wait_until(lambda: int(self.ask("flow_runs/count", under_way)) >= count)

    def scheduled_runs(self) -> int:
        """How many runs the schedules have brought forth that have not begun."""
        waiting = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        return int(self.ask("flow_runs/count", waiting))

    def pause_schedules(self) -> None:
        """Once they have brought forth runs, so that the hour of a test never starts one.

        A run of theirs that goes on when the test asks for the same would cancel the test's.
        """
        self._wait_until(lambda: self.scheduled_runs() > 0)
        self._wait_until(lambda: self._paused() and self.scheduled_runs() == 0)

    def _paused(self) -> bool:
        for deployment in self.ask("deployments/filter", {}):
            self.ask(f"deployments/{deployment['id']}/pause_deployment", {})
        return True

    def answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=60):
            return True
        return False

    def wait_until_it_answers(self) -> None:
        self._wait_until(self.answers)

    def _wait_until(self, holds: Callable[[], bool]) -> None:
        wait_until(holds, self.log.read_text, every=0.3)


@pytest.fixture
def site(environment: dict[str, str], profile: None, settings: Settings) -> Site:
    home = settings.showhouse_home
    home.mkdir(parents=True)
    return Site(home, dict(os.environ))


def asking(tmdb: Tmdb) -> dict[str, str]:
    """The settings under which the test server is asked."""
    return {
        "tmdb_base_url": tmdb.base_url,
        "tmdb_image_base_url": tmdb.image_base_url,
        "tmdb_exports_base_url": tmdb.exports_base_url,
    }


def artifacts(home: Path, key: str) -> list[str]:
    """The texts of the artifacts of that key that Prefect holds, oldest first."""
    with contextlib.closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database:
        rows = database.execute("select data from artifact where key = ? order by created", [key])
        return [json.loads(row[0]) for row in rows]


def count(settings: Settings, query: str) -> int:
    with psycopg.connect(settings.database_url or "") as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return int(row[0])


def _a_lost_worker_s_share_is_taken_up(site: Site, settings: Settings, tmdb: Tmdb) -> None:
    tmdb.latency(3.0)
    run = site.start("refresh/hourly", shards=SHARDS)
    site.wait_until_running("hourly", 1)
    with site.running("worker", "start", "--pool", "showhouse") as lost:
        site.wait_until_running("shard", SHARDS)
        wait_until(lambda: tmdb.requests("/3/tv/"), site.log.read_text)
        for process in _family(lost.pid):
            os.kill(process, signal.SIGKILL)
    assert count(settings, "select count(*) from raw.tmdb_tv_details") < SERIES
    tmdb.latency(0.0)
    assert site.outcome_of(run) == "COMPLETED", site.log.read_text()


def landed(url: str) -> dict[tuple[str, str], bytes]:
    """What is held of TMDb by resource and key: the hash of each latest version."""
    tables = "select tablename from pg_tables where schemaname = 'raw' and tablename like 'tmdb%%'"
    with psycopg.connect(url) as connection:
        return {
            (table, key): payload_hash
            for (table,) in connection.execute(tables).fetchall()
            for key, payload_hash in connection.execute(
                f"select key, payload_hash from raw.{table} where superseded_by is null".encode()
            )
        }


def _a_shared_run_asks_once_and_tells_what_failed_in_a_share(site: Site, tmdb: Tmdb) -> None:
    """A part that is refused is no longer due when the shares have ended: they alone know of it."""
    tmdb.clear()
    [first, *_] = tmdb.ids()
    tmdb.override(first, "keywords", {"id": "another"})
    run = site.start("refresh/hourly", shards=SHARDS, force=True)
    assert site.outcome_of(run) == "FAILED", site.log.read_text()
    assert requests_for_series(tmdb) == expected_requests(tmdb, tmdb.ids())
    tmdb.forget_overrides(first)


def _family(pid: int) -> list[int]:
    """A process and all that it has started, itself and by others."""
    listed = subprocess.run(["ps", "-A", "-o", "ppid=,pid="], capture_output=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found = [pid]
    for each in found:
        found += [child for parent, child in pairs if parent == each]
    return found


@pytest.mark.long
def test_deployments_run_through_a_server_and_a_worker_and_what_was_done_is_not_done_again(
    site: Site, showhouse: Showhouse, settings: Settings, fresh: Fresh
) -> None:
    with tmdb_server(Options(series_count=SERIES, people_count=40, tokens=(TOKEN,))) as tmdb:
        site.environment |= {name.upper(): value for name, value in asking(tmdb).items()}
        site.environment |= {"TMDB_BEARER_TOKEN": TOKEN, "PREFECT_WORKER_QUERY_SECONDS": "2"}
        assert showhouse("track", "add", *map(str, tmdb.ids())).code == 0
        port = site.url.rpartition(":")[2].partition("/")[0]
        with site.running("server", "start", "--no-ui", "--port", port):
            site.wait_until_it_answers()
            site.prefect("work-pool", "create", "showhouse", "--type", "process")
            site.prefect("deploy", "--all", "--prefect-file", "flows/prefect.yaml")
            site.pause_schedules()
            # One worker has room for the run that waits, so that all shares are with the other.
            with site.running("worker", "start", "--pool", "showhouse", "--limit", "1"):
                _a_lost_worker_s_share_is_taken_up(site, settings, tmdb)
            another = {"database_url": fresh(), "tmdb_bearer_token": SecretStr(TOKEN)}
            undisturbed = settings.model_copy(update=asking(tmdb) | another)
            asyncio.run(extract(undisturbed, Selection(tmdb_ids=tuple(tmdb.ids()))))
            versions = landed(settings.database_url or "")
            assert versions == landed(undisturbed.database_url or "")
            assert len(versions) > 10 * SERIES, "people and what else is found are among them"
            with site.running("worker", "start", "--pool", "showhouse"):
                _a_shared_run_asks_once_and_tells_what_failed_in_a_share(site, tmdb)
                said = site.prefect("deployment", "run", "refresh/daily", "--watch")
                assert "Completed" in said, said + site.log.read_text()
                others = [site.start("refresh/hourly"), site.start("mirror-images/nightly")]
                assert [site.outcome_of(run) for run in others] == ["COMPLETED", "COMPLETED"]
    assert count(settings, "select count(*) from core.shows") == SERIES
    hosted = "select count(*) from core.networks where hosted_logo_key is not null"
    assert count(settings, hosted) > 0
    pages = artifacts(settings.showhouse_home, "refresh-summary")
    # Of the lost shares those that the worker had not landed, which may be all.
    assert any(re.search(r"\b[1-9]\d* series", page) for page in pages), pages
    assert any("Nothing was due." in page for page in pages), pages
    told = r"- Share \d/2 ended as Failed: .*1 answers were rejected"
    assert any(re.search(told, page) for page in pages), pages
    mirrored = artifacts(settings.showhouse_home, "mirror-images-summary")
    assert any("0 wanted, 0 stored" in page for page in mirrored)
    held = [path for path in settings.showhouse_home.rglob("*") if path.is_file()]
    assert [path for path in held if TOKEN.encode() in path.read_bytes()] == []
