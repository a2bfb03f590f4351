"""The Prefect server of a single run: it comes up, two at once too, and never outlives its run."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

RUN = """
import os, sys, time
from pathlib import Path
from flows.orchestrator import start_server
start_server(Path(sys.argv[1]))()
print(os.environ["PREFECT_API_URL"], flush=True)
sys.stdin.read()
"""


def start(home: Path, **variables: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )


def address(run: "subprocess.Popen[str]") -> str:
    assert run.stdout is not None
    return run.stdout.readline().strip()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def falls_silent(url: str) -> bool:
    deadline = time.monotonic() + 60
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not answers(url)


def test_two_first_runs_of_one_home_at_once_both_get_a_server(tmp_path: Path) -> None:
    runs = [start(tmp_path), start(tmp_path)]
    urls = [address(run) for run in runs]
    assert all(answers(url) for url in urls)
    assert len(set(urls)) == 2
    for run in runs:
        run.communicate(timeout=120)
    assert not any(answers(url) for url in urls)
    assert [run.returncode for run in runs] == [0, 0]
    assert (tmp_path / "prefect" / "prefect.db").is_file()


def test_the_server_ends_when_its_run_is_killed(tmp_path: Path) -> None:
    with start(tmp_path) as run:
        url = address(run)
        assert answers(url)
        os.kill(run.pid, signal.SIGKILL)
    assert falls_silent(url)


def test_a_server_that_the_user_names_is_used_and_none_is_started(tmp_path: Path) -> None:
    with start(tmp_path, PREFECT_API_URL="http://127.0.0.1:1/api") as run:
        assert address(run) == "http://127.0.0.1:1/api"
        run.communicate(timeout=120)
    assert not (tmp_path / "prefect").exists()
