"""The change feeds: read from where they were left, whatever happened in between."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pytest

from extract.changes import Told, land_changes
from extract.documents import Batch, document
from extract.errors import AuthenticationRejected
from extract.landing import land
from extract.landing.taking_back import take_back
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.settings import Settings
from extract.sources.tmdb.catalogue import FEEDS
from extract.sources.tmdb.connection import open_client
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

CHANGES = "tmdb_tv_changes"
AGE: LiteralString = "update raw.fetches set last_checked_at = last_checked_at"

Connection = psycopg.Connection[Any]
Read = Callable[..., Told]


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=500)) as tmdb:
        yield tmdb


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


def _reader(settings: Settings, tmdb: Tmdb, connection: Connection) -> Read:
    towards = {
        "tmdb_base_url": tmdb.base_url,
        "tmdb_bearer_token": "a-token-for-tests",
        "tmdb_requests_per_second": 1_000.0,
    }
    live = Settings(**{**settings.model_dump(), **towards})

    def read_feed(minutes: int = 0, days: float = 0, name: str = CHANGES) -> Told:
        # An hour later may be another day; an hour longer ago, which says the same, is not.
        connection.execute(f"{AGE} - make_interval(mins => %s)", [minutes])

        async def run() -> Told:
            at = datetime.now(UTC) + timedelta(days=days)
            async with open_client(live, str(live.database_url)) as client:
                return await land_changes(client, connection, FEEDS[name], run_id=uuid4(), at=at)

        return asyncio.run(run())

    return read_feed


@pytest.fixture
def read_feed(settings: Settings, tmdb: Tmdb, connection: Connection) -> Read:
    """Read a feed as if it were so much later."""
    return _reader(settings, tmdb, connection)


def _today() -> date:
    return datetime.now(UTC).date()


def _check(connection: Connection, series_id: int, days_ago: float) -> None:
    """Let a series have been checked so long ago."""
    fetched_at = datetime.now(UTC) - timedelta(days=days_ago)
    details = document(
        RESOURCES["tmdb_tv_details"],
        str(series_id),
        {"id": series_id},
        request="GET /",
        fetched_at=fetched_at,
    )
    land(connection, Batch([details]), run_id=uuid4())


def _named(connection: Connection) -> set[int]:
    rows = connection.execute(f"select split_part(key, '/', 1)::integer from raw.{CHANGES}")
    return {number for (number,) in rows}


def _windows(connection: Connection) -> list[date]:
    rows = connection.execute(
        "select split_part(key, '/', 2)::date from raw.tmdb_change_windows"
        " where is_latest and starts_with(key, 'tv/') order by 1"
    )
    return [end for (end,) in rows]


def _asked(tmdb: Tmdb) -> list[str]:
    return [request.path for request in tmdb.requests("/3/tv/changes")]


def test_all_pages_of_a_window_land_a_row_for_each_id_and_null_ids_are_left_out(
    read_feed: Read, tmdb: Tmdb, connection: Connection
) -> None:
    tmdb.edited(range(1, 351))
    assert not read_feed().failures
    assert _named(connection) == set(range(1, 351))
    assert _windows(connection) == [_today()]
    row = connection.execute(
        f"select payload from raw.{CHANGES} where key = '3/{_today()}'"
    ).fetchone()
    assert row == ({"id": 3, "adult": None},)


def test_without_anything_held_only_today_is_read(read_feed: Read, tmdb: Tmdb) -> None:
    read_feed()
    (asked,) = _asked(tmdb)
    assert f"start_date={_today() - timedelta(days=1)}&end_date={_today()}" in asked


def test_the_first_reading_goes_back_to_the_oldest_check(
    read_feed: Read, tmdb: Tmdb, connection: Connection
) -> None:
    tmdb.edited([7], days_ago=3)
    tmdb.edited([8], days_ago=6)
    _check(connection, 7, days_ago=4)
    read_feed()
    assert _windows(connection) == [_today() - timedelta(days=number) for number in (4, 3, 2, 1, 0)]
    assert _named(connection) == {7}


def test_a_later_reading_goes_on_where_the_last_one_ended(
    read_feed: Read, tmdb: Tmdb, connection: Connection
) -> None:
    read_feed()
    tmdb.advance_days(3)
    tmdb.edited([5], days_ago=1)
    read_feed(days=3)
    assert _windows(connection) == [_today() + timedelta(days=number) for number in range(4)]
    assert _named(connection) == {5}


def test_a_window_is_read_once_in_ten_minutes_however_many_ask(read_feed: Read, tmdb: Tmdb) -> None:
    read_feed()
    read_feed(minutes=5)
    assert len(_asked(tmdb)) == 1
    read_feed(minutes=60)
    assert len(_asked(tmdb)) == 2


def test_what_was_named_before_makes_no_second_version(
    read_feed: Read, tmdb: Tmdb, connection: Connection
) -> None:
    tmdb.edited([1, 2])
    read_feed()
    tmdb.edited([1, 3])
    told = read_feed(minutes=60)
    assert told.landed.by_resource[CHANGES].landed == 1
    assert _named(connection) == {1, 2, 3}


def test_no_query_spans_more_than_fourteen_days_however_long_the_gap(
    read_feed: Read, tmdb: Tmdb, connection: Connection
) -> None:
    read_feed()
    tmdb.advance_days(60)
    assert not read_feed(days=60).failures
    later = _today() + timedelta(days=60)
    assert _windows(connection) == [
        _today(),
        *(later - timedelta(days=n) for n in range(13, -1, -1)),
    ]


def test_the_position_never_runs_ahead_of_what_is_landed(
    settings: Settings, connection: Connection
) -> None:
    with tmdb_server(Options(series_count=10)) as tmdb:
        read_feed = _reader(settings, tmdb, connection)
        _check(connection, 1, days_ago=2)
        tmdb.edited([1])
        tmdb.faults(1.0, kinds=["unsuccessful"], sticky=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("extract.http.patience.LONGEST_BACKOFF", 0.01)
            told = read_feed()
        assert [key for key, _ in told.failures] == [f"tv/{_today() - timedelta(days=2)}"]
        assert _windows(connection) == []
        tmdb.faults(0.0)
        assert not read_feed().failures
        assert _windows(connection) == [_today() - timedelta(days=n) for n in (2, 1, 0)]
        assert _named(connection) == {1}


def test_refused_credentials_are_raised_and_nothing_lands(
    settings: Settings, connection: Connection
) -> None:
    with (
        tmdb_server(Options(series_count=10, tokens=("another-token",))) as tmdb,
        pytest.raises(AuthenticationRejected),
    ):
        _reader(settings, tmdb, connection)()
    assert _windows(connection) == []


def test_the_feed_of_people_lands_apart(
    read_feed: Read, tmdb: Tmdb, connection: Connection
) -> None:
    read_feed(name="tmdb_person_changes")
    assert _windows(connection) == []
    row = connection.execute("select key from raw.tmdb_change_windows").fetchone()
    assert row == (f"person/{_today()}",)
    assert tmdb.requests("/3/person/changes")


def test_a_window_whose_changes_were_taken_back_is_read_again(
    read_feed: Read, tmdb: Tmdb, connection: Connection
) -> None:
    latest = f"select key from raw.{CHANGES} where superseded_by is null order by key"
    _check(connection, 7, days_ago=5)
    tmdb.edited([7, 8], days_ago=4.0)
    read_feed()
    before = connection.execute(latest).fetchall()
    (load,) = connection.execute(f"select min(load_id) from raw.{CHANGES}").fetchone() or (0,)
    take_back(connection, load, run_id=uuid4())
    assert len(connection.execute(latest).fetchall()) < len(before)
    read_feed(minutes=30)
    assert connection.execute(latest).fetchall() == before
