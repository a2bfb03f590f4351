"""Every test is of one lane, a lane reads what it needs, and a group runs in one process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from extract.settings import ROOT
from tests.lanes import LANES

pytestmark = pytest.mark.slow

CONFTEST = """
import pytest
from tests.conftest import (
    pytest_addoption, pytest_collection_modifyitems, pytest_ignore_collect
)

@pytest.fixture
def built(): ...
@pytest.fixture
def database_15(server_15): ...
@pytest.fixture
def server_15(): ...
"""
FILES = {
    "test_plain.py": "def test_plain(): ...",
    "test_fixture.py": "def test_with_marts(built): ...\ndef test_without(): ...",
    "test_harness.py": "import nowhere\nfrom tests.dbt_project import warehouse",
    "test_marked.py": """
import pytest
@pytest.mark.long
def test_killed(): ...
@pytest.mark.clock
def test_quick(): ...
@pytest.mark.build
def test_built(): ...
@pytest.mark.slow
def test_of_many_processes(): ...
@pytest.mark.long
@pytest.mark.clock
def test_quick_after_days(): ...
""",
    "test_old.py": "def test_on_postgres_15(database_15): ...",
}
OF = {
    "check": {"test_plain", "test_without"},
    "long": {"test_killed", "test_on_postgres_15"},
    "clock": {"test_quick", "test_quick_after_days"},
}
ALL = OF["check"] | {"test_with_marts", "test_built", "test_of_many_processes"}
ALL |= OF["long"] | OF["clock"]
OF["test"] = ALL - OF["long"] - OF["clock"]


def collected(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return run(folder, "--collect-only", *options)


def run(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(folder), "-q"]
    return subprocess.run(
        [*command, "-p", "no:schemathesis", "-W", "ignore", *options, str(folder)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("lane", LANES)
def test_a_lane_has_its_tests_and_reads_no_file_in_vain(folder: Path, lane: str) -> None:
    if lane == "test":  # which reads all: one file is there to show what is not read
        (folder / "test_harness.py").unlink()
    told = collected(folder, "--lane", lane)
    lines = [line for line in told.stdout.splitlines() if "::" in line]
    assert {line.partition("::")[2] for line in lines} == OF[lane], told.stdout + told.stderr


def test_a_lane_that_a_file_does_not_name_is_refused(folder: Path) -> None:
    (folder / "test_harness.py").unlink()
    late = "import pytest\npytestmark = getattr(pytest.mark, 'lo' + 'ng')\ndef test_late(): ..."
    (folder / "test_late.py").write_text(late)
    told = collected(folder)
    assert told.returncode != 0
    assert "`test_late.py::test_late` is of the lane `long`, which its file does not name" in (
        told.stdout + told.stderr
    )


@pytest.mark.long  # it runs tests in processes of their own
def test_tests_of_a_file_and_of_a_shared_fixture_run_in_one_process(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    each = "import os, pytest\n@pytest.mark.parametrize('n', range(9))\ndef test_{}(n{}):\n    {}\n"
    note = "open(__file__ + str(os.getpid()), 'w').close()"
    for name, fixture in (("a", ""), ("b", ""), ("c", ", built"), ("d", ", built")):
        (tmp_path / f"test_{name}.py").write_text(each.format(name, fixture, note))
    told = run(tmp_path, "-n", "3", "--dist", "loadgroup", "--no-loadscope-reorder")
    assert told.returncode == 0, told.stdout + told.stderr
    processes = {
        name: {file.name.partition(".py")[2] for file in tmp_path.glob(f"test_{name}.py?*")}
        for name in "abcd"
    }
    assert all(len(those) == 1 for those in processes.values()), processes
    assert processes["c"] == processes["d"]
