"""What `showhouse status` counts of each kind of thing, and the requests it says are left."""

import asyncio
from datetime import UTC, datetime, timedelta

from extract.keys import Selection
from extract.news import read_news
from extract.postgres.connections import connect
from extract.run import extract
from extract.settings import Settings, load_settings
from extract.sources.tmdb.subjects import SUBJECTS
from extract.tracking import track
from extract.workload import Workload, workloads
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def _of(settings: Settings, at: datetime | None = None) -> dict[str, Workload]:
    with connect(str(settings.database_url)) as connection:
        return {work.subject: work for work in workloads(connection, at=at)}


def _at(settings: Settings, tmdb: Tmdb) -> Settings:
    return load_settings(
        database_url=settings.database_url,
        showhouse_home=settings.showhouse_home,
        tmdb_bearer_token="any",
        tmdb_base_url=tmdb.base_url,
        tmdb_exports_base_url=tmdb.exports_base_url,
        tmdb_requests_per_second=500,
    )


def test_an_empty_warehouse_has_no_work(settings: Settings) -> None:
    found = _of(settings)
    assert list(found) == [subject.name for subject in SUBJECTS]
    assert {(work.known, work.held, work.requests) for work in found.values()} == {(0, 0, 0)}


def test_what_lists_and_documents_name_is_known_and_what_was_answered_is_held(
    settings: Settings,
) -> None:
    with tmdb_server(Options(series_count=30, people_count=50)) as tmdb:
        there = _at(settings, tmdb)
        asyncio.run(read_news(there, ["tmdb_tv_series_ids"]))
        listed = len(tmdb.ids())
        assert _of(settings)["series"].known == listed
        asyncio.run(extract(there, Selection(tmdb_ids=(1, 2, 3), series_only=True)))
    found = _of(settings)
    assert (found["series"].known, found["series"].held) == (listed, 3)
    people = found["people"]
    assert people.known == people.never_asked == people.due == people.requests > 0
    assert (people.held, people.overdue, people.failing) == (0, 0, 0)


def test_requests_count_what_comes_due_today_and_all_requests_of_a_large_series(
    settings: Settings,
) -> None:
    with connect(str(settings.database_url)) as connection:
        track(connection, [1, 2])
        connection.cursor().executemany(
            "insert into raw.fetches (resource, key, status, last_checked_at, next_due_at)"
            " values (%s, %s, 'ok', %s, %s)",
            [
                ("tmdb_tv_details", "1", NOON, NOON + timedelta(hours=6)),
                ("tmdb_tv_details", "2", NOON, NOON + timedelta(hours=18)),
                *(
                    ("tmdb_tv_seasons", f"{series}/season/{number}", NOON, NOON + timedelta(30))
                    for series in (1, 2)
                    for number in range(1, 31)
                ),
            ],
        )
    # thirty seasons: four in the first request, ten in each of two, six in the last
    found = _of(settings, NOON)["series"]
    assert (found.due, found.overdue, found.requests) == (0, 0, 4)
    later = _of(settings, NOON + timedelta(days=3))["series"]
    assert (later.due, later.overdue, later.requests) == (2, 2, 8)
