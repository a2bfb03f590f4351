"""IMDb's pages as JSON, whatever they hold."""

import resource
import time
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.canonical import canonical
from extract.errors import Unfit
from extract.parsers.imdb import parse_list, parse_page
from extract.parsers.scripts import MAX_BYTES
from tests.extract.parsers import imdb_pages as pages
from tests.tmdb.recordings import RecordingsAbsentError, recordings_folder
from tests.waiting import within_cpu_seconds

WHOLE = (
    pages.title(),
    pages.episodes("tt0000101", pages.episode(1), pages.episode(2)),
    pages.credits(),
    pages.saved_list("tt0000101", total=600),
)
BOMB = b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;"><!ENTITY e "&d;&d;&d;&d;">]>&e;&e;'


@pytest.fixture
def recorded() -> Path:
    try:
        return recordings_folder() / "imdb"
    except RecordingsAbsentError as error:
        pytest.skip(str(error))


def _as_page(path: Path) -> bytes:
    return pages.page(orjson.loads(path.read_bytes()))


def test_a_title_is_read_off_json_ld_first_and_the_pages_own_data_fills_the_rest() -> None:
    assert parse_page(pages.title()) == {
        "kind": "title",
        "imdb_id": "tt0000101",
        "title_type": "tvSeries",
        "title": "A Series",
        "original_title": "Eine Serie",
        "description": "What happens.",
        "content_rating": "TV-MA",
        "rating_value": 8.5,
        "rating_count": 1_200,
        "start_year": 2001,
        "end_year": None,
        "runtime_seconds": 2_700,
        "genres": ["Drama", "Comedy"],
    }


def test_the_recorded_title_is_read_field_by_field(recorded: Path) -> None:
    (path,) = (recorded / "title_page_next_data").iterdir()
    main = orjson.loads(path.read_bytes())["props"]["pageProps"]["mainColumnData"]
    assert parse_page(_as_page(path)) == {
        "kind": "title",
        "imdb_id": main["id"],
        "title_type": main["titleType"]["id"],
        "title": main["titleText"]["text"],
        "original_title": main["originalTitleText"]["text"],
        "description": main["plot"]["plotText"]["plainText"],
        "content_rating": main["certificate"]["rating"],
        "rating_value": main["ratingsSummary"]["aggregateRating"],
        "rating_count": main["ratingsSummary"]["voteCount"],
        "start_year": main["releaseYear"]["year"],
        "end_year": main["releaseYear"]["endYear"],
        "runtime_seconds": main["runtime"]["seconds"],
        "genres": [genre["text"] for genre in main["genres"]["genres"]],
    }


def test_the_recorded_episodes_are_read_field_by_field(recorded: Path) -> None:
    (path,) = (recorded / "episodes_page_next_data").iterdir()
    content = orjson.loads(path.read_bytes())["props"]["pageProps"]["contentData"]
    parsed = parse_page(_as_page(path))
    assert (parsed["imdb_id"], parsed["season_number"]) == (content["entityMetadata"]["id"], 1)
    items = content["section"]["episodes"]["items"]
    assert len(parsed["episodes"]) == len(items) > 5
    for found, item in zip(parsed["episodes"], items, strict=True):
        date = item["releaseDate"]
        assert found == {
            "imdb_id": item["id"],
            "season_number": int(item["season"]),
            "episode_number": int(item["episode"]),
            "title": item["titleText"],
            "overview": item["plot"],
            "air_date": f"{date['year']}-{date['month']:02d}-{date['day']:02d}",
            "rating_value": item["aggregateRating"],
            "rating_count": item["voteCount"],
            "image_url": item["image"]["url"],
        }


def test_a_recorded_page_of_today_is_read_and_one_of_the_old_layout_is_refused(
    recorded: Path,
) -> None:
    new = parse_page((recorded / "title_page_html" / "tt3303790__Flexget.html").read_bytes())
    assert (new["imdb_id"], new["title"], new["title_type"]) == (
        "tt3303790",
        "Master of None",
        "movie",
    )
    assert (new["genres"], new["rating_count"]) == (["Drama"], None)
    with pytest.raises(Unfit, match="no data of a title"):
        parse_page((recorded / "title_page_html" / "tt0114478__Flexget.html").read_bytes())


def test_credits_tell_people_by_id_and_leave_out_what_is_none() -> None:
    parsed = parse_page(pages.credits())
    assert parsed["credits"] == [
        {
            "imdb_person_id": "nm0000005",
            "name": "Ann Other",
            "category": "Self",
            "characters": ["Self - Host"],
            "attributes": None,
            "episode_count": 12,
        }
    ]


@pytest.mark.parametrize(
    ("extent", "is_partial", "total_count"),
    [
        ({"total": 120, "hasNextPage": True}, True, 120),
        ({"total": 120}, True, 120),
        ({"hasNextPage": True}, True, None),
        ({"total": 2, "hasNextPage": True}, True, None),
        ({"total": 2, "hasNextPage": False}, False, 2),
        ({"total": "many", "hasNextPage": None}, False, None),
        ({}, False, None),
    ],
)
def test_a_page_is_partial_where_it_says_that_there_is_more_and_only_there(
    extent: dict[str, Any], is_partial: bool, total_count: int | None
) -> None:
    season = parse_page(pages.episodes("tt0000101", pages.episode(1), pages.episode(2), **extent))
    assert (season["is_partial"], season["total_count"]) == (is_partial, total_count)
    more: dict[str, Any] = {
        "pageInfo": {"hasNextPage": extent.get("hasNextPage")},
        "total": extent.get("total"),
    }
    listed = parse_list(pages.saved_list("tt0000101", "tt0000102", **more))
    assert (listed["is_partial"], listed["total_count"]) == (is_partial, total_count)


def test_the_recorded_season_is_whole(recorded: Path) -> None:
    (path,) = (recorded / "episodes_page_next_data").iterdir()
    parsed = parse_page(_as_page(path))
    assert (parsed["is_partial"], parsed["total_count"]) == (False, len(parsed["episodes"]))


def test_credits_are_partial_where_a_category_is() -> None:
    whole = parse_page(pages.credits(total=1))
    assert (whole["is_partial"], whole["total_count"]) == (False, 1)
    parsed = parse_page(pages.credits(total=300))
    assert (parsed["is_partial"], parsed["total_count"]) == (True, 300)
    assert parsed["categories"] == [{"name": "Self", "is_partial": True, "total_count": 300}]


def _linked(*ids: str) -> dict[str, Any]:
    urls = [f"https://www.imdb.com/title/{each}/" for each in ids]
    return {"@type": "ItemList", "itemListElement": [{"item": {"url": url}} for url in urls]}


def test_a_list_is_read_in_order_each_title_once() -> None:
    ids = ("tt0000103", "tt0000101", "tt0000103")
    address = "https://www.imdb.com/list/ls012345678/"
    for body in (pages.page(None, _linked(*ids), address), pages.saved_list(*ids)):
        parsed = parse_list(body)
        assert parsed["list_id"] == "ls012345678"
        assert parsed["imdb_ids"] == ["tt0000103", "tt0000101"]


def test_a_title_or_a_list_that_a_page_only_links_to_is_never_the_list() -> None:
    links = "/title/tt0000109/ https://www.imdb.com/list/ls099999999/"
    body = pages.page(None, _linked("tt0000101"), links=links)
    assert (parse_list(body)["list_id"], parse_list(body)["imdb_ids"]) == (None, ["tt0000101"])
    assert parse_list(pages.saved_list("tt0000101", links=links))["imdb_ids"] == ["tt0000101"]
    path = _linked("tt0000109") | {"@type": "BreadcrumbList"}
    for stray in (pages.page(links=links), pages.page(None, path), pages.title()):
        with pytest.raises(Unfit, match="carries no list: save the page"):
            parse_list(stray)
    with pytest.raises(Unfit, match="lists no title"):
        parse_list(pages.saved_list())


def _mutated(random: Random, body: bytes) -> bytes:
    """Cut, double, reorder, recode, or replace a stretch: what a broken save may be."""
    start, end = sorted(random.randrange(len(body) + 1) for _ in range(2))
    middle = body[start:end]
    match random.randrange(8):
        case 0:
            return body[:start]
        case 1:
            return body[:end] + middle + body[end:]
        case 2:
            return body[end:] + middle + body[:start]
        case 3:
            encoding = random.choice(("utf-16", "utf-32", "cp037", "utf-8-sig"))
            return body.decode(errors="replace").encode(encoding, errors="replace")
        case 4:
            return body[:start] + random.randbytes(min(len(middle), 200)) + body[end:]
        case 5:
            return BOMB + body.replace(b"Words", b"&e;" * 1_000)
        case 6:
            wrong = random.choice((b"null", b"[]", b"{}", b'"\\ud800"', b"1e999", b"[" * 5_000))
            return body.replace(random.choice((b'"1"', b"2001", b'"tt', b"8.5", b"[")), wrong)
        case _:
            return body.replace(b"<", b"<!--" if start % 2 else b"\0<")


@pytest.mark.parametrize("whole", WHOLE, ids=["title", "episodes", "credits", "list"])
@settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_page_is_read_or_refused_and_never_anything_else(whole: bytes, seed: int) -> None:
    random = Random(seed)
    body = _mutated(random, whole)
    if random.random() < 0.5:
        body = _mutated(random, body or b" ")
    for parse in (parse_page, parse_list):
        with within_cpu_seconds(30):
            try:
                parsed: Any = parse(body)
            except Unfit as unfit:
                assert unfit.reason
                continue
        assert canonical(parsed)


@pytest.mark.parametrize(
    "body",
    [
        b"x" * 50_000_000,
        b"<a>" * 5_000_000,
        b"<div " + b"a=1 " * 3_000_000,
        BOMB + b"&e;" * 5_000_000,
        b"<script type='application/ld+json'>" + b"[" * 15_000_000,
        b"<!--" * 4_000_000,
        b"<" * 15_000_000,
        b"<!DOCTYPE a [<!-- " * 900_000,
    ],
    ids=["50 MB", "tags", "attributes", "entities", "brackets", "comments", "opened", "doctypes"],
)
@pytest.mark.parametrize("size", [MAX_BYTES, None], ids=["at the bound", "beyond it"])
def test_a_huge_page_is_refused_in_bounded_time_and_memory(body: bytes, size: int | None) -> None:
    body = body[:size]
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unfit):
        parse_page(body)
    assert time.process_time() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # KB
