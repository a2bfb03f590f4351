"""The warehouse is a pure function of raw: any history of builds ends where one full build does.

The default lane lives through a history that is always the same, the long one through fresh ones
(`tests.dbt_project.seeds`).
"""

from pathlib import Path
from random import Random
from threading import Thread

import pytest

from tests.dbt_project.histories import landing
from tests.dbt_project.lives import Life, assert_incremental_equals_full
from tests.dbt_project.seeds import FRESH, fresh_seed, reporting
from tests.dbt_project.warehouse import TABLES, Warehouse

FIXED = 1


@pytest.fixture
def warehouse(database: str, tmp_path: Path) -> Warehouse:
    return Warehouse(database, tmp_path / "dbt")


def live(warehouse: Warehouse, seed: int, *, may_be_empty: bool = False) -> None:
    life = Life(warehouse, seed)
    with reporting(seed, life.happened):
        life.go_on(steps=4)
        assert_incremental_equals_full(warehouse, may_be_empty=may_be_empty)


def test_a_history_ends_where_a_full_build_does(warehouse: Warehouse) -> None:
    live(warehouse, FIXED)


@pytest.mark.long
@pytest.mark.parametrize("number", FRESH)
def test_a_fresh_history_ends_where_a_full_build_does(warehouse: Warehouse, number: int) -> None:
    live(warehouse, fresh_seed(), may_be_empty=True)


def test_what_writers_land_at_once_is_built_as_if_one_after_another(warehouse: Warehouse) -> None:
    """Three at a time on the same keys, before the first build and before the next one."""
    chance = Random(5)
    for selection in (TABLES, ("--select", "shows")):
        batches = [
            [warehouse.document(*key, payload) for key, payload in landing(chance).items()]
            for _ in range(3)
        ]
        writers = [Thread(target=warehouse.land, args=(batch,)) for batch in batches]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        warehouse.dbt("run", *selection)
    assert_incremental_equals_full(warehouse)
