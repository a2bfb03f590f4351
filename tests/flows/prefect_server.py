"""A Prefect server for tests: flows run on it, and its API says what their pages show."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.settings import ROOT

SECONDS_TO_START = 180
SECONDS_TO_ARRIVE = 60


def free_port() -> int:
    """A port of this machine that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class PrefectServer:
    """A server that runs; `url` is what `PREFECT_API_URL` is set to."""

    url: str

    def artifacts(self, run_id: object) -> dict[str, Any]:
        """What the page of a flow run shows, by key."""
        run = {"flow_runs": {"id": {"any_": [str(run_id)]}}}
        return {
            each["key"]: json.loads(each["data"]) if each["type"] == "table" else each["data"]
            for each in self._ask("artifacts", run)
            if each["key"]  # results are artifacts, too, without one
        }

    def tasks(self, run_id: object) -> list[tuple[str, str, int]]:
        """The tasks of a flow run in the order they began: name, state, how often they ran."""
        run = {"flow_runs": {"id": {"any_": [str(run_id)]}}, "sort": "EXPECTED_START_TIME_ASC"}
        deadline = time.monotonic() + SECONDS_TO_ARRIVE
        while True:  # the states of tasks arrive as events, after the run has ended
            tasks = self._ask("task_runs", run)
            is_final = all(each["end_time"] for each in tasks)
            if (tasks and is_final) or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        tasks.sort(key=lambda each: str(each["start_time"]))
        return [
            (each["name"].rpartition("-")[0], each["state_type"], each["run_count"])
            for each in tasks
        ]

    def _ask(self, things: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        request = urllib.request.Request(
            f"{self.url}/{things}/filter",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: list[dict[str, Any]] = json.load(answer)
            return found


@contextmanager
def prefect_server(home: Path) -> Iterator[PrefectServer]:
    """A server whose state is under `home`, for the length of a block."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "prefect.server.api.server:create_app"]
    command += ["--factory", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    variables = {"PREFECT_HOME": str(home), "PREFECT_SERVER_UI_ENABLED": "false"}
    with (
        (home / "server.log").open("ab") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=os.environ | variables, stdout=log, stderr=log
        ) as process,
    ):
        try:
            server = PrefectServer(f"http://127.0.0.1:{port}/api")
            _wait_until_healthy(server, process, home / "server.log")
            yield server
        finally:
            process.kill()  # nobody reads its state again


def _wait_until_healthy(
    server: PrefectServer, process: "subprocess.Popen[bytes]", log: Path
) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with (
            suppress(OSError),
            urllib.request.urlopen(f"{server.url}/health", timeout=5),
        ):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())
