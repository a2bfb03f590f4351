"""The parsed project is kept under all that it follows from, and is the same when it comes back."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract.settings import ROOT
from flows import project
from flows.project import Project, code_hash, database_of, keep, kept, parse
from tests.dbt_project.manifest import models


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of what the hash covers, and a profile."""
    for name in ("dbt_project.yml", "profiles.example.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "profiles.example.yml", tmp_path / "profiles.yml")
    shutil.copytree(ROOT / "dbt_project", tmp_path / "dbt_project")
    monkeypatch.setattr(project, "ROOT", tmp_path)
    yield tmp_path


@pytest.mark.parametrize(
    "file",
    [
        "dbt_project/models/core/shows.sql",
        "dbt_project/models/core/shows.yml",
        "dbt_project/macros/casts.sql",
        "dbt_project/tests/no_payload_outlives_its_retention.sql",
        "dbt_project.yml",
        "profiles.yml",
    ],
)
def test_another_text_is_another_project(checkout: Path, file: str) -> None:
    before = code_hash(checkout / "profiles.yml")
    assert code_hash(checkout / "profiles.yml") == before
    with (checkout / file).open("a") as text:
        text.write("\n# another\n")
    assert code_hash(checkout / "profiles.yml") != before


def test_a_new_file_is_another_project_and_a_setting_of_dbts_as_well(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = checkout / "profiles.yml"
    hashes = {code_hash(profile)}
    (checkout / "dbt_project" / "models" / "marts" / "more.sql").write_text("select 1 as id")
    hashes.add(code_hash(profile))
    monkeypatch.setenv("DBT_TARGET", "dev")
    hashes.add(code_hash(profile))
    assert len(hashes) == 3


def test_what_another_profile_reads_counts(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = checkout / "profiles.yml"
    profile.write_text("showhouse: {outputs: {prod: {dbname: \"{{ env_var('MY_DATABASE') }}\"}}}")
    mine = set()
    for name in ("one", "two"):
        monkeypatch.setenv("MY_DATABASE", name)
        mine.add(code_hash(profile))
    assert len(mine) == 2
    assert database_of(profile, "postgresql://me@here/other") is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (None, "showhouse"),
        ("postgresql://you:secret@there:6543/showhouse?sslmode=require", "showhouse"),
        ("dbname=other host=there", "other"),
        ("postgresql://me@here", "postgres"),
    ],
)
def test_the_address_names_the_database(checkout: Path, url: str | None, name: str) -> None:
    assert database_of(checkout / "profiles.yml", url) == name


def test_what_was_kept_is_what_dbt_parsed(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_PROJECT_DIR", str(ROOT))
    monkeypatch.setenv("DBT_PROFILES_DIR", str(checkout))
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    keep("code", parse())
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@here/other")
    parsed, again = parse(), kept("code", "other")
    assert again is not None
    assert (again.models, again.tests, again.staging) == (
        parsed.models,
        parsed.tests,
        parsed.staging,
    )
    assert _told(again) == _told(parsed)
    _look_at(again)
    [file] = (checkout / "target" / "kept").iterdir()
    file.write_bytes(b"cut")
    assert kept("code", None) is None
    for number in range(9):
        keep(str(number), parsed)
    assert len(list((checkout / "target" / "kept").iterdir())) == project.KEPT


def _told(held: Project) -> dict[str, Any]:
    """What dbt would write of a manifest, but for when and by which run it was parsed."""
    told: dict[str, Any] = held.manifest.writable_manifest().to_dict()
    return _timeless(told | {"metadata": None})  # type: ignore[no-any-return]


def _timeless(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _timeless(each) for name, each in told.items() if name != "created_at"}
    return [_timeless(each) for each in told] if isinstance(told, list) else told


def _look_at(held: Project) -> None:
    """What a model reads is seen through views, and each stands after those it reads."""
    assert set(held.models) == {model.name for model in models()}
    assert {"shows", "show_watch_providers"} <= held.models["show_documents"].tables
    assert "raw.tmdb_tv_details" in held.models["shows"].sources
    reading = held.reading(frozenset({"raw.tmdb_tv_details"}))
    assert {"stg_tmdb__shows", "shows", "show_details", "image_candidates"} <= reading
    assert "wiki_pages" not in reading
    order = [model.name for model in held.in_order()]
    assert order.index("stg_tmdb__shows") < order.index("shows") < order.index("show_details")
