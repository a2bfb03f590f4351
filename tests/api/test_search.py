"""Search by part of a title."""

from typing import Any

import httpx
import pytest


def _found(client: httpx.Client, **query: Any) -> set[int | None]:
    return {item["tmdb_id"] for item in client.get("/shows", params=query).json()["items"]}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("breaking", {1396}),
        ("BREAKING BAD", {1396}),
        ("  breaking   bad ", {1396}),
        ("king b", {1396}),
        ("brëakíng", {1396}),
        ("elite", {2}),
        ("ÉLITE", {2}),
        ("E\u0301lite", {2}),
        ("drama", {8}),
        ("токийская драма", {8}),
        ("ДРАМА", {8}),
        ("東京", {8}),
        ("100%", {None}),
        ("%", set()),
        ("_", set()),
        ("\\", set()),
        ("real\\", {None}),
        ("%real", {None}),
        ("\uff11\uff10\uff10\uff05", {None}),
        ("\uff3f", set()),
        ("1_0", set()),
        ("' or '1'='1", set()),
        ("xylophone zebra", set()),
        ("braking bad", {1396}),
        ("breakin bda", {1396}),
        ("elitte", {2}),
        ("\N{GRINNING FACE}", set()),
    ],
)
def test_a_title_is_found_by_a_part_whatever_case_and_accents(
    client: httpx.Client, q: str, expected: set[int | None]
) -> None:
    assert _found(client, q=q) == expected


@pytest.mark.parametrize("q", ["", " ", "\u0301"])
def test_a_search_for_nothing_finds_everything(client: httpx.Client, q: str) -> None:
    assert len(_found(client, q=q)) == len(_found(client))


def test_what_resembles_is_narrowed_by_the_filters_too(client: httpx.Client) -> None:
    assert _found(client, q="braking bad", genre="Crime") == {1396}
    assert _found(client, q="braking bad", genre="Reality") == set()
    assert client.get("/shows", params={"q": "braking bad", "limit": 1}).json()["next"] is None


def test_facets_count_no_title_that_only_resembles_and_say_so(client: httpx.Client) -> None:
    assert client.get("/shows/facets", params={"q": "breaking"}).json()["show_count"] == 1
    assert client.get("/shows/facets", params={"q": "braking bad"}).json()["show_count"] == 0
    paths = client.get("/openapi.json").json()["paths"]
    told = {
        path: each["description"]
        for path in ("/shows", "/shows/facets")
        for each in paths[path]["get"]["parameters"]
        if each.get("name") == "q"
    }
    assert "and typing errors" in told["/shows"]
    assert "Typing errors are not" in told["/shows/facets"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("the last id", [2147483647, 1396]),
        (" THE  last Id ", [2147483647, 1396]),
        ("the last", [1396, 2147483647]),
    ],
)
def test_to_tmdbs_clients_what_is_called_so_comes_before_what_is_more_popular(
    client: httpx.Client, query: str, expected: list[int]
) -> None:
    found = client.get("/3/search/tv", params={"query": query}).json()
    assert [item["id"] for item in found["results"]] == expected
    assert found["total_results"] == len(expected)


def test_adult_series_are_found_only_when_asked_for(client: httpx.Client) -> None:
    assert _found(client, q="after dark") == set()
    assert _found(client, q="after dark", include_adult=True) == {9}


def test_networks_are_found_by_name(client: httpx.Client) -> None:
    items = client.get("/networks", params={"q": "elysee"}).json()["items"]
    assert [item["id"] for item in items] == [5]
    items = client.get("/networks", params={"country": "US"}).json()["items"]
    assert [item["id"] for item in items] == [174]
