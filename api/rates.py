"""How often each key may ask: a generic cell rate, one number for each key.

The numbers lie in memory that the workers of one `showhouse serve` share (a file in the folder that
it makes for them), so that four workers do not allow four times as much. Alone, a process keeps
them to itself. Other machines count for themselves.
"""

import fcntl
import mmap
import os
import struct
import time
from pathlib import Path
from tempfile import TemporaryFile

# `showhouse serve` names a folder for its workers here; the metrics are summed over it as well.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_NUMBER = struct.Struct("d")


class Allowances:
    """For each of `count` callers, when it will have used up what it asked for."""

    def __init__(self, count: int, burst_seconds: float) -> None:
        folder = os.environ.get(SHARED_FOLDER)
        with Path(folder, "allowances").open("a+b") if folder else TemporaryFile() as file:
            self._lock = os.dup(file.fileno())
        self._burst = burst_seconds
        size = max(1, count) * _NUMBER.size
        os.ftruncate(self._lock, size)
        self._numbers = mmap.mmap(self._lock, size)

    def take(self, place: int, per_second: float) -> float:
        """Ask once; 0 if that is allowed, else the seconds until it is (nothing is used up)."""
        offset = place * _NUMBER.size
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            now = time.monotonic()  # one clock for all processes of a machine
            paid_until = max(now, _NUMBER.unpack_from(self._numbers, offset)[0])
            wait = float(paid_until + 1 / per_second - now - max(self._burst, 1 / per_second))
            if wait > 0:
                return wait
            _NUMBER.pack_into(self._numbers, offset, paid_until + 1 / per_second)
            return 0.0
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)
