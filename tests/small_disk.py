"""A disk that is full when a test wants it to be: a file system of a few megabytes, in memory."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_STEP = 64 * 1024


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Mount one where the account of the embedded server reaches it, too.

    The test is skipped where nobody may.
    """
    at = Path(tempfile.mkdtemp(prefix="showhouse-disk-"))
    at.chmod(0o755)
    options = f"size={megabytes}m,mode=0755"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(at)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"nothing can be mounted here: {error}")
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)
        at.rmdir()


@contextmanager
def filled(disk: Path, *, but_for: int) -> Iterator[None]:
    """Fill a disk, but for so many bytes, for the length of a block."""
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * _STEP)
            except OSError:
                file.truncate(max(0, file.tell() - but_for))
        yield
    finally:
        filler.unlink()
