"""From what people wrote to TMDb's ids: certain, or proposed with a reason."""

import asyncio
from collections.abc import Callable, Iterator
from hashlib import md5
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest

from extract.postgres.connections import connect
from extract.references import Kind, Reference, parse
from extract.resolved import Candidate, Resolved, judge
from extract.resolving import Resolver
from extract.settings import Settings
from extract.sources.tmdb.connection import open_client
from extract.sources.tmdb.lookups import shortfall
from extract.tracking import track
from tests.extract.http.faulty_server import FaultyServer, Reply, faulty_server
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.recordings import RecordingsAbsentError, recordings_folder
from tests.tmdb.server import tmdb_server

Connection = psycopg.Connection[Any]
Resolve = Callable[[str], Resolved]


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=60)) as tmdb:
        yield tmdb


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


@pytest.fixture
def resolve(settings: Settings, tmdb: Tmdb, connection: Connection) -> Resolve:
    return _resolving(settings, connection, tmdb.base_url)


@pytest.fixture
def source() -> Iterator[FaultyServer]:
    with faulty_server() as source:
        yield source


@pytest.fixture
def ask(settings: Settings, source: FaultyServer, connection: Connection) -> Resolve:
    """As `resolve`, with a source that says what it is told to."""
    return _resolving(settings, connection, source.url)


def _resolving(settings: Settings, connection: Connection, url: str) -> Resolve:
    towards = {"tmdb_base_url": url, "tmdb_bearer_token": "a-token-for-tests"}
    live = Settings(**{**settings.model_dump(), **towards})

    def resolve(text: str) -> Resolved:
        async def run() -> list[Resolved]:
            async with open_client(live, str(live.database_url)) as client:
                return await Resolver(client, connection, uuid4()).resolve([parse(text)])

        (resolved,) = asyncio.run(run())
        return resolved

    return resolve


def _call(tmdb: Tmdb, series_id: int, name: str, first_air_date: str = "2010-01-01") -> None:
    named = {"name": name, "original_name": name, "first_air_date": first_air_date}
    tmdb.override(series_id, "details", named)


def test_an_id_is_what_it_says_and_nobody_is_asked(resolve: Resolve, tmdb: Tmdb) -> None:
    assert resolve("1396").tmdb_ids == (1396,)
    assert tmdb.requests() == []


def test_an_id_of_ours_is_that_of_a_tracked_series(
    resolve: Resolve, connection: Connection
) -> None:
    show_id = str(UUID(md5(b"tmdb:tv:1396").hexdigest()))
    assert resolve(show_id).reason == "no_such_show"
    track(connection, [1396])
    assert resolve(show_id).tmdb_ids == (1396,)


def test_an_imdb_id_that_one_series_claims_is_that_series_and_is_asked_for_once(
    resolve: Resolve, tmdb: Tmdb, connection: Connection
) -> None:
    tmdb.claim("tt0903747", [7])
    first = resolve("https://www.imdb.com/title/tt0903747/")
    assert (first.tmdb_ids, first.reason) == ((7,), "single_result")
    assert resolve("tt0903747").tmdb_ids == (7,)
    assert len(tmdb.requests()) == 1
    held = connection.execute(
        "select key, payload -> 'tv_results' -> 0 ->> 'id' from raw.tmdb_find"
    )
    assert held.fetchall() == [("tt0903747", "7")]


@pytest.mark.parametrize(("ids", "reason"), [([], "no_tv_results"), ([3, 4], "ambiguous")])
def test_an_imdb_id_of_no_series_or_of_several_is_not_taken(
    resolve: Resolve, tmdb: Tmdb, ids: list[int], reason: str
) -> None:
    tmdb.claim("tt0903747", ids)
    resolved = resolve("tt0903747")
    assert (resolved.tmdb_ids, resolved.reason, resolved.score) == ((), reason, 0.0)
    assert [each.tmdb_id for each in resolved.candidates] == ids


@pytest.mark.parametrize(
    ("name", "year", "reason", "taken"),
    [
        (None, None, "single_result", True),
        ("survivor", 1999, "name_match", True),
        ("Expedition Robinson", None, "name_match", True),
        ("Something else", 2000, "year_match", True),
        ("Something else", 1999, "single_result", False),
        ("Something else", None, "single_result", False),
    ],
)
def test_a_single_result_is_taken_unless_what_we_know_of_it_disagrees(
    name: str | None, year: int | None, reason: str, taken: bool
) -> None:
    found = Candidate(14658, "Survivor", "Expedition: Robinson", "2000-05-31")
    resolved = judge(Reference(Kind.IMDB, "tt0239195", year, name), [found])
    assert (resolved.reason, resolved.is_certain) == (reason, taken)
    assert (resolved.score >= 0.8) == taken


def test_a_title_is_taken_only_where_exactly_one_series_bears_it(
    resolve: Resolve, tmdb: Tmdb
) -> None:
    _call(tmdb, 5, "The Quiet Isle")
    _call(tmdb, 6, "The Quiet Isle Revisited")
    assert resolve("quiet isle").tmdb_ids == (5,)
    asked = len(tmdb.requests())
    assert resolve("Quiet  ISLE").tmdb_ids == (5,)
    assert len(tmdb.requests()) == asked, "asked a second time on the same day"


def test_a_title_of_two_series_is_proposed_and_its_year_decides(
    resolve: Resolve, tmdb: Tmdb
) -> None:
    _call(tmdb, 5, "Quiet Isle")
    _call(tmdb, 7, "Quiet Isle", "2021-01-01")
    both = resolve("Quiet Isle")
    assert (both.tmdb_ids, both.reason) == ((), "ambiguous")
    assert "5 Quiet Isle (2010-01-01); 7 Quiet Isle (2021-01-01)" in str(both)
    assert resolve("Quiet Isle (2021)").tmdb_ids == (7,)


def test_a_part_of_a_title_is_proposed_only(resolve: Resolve, tmdb: Tmdb) -> None:
    _call(tmdb, 5, "Quiet Isle")
    part = resolve("Quiet")
    assert (part.tmdb_ids, part.reason) == ((), "similar_only")
    assert 5 in [each.tmdb_id for each in part.candidates]


def test_the_series_of_a_list_are_those_of_all_its_pages_and_no_movie(
    resolve: Resolve, tmdb: Tmdb, connection: Connection
) -> None:
    tmdb.make_list(8, range(1, 46), movies=[50, 51])
    resolved = resolve("https://www.themoviedb.org/list/8-favourites")
    assert resolved.tmdb_ids == tuple(range(1, 46))
    assert resolved.tags == ("tmdb-list:8",)
    row = connection.execute("select jsonb_array_length(payload -> 'items') from raw.tmdb_lists")
    assert row.fetchone() == (47,)
    assert resolve("list/9").reason == "no_such_list"


@pytest.mark.parametrize(
    ("to", "says_count", "shortfall"),
    [
        (47, True, None),
        (38, True, "TMDb gave 38 of the 47 items of list 8: nothing was taken off"),
        (10, True, "TMDb gave 10 of the 47 items of list 8"),
        (47, False, "TMDb gave 47 items of list 8 and did not say how many it has"),
    ],
    ids=["whole", "a short page", "pages that come empty", "no count"],
)
def test_a_list_is_whole_only_where_as_many_items_came_as_it_counts(
    resolve: Resolve, tmdb: Tmdb, to: int, says_count: bool, shortfall: str | None
) -> None:
    tmdb.make_list(8, range(1, 46), movies=[1, 2])
    tmdb.cut_list(8, to, says_count=says_count)
    resolved = resolve("list/8")
    assert resolved.tmdb_ids == tuple(range(1, min(to, 45) + 1))
    assert (resolved.shortfall or "").startswith(shortfall or "")
    assert (resolved.shortfall is None) == (shortfall is None)


def test_a_list_that_brings_more_than_it_counts_is_whole_and_an_item_twice_is_one() -> None:
    items = [{"id": each, "media_type": "tv"} for each in (1, 2, 2)]
    assert shortfall("8", {"items": items, "item_count": 1}) is None
    assert "2 of the 3" in (shortfall("8", {"items": items, "item_count": 3}) or "")


def test_the_recorded_list_is_whole() -> None:
    try:
        (path,) = (recordings_folder() / "tmdb" / "list").iterdir()
    except RecordingsAbsentError as error:
        pytest.skip(str(error))
    assert shortfall("1", orjson.loads(path.read_bytes())) is None


@pytest.mark.parametrize("absent", [{}, {"items": None}], ids=["missing", "null"])
def test_a_list_without_items_lands_and_is_not_an_empty_one(
    ask: Resolve, source: FaultyServer, connection: Connection, absent: dict[str, Any]
) -> None:
    source.script("/list/8", Reply(body=orjson.dumps({"id": "8", "item_count": 0, **absent})))
    resolved = ask("list/8")
    assert (resolved.reason, resolved.tmdb_ids) == ("incomplete_list", ())
    assert "without its items" in (resolved.shortfall or "")
    assert connection.execute("select count(*) from raw.tmdb_lists").fetchone() == (1,)
    assert connection.execute("select count(*) from raw.rejects").fetchone() == (0,)


def test_a_list_whose_items_are_of_another_type_is_refused_and_says_nothing(
    ask: Resolve, source: FaultyServer, connection: Connection
) -> None:
    source.script("/list/8", Reply(body=b'{"id":"8","item_count":0,"items":{"1":{}}}'))
    assert ask("list/8").reason == "incomplete_list"
    assert connection.execute("select count(*) from raw.tmdb_lists").fetchone() == (0,)
    assert connection.execute("select reason from raw.rejects").fetchall() == [("wrong_shape",)]


def test_a_page_of_a_list_that_fails_leaves_the_others_and_its_items_are_missing(
    ask: Resolve, source: FaultyServer
) -> None:
    def page(number: int) -> Reply:
        items = [{"id": number, "media_type": "tv"}]
        return Reply(body=orjson.dumps({"items": items, "item_count": 3, "total_pages": 3}))

    wrong = Reply(400, b'{"status_code":22,"status_message":"The reason."}')
    source.script("/list/8", page(1), wrong, page(3))
    resolved = ask("list/8")
    assert resolved.tmdb_ids == (1, 3)
    assert "2 of the 3 items of list 8" in (resolved.shortfall or "")


@pytest.mark.parametrize(
    ("text", "path", "good"),
    [
        ("tt0903747", "/find/tt0903747", {"tv_results": [{"id": 7, "name": "Quiet Isle"}]}),
        ("Quiet Isle", "/search/tv", {"results": [{"id": 7, "name": "Quiet Isle"}]}),
    ],
)
def test_an_answer_without_results_is_no_answer_and_is_asked_again(
    ask: Resolve, source: FaultyServer, text: str, path: str, good: dict[str, Any]
) -> None:
    source.script(path, Reply(body=b'{"page":1}'), Reply(body=orjson.dumps(good)))
    first = ask(text)
    assert (first.reason, first.is_certain) == ("unanswered", False)
    assert "says nothing" in str(first)
    assert ask(text).tmdb_ids == (7,)


def test_a_title_is_not_taken_where_a_page_of_the_search_came_without_results(
    ask: Resolve, source: FaultyServer
) -> None:
    first = {"results": [{"id": 7, "name": "Quiet Isle"}], "total_pages": 2}
    source.script("/search/tv", Reply(body=orjson.dumps(first)), Reply(body=b'{"page":2}'))
    assert ask("Quiet Isle").reason == "unanswered"
