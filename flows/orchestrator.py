"""Prefect for one run of the command: a server of our own, for as long as the command lasts.

Prefect would start one by itself at the first flow. For that it imports the whole server into the
client (6.7 s before the server's own 6.4 s), and it leaves it running when the client is killed.
Ours is started at once, beside other work, and ends with the pipe that ties it to its parent.

Where `PREFECT_API_URL` names a server, that one is used and none is started. Call `start_server`
before anything imports prefect: it reads its environment once, at import.
"""

import atexit
import fcntl
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flows.errors import PrefectNotStarted

STARTUP_SECONDS = 90
DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "extract",  # so that the run's page holds what they say
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(STARTUP_SECONDS),
}


def start_server(home: Path, *, verbose: bool = False) -> Callable[[], None]:
    """Start the server whose state is under `home`/prefect; the function returned waits for it."""
    os.environ.update({name: os.environ.get(name, value) for name, value in DEFAULTS.items()})
    if not verbose:
        # What went wrong is in the command's own summary; the run's page keeps Prefect's log.
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    if os.environ.get("PREFECT_API_URL"):
        return _ready
    folder = home / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{free_port()}/api"
    os.environ.update(PREFECT_HOME=str(folder), PREFECT_API_URL=url)
    process: list[subprocess.Popen[bytes]] = []

    def start_and_wait() -> None:
        with _one_at_a_time(folder):
            process.append(_spawn(folder, url))
            _wait_until_healthy(process[0], url, folder / "server.log")

    return _in_background(start_and_wait, process)


def _ready() -> None:
    """There is nothing to wait for."""


def _in_background(
    start_and_wait: Callable[[], None], process: list[subprocess.Popen[bytes]]
) -> Callable[[], None]:
    """Run it in a thread; the function returned joins the thread and raises what it raised."""
    errors: list[Exception] = []

    def start() -> None:
        try:
            start_and_wait()
        except Exception as error:
            errors.append(error)

    def wait() -> None:
        thread.join()
        if errors:
            raise errors[0]

    # Registered before prefect is imported, so that it runs after prefect has sent its last events.
    atexit.register(_stop, process)
    thread = threading.Thread(target=start, name="prefect-server", daemon=True)
    thread.start()
    return wait


def _stop(process: list[subprocess.Popen[bytes]]) -> None:
    for server in process:
        server.terminate()
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two first runs at once would create the same tables of Prefect's database twice."""
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def free_port() -> int:
    """A port of this machine that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _spawn(folder: Path, url: str) -> subprocess.Popen[bytes]:
    server = {"PREFECT_SERVER_UI_ENABLED": "false", "PREFECT__SERVER_EPHEMERAL": "1"}
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.orchestrator", url],
            stdin=subprocess.PIPE,  # held open by us, and never written to
            stdout=log,
            stderr=log,
            env=_environment_of_server(os.environ) | server,
            cwd=Path(__file__).parents[1],
        )


def _environment_of_server(environment: Mapping[str, str]) -> dict[str, str]:
    """The server answers itself, and needs no secret of ours."""
    ours = ("TMDB_", "AWS_", "SHOWHOUSE_", "DATABASE_URL", "PREFECT_API_URL")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise PrefectNotStarted(f"it exited with code {process.returncode}", log)
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise PrefectNotStarted(f"it did not answer within {STARTUP_SECONDS} s", log)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _serve(url: str) -> None:
    import uvicorn

    threading.Thread(target=_end_with_parent, daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=int(url.rpartition(":")[2].partition("/")[0]),
        log_level="error",
        lifespan="on",
    )


if __name__ == "__main__":
    _serve(sys.argv[1])
