"""What `marts.source_freshness` counts is what `showhouse status` counts of the same keys."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from extract.postgres.connections import connect
from extract.workload import workloads
from tests.dbt_project.warehouse import Warehouse

DETAILS = {
    "series": "tmdb_tv_details",
    "people": "tmdb_person_details",
    "episode groups": "tmdb_episode_group_details",
    "networks": "tmdb_network_details",
    "companies": "tmdb_company_details",
}


def test_the_mart_and_the_command_count_the_same(database: str, tmp_path: Path) -> None:
    warehouse = Warehouse(database, tmp_path / "dbt")
    listed: dict[tuple[str, str], dict[str, Any] | None] = {
        ("tmdb_tv_series_ids", str(number)): {"id": number, "original_name": "x"}
        for number in (1, 2, 3)
    }
    listed |= {("tmdb_tv_network_ids", "7"): {"id": 7, "name": "y"}}
    warehouse.answer(listed)
    warehouse.answer({("tmdb_tv_series_ids", "3"): None})
    now = datetime.now(UTC)
    week = timedelta(days=7)
    with connect(database) as connection:
        connection.execute("truncate raw.fetches")
        connection.cursor().executemany(
            "insert into raw.fetches (resource, key, status, last_checked_at, next_due_at)"
            " values (%s, %s, %s, %s, %s)",
            [
                ("tmdb_tv_details", "2", "ok", now - week, now - 2 * timedelta(days=1)),
                ("tmdb_tv_details", "9", "ok", now - week, now + week),
                ("tmdb_tv_details", "10", "failed", None, now - timedelta(minutes=5)),
                ("tmdb_person_details", "5", "known", None, now - timedelta(minutes=5)),
                ("tmdb_company_details", "4", "gone", now - week, now + week),
            ],
        )
    warehouse.dbt("run", "--select", "source_freshness")
    rows = warehouse.rows(
        "select resource, known_count, held_count, never_asked_count, overdue_count, failing_count"
        " from marts.source_freshness"
    )
    with connect(database) as connection:
        counted = [
            (
                *(DETAILS[work.subject], work.known, work.held, work.never_asked),
                *(work.overdue, work.failing),
            )
            for work in workloads(connection)
            if work.known
        ]
    assert sorted(rows) == sorted(counted)
    assert ("tmdb_tv_details", 4, 2, 0, 1, 1) in rows
    due = "select due_count, due_today_count from marts.source_freshness where resource = %s"
    assert warehouse.rows(due, "tmdb_tv_details") == [(2, 2)]
    assert warehouse.rows(due, "tmdb_network_details") == [(0, 0)]
