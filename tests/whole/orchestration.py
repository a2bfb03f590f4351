"""One Prefect server for many runs of a test: starting one for each takes longer than its work."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extract.settings import ROOT

_PROGRAM = """
import os, sys
from pathlib import Path
from flows.orchestrator import start_server
start_server(Path(sys.argv[1]))()
print(os.environ["PREFECT_API_URL"], flush=True)
sys.stdin.read()
"""


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """The address of a server whose state is under `home`, for the length of a block."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(home)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate(timeout=60)
