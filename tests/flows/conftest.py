"""The command as a user calls it, on a database of the test's own."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from extract.settings import ROOT, Settings
from flows.cli import main
from tests.flows.prefect_server import PrefectServer, prefect_server
from tests.waiting import PATIENCE_SECONDS


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


Showhouse = Callable[..., Ended]


@pytest.fixture(autouse=True)
def no_stale_handlers() -> None:
    """Forget log handlers of earlier runs in this process: pytest has closed what they write to."""
    named = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    for logger in (logging.root, *named):
        for handler in list(logger.handlers):
            if getattr(getattr(handler, "stream", None), "closed", False):
                logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def light_dbt(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let builds in this process take less; those in processes of their own are as users have."""
    if request.node.get_closest_marker("build") is None:
        yield
        return
    from tests.dbt_project.invocation import lighter_dbt  # brings dbt along

    with lighter_dbt():
        yield


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example profile, whatever this checkout has."""
    folder = tmp_path / "profile"
    folder.mkdir()
    (folder / "profiles.yml").write_text((ROOT / "profiles.example.yml").read_text())
    monkeypatch.setenv("DBT_PROFILES_DIR", str(folder))


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The variables of a user who has a Postgres and a home."""
    assert settings.database_url
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SHOWHOUSE_HOME", str(settings.showhouse_home))
    return dict(os.environ)


@pytest.fixture
def showhouse(environment: dict[str, str], capfd: pytest.CaptureFixture[str]) -> Showhouse:
    """Call the command in this process."""

    def call(*arguments: str) -> Ended:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, *capfd.readouterr())

    return call


Run = Callable[..., Ended]


@pytest.fixture
def run_showhouse(environment: dict[str, str], profile: None, tmp_path: Path) -> Run:
    """Call the command in a process of its own, with a HOME of its own."""
    (tmp_path / "user").mkdir()

    def call(*arguments: str, **variables: str) -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "flows.cli", *arguments],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=PATIENCE_SECONDS,
            env={**os.environ, "HOME": str(tmp_path / "user"), **variables},
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return call


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """One Prefect server for the session."""
    with prefect_server(tmp_path_factory.mktemp("prefect")) as server:
        yield server
