"""Change feed, lists, find, search and exports are answered as TMDb does."""

import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest

from tests.tmdb.asking import Reply, ask
from tests.tmdb.exports import BAD_LINES, WRECKS
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=300)) as server:
        yield server


def _today() -> date:
    return datetime.now(UTC).date()


def _export(tmdb: Tmdb, kind: str = "tv_series", days_ago: int = 0) -> Reply:
    day = _today() - timedelta(days=days_ago)
    return ask(tmdb, f"/p/exports/{kind}_ids_{day:%m_%d_%Y}.json.gz", token=None)


def _ids(packed: bytes) -> list[int]:
    return [orjson.loads(line)["id"] for line in gzip.decompress(packed).splitlines()]


def test_the_change_feed_names_what_was_edited_in_pages_with_null_ids_among_them(
    tmdb: Tmdb,
) -> None:
    tmdb.touch(range(1, 201))
    tmdb.edited([300], days_ago=5)
    first = ask(tmdb, "/3/tv/changes?page=1").json()
    assert first["total_pages"] == 3 and len(first["results"]) == 100
    pages = [ask(tmdb, f"/3/tv/changes?page={page}").json()["results"] for page in (1, 2, 3)]
    named = [entry["id"] for page in pages for entry in page]
    assert [each for each in named if each] == list(range(1, 201))
    assert None in named
    week = ask(tmdb, f"/3/tv/changes?start_date={_today() - timedelta(days=6)}&page=3").json()
    assert 300 in [entry["id"] for entry in week["results"]]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("start_date=2026-01-01&end_date=2026-01-16", 422, 20),
        ("start_date=yesterday", 400, 23),
        ("page=0", 400, 22),
        ("page=501", 400, 22),
    ],
)
def test_a_wrong_question_to_the_feed_is_refused(
    tmdb: Tmdb, query: str, status: int, code: int
) -> None:
    answer = ask(tmdb, f"/3/tv/changes?{query}")
    assert (answer.status, answer.json()["status_code"]) == (status, code)


def test_a_list_holds_series_and_movies_in_pages(tmdb: Tmdb) -> None:
    tmdb.make_list(8, range(1, 31), [1, 2])
    assert ask(tmdb, "/3/list/9").status == 404
    answer = ask(tmdb, "/3/list/8?page=2").json()
    assert (answer["id"], answer["item_count"], answer["total_pages"]) == ("8", 32, 2)
    assert [item["media_type"] for item in answer["items"]] == ["tv"] * 10 + ["movie"] * 2


def test_find_gives_the_series_of_an_imdb_id_or_those_that_claim_it(tmdb: Tmdb) -> None:
    imdb_id = next(
        known
        for series_id in tmdb.ids()
        if (known := tmdb.document(series_id, "external_ids")["imdb_id"])
    )
    query = "external_source=imdb_id"
    (found,) = ask(tmdb, f"/3/find/{imdb_id}?{query}").json()["tv_results"]
    assert found["id"] == int(imdb_id[2:]) - 1_000_000
    tmdb.claim(imdb_id, [3, 4])
    assert len(ask(tmdb, f"/3/find/{imdb_id}?{query}").json()["tv_results"]) == 2
    assert ask(tmdb, f"/3/find/tt0000009?{query}").json()["tv_results"] == []


def test_search_finds_a_series_by_a_part_of_its_name(tmdb: Tmdb) -> None:
    tmdb.override(7, "details", {"name": "Quite a Rare Title"})
    answer = ask(tmdb, "/3/search/tv?query=rare%20title").json()
    assert [found["id"] for found in answer["results"]] == [7]
    assert ask(tmdb, "/3/search/tv?query=").json()["results"] == []


def test_an_export_stands_as_it_was_made_and_the_next_tells_what_went(tmdb: Tmdb) -> None:
    assert _ids(_export(tmdb).body) == tmdb.ids()
    tmdb.delete_series(4, is_told=True)
    assert _ids(_export(tmdb).body) != tmdb.ids()
    assert _ids(_export(tmdb, days_ago=1).body) == tmdb.ids()
    assert _export(tmdb, days_ago=-1).status == 404
    assert _export(tmdb, days_ago=91).status == 404
    assert len(_ids(_export(tmdb, "tv_network").body)) == 300


@pytest.mark.parametrize("how", WRECKS)
def test_an_export_can_be_spoilt_and_heals(tmdb: Tmdb, how: str) -> None:
    good = _export(tmdb)
    tmdb.spoil("tv_series", how)
    bad = _export(tmdb)
    assert (bad.status, bad.body) != (good.status, good.body)
    if how == "lines":
        assert set(BAD_LINES) <= set(gzip.decompress(bad.body).splitlines())
    tmdb.spoil("tv_series", None)
    assert _export(tmdb).body == good.body


def test_a_person_merged_into_another_is_gone_named_by_the_feed_and_credited_no_more(
    tmdb: Tmdb,
) -> None:
    series_id, (gone, into) = next(
        (each, found)
        for each in tmdb.ids()
        if len(found := _cast(tmdb, each)[:2]) == 2 and len(set(found)) == 2
    )
    tmdb.merge_person(gone, into)
    assert ask(tmdb, f"/3/person/{gone}").status == 404
    assert gone in [each["id"] for each in ask(tmdb, "/3/person/changes").json()["results"]]
    assert _cast(tmdb, series_id)[:2] == [into, into]
    assert gone not in _cast(tmdb, series_id)


def test_a_deletion_may_go_untold(tmdb: Tmdb) -> None:
    tmdb.delete_series(5, is_told=False)
    assert ask(tmdb, "/3/tv/5").status == 404
    assert ask(tmdb, "/3/tv/changes").json()["results"] == []
    assert 5 not in _ids(_export(tmdb).body)


def _cast(tmdb: Tmdb, series_id: int) -> list[int]:
    answer = ask(tmdb, f"/3/tv/{series_id}/aggregate_credits").json()
    return [member["id"] for member in answer["cast"]]
