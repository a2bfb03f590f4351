"""The parsed project is kept under all that it follows from, and is the same when it comes back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract.settings import ROOT
from flows import project
from flows.project import Project, code_hash, keep, kept, parse
from tests.dbt_project.manifest import models

HERE = "postgresql://me@here/showhouse"


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
    before = code_hash(checkout / "profiles.yml", HERE)
    assert code_hash(checkout / "profiles.yml", HERE) == before
    with (checkout / file).open("a") as text:
        text.write("\n# another\n")
    assert code_hash(checkout / "profiles.yml", HERE) != before


def test_a_new_file_is_another_project_and_a_setting_of_dbts_as_well(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = checkout / "profiles.yml"
    hashes = {code_hash(profile, HERE)}
    (checkout / "dbt_project" / "models" / "marts" / "more.sql").write_text("select 1 as id")
    hashes.add(code_hash(profile, HERE))
    monkeypatch.setenv("DBT_TARGET", "dev")
    hashes.add(code_hash(profile, HERE))
    assert len(hashes) == 3


def test_of_the_connection_the_name_of_the_database_counts_and_no_password(checkout: Path) -> None:
    profile = checkout / "profiles.yml"
    same = {
        code_hash(profile, address)
        for address in (HERE, "postgresql://you:secret@there:6543/showhouse?sslmode=require", None)
    }
    assert len(same) == 1
    assert code_hash(profile, "postgresql://me@here/other") not in same
    profile.write_text("showhouse: {outputs: {prod: {dbname: \"{{ env_var('MY_DATABASE') }}\"}}}")
    with pytest.MonkeyPatch.context() as environment:
        mine = set()
        for name in ("one", "two"):
            environment.setenv("MY_DATABASE", name)
            mine.add(code_hash(profile, HERE))
    assert len(mine) == 2


def test_what_was_kept_is_what_dbt_parsed(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_PROJECT_DIR", str(ROOT))
    monkeypatch.setenv("DBT_PROFILES_DIR", str(checkout))
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    parsed = parse()
    keep("code", parsed)
    again = kept("code")
    assert again is not None
    assert (again.models, again.tests, again.staging) == (
        parsed.models,
        parsed.tests,
        parsed.staging,
    )
    before, after = parsed.manifest.writable_manifest(), again.manifest.writable_manifest()
    assert after.to_dict() == before.to_dict()
    _look_at(again)
    [file] = (checkout / "target" / "kept").iterdir()
    file.write_bytes(b"cut")
    assert kept("code") is None
    for number in range(9):
        keep(str(number), parsed)
    assert len(list((checkout / "target" / "kept").iterdir())) == project.KEPT


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
