"""Histories outlive the payloads they were told by."""

from typing import Any

import pytest

from tests.dbt_project.warehouse import Warehouse

HISTORIES = ("show_metrics_history", "show_status_history", "show_watch_provider_history")
BUILD = ("run", "--select", "shows", *HISTORIES)
PURGED, WHOLE = 101, 102
Payloads = dict[tuple[str, str], dict[str, Any] | None]
RESOURCES = ("tmdb_tv_details", "tmdb_tv_metrics", "tmdb_tv_watch_providers")


def _answer(warehouse: Warehouse, status: str | None, votes: int, providers: list[int]) -> None:
    """Let both series be answered alike."""
    offers = {"US": {"flatrate": [{"provider_id": i, "provider_name": "P"} for i in providers]}}
    answers: Payloads = {}
    for number in (PURGED, WHOLE):
        key = str(number)
        details = {"id": number, "name": "One", "status": status}
        metrics = {"id": number, "vote_count": votes, "vote_average": 5.5}
        answers["tmdb_tv_details", key] = None if status is None else details
        answers["tmdb_tv_metrics", key] = metrics
        answers["tmdb_tv_watch_providers", key] = {"id": number, "results": offers}
    warehouse.answer(answers)


def _purge(warehouse: Warehouse) -> None:
    """Empty all payloads of one of them but the latest, as retention does."""
    for resource in RESOURCES:
        warehouse.execute(
            f"update raw.{resource} set payload = null, purged_at = now()"
            f" where superseded_by is not null and not is_tombstone and key = '{PURGED}'"
        )


def _history(warehouse: Warehouse, table: str, number: int) -> list[tuple[Any, ...]]:
    """What a history says of a series, without whose it is."""
    return warehouse.rows(
        f"select (to_jsonb(t) - 'show_id' - '_load_id')::text from core.{table} as t"
        f" inner join core.shows using (show_id) where shows.tmdb_id = {number} order by 1"
    )


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Two series that lived alike; of one, each payload was emptied once another came."""
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    answers: list[tuple[str | None, int, list[int]]] = [
        ("Planned", 1, [8]),
        ("Planned", 2, [8, 9]),
        ("Ended", 2, [9]),
        (None, 2, []),
        ("Ended", 3, [8, 9]),
        ("Ended", 4, [8, 9, 10]),
        ("Returning Series", 4, [9]),
    ]
    for answer in answers:
        _answer(warehouse, *answer)
        warehouse.dbt(*BUILD)
        _purge(warehouse)
    return warehouse


def test_a_history_says_after_purges_what_it_says_without(warehouse: Warehouse) -> None:
    for rebuilt in (False, True):
        if rebuilt:
            warehouse.dbt(*BUILD, "--full-refresh")
        for table in HISTORIES:
            whole = _history(warehouse, table, WHOLE)
            assert len(whole) > 3
            assert _history(warehouse, table, PURGED) == whole


def test_a_history_that_was_dropped_begins_at_the_oldest_payload_left(
    warehouse: Warehouse,
) -> None:
    warehouse.drop()
    warehouse.dbt(*BUILD)
    for table in HISTORIES:
        purged, whole = (_history(warehouse, table, number) for number in (PURGED, WHOLE))
        assert 0 < len(purged) < len(whole)
