"""Answers that nobody foresaw: they are one thing's failure, and the others land."""

import asyncio
import gzip
import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest

from extract.changes import land_changes
from extract.documents import Batch
from extract.errors import GateUnusable
from extract.http.errors import ClientRefused
from extract.postgres.connections import connect
from extract.references import parse
from extract.registry import RESOURCES
from extract.resolving import Resolver
from extract.run import Selection, extract
from extract.settings import Settings
from extract.sources.tmdb import resources as series
from extract.sources.tmdb.asking import whole_or_failed
from extract.sources.tmdb.catalogue import FEEDS
from extract.sources.tmdb.connection import open_client
from extract.sources.tmdb.single import SingleRequest
from tests.extract.http.faulty_server import FaultyServer, Reply, faulty_server

BEYOND = b"1e99999999999999999999"
PARTS = [str(part.appended_as) for part in series.PARTS]


@pytest.fixture
def source() -> Iterator[FaultyServer]:
    with faulty_server() as source:
        yield source


@pytest.fixture
def live(settings: Settings, source: FaultyServer) -> Settings:
    towards = {"tmdb_base_url": source.url, "tmdb_bearer_token": "a-token-for-tests"}
    return Settings(**{**settings.model_dump(), **towards})


def _rows(live: Settings, query: str) -> list[tuple[object, ...]]:
    with connect(str(live.database_url)) as connection:
        return connection.execute(query).fetchall()


def _series(series_id: int, popularity: bytes = b"1.5") -> Reply:
    head = b'{"id":%d,"name":"A series","seasons":[],"popularity":%b' % (series_id, popularity)
    return Reply(
        body=head
        + b"".join(b',"%b":{"id":%d}' % (name.encode(), series_id) for name in PARTS)
        + b"}"
    )


def test_a_number_beyond_jsonb_refuses_its_series_and_the_others_land(
    live: Settings, source: FaultyServer
) -> None:
    for series_id in (4, 5, 6):
        source.script(f"/tv/{series_id}", _series(series_id, BEYOND if series_id == 5 else b"1.5"))
    done = asyncio.run(extract(live, Selection(tmdb_ids=(4, 5, 6))))
    assert [failure.key for failure in done.failures] == ["5"]
    assert done.failures[0].why.startswith("number_too_long: ")
    assert _rows(live, "select key from raw.tmdb_tv_details order by key") == [("4",), ("6",)]
    status = "select status from raw.fetches where resource = 'tmdb_tv_details' and key = '5'"
    assert _rows(live, status) == [("failed",)]


def test_what_the_edge_refuses_and_an_error_with_status_200_cost_one_series_each(
    live: Settings, source: FaultyServer
) -> None:
    page = b"<HTML><H1>403 ERROR</H1>The request could not be satisfied.</HTML>"
    error = b'{"success":false,"status_code":34,"status_message":"Not found."}'
    for series_id in (4, 6):
        source.script(f"/tv/{series_id}", _series(series_id))
    source.script("/tv/5", Reply(403, page))
    source.script("/tv/7", Reply(200, error))
    done = asyncio.run(extract(live, Selection(tmdb_ids=(4, 5, 6, 7))))
    why = {failure.key: failure.why for failure in done.failures}
    assert why.keys() == {"5", "7"}
    assert "the edge in front of TMDb refused the request, not the token" in why["5"]
    assert _rows(live, "select key, reason from raw.rejects") == [("7", "error_body")]
    landed = _rows(live, "select key, is_tombstone from raw.tmdb_tv_details order by key")
    assert landed == [("4", False), ("6", False)]


def test_an_edge_that_refuses_everything_is_left_after_twenty_series_in_a_row(
    live: Settings, source: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.http.patience.LONGEST_BACKOFF", 0.01)
    fast = Settings(**{**live.model_dump(), "tmdb_requests_per_second": 100_000.0})
    for series_id in range(1, 101):
        source.script(f"/tv/{series_id}", Reply(403, b"<HTML>Forbidden</HTML>"))
    with pytest.raises(ClientRefused, match="20 requests in a row: the edge in front of TMDb"):
        asyncio.run(extract(fast, Selection(tmdb_ids=tuple(range(1, 101)))))
    assert len({asked.target for asked in source.asked}) <= 20 + 2 * fast.tmdb_max_connections
    assert _rows(live, "select key from raw.tmdb_tv_details") == []


def test_a_series_lands_though_its_answer_begins_with_a_byte_order_mark(
    live: Settings, source: FaultyServer
) -> None:
    source.script("/tv/5", Reply(body=b"\xef\xbb\xbf" + _series(5).body))
    assert not asyncio.run(extract(live, Selection(tmdb_ids=(5,)))).failures
    assert len(source.asked) == 1


@pytest.mark.parametrize("header", [{}, {"content-encoding": "gzip"}], ids=["none", "gzip"])
@pytest.mark.parametrize("layers", [0, 1, 2])
def test_a_series_lands_whatever_its_answer_is_packed_in(
    live: Settings, source: FaultyServer, header: dict[str, str], layers: int
) -> None:
    body = _series(5).body
    for _ in range(layers):
        body = gzip.compress(body)
    source.script("/tv/5", Reply(body=body, headers=header))
    assert not asyncio.run(extract(live, Selection(tmdb_ids=(5,)))).failures
    assert _rows(live, "select payload ->> 'name' from raw.tmdb_tv_details") == [("A series",)]
    assert source.statuses[200] == len(source.asked)


def test_an_unbelievable_wait_is_none(live: Settings, source: FaultyServer) -> None:
    never = {"retry-after": "Mon, 01 Jan 2024 00:00:00 +999999999999999"}
    source.script("/tv/5", Reply(429, headers=never), _series(5))
    assert not asyncio.run(extract(live, Selection(tmdb_ids=(5,)))).failures


def test_a_number_beyond_jsonb_in_the_change_feed_is_that_entrys_reject(
    live: Settings, source: FaultyServer
) -> None:
    results = b'[{"id":4,"adult":false},{"id":5,"adult":%b}]' % BEYOND
    body = b'{"results":%b,"page":1,"total_pages":1}' % results
    source.script("/tv/changes", Reply(body=body))

    async def read() -> int:
        with connect(str(live.database_url)) as connection:
            async with open_client(live, str(live.database_url)) as client:
                feed = FEEDS["tmdb_tv_changes"]
                told = await land_changes(client, connection, feed, run_id=uuid4())
        return told.landed.by_resource["tmdb_tv_changes"].rejected

    assert asyncio.run(read()) == 1
    assert len(_rows(live, "select key from raw.tmdb_tv_changes")) == 1


def test_a_change_feed_that_counts_no_pages_is_read_up_to_the_first_empty_one(
    live: Settings, source: FaultyServer
) -> None:
    pages = (b'{"results":[{"id":4}]}', b'{"results":[{"id":5}]}', b'{"results":[]}')
    source.script("/tv/changes", *(Reply(body=page) for page in pages))

    async def read() -> list[tuple[str, str]]:
        with connect(str(live.database_url)) as connection:
            async with open_client(live, str(live.database_url)) as client:
                feed = FEEDS["tmdb_tv_changes"]
                return (await land_changes(client, connection, feed, run_id=uuid4())).failures

    assert asyncio.run(read()) == []
    named = _rows(live, "select split_part(key, '/', 1) from raw.tmdb_tv_changes order by 1")
    assert named == [("4",), ("5",)]


@pytest.mark.parametrize(
    ("asked", "path", "holds"),
    [
        ("tt0903747", "/find/tt0903747", "tv_results"),
        ("Survivor", "/search/tv", "results"),
        ("list/5", "/list/5", "items"),
    ],
)
def test_a_number_beyond_jsonb_in_a_lookup_is_a_reject_and_the_lookup_goes_on(
    live: Settings, source: FaultyServer, asked: str, path: str, holds: str
) -> None:
    hit = b'{"id":7,"name":"Survivor","media_type":"tv","popularity":%b}' % BEYOND
    source.script(path, Reply(body=b'{"%b":[%b],"total_pages":1}' % (holds.encode(), hit)))

    async def resolve() -> tuple[int, ...]:
        with connect(str(live.database_url)) as connection:
            async with open_client(live, str(live.database_url)) as client:
                (found,) = await Resolver(client, connection, uuid4()).resolve([parse(asked)])
        return found.tmdb_ids

    assert asyncio.run(resolve()) == (7,)
    assert _rows(live, "select reason from raw.rejects") == [("number_too_long",)]


def test_a_bug_that_one_answer_brings_to_light_is_that_things_failure_and_is_logged(
    live: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    request = SingleRequest(RESOURCES["tmdb_network_details"], "7")

    async def ask(error: Exception) -> Batch:
        async def asking() -> Batch:
            raise error

        async with open_client(live, str(live.database_url)) as client:
            return await whole_or_failed(client, request, asking())

    with caplog.at_level(logging.ERROR):
        (failure,) = asyncio.run(ask(TypeError("a secret, perhaps"))).failures
    assert (failure.resource, failure.key) == ("tmdb_network_details", "7")
    assert "`TypeError`" in failure.error and "secret" not in failure.error
    assert caplog.records[0].exc_info
    with pytest.raises(GateUnusable):
        asyncio.run(ask(GateUnusable("host.test", "it is gone")))
