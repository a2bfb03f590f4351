"""The daily exports: landed once, as they are, and what is missing from two in a row."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.exports import Listed, land_exports, open_exports
from extract.landing.taking_back import take_back
from extract.postgres.connections import connect
from extract.settings import Settings
from extract.sources.tmdb.catalogue import EXPORTS, newest_day
from tests.tmdb.exports import BAD_LINES
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

SERIES = "tmdb_tv_series_ids"
COUNT = 200
FIRST_DAY = datetime.combine(datetime.now(UTC).date() - timedelta(days=20), time(12), UTC)

Connection = psycopg.Connection[Any]
Land = Callable[..., Listed]


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=COUNT)) as tmdb:
        yield tmdb


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


@pytest.fixture
def land(settings: Settings, tmdb: Tmdb, connection: Connection) -> Land:
    """Land exports as they stand so many days after the first day."""
    towards = {"tmdb_exports_base_url": tmdb.exports_base_url}
    live = Settings(**{**settings.model_dump(), **towards})

    def land(day: float = 0, *names: str, **options: Any) -> Listed:
        async def run() -> Listed:
            async with open_exports(live, str(live.database_url)) as client:
                return await land_exports(
                    client,
                    connection,
                    [EXPORTS[name] for name in names or (SERIES,)],
                    run_id=uuid4(),
                    at=FIRST_DAY + timedelta(days=day),
                    **options,
                )

        return asyncio.run(run())

    return land


def _file(day: int, kind: str = "tv_series") -> str:
    return f"{kind}_ids_{FIRST_DAY + timedelta(days=day):%m_%d_%Y}.json.gz"


def _ids(connection: Connection, *, gone: bool = False) -> list[int]:
    rows = connection.execute(
        f"select key::integer from raw.{SERIES} where is_latest and is_tombstone = %s order by 1",
        (gone,),
    )
    return [number for (number,) in rows]


def _rows(connection: Connection, *tables: str) -> int:
    counts = (connection.execute(f"select count(*) from raw.{table}") for table in tables)
    return sum((count.fetchone() or (0,))[0] for count in counts)


def _state(connection: Connection) -> list[Any]:
    tables = (SERIES, "tmdb_tv_series_popularity", "showhouse_absences")
    return [
        connection.execute(
            f"select key, payload, is_tombstone, is_latest from raw.{table} order by key, load_id"
        ).fetchall()
        for table in tables
    ]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-03-01T07:59:59+00:00", "2026-02-28"),
        ("2026-03-01T08:00:00+00:00", "2026-03-01"),
        ("2026-03-01T01:30:00-07:00", "2026-03-01"),
    ],
)
def test_before_eight_utc_the_newest_export_is_yesterdays(now: str, day: str) -> None:
    assert newest_day(datetime.fromisoformat(now)).isoformat() == day


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_lands_once_a_row_per_id_and_its_file_alone_is_in_the_books(
    land: Land, connection: Connection, name: str
) -> None:
    first = land(0, name)
    assert not first.failures and first.landed.landed
    again = land(0.1, name)
    assert (again.requests, again.landed.landed) == (0, 0)
    books = connection.execute("select resource, key, status from raw.fetches").fetchall()
    assert (name, _file(0, EXPORTS[name].kind), "ok") in books
    assert len(books) == (2 if name == SERIES else 1)


def test_the_ids_are_those_of_the_file_and_a_second_landing_writes_nothing(
    land: Land, connection: Connection, tmdb: Tmdb
) -> None:
    land()
    assert _ids(connection) == tmdb.ids()
    before = _state(connection)
    connection.execute("truncate raw.fetches")
    again = land()
    assert (again.landed.checked, again.landed.load_id) == (2 * COUNT, None)
    assert _state(connection) == before


def test_popularity_alone_moves_the_narrow_table_alone(
    land: Land, connection: Connection, tmdb: Tmdb
) -> None:
    tmdb.advance_days(0)  # from now on popularity drifts
    tmdb.touch([1])
    land(0)
    ids, popularity = _rows(connection, SERIES), _rows(connection, "tmdb_tv_series_popularity")
    land(1)
    assert _rows(connection, SERIES) == ids
    moved = _rows(connection, "tmdb_tv_series_popularity") - popularity
    assert COUNT * 0.9 < moved <= COUNT


def test_an_id_missing_from_two_exports_in_a_row_is_gone_and_comes_back(
    land: Land, connection: Connection, tmdb: Tmdb
) -> None:
    land(0)
    tmdb.delete_series(7, is_told=True)
    land(1)
    assert _ids(connection, gone=True) == []
    assert _rows(connection, "showhouse_absences") == 1
    connection.execute("delete from raw.fetches where key = %s", (_file(1),))
    land(1)  # the same list again is not a second one
    assert _ids(connection, gone=True) == []
    land(2)
    assert _ids(connection, gone=True) == [7]
    tmdb.return_series(7)
    land(3)
    assert _ids(connection) == tmdb.ids()


def test_an_id_missing_from_two_exports_that_are_not_in_a_row_is_not_gone(
    land: Land, connection: Connection, tmdb: Tmdb
) -> None:
    for day in range(4):
        (tmdb.return_series if day % 2 == 0 else tmdb.delete_series)(7)
        land(day)
    assert _ids(connection, gone=True) == []


def test_a_list_that_shrank_is_refused_until_told_otherwise(
    land: Land, connection: Connection, tmdb: Tmdb
) -> None:
    land(0)
    before = _state(connection)
    tmdb.spoil("tv_series", "short")
    refused = land(1)
    ((file, why),) = refused.failures
    assert file == _file(1)
    assert why.startswith(f"{SERIES}: 10 ids listed, {COUNT} at the last good run. Refused")
    assert _state(connection) == before
    status = connection.execute(
        "select status, error from raw.fetches where key = %s", (_file(1),)
    ).fetchone()
    assert status == ("failed", why)
    assert not land(1, accept_shrink=True).failures
    land(2, accept_shrink=True)
    assert len(_ids(connection, gone=True)) == COUNT - 10


@pytest.mark.parametrize(
    ("how", "reason"),
    [("torn", "truncated"), ("html", "html"), ("garbage", "not_gzip"), ("empty", "empty")],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole_and_asked_for_again(
    land: Land, connection: Connection, tmdb: Tmdb, how: str, reason: str
) -> None:
    land(0)
    before = _state(connection)
    tmdb.spoil("tv_series", how)
    ((file, _),) = land(1).failures
    assert file == _file(1)
    assert _state(connection) == before
    rejects = connection.execute("select resource, key, reason from raw.rejects").fetchall()
    assert rejects == [(SERIES, file, reason)]
    tmdb.spoil("tv_series", None)
    assert not land(1).failures
    status = connection.execute("select status from raw.fetches where key = %s", (file,)).fetchone()
    assert status == ("ok",)


@pytest.mark.parametrize("how", ["plain", "twice"])
def test_a_file_is_read_by_what_it_is_whatever_it_is_packed_in(
    land: Land, connection: Connection, tmdb: Tmdb, how: str
) -> None:
    tmdb.spoil("tv_series", how)
    assert not land(0).failures
    assert _ids(connection) == sorted(tmdb.ids())


def test_bad_lines_are_refused_each_and_the_others_land(
    land: Land, connection: Connection, tmdb: Tmdb
) -> None:
    tmdb.spoil("tv_series", "lines")
    done = land()
    assert not done.failures
    assert _ids(connection) == tmdb.ids()
    assert done.landed.by_resource[SERIES].rejected == len(BAD_LINES)
    rows = connection.execute("select key, detail from raw.rejects order by reject_id").fetchall()
    assert [key for key, _ in rows] == [_file(0)] * len(BAD_LINES)
    numbers = (*range(4, 11), 12, 11)  # that one cannot be written shows when it is
    assert [detail.partition(":")[0] for _, detail in rows] == [f"line {n}" for n in numbers]


def test_a_late_export_leaves_the_one_before_and_is_told(
    land: Land, connection: Connection, tmdb: Tmdb
) -> None:
    ahead = (datetime.now(UTC).date() - FIRST_DAY.date()).days + 1
    land(ahead)  # there is no such file yet: the one before lands
    assert _ids(connection) == tmdb.ids()
    assert land(ahead).failures == []
    ((file, why),) = land(ahead + 3).failures
    assert file == _file(ahead + 3) and "no such file yet" in why


def test_an_older_file_never_lands_after_a_newer_one(
    land: Land, connection: Connection, tmdb: Tmdb
) -> None:
    land(5)
    tmdb.delete_series(*range(1, 5), is_told=True)
    assert land(3).landed.checked == 0
    assert _rows(connection, "showhouse_absences") == 0


def test_the_books_rest_on_the_newest_file(land: Land, connection: Connection, tmdb: Tmdb) -> None:
    land(0)
    tmdb.spoil("tv_series", "torn")
    land(1)
    tmdb.spoil("tv_series", None)
    land(2)
    rows = connection.execute(
        "select key, status, next_due_at < now() + interval '1 year' from raw.fetches"
        " where resource = %s order by key",
        (SERIES,),
    ).fetchall()
    assert sorted(rows) == sorted([(_file(0), "ok", False), (_file(2), "ok", True)])


def test_what_is_taken_back_of_an_export_comes_again_though_a_newer_one_confirmed_it(
    land: Land, connection: Connection, tmdb: Tmdb
) -> None:
    load_id = land(0).landed.load_id
    tmdb.advance_days(1)
    land(1)
    assert load_id and land(1.1).requests == 0
    take_back(connection, load_id, run_id=uuid4())
    assert len(_ids(connection)) < COUNT
    again = land(1.2)
    assert again.requests == 1
    assert _ids(connection) == tmdb.ids()
