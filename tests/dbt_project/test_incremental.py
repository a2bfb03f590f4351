"""The warehouse is a pure function of raw: any history of builds ends where one full build does."""

from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.dbt_project.histories import DATES, SELECTIONS, landing
from tests.dbt_project.warehouse import TABLES, Warehouse, differences


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    scratch: Path = tmp_path_factory.mktemp("dbt")
    return Warehouse(module_database, scratch)


def _race(warehouse: Warehouse, chance: Random) -> None:
    """Three writers at once, on the same keys."""
    batches = [
        [warehouse.document(*key, payload) for key, payload in landing(chance).items()]
        for _ in range(3)
    ]
    writers = [Thread(target=warehouse.land, args=(batch,)) for batch in batches]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def live(warehouse: Warehouse, chance: Random, steps: int) -> None:
    """Land and build at random: parts of series, parts of the graph, dates forth and back."""
    warehouse.forget()
    for _ in range(steps):
        for _ in range(chance.randint(1, 3)):
            if chance.random() < 0.3:
                _race(warehouse, chance)
            else:
                warehouse.answer(landing(chance))
        if warehouse.rows("select from information_schema.tables where table_schema = 'core'"):
            selection = ["--select", *chance.choice(SELECTIONS).split()]
        else:
            selection = list(TABLES)
        warehouse.dbt("run", *selection, as_of=chance.choice(DATES))


def assert_incremental_equals_full(warehouse: Warehouse) -> None:
    """Build what changed, then everything anew, and compare every row."""
    warehouse.dbt("run", *TABLES, as_of="2024-06-15")
    incremental = warehouse.snapshot()
    warehouse.dbt("run", *TABLES, "--full-refresh", as_of="2024-06-15")
    assert differences(incremental, warehouse.snapshot()) == []
    assert incremental["core.shows"], "the history brought no show, so the comparison says nothing"


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(seed=st.integers(0, 10**9))
def test_any_history_of_landings_and_partial_builds_ends_where_a_full_build_does(
    warehouse: Warehouse, seed: int
) -> None:
    live(warehouse, Random(seed), steps=4)
    assert_incremental_equals_full(warehouse)


def _show(series_id: int, networks: list[int], season_numbers: list[int]) -> dict[str, object]:
    return {
        "id": series_id,
        "name": f"Series {series_id}",
        "networks": [{"id": i, "name": f"Network {i}"} for i in networks],
        "seasons": [{"id": series_id * 100 + n, "season_number": n} for n in season_numbers],
    }


def test_the_comparison_notices_a_watermark_that_runs_ahead(warehouse: Warehouse) -> None:
    warehouse.forget()
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1, 2], [1])})
    warehouse.dbt("run", *TABLES)
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [2], [1, 2])})
    warehouse.dbt("run", "--select", "shows")
    # what a watermark of the newest load, not of the model's own last build, would say
    warehouse.execute(
        "update staging.watermarks set (build_id, horizon)"
        " = (select build_id, horizon from staging.builds order by build_id desc limit 1)"
    )
    with pytest.raises(AssertionError, match=r"core\.networks"):
        assert_incremental_equals_full(warehouse)


def test_the_comparison_notices_rows_that_are_not_deleted(warehouse: Warehouse) -> None:
    warehouse.forget()
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1, 2], [1, 2])})
    warehouse.dbt("run", *TABLES)
    warehouse.execute(
        "create function staging.keep() returns trigger language plpgsql"
        " as 'begin return null; end'"
    )
    warehouse.execute(
        "create trigger keep before delete on core.show_networks"
        " for each row execute function staging.keep()"
    )
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1], [1, 2])})
    with pytest.raises(AssertionError, match=r"core\.show_networks"):
        assert_incremental_equals_full(warehouse)


def test_a_build_without_news_asks_for_no_row_and_writes_none(warehouse: Warehouse) -> None:
    warehouse.forget()
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1], [1])})
    warehouse.dbt("run", *TABLES)
    before = _versions_of_rows(warehouse)
    outcomes: Any = warehouse.dbt("run", *TABLES).result
    assert _versions_of_rows(warehouse) == before
    told = {
        outcome.adapter_response.get("code")
        for outcome in outcomes
        if outcome.node.config.materialized == "incremental"
    }
    assert told == {"SELECT"}, "a statement was planned for a model whose parents did not change"


def test_code_that_changed_is_built_anew_and_code_that_did_not_is_not(warehouse: Warehouse) -> None:
    warehouse.forget()
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1], [1])})
    warehouse.dbt("run", *TABLES)
    of_code = "select model, fingerprint from staging.watermarks order by 1"
    fingerprints = warehouse.rows(of_code)
    warehouse.execute("update core.shows set name = 'as old code had it'")
    warehouse.dbt("run", *TABLES)
    assert warehouse.rows(of_code) == fingerprints
    assert warehouse.rows("select name from core.shows") == [("as old code had it",)]
    warehouse.execute("update staging.watermarks set fingerprint = 'old' where model = 'shows'")
    assert_incremental_equals_full(warehouse)


def test_a_change_of_one_show_rewrites_that_show_alone(warehouse: Warehouse) -> None:
    warehouse.forget()
    warehouse.answer({("tmdb_tv_details", str(i)): _show(i, [1], [1]) for i in (101, 102)})
    warehouse.dbt("run", *TABLES)
    before = _versions_of_rows(warehouse)
    changed = _show(101, [1], [1]) | {"overview": "Now with a text."}
    warehouse.answer({("tmdb_tv_details", "101"): changed})
    warehouse.dbt("run", *TABLES)
    after = _versions_of_rows(warehouse)
    rewritten = {table for table in after if after[table] != before[table]}
    assert rewritten == {
        "core.shows",
        "marts.show_completeness",  # it misses one thing less
        "marts.show_details",
        "marts.show_documents",
        "staging.int_networks__mentioned",  # it holds when each show last said so
    }
    assert len(before["core.shows"] & after["core.shows"]) == 1


def _versions_of_rows(warehouse: Warehouse) -> dict[str, set[str]]:
    """Where each row of the incremental tables lies, and which transaction wrote it."""
    tables = warehouse.rows(
        "select model from staging.watermarks where full_build_id is not null order by 1"
    )
    places = {}
    for (model,) in tables:
        for schema, table in warehouse.rows(
            "select table_schema, table_name from information_schema.tables"
            " where table_name = %s and table_type = 'BASE TABLE'"
            " and table_name <> all (%s)",
            model,
            ["network_stats", "show_rankings", "show_facets"],  # built as a whole
        ):
            rows = warehouse.rows(f"select ctid::text || ' ' || xmin::text from {schema}.{table}")
            places[f"{schema}.{table}"] = {place for (place,) in rows}
    return places


def test_a_selection_from_shows_on_works_in_an_empty_warehouse(warehouse: Warehouse) -> None:
    warehouse.forget()
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1], [1])})
    warehouse.dbt("build", "--select", "shows+")
    assert warehouse.rows("select name from core.shows") == [("Series 101",)]
    assert_incremental_equals_full(warehouse)


def test_a_build_that_was_taken_over_writes_nothing_more(warehouse: Warehouse) -> None:
    warehouse.forget()
    warehouse.answer({("tmdb_tv_details", "101"): _show(101, [1], [1])})
    warehouse.dbt("run", *TABLES)
    warehouse.execute(
        "create function staging.take_over() returns trigger language plpgsql as"
        " 'begin new.taken_over_at = now(); return new; end'"
    )
    warehouse.execute(
        "create trigger take_over before insert on staging.builds"
        " for each row execute function staging.take_over()"
    )
    result = warehouse.try_dbt("run", *TABLES)
    assert not result.success
    messages = " ".join(str(outcome.message) for outcome in result.result.results)  # type: ignore[union-attr]
    assert "taken over by a newer one" in messages
