"""A load that was taken back leaves what there would be if it had never come."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Fresh
from tests.dbt_project.histories import Payloads, landing
from tests.dbt_project.lives import assert_incremental_equals_full, give_back, tell_time
from tests.dbt_project.seeds import FRESH, fresh_seed, reporting
from tests.dbt_project.warehouse import TABLES, Snapshot, Warehouse, differences

AS_OF = "2024-06-15"
BAD = {1, 4, 7}
"""The batches that are taken back."""


@pytest.fixture
def houses(fresh: Fresh, tmp_path: Path) -> Iterator[tuple[Warehouse, Warehouse]]:
    """One in which the bad batches land and are taken back, and one in which they never land."""
    yield Warehouse(fresh(), tmp_path / "with"), Warehouse(fresh(), tmp_path / "without")


def timeless(warehouse: Warehouse) -> Snapshot:
    """Every row without the number of its load: what is restored comes with a new one."""
    tables = warehouse.rows(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in ('core', 'marts') and table_type = 'BASE TABLE' order by 1, 2"
    )
    each = " union all ".join(
        f"select '{schema}.{table}', array(select (to_jsonb(t) - '_load_id')::text"
        f" from {schema}.{table} as t order by 1)"
        for schema, table in tables
    )
    return dict(warehouse.rows(each))


def distinct_landings(chance: Random, count: int) -> list[Payloads]:
    """Batches of which no two say the same of a key: what repeats is checked, and does not land."""
    gone: set[tuple[str, str]] = set()
    batches: list[Payloads] = []
    for number in range(count):
        batch: Payloads = {}
        for identity, payload in landing(chance).items():
            if payload is not None:
                batch[identity] = payload | {"nonce": number}
            elif number not in BAD and identity not in gone:
                gone.add(identity)
                batch[identity] = None
        batches.append(batch)
    return batches


def live_with_and_without(
    houses: tuple[Warehouse, Warehouse], seed: int, *, may_be_empty: bool = False
) -> None:
    warehouse, without = houses
    chance = Random(seed)
    loads: dict[int, int | None] = {}
    for number, payloads in enumerate(distinct_landings(chance, 8)):
        for each in houses:
            tell_time(each)
        loads[number] = warehouse.answer(payloads)
        if number in BAD:
            without.clock += timedelta(minutes=1)
        else:
            without.answer(payloads)
        if number in (2, 5):
            warehouse.dbt("run", *TABLES, as_of=AS_OF)
            give_back(warehouse, loads[number - 1])
            selection = chance.choice(("shows", "seasons+"))
            warehouse.dbt("run", "--select", selection, as_of=AS_OF)
    give_back(warehouse, loads[7])
    warehouse.dbt("run", *TABLES, as_of=AS_OF)
    without.dbt("run", *TABLES, as_of=AS_OF)
    with reporting(seed):
        assert differences(timeless(warehouse), timeless(without)) == []
        assert_incremental_equals_full(warehouse, may_be_empty=may_be_empty)


@pytest.mark.long
@pytest.mark.parametrize("number", FRESH)
def test_any_load_that_was_taken_back_leaves_what_there_would_be_without_it(
    houses: tuple[Warehouse, Warehouse], number: int
) -> None:
    live_with_and_without(houses, fresh_seed(), may_be_empty=True)
