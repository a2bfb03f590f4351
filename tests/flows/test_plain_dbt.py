"""dbt as an analytics engineer calls it, from the root of the repository, without our command."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from extract.postgres.connections import connect
from extract.settings import ROOT

pytestmark = pytest.mark.build


def test_everything_builds_in_an_empty_warehouse_and_every_test_holds(
    database: str, profile: None, tmp_path: Path
) -> None:
    """Models, unit tests and tests of data: all that the project has, once.

    At the end dbt names what stands in a schema of the warehouse and is of no model.
    """
    with connect(database) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.renamed_away as select 1 as id")
    ended = subprocess.run(
        [
            str(Path(sys.executable).parent / "dbt"),
            "build",
            "--target-path",
            str(tmp_path / "target"),
        ],
        env=os.environ | {"DATABASE_URL": database, "DBT_LOG_PATH": str(tmp_path / "logs")},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    [unit_tests] = {int(count) for count in re.findall(r"(\d+) unit tests", ended.stdout)}
    assert unit_tests > 50, ended.stdout
    assert "WARN=0 ERROR=0 SKIP=0" in ended.stdout, ended.stdout
    assert "No model makes marts.renamed_away: " in ended.stdout, ended.stdout
