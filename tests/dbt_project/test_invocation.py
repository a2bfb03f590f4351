"""What the tests' own way to run dbt builds is what dbt by itself builds, row by row."""

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.conftest import Fresh
from tests.dbt_project.histories import SERIES, details, landing
from tests.dbt_project.manifest import parse
from tests.dbt_project.warehouse import TABLES, Snapshot, Warehouse, differences

SOME = (
    *("--select", "shows", "seasons", "show_networks", "tmdb_genres", "show_genres"),
    *("show_metrics_history", "show_status_history", "show_trends", "show_rankings"),
)
"""Of each way to be built some: by what changed, as a whole, with purged versions, as a view."""
BOOKS = (
    # a fingerprint is of SQL that names the database, and there are two
    "select model, build_id, full_build_id, horizon, keys from staging.watermarks order by 1",
    "select model, domain, key, changed_in, appeared_in from staging.changes order by 1, 2, 3",
    "select build_id, horizon, as_of, taken_over_at, finished_at is null from staging.builds",
)


@pytest.mark.parametrize("selection", [SOME, pytest.param(TABLES, marks=pytest.mark.long)])
def test_dbt_by_itself_builds_the_same_rows_whole_and_by_what_changed(
    fresh: Fresh, tmp_path: Path, selection: tuple[str, ...]
) -> None:
    """With a project that was kept on one side, and one that was just parsed on the other."""
    parsed = parse("prod") if selection is TABLES else None
    ours = Warehouse(fresh(), tmp_path / "ours")
    theirs = Warehouse(fresh(), tmp_path / "theirs", parsed=parsed, is_patched=False)
    ours_lived, theirs_lived = _live(ours, selection), _live(theirs, selection)
    for after_ours, after_theirs in zip(ours_lived, theirs_lived, strict=True):
        assert differences(after_ours, after_theirs) == []
    assert ours_lived[0] != ours_lived[1], "nothing changed, so the second build says nothing"
    for query in BOOKS:
        assert ours.rows(query) == theirs.rows(query)


def _live(warehouse: Warehouse, selection: tuple[str, ...]) -> list[Snapshot]:
    """Three builds: the first one, one of what changed, and one of everything."""
    chance = Random(8)
    landed: list[dict[tuple[str, str], Any]] = [
        {("tmdb_tv_details", str(number)): details(chance, number) for number in SERIES},
        landing(chance),
    ]
    snapshots = []
    for payloads in landed:
        warehouse.answer(payloads)
        warehouse.dbt("run", *selection)
        snapshots.append(warehouse.snapshot())
    warehouse.dbt("run", *selection, "--full-refresh")
    return [*snapshots, warehouse.snapshot()]


def test_a_model_that_fails_fails_alone_and_with_the_same_words(
    fresh: Fresh, tmp_path: Path
) -> None:
    told = []
    for is_patched in (True, False):
        warehouse = Warehouse(fresh(), tmp_path / str(is_patched), is_patched=is_patched)
        selection = ("--select", "shows seasons show_networks")
        warehouse.dbt("run", *selection)
        warehouse.execute("alter table core.seasons add constraint never check (false)")
        chance = Random(8)
        warehouse.answer({("tmdb_tv_details", str(i)): details(chance, i) for i in SERIES})
        result = warehouse.try_dbt("run", *selection)
        assert not result.success
        outcomes: Any = result.result
        told.append(sorted((one.node.name, one.status, one.message) for one in outcomes.results))
        assert warehouse.rows("select from core.show_networks")
    ((name, words),) = [(name, words) for name, status, words in told[0] if status == "error"]
    assert (name, "violates check constraint" in words) == ("seasons", True)
    without_paths = [
        [re.sub(r"compiled code at .*", "", str(each)) for each in one] for one in told
    ]
    assert without_paths[0] == without_paths[1]
