"""Clocks that are wrong, jump ahead or are set back: nothing is lost, nothing stands still."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from extract.news import read_news
from extract.postgres import clock
from extract.postgres.connections import connect
from extract.run import Extracted, Selection, extract
from extract.settings import Settings
from tests.clocks import set_clock
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

SERIES = 6
YEAR = timedelta(days=400)
LATEST_DUE = "select max(next_due_at) from raw.fetches where resource like '%_details'"
OLDEST_CHECK = "select min(last_checked_at) from raw.fetches where resource like '%_details'"
NEWEST_CHECK = "select max(last_checked_at) from raw.fetches"
Run = Callable[..., Extracted]


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=SERIES, people_count=30)) as tmdb:
        yield tmdb


@pytest.fixture
def live(settings: Settings, tmdb: Tmdb) -> Settings:
    towards = {
        "tmdb_base_url": tmdb.base_url,
        "tmdb_exports_base_url": tmdb.exports_base_url,
        "tmdb_bearer_token": "any",
        "tmdb_requests_per_second": 1_000.0,
    }
    return Settings(**{**settings.model_dump(), **towards})


@pytest.fixture
def run(live: Settings, tmdb: Tmdb) -> Run:
    ids = tuple(tmdb.ids())
    return lambda: asyncio.run(extract(live, Selection(tmdb_ids=ids)))


def _one(settings: Settings, query: str) -> Any:
    with connect(str(settings.database_url)) as connection:
        [(value,)] = connection.execute(query.encode()).fetchall()
    return value


def _now(settings: Settings) -> datetime:
    with connect(str(settings.database_url)) as connection:
        return clock.now(connection)


@pytest.mark.parametrize("ahead", [YEAR, -YEAR], ids=["behind", "ahead"])
def test_what_a_process_lands_is_dated_by_the_clock_of_the_database_and_not_by_its_own(
    live: Settings, tmdb: Tmdb, run: Run, ahead: timedelta
) -> None:
    set_clock(str(live.database_url), ahead)
    began = _now(live)
    first = run()
    assert (first.due_counts["series"], first.failures) == (SERIES, [])
    assert began <= _one(live, OLDEST_CHECK) <= _one(live, NEWEST_CHECK) <= _now(live)
    assert not any(run().due_counts.values()), "what was just checked is due again"
    tmdb.touch(tmdb.ids(), ["keywords"])
    asyncio.run(extract(live, Selection(tmdb_ids=tuple(tmdb.ids()), force=True)))
    held = "select count(*) from raw.tmdb_tv_keywords where load_id > 1 and superseded_by is null"
    assert _one(live, held) == SERIES


def test_after_the_clock_was_set_back_all_that_was_checked_in_the_future_is_asked_for_and_lands(
    live: Settings, tmdb: Tmdb, run: Run
) -> None:
    set_clock(str(live.database_url), YEAR)
    before = run()
    set_clock(str(live.database_url), timedelta())
    tmdb.touch(tmdb.ids(), ["keywords"])
    after = run()
    assert after.due_counts == before.due_counts, "what was checked in the future is not due"
    assert after.by_resource["tmdb_tv_keywords"].landed == SERIES
    assert _one(live, NEWEST_CHECK) <= _now(live)
    assert _one(live, LATEST_DUE) < _now(live) + timedelta(days=180)
    ahead = "select max(next_at) - now() from raw.rate_gates"
    assert _one(live, ahead) < timedelta(seconds=5)
    assert not any(run().due_counts.values())


def test_failures_of_the_future_are_tried_again_once_the_clock_was_set_back(
    live: Settings, tmdb: Tmdb, run: Run
) -> None:
    set_clock(str(live.database_url), YEAR)
    tmdb.faults(1.0, kinds=["wrong_id"], sticky=True)
    for _ in range(2):
        assert run().by_resource["tmdb_tv_details"].rejected == SERIES
    set_clock(str(live.database_url), timedelta())
    assert run().by_resource["tmdb_tv_details"].rejected == SERIES
    assert _one(live, "select max(next_due_at) from raw.fetches") < _now(live) + timedelta(days=1)
    tmdb.faults(0.0)
    with connect(str(live.database_url)) as connection:
        connection.execute("update raw.fetches set next_due_at = now()")
    assert run().failures == []


def test_feeds_read_while_the_clock_was_ahead_hide_no_day_afterwards(
    live: Settings, tmdb: Tmdb, run: Run
) -> None:
    run()

    def read() -> Extracted:
        names = ("tmdb_tv_changes",)
        return asyncio.run(read_news(live, names))

    set_clock(str(live.database_url), YEAR)
    assert read().failures == []
    set_clock(str(live.database_url), timedelta(days=4))
    tmdb.advance_days(4)
    tmdb.edited(tmdb.ids()[:1], days_ago=3)
    assert read().failures == []
    named = "select count(*) from raw.tmdb_tv_changes"
    assert _one(live, named) > 0, "the days before were not read"
    feed = Selection(changes=True, series_only=True)
    due = asyncio.run(extract(live, feed))
    assert due.due_counts["series"] == 1, "a window of the future makes a sweep"
