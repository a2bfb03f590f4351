"""Which processes work in a data directory, as /proc tells: every one of a server's does so.

Where there is no /proc, nothing is known, and Postgres's own checks have to do.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_PROC = Path("/proc")
_DELETED = " (deleted)"


def known() -> bool:
    """Whether the system tells."""
    return (_PROC / "self" / "cwd").is_symlink()


def working_in(data: Path) -> list[int]:
    """The processes that work in the data directory that lies there now."""
    return [pid for pid, folder in _folders() if folder == str(data)]


def end_deserted(data: Path) -> None:
    """End at once the server of a deleted data directory that lay at this path.

    It writes by path: going down cleanly it would write into whatever lies there next.
    """

    def remaining() -> list[int]:
        return [pid for pid, folder in _folders() if folder == f"{data}{_DELETED}"]

    for pid in remaining():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
    wait_for(lambda: not remaining(), 10)


def _folders() -> Iterator[tuple[int, str]]:
    for entry in _PROC.iterdir() if known() else ():
        if entry.name.isdigit():
            try:
                yield int(entry.name), os.readlink(entry / "cwd")  # noqa: PTH115 - keeps "(deleted)"
            except OSError:
                continue


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until the condition holds; whether it does in time."""
    deadline = time.monotonic() + seconds
    while not (done := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return done
