"""What holds for every document: tags, conditional requests, HEAD, compression, the models."""

import gzip
from typing import Any

import httpx
import psycopg
import pytest
from pydantic import BaseModel

from api.routers.appearances import Appearances
from api.routers.changes import Changes
from api.routers.companies import Companies, ProductionCompany, Provider, Providers
from api.routers.drift import Drifts
from api.routers.facets import Facets
from api.routers.freshness import Freshness
from api.routers.networks import Network, Networks
from api.routers.parts import ContentRatings, Images, Orders, Recommendations, Titles, Videos
from api.routers.people import People, Person
from api.routers.reality import QualifiedPeople, TalkShowEpisodes
from api.routers.seasons import Episodes, Season, Seasons
from api.routers.service import Health, Meta, Readiness
from api.routers.shows import ShowDetail, Shows
from api.routers.stats import (
    AvailabilityPage,
    CatalogueYears,
    NetworkStatsPage,
    ShowRankings,
)
from api.routers.summaries import ShowSummary
from api.routers.trends import Trends
from api.routers.watch_providers import Offers, Stays
from api.routers.wiki_pages import WikiPages
from tests.api.marts import SHOWS, show_id

READ: dict[str, type[BaseModel]] = {
    "/shows": Shows,
    "/shows/tmdb:1396": ShowDetail,
    "/shows/tmdb:1396/seasons": Seasons,
    "/shows/tmdb:1396/seasons/1": Season,
    "/shows/tmdb:1396/seasons/1/episodes": Episodes,
    "/shows/tmdb:5/watch-providers": Offers,
    "/shows/tmdb:5/watch-providers?region=US": Offers,
    "/shows/tmdb:5/watch-providers?region=DE": Offers,
    "/shows/tmdb:5/watch-providers?history=true": Stays,
    "/shows/tmdb:5/watch-providers?history=true&region=GB": Stays,
    "/shows/tmdb:1396/watch-providers?history=true": Stays,
    "/shows/tmdb:5/freshness": Freshness,
    "/shows/facets": Facets,
    "/shows/facets?genre=Drama&provider=8": Facets,
    "/shows/tmdb:1396/images": Images,
    "/shows/tmdb:1396/titles": Titles,
    "/shows/tmdb:1396/videos": Videos,
    "/shows/tmdb:1396/orders": Orders,
    "/shows/tmdb:1396/content-ratings": ContentRatings,
    "/shows/tmdb:1396/recommendations": Recommendations,
    "/shows/tmdb:1396/summary": ShowSummary,
    "/shows/tmdb:9/summary": ShowSummary,
    "/shows/tmdb:1396/trends": Trends,
    "/shows/tmdb:1396/trends?period=month": Trends,
    "/shows/tmdb:2/trends": Trends,
    "/shows/tmdb:1396/appearances": Appearances,
    "/shows/tmdb:2/appearances": Appearances,
    "/people/tmdb:17419/appearances": Appearances,
    "/changes": Changes,
    "/changes?since=3": Changes,
    "/people": People,
    "/people/tmdb:17419": Person,
    "/people/imdb:nm0186505": Person,
    "/people/tmdb:17419/wiki-pages": WikiPages,
    "/people/tmdb:84497/wiki-pages": WikiPages,
    "/wiki-pages": WikiPages,
    "/wiki-pages?q=bryan&wiki=bravo&sort=-name": WikiPages,
    "/companies": Companies,
    "/companies/11073": ProductionCompany,
    "/watch-providers": Providers,
    "/watch-providers/8": Provider,
    "/networks": Networks,
    "/networks/174": Network,
    "/stats/networks": NetworkStatsPage,
    "/stats/networks?country=US&sort=-average_vote": NetworkStatsPage,
    "/stats/rankings": ShowRankings,
    "/stats/rankings?period=month&sort=-rank_change": ShowRankings,
    "/stats/catalogue": CatalogueYears,
    "/stats/catalogue?dimension=genre&value=Drama": CatalogueYears,
    "/stats/availability?provider=8&region=US": AvailabilityPage,
    "/stats/qualified-people": QualifiedPeople,
    "/stats/qualified-people?rule=seasons": QualifiedPeople,
    "/stats/wwhl-episodes": TalkShowEpisodes,
    "/stats/wwhl-episodes?classification=SOLO&season=1": TalkShowEpisodes,
    "/meta": Meta,
    "/meta/drift": Drifts,
}
STATUS: dict[str, type[BaseModel]] = {"/health": Health, "/ready": Readiness}
documents = pytest.mark.parametrize("path", [*READ, "/openapi.json"])

OWN = ("date", "x-request-id")


@pytest.mark.parametrize(("path", "model"), [*READ.items(), *STATUS.items()])
def test_a_document_has_the_keys_and_types_of_its_model_and_no_others(
    client: httpx.Client, path: str, model: type[BaseModel]
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    model.model_validate_json(answer.content, strict=True, extra="forbid")


@documents
def test_a_client_that_holds_the_document_is_answered_304_without_a_body(
    client: httpx.Client, path: str
) -> None:
    tag = client.get(path).headers["etag"]
    assert tag.startswith('"')
    for held in (tag, f"W/{tag}", f'"other", {tag}', f'W/"a",W/{tag} , "b"', "*"):
        answer = client.get(path, headers={"If-None-Match": held})
        assert (answer.status_code, answer.content) == (304, b""), held
        assert answer.headers["etag"] == tag
        assert answer.headers["vary"].startswith("Accept-Encoding")


@documents
def test_a_client_that_holds_another_document_is_sent_this_one(
    client: httpx.Client, path: str
) -> None:
    for held in ('"other"', "", ",", '"' + "0" * 32 + '"', "not quoted", '"' + "a" * 6000 + '"'):
        assert client.get(path, headers={"If-None-Match": held}).status_code == 200, held


def test_tags_may_come_in_several_header_lines(client: httpx.Client) -> None:
    tag = client.get("/shows/tmdb:1396").headers["etag"]
    lines = [("If-None-Match", '"a"'), ("If-None-Match", tag), ("If-None-Match", '"b"')]
    assert client.get("/shows/tmdb:1396", headers=lines).status_code == 304


@pytest.mark.parametrize("path", [*READ, *STATUS, "/shows/tmdb:1", "/nowhere"])
def test_head_answers_as_get_without_the_body(client: httpx.Client, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("etag", "content-type", "cache-control", "vary"):
        assert head.headers.get(name) == get.headers.get(name), name


@documents
def test_a_compressed_answer_has_a_tag_of_its_own_and_the_same_document(
    client: httpx.Client, path: str
) -> None:
    plain = client.get(path)
    with client.stream("GET", path, headers={"Accept-Encoding": "br, gzip;q=0.5"}) as answer:
        raw = b"".join(answer.iter_raw())
    if len(plain.content) < 1_000:
        assert "content-encoding" not in answer.headers
        assert raw == plain.content
        return
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    tag = answer.headers["etag"]
    assert tag == plain.headers["etag"][:-1] + '-gzip"'
    headers = {"Accept-Encoding": "gzip", "If-None-Match": tag}
    again = client.get(path, headers=headers)
    assert (again.status_code, again.headers["etag"]) == (304, tag)


@pytest.mark.parametrize("refusal", ["identity", "gzip;q=0", "gzip; q=0.0, *", "*;q=0", "br"])
def test_nothing_is_compressed_for_who_does_not_take_gzip(
    client: httpx.Client, refusal: str
) -> None:
    answer = client.get("/shows/tmdb:1396", headers={"Accept-Encoding": refusal})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("show", [s for s in SHOWS if s["tmdb_id"] and s.get("imdb_id")], ids=str)
def test_a_show_is_the_same_by_each_of_its_ids(client: httpx.Client, show: dict[str, Any]) -> None:
    ours = show_id(show)
    ids = [ours, ours.upper(), f"tmdb:{show['tmdb_id']}", f"imdb:{show['imdb_id']}"]
    assert len({client.get(f"/shows/{name}").content for name in ids}) == 1


def test_a_document_is_sent_as_the_mart_holds_it(client: httpx.Client, marts: str) -> None:
    with psycopg.connect(marts) as connection:
        row = connection.execute(
            "select document, etag from marts.show_documents where tmdb_id = 1396"
        ).fetchone()
    assert row is not None
    answer = client.get("/shows/tmdb:1396")
    assert (answer.text, answer.headers["etag"]) == (row[0], f'"{row[1]}"')


@pytest.mark.parametrize("show", ["tmdb:1396", "imdb:tt0903747", "tmdb:999", "tmdb:0", "x"])
def test_a_show_asked_for_plainly_is_answered_as_with_a_query(
    client: httpx.Client, show: str
) -> None:
    def told(answer: httpx.Response) -> tuple[object, ...]:
        headers = {name: answer.headers[name] for name in answer.headers if name not in OWN}
        return answer.status_code, headers, answer.content

    plain = told(client.get(f"/shows/{show}"))
    assert plain == told(client.get(f"/shows/{show}", params={"language": "en"}))
    counted = client.get("/metrics").text
    assert 'path="/shows/{id}",status="200"' in counted
