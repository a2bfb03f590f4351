"""Pages: every order complete, without repetition, whatever ties and nulls; cursors that hold."""

import base64
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.api.marts import NETWORKS, PEOPLE, SHOWS, WEEKS, show_id

SORTS = ("name", "premiere_date", "popularity", "vote_average", "last_aired_date")


def walk(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every item of a list, page after page."""
    found: list[dict[str, Any]] = []
    for _ in range(100):
        page = client.get(path, params=query).raise_for_status().json()
        assert len(page["items"]) <= query.get("limit", 20)
        found += page["items"]
        if page["next"] is None:
            return found
        assert page["items"], "a page that is not the last has items"
        query["cursor"] = page["next"]
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_show_every_row_once_in_order_with_nulls_last(
    client: httpx.Client, sort: str, descending: bool, limit: int
) -> None:
    direction = "-" if descending else ""
    items = walk(client, "/shows", sort=f"{direction}{sort}", limit=limit, include_adult=True)
    assert sorted(item["id"] for item in items) == sorted(show_id(show) for show in SHOWS)
    by_id = sorted(SHOWS, key=show_id)
    known = [show for show in by_id if show.get(sort) is not None]
    unknown = [show for show in by_id if show.get(sort) is None]
    ordered = sorted(known, key=lambda show: show[sort], reverse=descending)
    if descending:  # the id decides ties upwards in both directions
        values = dict.fromkeys(show[sort] for show in ordered)
        ordered = [show for value in values for show in known if show[sort] == value]
    assert [item["id"] for item in items] == [show_id(show) for show in (*ordered, *unknown)]


@pytest.mark.parametrize("sort", ["name", "-name", "show_count", "-show_count"])
def test_networks_have_pages_too(client: httpx.Client, sort: str) -> None:
    items = walk(client, "/networks", sort=sort, limit=1)
    assert sorted(item["id"] for item in items) == sorted(network["id"] for network in NETWORKS)
    values = [item[sort.removeprefix("-")] for item in items]
    assert values == sorted(values, reverse=sort.startswith("-"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"network": 213}, {2}),
        ({"genre": "Drama"}, {1396, 2, 8, 2147483647}),
        ({"genre": "drama"}, set()),
        ({"status": "Returning Series"}, {5}),
        ({"country": "ES"}, {2}),
        ({"country": "GB", "genre": "Reality"}, {5}),
        ({"provider_region": "GB"}, {5}),
        ({"provider": 8}, {5}),
        ({"provider": 8, "provider_region": "US"}, {5}),
        ({"provider": 8, "provider_region": "DE"}, set()),
        ({"provider": 9, "provider_region": "US"}, set()),
        ({"provider": 7}, set()),
        ({"company": 11073}, {1396}),
        ({"year_from": 2019, "year_to": 2020}, {3, 4}),
        ({"year_to": 2008}, {1396, None}),
        ({"year_from": 9999}, set()),
        ({"status": "Ended", "genre": "Drama", "include_adult": True}, {1396, 2, 8, 9, 2147483647}),
        ({"genre": "'; drop table marts.show_documents; --"}, set()),
    ],
)
def test_filters_narrow_together(
    client: httpx.Client, query: dict[str, Any], expected: set[int]
) -> None:
    assert {item["tmdb_id"] for item in walk(client, "/shows", limit=1, **query)} == expected


@pytest.mark.parametrize("sort", ["name", "-name", "popularity", "-popularity"])
def test_people_have_pages_too(client: httpx.Client, sort: str) -> None:
    items = walk(client, "/people", sort=sort, limit=1)
    assert {item["tmdb_id"] for item in items} == {person["tmdb_id"] for person in PEOPLE}
    values = [item[sort.removeprefix("-")] for item in items]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=sort.startswith("-"))
    assert values == [*known, None]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_show_tells_its_weeks_page_after_page(client: httpx.Client, limit: int) -> None:
    """A month is no week; a show without a week has an empty page, one that is not there none."""
    for sort, days in (("period_start_date", WEEKS), ("-period_start_date", WEEKS[::-1])):
        told = walk(client, "/shows/tmdb:1396/trends", sort=sort, limit=limit)
        assert tuple(line["period_start_date"] for line in told) == days
    months = walk(client, "/shows/imdb:tt0903747/trends", period="month", limit=limit)
    assert [line["period_start_date"] for line in months] == ["2026-11-01"]
    assert walk(client, "/shows/tmdb:2/trends", limit=limit) == []
    assert client.get("/shows/tmdb:999/trends").status_code == 404


@pytest.mark.parametrize("sort", ["-episode_count", "billing_order", "name"])
def test_who_is_seen_in_a_show_is_told_page_after_page(client: httpx.Client, sort: str) -> None:
    told = walk(client, "/shows/tmdb:1396/appearances", sort=sort, limit=1)
    assert {line["person_id"] for line in told} == {show_id(person) for person in PEOPLE}
    column = {"name": "person_name"}.get(sort, sort.removeprefix("-"))
    values = [line[column] for line in told if line[column] is not None]
    assert values == sorted(values, reverse=sort.startswith("-"))
    assert [line[column] for line in told][: len(values)] == values
    assert walk(client, "/shows/tmdb:2/appearances", sort=sort) == []
    assert client.get("/shows/tmdb:999/appearances").status_code == 404
    for person in PEOPLE:
        of_person = walk(client, f"/people/{show_id(person)}/appearances", limit=1)
        assert {line["person_id"] for line in of_person} == {show_id(person)}
        assert len(of_person) == len({line["show_id"] for line in of_person})
    assert client.get("/people/tmdb:999/appearances").status_code == 404
    assert client.get("/people/tmdb:999/wiki-pages").status_code == 404


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/stats/qualified-people?sort=name", 3),
        ("/stats/qualified-people?rule=seasons", 3),
        ("/stats/qualified-people?rule=shows", 0),
        ("/stats/wwhl-episodes?sort=-air_date", 4),
        ("/stats/wwhl-episodes?season=2", 1),
        ("/stats/wwhl-episodes?classification=NONE", 0),
        ("/wiki-pages", 3),
        ("/wiki-pages?sort=-name&wiki=amc", 2),
        ("/wiki-pages?q=cranston", 2),
        ("/people/tmdb:17419/wiki-pages", 2),
        ("/people/tmdb:84497/wiki-pages", 0),
        ("/people/tmdb:3/wiki-pages", 0),
        ("/meta/drift", 3),
        ("/meta/drift?resource=tmdb_tv_seasons", 0),
    ],
)
def test_lines_of_marts_have_pages_too(client: httpx.Client, path: str, expected: int) -> None:
    address, _, query = path.partition("?")
    asked = dict(each.split("=") for each in query.split("&") if each)
    told = walk(client, address, limit=1, **asked)
    assert len({str(line) for line in told}) == len(told) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "cranston"}, {17419}),
        ({"q": "PAUL"}, {84497}),
        ({"q": "brian cransten"}, {17419}),
        ({"q": "brian cransten", "department": "Art"}, set()),
        ({"q": "xylophone"}, set()),
        ({"department": "Art"}, set()),
    ],
)
def test_people_are_found_by_name_and_department(
    client: httpx.Client, query: dict[str, Any], expected: set[int]
) -> None:
    assert {item["tmdb_id"] for item in walk(client, "/people", **query)} == expected


def test_facets_count_what_the_filters_leave(client: httpx.Client) -> None:
    everything = client.get("/shows/facets").json()
    assert everything["show_count"] == len([show for show in SHOWS if not show.get("adult")])
    assert everything["genre"][0] == {"value": "Drama", "count": 4}
    for kind in ("genre", "status", "country", "network", "provider_region"):
        for facet in everything[kind]:
            shows = walk(client, "/shows", **{kind: facet["value"]})
            assert len(shows) == facet["count"], (kind, facet)
    of_a_genre = client.get("/shows/facets", params={"genre": "Reality"}).json()
    assert of_a_genre["status"] == [
        {"value": "Ended", "count": 1},
        {"value": "Returning Series", "count": 1},
    ]
    assert client.get("/shows/facets", params={"year_from": 9999}).json()["genre"] == []


@pytest.mark.parametrize("narrowed", [{}, {"provider": 8}, {"provider": 9}, {"genre": "Drama"}])
def test_each_facet_counts_what_its_value_would_list(
    client: httpx.Client, narrowed: dict[str, Any]
) -> None:
    """A service is offered in fewer regions than the show is: those of the others are not its."""
    told = client.get("/shows/facets", params=narrowed).json()
    years = [{"year_from": each["value"], "year_to": each["value"]} for each in told["year"]]
    asked = [(facet, year) for facet, year in zip(told["year"], years, strict=True)]
    for kind in ("genre", "status", "country", "network", "provider_region"):
        asked += [(facet, {kind: facet["value"]}) for facet in told[kind]]
    assert asked
    for facet, filters in asked:
        assert len(walk(client, "/shows", **narrowed | filters)) == facet["count"], filters


def test_a_cursor_belongs_to_its_sort_and_filters(client: httpx.Client) -> None:
    cursor = client.get("/shows", params={"limit": 1}).json()["next"]
    for query in ({"sort": "-name"}, {"genre": "Drama"}, {"q": "twins"}, {"include_adult": True}):
        answer = client.get("/shows", params={"cursor": cursor, **query})
        assert answer.status_code == 422
        assert "another sort or other filters" in answer.json()["detail"]
    assert client.get("/networks", params={"cursor": cursor}).status_code == 422
    assert client.get("/shows", params={"cursor": cursor, "limit": 100}).status_code == 200


def _forged(client: httpx.Client, sort: str, place: object, key: object) -> str:
    """A cursor with the right fingerprint and whatever else."""
    real = client.get("/shows", params={"limit": 1, "sort": sort}).json()["next"]
    fingerprint = json.loads(base64.urlsafe_b64decode(real + "=="))[0]
    told = json.dumps([fingerprint, place, key]).encode()
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


KEY = "c0b2661a-458e-863b-1ea0-c1c32686ff11"


@pytest.mark.parametrize(
    ("sort", "place", "key"),
    [
        ("name", "a\x00b", KEY),
        ("name", "\ud800", KEY),
        ("name", 5, KEY),
        ("name", ["a"], KEY),
        ("name", "a", "1"),
        ("name", "a", None),
        ("name", "a", "' or true --"),
        ("premiere_date", "2023-02-29", KEY),
        ("premiere_date", "infinity", KEY),
        ("premiere_date", "99999-01-01", KEY),
        ("premiere_date", "2020-W01-1", KEY),
        ("popularity", "NaN", KEY),
        ("popularity", "1e400000", KEY),
        ("popularity", "1" * 1000, KEY),
        ("popularity", "\u0661", KEY),
        ("popularity", "", KEY),
    ],
)
def test_a_forged_cursor_is_refused(
    client: httpx.Client, sort: str, place: object, key: object
) -> None:
    cursor = _forged(client, sort, place, key)
    answer = client.get("/shows", params={"sort": sort, "cursor": cursor})
    assert answer.status_code == 422
    assert "`cursor` was not given out by this API" in answer.json()["detail"]


def test_a_place_that_no_row_has_is_still_a_place(client: httpx.Client) -> None:
    cursor = _forged(client, "name", "Twin", KEY)
    items = client.get("/shows", params={"sort": "name", "cursor": cursor}).json()["items"]
    assert [item["name"] for item in items][:3] == ["Twins", "Twins", "Twins"]


@settings(
    max_examples=200, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None
)
@given(cursor=st.one_of(st.text(max_size=50), st.binary(max_size=60).map(base64.urlsafe_b64encode)))
@example("A" * 5_000)
@example("A" * 4_000)
@example("W10")
@example("e30")
@example("bnVsbA")
@example(base64.urlsafe_b64encode(b"[" * 2_900).decode())
def test_no_cursor_makes_the_api_fail(client: httpx.Client, cursor: str | bytes) -> None:
    text = cursor.decode() if isinstance(cursor, bytes) else cursor
    answer = client.get("/shows", params={"cursor": text})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
