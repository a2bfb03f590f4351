"""What was given up leaves the warehouse: payloads that were purged, loads that were taken back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extract.landing.purging import AHEAD
from extract.postgres.connections import connect
from extract.registry import SOURCES
from extract.suppression import restore, suppress
from tests.dbt_project.histories import Payloads
from tests.dbt_project.lives import DAY, assert_incremental_equals_full, purge_all
from tests.dbt_project.warehouse import Warehouse

AS_OF = "2024-06-15"
SERIES = ("seasons", "show_networks", "networks")
OFFERED = ("show_watch_provider_history", "show_watch_providers")
CREDITED = ("show_appearances",)
"""What the examples speak of."""
PROVIDERS = "tmdb_tv_watch_providers"
KEPT_DAYS = 180
BEGINNING = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    scratch: Path = tmp_path_factory.mktemp("dbt")
    return Warehouse(module_database, scratch)


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    shared.forget()
    shared.clock = BEGINNING
    return shared


def answer(warehouse: Warehouse, payloads: Payloads) -> int | None:
    """Land payloads, as if the load had been committed by the warehouse's own clock."""
    load_id = warehouse.answer(payloads)
    if load_id is not None:
        committed = f"set committed_at = '{warehouse.clock}' where load_id = {load_id}"
        warehouse.execute(f"update raw.loads {committed}")
    return load_id


def build(warehouse: Warehouse, models: tuple[str, ...], *more: str) -> None:
    warehouse.build(*models, more=more, as_of=AS_OF)


def show(series_id: int, network: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": series_id,
        "name": f"Series {series_id}",
        "networks": [{"id": network, "name": f"Network {network}"}],
        "seasons": [{"id": series_id * 100, "season_number": 1}],
    } | more


def offers(*provider_ids: int) -> dict[str, Any]:
    flatrate = [{"provider_id": i, "provider_name": f"Provider {i}"} for i in provider_ids]
    return {"id": 101, "results": {"US": {"flatrate": flatrate}}}


def test_a_purged_series_leaves_with_all_that_only_it_told(warehouse: Warehouse) -> None:
    answer(warehouse, {("tmdb_tv_details", "101"): show(101, network=7)})
    warehouse.clock += 100 * DAY
    answer(warehouse, {("tmdb_tv_details", "102"): show(102)})
    build(warehouse, SERIES)
    warehouse.clock += 80 * DAY
    assert purge_all(warehouse).count == 1
    build(warehouse, SERIES)
    assert warehouse.rows("select tmdb_id from core.shows") == [(102,)]
    assert warehouse.rows("select network_id from core.networks") == [(1,)]
    assert warehouse.rows("select tmdb_id from core.seasons s join core.shows using (show_id)") == [
        (102,)
    ]
    assert_incremental_equals_full(warehouse, *SERIES)
    answer(warehouse, {("tmdb_tv_details", "101"): show(101, network=7)})
    build(warehouse, SERIES)
    assert warehouse.rows("select count(*) from core.shows") == [(2,)]


def test_a_series_that_is_gone_stays_until_its_last_payload_may_be_kept_no_longer(
    warehouse: Warehouse,
) -> None:
    answer(warehouse, {("tmdb_tv_details", str(i)): show(i) for i in (101, 102)})
    answer(warehouse, {("tmdb_tv_details", "101"): None})
    build(warehouse, SERIES)
    for days, found in ((100, [(101, False), (102, True)]), (80, [(102, True)])):
        warehouse.clock += days * DAY
        answer(warehouse, {("tmdb_tv_details", "102"): show(102, tagline=f"{days}")})
        purge_all(warehouse)
        build(warehouse, SERIES)
        assert warehouse.rows("select tmdb_id, is_active from core.shows order by 1") == found
    assert_incremental_equals_full(warehouse, *SERIES)


def stays(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select provider_id, first_seen_at::text, (last_seen_at - first_seen_at)::text"
        " from core.show_watch_provider_history order by provider_id, first_seen_at"
    )


def leave_what_a_backup_holds(warehouse: Warehouse) -> None:
    warehouse.execute("drop schema staging, marts cascade")
    built = "select tablename from pg_tables where schemaname = 'core'"
    for (table,) in warehouse.rows(f"{built} and tablename not like '%%\\_history'"):
        warehouse.execute(f"drop table core.{table} cascade")  # and the views over it


def test_the_history_of_offers_outlives_the_payloads_that_told_it(warehouse: Warehouse) -> None:
    for provider_ids in ((8,), (8, 9), (9,), (8, 9)):
        answer(warehouse, {(PROVIDERS, "101"): offers(*provider_ids)})
        warehouse.clock += 50 * DAY
        answer(warehouse, {("tmdb_tv_details", "101"): show(101, tagline=str(warehouse.clock))})
    build(warehouse, OFFERED)
    before = stays(warehouse)
    assert len(before) == 3
    forgotten = []
    for _ in range(3):
        warehouse.clock += 50 * DAY
        answer(warehouse, {("tmdb_tv_details", "101"): show(101, tagline=str(warehouse.clock))})
        with_check = f"update raw.fetches set last_checked_at = '{warehouse.clock}'"
        warehouse.execute(f"{with_check} where resource = '{PROVIDERS}'")
        purge_all(warehouse)
        of_offers = f"select count(*) from raw.{PROVIDERS} where payload is null"
        forgotten += warehouse.rows(of_offers)
        for more in ([], ["--full-refresh"]):
            build(warehouse, OFFERED, *more)
            assert stays(warehouse) == before
    assert forgotten == [(1,), (2,), (3,)]
    leave_what_a_backup_holds(warehouse)
    build(warehouse, OFFERED)
    assert stays(warehouse) == before
    answer(warehouse, {(PROVIDERS, "101"): offers(9)})
    build(warehouse, OFFERED)
    (of_8, _, again_8, of_9) = (*stays(warehouse)[:2], *stays(warehouse)[1:])
    assert (of_8, of_9) == (before[0], before[2])
    assert again_8[1] == before[1][1]
    assert again_8[2] is not None


def test_a_payload_that_was_kept_too_long_fails_a_test_and_one_that_was_purged_does_not(
    warehouse: Warehouse,
) -> None:
    answer(warehouse, {("tmdb_tv_details", "101"): show(101)})
    answer(warehouse, {("tmdb_tv_details", "101"): show(101, tagline="new")})
    warehouse.dbt("run", "--select", "stg_tmdb__shows")
    asked = ("test", "--select", "no_payload_outlives_its_retention")

    def failures(days: int) -> int:
        at = f"'{warehouse.clock.date() + days * DAY}'"
        warehouse.execute(f"update staging.builds set as_of = {at}")
        outcomes: Any = warehouse.try_dbt(*asked).result
        (test,) = (each for each in outcomes.results if each.node.name == asked[-1])
        return int(test.failures)

    assert (failures(KEPT_DAYS), failures(KEPT_DAYS + 1)) == (0, 2)
    warehouse.clock += KEPT_DAYS * DAY - AHEAD + DAY
    assert purge_all(warehouse).count == 2
    assert failures(1) == 0


def credits(*people: int) -> dict[str, Any]:
    cast = [{"id": i, "name": f"Person {i}", "character": "Self", "order": i} for i in people]
    return {"id": 101, "cast": cast, "crew": []}


def names(warehouse: Warehouse) -> list[list[tuple[Any, ...]]]:
    tables = ("core.people", "core.show_cast", "core.season_cast", "marts.show_appearances")
    return [
        warehouse.rows(f"select distinct substring(t::text from 'Person [0-9]') from {table} as t")
        if table not in ("core.show_cast", "core.season_cast")
        else warehouse.rows(f"select count(*) from {table}")
        for table in tables
    ]


def test_a_person_who_is_forgotten_leaves_core_and_marts_stays_out_and_may_come_back(
    warehouse: Warehouse,
) -> None:
    details = {("tmdb_tv_details", "101"): show(101)}
    regulars = {("tmdb_tv_season_credits", "101/season/1"): credits(1, 2)}
    answer(warehouse, {**details, **regulars, ("tmdb_tv_credits", "101"): credits(1, 2)})
    build(warehouse, CREDITED)
    both = names(warehouse)
    assert both[1:3] == [[(2,)], [(2,)]]
    with connect(warehouse.url) as connection:
        suppress(connection, 1)
    build(warehouse, CREDITED)
    assert names(warehouse) == [[("Person 2",)], [(1,)], [(1,)], [("Person 2",)]]
    answer(warehouse, {("tmdb_tv_credits", "101"): credits(2, 1)})  # named again: still out
    build(warehouse, CREDITED)
    assert names(warehouse) == [[("Person 2",)], [(1,)], [(1,)], [("Person 2",)]]
    assert_incremental_equals_full(warehouse, *CREDITED)
    with connect(warehouse.url) as connection:
        restore(connection, 1)
    build(warehouse, CREDITED)
    assert sorted(names(warehouse)[0]) == sorted(both[0])
    assert_incremental_equals_full(warehouse, *CREDITED)


def test_the_limit_of_the_tests_is_the_one_of_the_source() -> None:
    assert SOURCES["tmdb"].retention == KEPT_DAYS * DAY
