"""profiles.example.yml, copied as it is: dbt finds the database that everything else uses."""

import os
import shutil
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
import yaml
from psycopg.conninfo import conninfo_to_dict

from extract.postgres.server import Server
from extract.settings import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    shutil.copyfile(ROOT / "profiles.example.yml", tmp_path / "profiles.yml")
    return tmp_path


def dbt_debug(profiles: Path, **environment: str) -> str:
    command = [str(Path(sys.executable).parent / "dbt"), "debug", "--profiles-dir", str(profiles)]
    done = subprocess.run(
        [*command, "--log-path", str(profiles / "logs")],
        cwd=ROOT,
        env=os.environ | {"PWD": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_dbt_reaches_the_embedded_server(server: Server, profiles: Path) -> None:
    shown = dbt_debug(profiles, SHOWHOUSE_HOME=str(server.home))
    assert f"host: {server.socket_directory}" in shown


def test_dbt_reaches_the_embedded_server_of_a_relative_home(
    profiles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(profiles)
    monkeypatch.setenv("PWD", str(profiles))
    monkeypatch.setenv("SHOWHOUSE_HOME", "below/../here")
    own = Server(profiles / "here")
    (profiles / "below").mkdir()
    try:
        own.start()
        shown = dbt_debug(profiles, PWD=str(profiles), SHOWHOUSE_HOME="below/../here")
        assert "OK connection ok" in shown
    finally:
        own.remove()


def test_dbt_reaches_the_database_that_is_named(empty_database: str, profiles: Path) -> None:
    shown = dbt_debug(profiles, DATABASE_URL=empty_database)
    assert f"database: {conninfo_to_dict(empty_database)['dbname']}" in shown


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://h/db",
        "postgres://u@h:99/db",
        "postgresql://u:1234@h/77?sslmode=require",
        "postgresql://u%40x:p%C3%A9%23%22%5C+%25@[::1]:5/d%20b",
        "postgresql://42:007@10.0.0.1:1/1?application_name=x",
        "postgresql://u:p@/db?host=%2Ftmp%2Fs&port=6",
        "postgresql:///db?host=/tmp/s&user=u&password=p%26",
        "postgresql://u:p'w@h.example.com:6432/db?connect_timeout=3&sslmode=verify-full",
    ],
)
def test_dbt_reads_an_address_as_libpq_does(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbt.adapters.postgres.connections import PostgresCredentials
    from dbt.config.profile import Profile
    from dbt.config.renderer import ProfileRenderer
    from dbt.flags import set_from_args
    from dbt_common.context import set_invocation_context

    set_from_args(Namespace(), None)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("USER", "the-user")
    set_invocation_context(os.environ)
    raw = yaml.safe_load((ROOT / "profiles.example.yml").read_text())["showhouse"]
    found = Profile.from_raw_profile_info(raw, "showhouse", ProfileRenderer({})).credentials
    assert isinstance(found, PostgresCredentials)
    expected = conninfo_to_dict(url)
    assert found.host == expected["host"]
    assert found.port == int(expected.get("port") or 5432)
    assert found.user == expected.get("user", "the-user")
    assert found.password == expected.get("password", "")
    assert found.database == expected["dbname"]
    assert found.sslmode == expected.get("sslmode", "prefer")
