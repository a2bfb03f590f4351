"""What users do with dbt beside building: other targets, deferring, clones, retries."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dbt.artifacts.schemas.results import RunStatus
from dbt.cli.main import dbtRunner

from extract.settings import ROOT
from tests.dbt_project.histories import Payloads
from tests.dbt_project.manifest import SILENCE
from tests.dbt_project.warehouse import Warehouse

SHOWS: Payloads = {
    ("tmdb_tv_details", str(i)): {"id": i, "name": f"Series {i}", "networks": [], "seasons": []}
    for i in (101, 102)
}
DETAILS = "select count(*) from dev_marts.show_details"


def dbt(folder: Path, *arguments: str) -> list[Any]:
    """Run dbt as a user does, with the profiles of a folder; what it came to."""
    places = ("--project-dir", str(ROOT), "--profiles-dir", str(folder))
    to = ("--target-path", str(folder / "target"), *SILENCE)
    outcome = dbtRunner().invoke([*arguments, *places, *to])
    assert outcome.result is not None, outcome.exception
    return list(getattr(outcome.result, "results", outcome.result))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def prod(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse that others read, built, of two series."""
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("prod"))
    warehouse.answer(SHOWS)
    warehouse.dbt("run")
    return warehouse


@pytest.fixture(scope="module")
def state(prod: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of the manifest of that warehouse, which others defer to."""
    folder = tmp_path_factory.mktemp("state")
    told = prod._manifest().writable_manifest().to_dict(omit_none=False)
    (folder / "manifest.json").write_text(json.dumps(told, default=str))
    return str(folder)


@pytest.fixture
def dev(prod: Warehouse, tmp_path: Path) -> Iterator[Warehouse]:
    """The same database with the target `dev`, of which nothing is built."""
    yield Warehouse(prod.url, tmp_path / "dev", target="dev")
    for layer in ("staging", "core", "marts"):
        prod.execute(f"drop schema if exists dev_{layer} cascade")


@pytest.mark.parametrize("target", ["ci", pytest.param("staging", marks=pytest.mark.long)])
def test_every_target_but_prod_has_schemas_of_its_own(target: str, tmp_path: Path) -> None:
    example = (ROOT / "profiles.example.yml").read_text()
    assert example.endswith("    dev:\n      <<: *connection\n      schema: dev\n")
    (tmp_path / "profiles.yml").write_text(
        f"{example}\n    {target}:\n      <<: *connection\n      schema: ours_42\n"
    )
    listed = dbt(
        tmp_path, "ls", "--target", target, "--resource-type", "model",
        "--output", "json", "--output-keys", "schema",
    )  # fmt: skip
    schemas = {json.loads(line)["schema"] for line in listed}
    assert schemas == {"ours_42_staging", "ours_42_core", "ours_42_marts"}


def test_a_build_that_defers_works_each_time(prod: Warehouse, dev: Warehouse, state: str) -> None:
    deferred = ("run", "--select", "show_details", "--defer", "--state", state)
    for number in (2, 3):
        dev.dbt(*deferred)
        assert dev.rows(DETAILS) == [(number,)]
        details = {"id": 103, "name": "Series 103", "networks": [], "seasons": []}
        prod.clock = max(prod.clock, dev.clock)
        prod.answer({("tmdb_tv_details", "103"): details})
        prod.dbt("run")


def test_a_clone_can_be_built_upon(prod: Warehouse, dev: Warehouse, state: str) -> None:
    dev.dbt("clone", "--select", "shows", "show_details", "--state", state)
    shows = prod.rows("select count(*) from core.shows")
    assert dev.rows("select count(*) from dev_core.shows") == shows
    dev.dbt("run", "--select", "+shows", "show_details", "--defer", "--state", state)
    assert dev.rows("select count(*) from dev_core.shows") == shows
    kind = "select relkind from pg_class where oid = 'dev_core.shows'::regclass"
    assert dev.rows(kind) == [("r",)]


def test_empty_tables_stand_where_nobody_reads_and_unit_tests_run_on_them(
    prod: Warehouse, dev: Warehouse
) -> None:
    dev.dbt("run", "--empty")
    assert dev.rows(DETAILS) == [(0,)]
    dev.dbt("test", "--select", "show_details,test_type:unit")
    dev.dbt("run")
    assert dev.rows(DETAILS) == prod.rows("select count(*) from marts.show_details")


def test_what_others_read_is_not_emptied(prod: Warehouse) -> None:
    before = prod.rows("select count(*) from core.shows")
    refused = prod.try_dbt("run", "--empty", "--select", "shows", "show_trends")
    assert not refused.success
    assert "`--empty` would leave the tables of the target `prod` without" in str(refused.exception)
    assert prod.rows("select count(*) from core.shows") == before


def test_what_failed_is_built_by_a_retry_and_nothing_was_finished_before(
    prod: Warehouse, dev: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", prod.url)
    shutil.copy(ROOT / "profiles.example.yml", tmp_path / "profiles.yml")
    finished = "select finished_at is not null from dev_staging.builds order by build_id"
    prod.execute("alter table raw.tmdb_tv_metrics rename to elsewhere")
    try:
        failed = dbt(tmp_path, "run", "--target", "dev")
        assert dev.rows(finished) == [(False,)]
    finally:
        prod.execute("alter table raw.elsewhere rename to tmdb_tv_metrics")
    unfinished = {each.node.unique_id for each in failed if each.status != RunStatus.Success}
    assert "model.showhouse.shows" in unfinished
    retried = dbt(tmp_path, "retry", "--target", "dev")
    done = {each.node.unique_id for each in retried if each.status == RunStatus.Success}
    assert done >= unfinished
    assert dev.rows(finished) == [(False,), (True,)]
    assert dev.rows(DETAILS) == prod.rows("select count(*) from marts.show_details")


@pytest.mark.parametrize("arguments", [("compile",), ("docs", "generate"), ("ls",)])
def test_what_only_reads_works_before_anything_is_built(
    dev: Warehouse, arguments: tuple[str, ...]
) -> None:
    dev.dbt(*arguments)
