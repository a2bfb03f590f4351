"""`showhouse probe`, as a user calls it."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from extract.probe import run
from flows.cli.probe import SOURCES
from tests.extract.probe.asking import SERIES
from tests.flows.conftest import Showhouse
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

TOKEN = "a-token-that-nobody-may-see"


@pytest.fixture(scope="module")
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=100)) as running:
        yield running


@pytest.fixture(autouse=True)
def here(tmdb: Tmdb, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user's folder, token and upstream."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMDB_BEARER_TOKEN", TOKEN)
    point(monkeypatch, tmdb)
    return tmp_path


def point(monkeypatch: pytest.MonkeyPatch, tmdb: Tmdb) -> None:
    monkeypatch.setenv("TMDB_BASE_URL", tmdb.base_url)
    monkeypatch.setenv("TMDB_EXPORTS_BASE_URL", tmdb.exports_base_url)
    monkeypatch.setenv("IMDB_DATASETS_BASE_URL", tmdb.datasets_base_url)
    monkeypatch.setenv("FANDOM_BASE_URL", "http://127.0.0.1:9/{wiki}")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("probe-*.json"))


def test_the_command_knows_the_sources_that_the_probe_knows() -> None:
    assert SOURCES == run.SOURCES


def test_each_belief_has_its_line_and_the_shapes_their_file(
    showhouse: Showhouse, here: Path
) -> None:
    ended = showhouse("probe", "tmdb", "--tmdb-id", str(SERIES))
    assert ended.code == 0, ended.out + ended.err
    lines = ended.out.splitlines()
    assert {line.partition("  ")[0] for line in lines} == {"as believed", "not asked"}
    assert (
        "as believed  absent_season_is_left_out: A season that does not exist is a missing key in "
        "an answer with status 200. Came: no key `season/987`."
    ) in lines
    [name] = files(here)
    told = json.loads((here / name).read_text())
    assert (told["source"], len(told["requests"])) == ("tmdb", 16)
    assert name == f"probe-tmdb-{told['date']}.json"
    assert TOKEN not in (here / name).read_text() + ended.out + ended.err


def test_a_surprise_is_told_and_the_code_says_so(
    showhouse: Showhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tmdb_server(Options(series_count=100, otherwise=("appended_season_lacks_id",))) as other:
        point(monkeypatch, other)
        ended = showhouse("probe", "tmdb", "--tmdb-id", str(SERIES))
    assert ended.code == 1
    [line] = [each for each in ended.out.splitlines() if each.startswith("otherwise")]
    assert line.startswith("otherwise    appended_season_lacks_id: ")
    assert line.endswith("Came: the appended season 1 has an `id`.")


def test_all_that_are_configured_are_asked_and_the_others_say_why_not(
    showhouse: Showhouse, monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    monkeypatch.setattr("extract.datasets.REQUESTS_PER_SECOND", 1_000.0)
    monkeypatch.delenv("TMDB_BEARER_TOKEN")
    ended = showhouse("probe")
    assert ended.code == 1  # nobody serves the wiki
    assert "tmdb is not asked: neither TMDB_BEARER_TOKEN nor TMDB_API_KEY is set." in ended.err
    assert "store is not asked: AWS_S3_BUCKET is not set: images go into a folder." in ended.err
    assert "imdb: 8 as believed, in 9 requests." in ended.err
    [line] = [each for each in ended.out.splitlines() if each.startswith("fandom: ")]
    assert "did not answer" in line and "Traceback" not in ended.out + ended.err
    assert [name.split("-")[1] for name in files(here)] == ["fandom", "imdb"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tvdb"], "is not one of"),
        (["store"], "store cannot be asked: AWS_S3_BUCKET is not set"),
        (["fandom", "--wiki", "x/y", "--page", "P"], "`x/y` is no name of a wiki"),
        (["fandom", "--wiki", "x"], "--wiki needs a page of that wiki"),
        (["fandom", "--wiki", "", "--page", "P"], "`` is no name of a wiki"),
        (["fandom", "--page", "A|B"], "`A|B` is no title of a page"),
        (["fandom", "--page", " "], "` ` is no title of a page"),
        (["tmdb", "--tmdb-id", "0"], "--tmdb-id"),
        (["imdb", "--tmdb-id", "9"], "--tmdb-id is for TMDb, and only imdb is asked"),
        (["tmdb", "--page", "P"], "--wiki and --page are for Fandom, and only tmdb is asked"),
    ],
)
def test_a_wrong_call_is_a_usage_error(
    showhouse: Showhouse, here: Path, arguments: list[str], says: str
) -> None:
    ended = showhouse("probe", *arguments)
    assert ended.code == 2
    assert says in ended.err
    assert files(here) == []


def test_nothing_is_written_to_the_database_but_the_gates_rows(
    showhouse: Showhouse, environment: dict[str, str]
) -> None:
    showhouse("probe", "tmdb", "--tmdb-id", str(SERIES))
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'raw'")
        written = {
            name
            for (name,) in names.fetchall()
            if connection.execute(f"select from raw.{name} limit 1").fetchone() is not None
        }
    assert "rate_gates" in written
    assert written <= {"rate_gates", "alembic_version", "discoveries"}  # the schema's own two


def test_a_folder_that_cannot_be_written_to_is_told(
    showhouse: Showhouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    ended = showhouse("probe", "tmdb", "--tmdb-id", str(SERIES))
    assert ended.code == 1
    assert "cannot be written here" in ended.err and "Traceback" not in ended.err
