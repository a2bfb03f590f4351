"""Histories outlive the payloads they were told by."""

from typing import Any

import pytest

from tests.dbt_project.warehouse import Warehouse

HISTORIES = ("show_metrics_history", "show_status_history", "show_watch_provider_history")
BUILD = ("run", "--select", "shows", *HISTORIES)
RESOURCES = ("tmdb_tv_details", "tmdb_tv_metrics", "tmdb_tv_watch_providers")


def _answer(warehouse: Warehouse, status: str | None, votes: int, providers: list[int]) -> None:
    offers = {"US": {"flatrate": [{"provider_id": i, "provider_name": "P"} for i in providers]}}
    parts: dict[str, dict[str, Any] | None] = {
        "tmdb_tv_details": None if status is None else {"id": 101, "name": "One", "status": status},
        "tmdb_tv_metrics": {"id": 101, "vote_count": votes, "vote_average": 5.5},
        "tmdb_tv_watch_providers": {"id": 101, "results": offers},
    }
    warehouse.answer({(resource, "101"): part for resource, part in parts.items()})


def _purge(warehouse: Warehouse) -> None:
    """Empty the payloads of all but the latest versions, as retention does."""
    for resource in RESOURCES:
        warehouse.execute(
            f"update raw.{resource} set payload = null, purged_at = now()"
            " where superseded_by is not null and not is_tombstone"
        )


def _histories(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: warehouse.rows(f"select * from core.{table} order by 1, first_seen_at, last_seen_at")
        for table in HISTORIES
    }


@pytest.fixture
def warehouse(database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(database, tmp_path_factory.mktemp("dbt"))


def _live(warehouse: Warehouse, *, with_purges: bool) -> dict[str, list[tuple[Any, ...]]]:
    warehouse.forget()
    warehouse.clock = warehouse.clock.replace(month=1, day=1, hour=0, minute=0)
    answers: list[tuple[str | None, int, list[int]]] = [
        ("Planned", 1, [8]),
        ("Planned", 2, [8, 9]),
        ("Ended", 2, [9]),
        (None, 2, []),
        ("Ended", 3, [8, 9]),
        ("Ended", 4, [8, 9, 10]),
        ("Returning Series", 4, [9]),
    ]
    for status, votes, providers in answers:
        _answer(warehouse, status, votes, providers)
        warehouse.dbt(*BUILD)
        if with_purges:
            _purge(warehouse)
    return _histories(warehouse)


def test_a_history_says_after_purges_what_it_said_without(warehouse: Warehouse) -> None:
    whole = _live(warehouse, with_purges=False)
    assert all(len(rows) > 3 for rows in whole.values())
    assert _live(warehouse, with_purges=True) == whole
    warehouse.dbt(*BUILD, "--full-refresh")
    assert _histories(warehouse) == whole


def test_a_history_that_was_dropped_begins_at_the_oldest_payload_left(
    warehouse: Warehouse,
) -> None:
    whole = _live(warehouse, with_purges=True)
    warehouse.drop()
    warehouse.dbt(*BUILD)
    for table, rows in _histories(warehouse).items():
        assert len(rows) < len(whole[table])
        assert {row[0] for row in rows} == {row[0] for row in whole[table]}
