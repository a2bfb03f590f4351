"""What Prefect tries again, and what it does not: seen from its own books."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from extract.settings import ROOT
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

EXTRACT_ONE = """
import sys
from pathlib import Path
from flows.orchestrator import start_server
start_server(Path(sys.argv[1]))()
from prefect import flow
from extract.keys import Selection
from flows import tasks

@flow(name="once")
def once() -> None:
    at_once = tasks.extract_batch.with_options(retry_delay_seconds=0)
    at_once(Selection(tmdb_ids=(1,), force=True))

once(return_state=True)
"""


def attempts(home: Path, **variables: str) -> int:
    """How often Prefect ran the task that extracts, before it gave up."""
    ended = subprocess.run(
        [sys.executable, "-c", EXTRACT_ONE, str(home)],
        env={**os.environ, "SHOWHOUSE_HOME": str(home), **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert ended.returncode == 0, ended.stderr
    with contextlib.closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database:
        [(state, count)] = database.execute("select state_type, run_count from task_run").fetchall()
    assert state == "FAILED"
    return int(count)


def test_a_database_that_is_away_is_tried_again(tmp_path: Path) -> None:
    away = "postgresql://someone@127.0.0.1:1/nowhere"
    assert attempts(tmp_path, DATABASE_URL=away, TMDB_BEARER_TOKEN="any") == 3


def test_rejected_credentials_are_not_tried_again(database: str, tmp_path: Path) -> None:
    with tmdb_server(Options(series_count=3, tokens=("right",))) as tmdb:
        variables = {"DATABASE_URL": database, "TMDB_BASE_URL": tmdb.base_url}
        assert attempts(tmp_path, TMDB_BEARER_TOKEN="wrong", **variables) == 1
