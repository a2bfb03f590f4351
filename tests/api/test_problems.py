"""Errors: one shape, a detail that helps, nothing of our insides."""

import re

import httpx
import pytest

from api.problems import ProblemDocument

UNKNOWN = [
    "/",
    "/nowhere",
    "/shows/",
    "/shows/tmdb:1",
    "/shows/tmdb:9999999999",
    "/shows/imdb:tt0000000",
    "/shows/00000000-0000-0000-0000-000000000000",
    "/shows/tmdb:1/seasons",
    "/shows/tmdb:1/seasons/1",
    "/shows/tmdb:1/seasons/1/episodes",
    "/shows/tmdb:1/watch-providers",
    "/shows/tmdb:1/watch-providers?history=true",
    "/shows/tmdb:1/freshness",
    "/shows/tmdb:1396/seasons/99",
    "/shows/tmdb:1396/seasons/2147483647",
    "/shows/tmdb:1396/seasons/99/episodes",
    "/shows/tmdb:1/images",
    "/shows/tmdb:1/orders",
    "/people/tmdb:1",
    "/people/imdb:nm1",
    "/companies/1",
    "/watch-providers/1",
    "/networks/1",
    "/networks/2147483647",
    "/media/images/logos/networks/1/" + "0" * 64 + ".png",
    "/shows/tmdb:1396%2Fseasons%2F99",
]
UNUSABLE = [
    "/shows/1396",
    "/shows/tmdb:0",
    "/shows/tmdb:-1",
    "/shows/tmdb:99999999999999999999",
    "/shows/tmdb:1396%00",
    "/shows/tmdb:1396%0A",
    "/shows/tmdb:\u0661",
    "/shows/TMDB:1396",
    "/shows/imdb:0903747",
    "/shows/imdb:tt" + "9" * 13,
    "/shows/%00",
    "/shows/" + "x" * 10_000,
    "/shows/tmdb:1396/seasons/-1",
    "/shows/tmdb:1396/seasons/one",
    "/shows/tmdb:1396/seasons/1_0",
    "/shows/tmdb:1396/seasons/1.0",
    "/shows/tmdb:1396/seasons/%2B1",
    "/shows/tmdb:1396/seasons/2147483648",
    "/shows/tmdb:1396/seasons/" + "9" * 5_000,
    "/shows/tmdb:1396/watch-providers?region=us",
    "/shows/tmdb:1396/watch-providers?region=U%00",
    "/shows/tmdb:1396/watch-providers?history=perhaps",
    "/people/17419",
    "/people/imdb:tt0903747",
    "/companies/0",
    "/watch-providers/x",
    "/networks/0",
    "/networks/2147483648",
    "/networks/99999999999999999999",
    "/shows?limit=0",
    "/shows?limit=101",
    "/shows?limit=ten",
    "/shows?q=%00",
    "/shows?q=" + "x" * 201,
    "/shows?genre=%00",
    "/shows?genre=",
    "/shows?network=99999999999",
    "/shows?country=USA",
    "/shows?sort=id",
    "/shows?sort=name;drop",
    "/shows?include_adult=perhaps",
    "/shows?gerne=Drama",
    "/shows?cursor=",
    "/shows?year_from=0",
    "/shows?year_to=10000",
    "/shows?provider=netflix",
    "/shows/facets?sort=name",
    "/changes?since=-1",
    "/changes?since=yesterday",
    "/changes?since=99999999999999999999",
    "/changes?kind=planet",
    "/people?sort=id",
    "/shows/tmdb:1396/trends?period=day",
    "/shows/tmdb:1396/appearances?sort=id",
    "/people/tmdb:17419/appearances?sort=billing_order",
    "/stats/qualified-people?rule=looks",
    "/stats/wwhl-episodes?season=-1",
    "/wiki-pages?sort=title",
    "/people/tmdb:17419/wiki-pages?sort=name",
    "/networks?sort=popularity",
    "/networks?q=%00",
    "/shows/tmdb:1396?page=2",
    "/shows/tmdb:1396/cast?limit=2",
    "/shows/tmdb:1396/seasons?limit=1",
    "/people/tmdb:17419?foo=1",
    "/meta?x=",
]
INSIDES = re.compile(
    r"select|psycopg|traceback|marts\.|/site-packages|\.py|functools|<function", re.I
)


def problem(answer: httpx.Response) -> ProblemDocument:
    """The problem that an answer holds."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    told = ProblemDocument.model_validate_json(answer.content, strict=True, extra="forbid")
    assert told.status == answer.status_code
    assert not INSIDES.search(answer.text.replace("/openapi.json", "")), answer.text
    assert len(answer.text) < 1_500
    return told


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_does_not_exist_is_a_404_that_says_what_to_call(
    client: httpx.Client, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert re.search(r"`/[a-z]", problem(answer).detail)


@pytest.mark.parametrize("path", UNUSABLE)
def test_what_cannot_be_used_is_a_422_that_names_the_parameter(
    client: httpx.Client, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    name = path.partition("?")[2].partition("=")[0] or ("n" if "/seasons/" in path else "id")
    assert f"`{name}`" in problem(answer).detail


# Supervisors, caches and TMDb's clients add parameters of their own.
LENIENT = re.compile("/3/|/media/|/(health|ready|metrics)$")
A_VALUE = {"/stats/availability": "provider=8&region=US&"}


def test_a_parameter_that_no_path_has_is_refused_by_every_path(client: httpx.Client) -> None:
    refused, paths = set(), {*client.get("/openapi.json?v=1").raise_for_status().json()["paths"]}
    for path in paths:
        ids = "17419" if path.startswith("/people") else "1396"
        ids = ids if re.match("/(networks|companies|watch-)", path) else f"tmdb:{ids}"
        asked = path.replace("{id}", ids).replace("{n}", "1")
        answer = client.get(f"{asked}?{A_VALUE.get(path, '')}paeg=2")
        if answer.status_code == 422 and "`paeg` is no parameter of this path." in answer.text:
            refused.add(path)
    assert paths - refused == {path for path in paths if LENIENT.match(path)}


def test_each_fault_is_told_once(client: httpx.Client) -> None:
    detail = problem(client.get("/shows?limit=0&gerne=x&q=%00&country=x")).detail
    assert detail.count("`q`") == detail.count("`country`") == detail.count("`limit`") == 1
    assert "`gerne` is no parameter of this path." in detail


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/shows", "/shows/tmdb:1396", "/meta", "/openapi.json"])
def test_other_methods_are_a_405_that_names_those_that_work(
    client: httpx.Client, path: str, method: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "answers GET and HEAD" in problem(answer).detail
