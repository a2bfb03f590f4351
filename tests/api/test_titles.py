"""Titles as people type them, over marts as dbt builds them: what is found, and in which order."""

from collections.abc import Iterator
from time import process_time
from typing import Any

import httpx
import pytest

from api.listing import Selection
from api.settings import load_settings
from api.titles import titled
from tests.api.conftest import serve
from tests.api.test_listing import walk
from tests.dbt_project.warehouse import Warehouse

SERIES: dict[int, tuple[str, float | None, list[str], list[str]]] = {
    1: ("Alien: Earth", 90, ["US"], []),
    2: ("Ancient Aliens", 95, ["US"], []),
    3: ("What's My Line?", 3, ["US"], []),
    4: ("M*A*S*H", 40, ["US"], ["MASH 4077"]),
    5: ("Law & Order", 80, ["US"], []),
    6: ("Law & Order: Special Victims Unit", 99, ["US"], ["SVU"]),
    7: ("9-1-1", 70, ["US"], []),
    8: ("9-1-1: Lone Star", 75, ["US"], []),
    9: ("S.W.A.T.", 50, ["US"], []),
    10: ("Marvel's Spider-Man", 20, ["US"], []),
    11: ("The Office", 97, ["US"], []),
    12: ("The Office", 30, ["GB"], []),
    13: ("The Office", None, ["IN"], []),
    14: ("Office Ladies", 1, ["US"], ["The Office"]),
    15: ("Élite", 45, ["ES"], []),
    16: ("The Last of Us", 98, ["US"], []),
    17: ("Usagi Yojimbo", 60, ["US"], []),
    18: ("Belousov", 88, ["RU"], []),
    19: ("???", 2, ["JP"], []),
    20: ("Grey’s Anatomy", 85, ["US"], []),  # noqa: RUF001
    21: ("Mr. Robot", 65, ["US"], []),
    22: ("Q&A", 5, ["AU"], []),
    23: ("東京・ストーリー", 4, ["JP"], []),
    24: ("Bos", 66, ["US"], []),
    25: ("Get", 90, ["IT"], []),
    26: ("Get It", 1, ["US"], []),
}
"""Name, popularity, countries of origin and other titles, by TMDb's id."""
PEOPLE = {51: "Dylan O'Brien", 52: "J.J. Abrams", 53: "Jean-Luc Picard", 54: "Zoë Kravitz"}


@pytest.fixture(scope="module")
def client(
    module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of an API over marts of these."""
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    answers: dict[tuple[str, str], dict[str, Any] | None] = {}
    for key, (name, popularity, countries, titles) in SERIES.items():
        told = {"id": key, "name": name, "origin_country": countries, "seasons": []}
        others = [{"iso_3166_1": "US", "title": title} for title in titles]
        answers["tmdb_tv_details", str(key)] = told
        answers["tmdb_tv_metrics", str(key)] = {"id": key, "popularity": popularity}
        answers["tmdb_tv_alternative_titles", str(key)] = {"id": key, "results": others}
    cast = [{"id": key, "name": name, "credit_id": f"c{key}"} for key, name in PEOPLE.items()]
    answers["tmdb_tv_credits", "1"] = {"id": 1, "cast": cast, "crew": []}
    warehouse.answer(answers)
    marts = ("title_words", "person_documents", "tmdb_documents", "show_facets")
    warehouse.dbt("run", "--select", *(f"+{mart}" for mart in marts))
    home = tmp_path_factory.mktemp("home")
    settings = load_settings(database_url=warehouse.url, showhouse_home=home)
    with serve(settings) as url, httpx.Client(base_url=url, timeout=300) as client:
        yield client


def _found(client: httpx.Client, **query: Any) -> list[int]:
    return [item["tmdb_id"] for item in client.get("/shows", params=query).json()["items"]]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("alien earth", [1]),
        ("alien:earth", [1]),
        ("ALIEN — EARTH", [1]),
        ("whats my line", [3]),
        ("what's my line?", [3]),
        ("what’s my line", [3]),  # noqa: RUF001
        ("what\u00b4s my line", [3]),
        ("mash", [4]),
        ("M*A*S*H", [4]),
        ("m a s h", [4]),
        ("law and order", [5, 6]),
        ("law & order", [5, 6]),
        ("law & order: svu", []),
        ("911", [7, 8]),
        ("9-1-1", [7, 8]),
        ("9 1 1", [7, 8]),
        ("911 lone star", [8]),
        ("9-1-1 lone star", [8]),
        ("swat", [9]),
        ("s.w.a.t", [9]),
        ("spiderman", [10]),
        ("spider man", [10]),
        ("marvels spider-man", [10]),
        ("the office us", [11]),
        ("The Office (US)", [11]),
        ("the office usa", [11]),
        ("the office uk", [12]),
        ("the office (GB)", [12]),
        ("the office", [11, 12, 13, 14]),
        ("elite", [15]),
        ("ÉLITE!", [15]),
        ("greys anatomy", [20]),
        ("grey's anatomy", [20]),
        ("mr robot", [21]),
        ("mr.robot", [21]),
        ("q and a", [22]),
        ("東京ストーリー", [23]),
        ("東京 ストーリー", [23]),
        ("???", [19]),
        ("?", [19]),
        ("%", []),
    ],
)
def test_a_title_is_found_whatever_signs_are_typed(
    client: httpx.Client, q: str, expected: list[int]
) -> None:
    found = _found(client, q=q)
    if expected or not found:
        assert found == expected
    theirs = client.get("/3/search/tv", params={"query": q}).json()["results"]
    assert [item["id"] for item in theirs] == expected
    assert client.get("/shows/facets", params={"q": q}).json()["show_count"] == len(expected)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("law and order", [5, 6]),  # its name, before a more popular one that begins with it
        ("the office", [11, 12, 13, 14]),  # another title last, unknown popularity before it
        ("us", [16, 17, 18]),  # a word, a beginning, within
        ("bos", [24]),
        ("alien", [1, 2]),  # a word, before what is more popular and has it within
        ("of", [16, 14, 11, 12, 13]),
        ("mash 4077", [4]),
        ("get it", [26, 25]),  # its name, before a more popular `Get` that is from Italy
        ("Get (IT)", [26, 25]),
    ],
)
def test_the_more_alike_come_first_then_the_more_popular(
    client: httpx.Client, q: str, expected: list[int]
) -> None:
    assert _found(client, q=q) == _found(client, q=q, sort="likeness") == expected
    for limit in (1, 2, 3):
        pages = walk(client, "/shows", q=q, limit=limit)
        assert [item["tmdb_id"] for item in pages] == expected


@pytest.mark.parametrize("q", ["_" * 200, "_" * 98 + "us" + "_" * 99 + "é", ("us_" * 67)[:200]])
def test_a_long_row_of_signs_is_taken_apart_in_no_time(q: str) -> None:
    started = process_time()
    for _ in range(100):
        titled(Selection("-likeness", 20, None), q)
    assert process_time() - started < 1


def test_a_search_may_still_be_sorted_otherwise(client: httpx.Client) -> None:
    assert _found(client, q="the office", sort="-popularity") == [11, 12, 14, 13]
    by_name = [SERIES[i][0] for i in _found(client, q="of", sort="name")]
    assert by_name == sorted(by_name)
    most_popular = _found(client, sort="likeness", limit=100)
    assert most_popular == _found(client, sort="-popularity", limit=100)
    assert _found(client) == _found(client, sort="name")


def test_a_cursor_of_a_search_belongs_to_what_was_typed(client: httpx.Client) -> None:
    cursor = client.get("/shows", params={"q": "of", "limit": 1}).json()["next"]
    for query in ({"q": "us"}, {"q": "of", "sort": "name"}, {}):
        answer = client.get("/shows", params={"cursor": cursor, **query})
        assert (answer.status_code, "another sort" in answer.json()["detail"]) == (422, True)


def test_every_show_is_on_one_page_of_a_long_search(client: httpx.Client) -> None:
    found = [item["tmdb_id"] for item in walk(client, "/shows", q="a", limit=2)]
    assert len(found) == len({*found}) > 10
    assert {*found} == {*_found(client, q="a", limit=100)}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("obrien", 51),
        ("O’Brien", 51),  # noqa: RUF001
        ("jj abrams", 52),
        ("J. J. Abrams", 52),
        ("jean luc", 53),
        ("Jean-Luc", 53),
        ("zoe", 54),
    ],
)
def test_a_person_is_found_whatever_signs_are_typed(
    client: httpx.Client, q: str, expected: int
) -> None:
    found = client.get("/people", params={"q": q}).json()["items"]
    assert [person["tmdb_id"] for person in found] == [expected]
