"""TMDb's clients, unmodified, are answered as TMDb answered us: two libraries, and path by path."""

import asyncio
import hashlib
import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import tmdbsimple
from requests.adapters import HTTPAdapter
from tmdbapis.api3 import API3
from tmdbapis.exceptions import NotFound, Unauthorized

from api import tmdb as face
from api.settings import load_settings
from extract import settings as extraction
from extract.postgres.migrations import migrate
from extract.postgres.server import Server
from extract.registry import RESOURCES, SOURCES
from extract.run import Selection, extract
from tests.api.conftest import fresh_database, serve
from tests.dbt_project.warehouse import Warehouse
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

KEY = "k" * 43
BEARER = {"Authorization": f"Bearer {KEY}"}
PARTS = sorted(face.SERIES.parts)
MARTS = (
    "+tmdb_documents",
    "+tmdb_external_ids",
    "+tmdb_genres",
    "+show_documents",
    "+watch_provider_documents",
)


class Elsewhere(HTTPAdapter):
    """Carries a client's requests to another address than TMDb's."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def send(self, request: requests.PreparedRequest, *rest: Any, **more: Any) -> requests.Response:
        """Ask there."""
        assert request.url
        request.url = request.url.replace("https://api.themoviedb.org", self._address, 1)
        return super().send(request, *rest, **more)


@dataclass(frozen=True)
class Both:
    """TMDb, and the API over what it answered."""

    tmdb: Tmdb
    address: str
    warehouse: Warehouse
    series: list[int]

    def answers(self, path: str) -> tuple[tuple[int, Any], tuple[int, Any]]:
        """TMDb's answer and ours: status and value."""
        ours = httpx.get(f"{self.address}/3{path}", headers=BEARER, timeout=300)
        theirs = httpx.get(f"{self.tmdb.base_url}{path}", headers=BEARER, timeout=300)
        return (
            (theirs.status_code, _values(theirs.text.replace("\\u0000", "\\ufffd"))),
            (ours.status_code, _values(ours.text)),
        )

    def known(self, resource: str, count: int) -> list[str]:
        """Keys of documents that are held."""
        asked = (
            f"select key from raw.{resource} where superseded_by is null and not is_tombstone"
            f" order by length(key), key limit {count}"
        )
        return [key for (key,) in self.warehouse.rows(asked)]


@pytest.fixture(scope="module")
def both(server: Server, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """A dozen series, a third with hostile values, extracted and built; a key is asked for."""
    options = Options(series_count=12, people_count=40, hostile_share=0.34)
    with tmdb_server(options) as tmdb, fresh_database(server) as url:
        migrate(url, [(resource.name, resource.entity) for resource in RESOURCES.values()])
        warehouse = Warehouse(url, tmp_path_factory.mktemp("dbt"))
        there = extraction.load_settings(
            database_url=url, tmdb_bearer_token="any", tmdb_base_url=tmdb.base_url
        )
        asyncio.run(extract(there, Selection(tmdb_ids=tuple(tmdb.ids()))))
        warehouse.dbt("run", "--select", *MARTS)
        hashed = hashlib.sha256(KEY.encode()).hexdigest()
        settings = load_settings(
            database_url=url, showhouse_home=home, showhouse_api_keys=f"ann:viewer:{hashed}:99999"
        )
        with serve(settings) as address:
            yield Both(tmdb, address, warehouse, tmdb.ids())


@pytest.fixture
def session(both: Both) -> Iterator[requests.Session]:
    """What both libraries let their user bring along; this one leads to us."""
    with requests.Session() as session:
        session.mount("https://api.themoviedb.org", Elsewhere(both.address))
        yield session


@pytest.fixture
def simple(session: requests.Session, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The library tmdbsimple, as its readme sets it up."""
    monkeypatch.setattr(tmdbsimple, "API_KEY", KEY)
    monkeypatch.setattr(tmdbsimple, "REQUESTS_SESSION", session)
    return tmdbsimple


def of_series(both: Both, series: int) -> list[str]:
    """The paths of everything that TMDb tells of a series."""
    seasons = [name for name in both.tmdb.names(series) if name.startswith("season/")]
    appended = [*PARTS, *seasons]
    return [
        f"/tv/{series}",
        *(f"/tv/{series}/{name}" for name in appended),
        *(
            f"/tv/{series}?append_to_response={','.join(appended[start : start + 20])}"
            for start in range(0, len(appended), 20)
        ),
    ]


def test_every_document_of_every_series_is_answered_as_tmdb_answered_it(both: Both) -> None:
    refused = {
        f"/tv/{series}/{name}" for series, name in both.warehouse.rows(
            "select split_part(key, '/', 1), regexp_replace(request, '.*=', '')"
            " from raw.rejects where resource like 'tmdb_tv_%%'"
        )
    }  # fmt: skip
    compared = 0
    for series in both.series:
        for path in of_series(both, series):
            if any(each.startswith(path.partition("?")[0]) for each in refused):
                continue  # TMDb's answer was no document
            theirs, ours = both.answers(path)
            assert ours == theirs, path
            compared += theirs[0] == 200
    assert compared > 100


@pytest.mark.parametrize(
    ("resource", "path", "parts"),
    [
        ("tmdb_person_details", "/person/{}", [*face.PERSON.parts]),
        ("tmdb_network_details", "/network/{}", [*face.NETWORK.parts]),
        ("tmdb_company_details", "/company/{}", [*face.COMPANY.parts]),
        ("tmdb_episode_group_details", "/tv/episode_group/{}", []),
    ],
)
def test_what_series_name_is_answered_as_tmdb_answered_it(
    both: Both, resource: str, path: str, parts: list[str]
) -> None:
    keys = both.known(resource, 5)
    assert keys
    for key in keys:
        thing = path.format(key)
        paths = [thing, *(f"{thing}/{part}" for part in parts)]
        for asked in [*paths, f"{thing}?append_to_response={','.join(parts)}"]:
            theirs, ours = both.answers(asked)
            assert ours == theirs, asked
            assert ours[0] == 200


@pytest.mark.parametrize("query", ["language=de-DE", "language=en&include_image_language=null"])
def test_a_language_chooses_images_and_videos_as_it_does_at_tmdb(both: Both, query: str) -> None:
    (key,) = both.warehouse.rows(
        "select key from raw.tmdb_tv_images where is_latest"
        " order by jsonb_array_length(payload -> 'posters') desc limit 1"
    )[0]
    everything = both.answers(f"/tv/{key}/images")[1]
    for part in ("images", "videos"):
        theirs, ours = both.answers(f"/tv/{key}/{part}?{query}")
        assert ours == theirs
        assert ours[0] == 200 and ours != everything
    appended = f"/tv/{key}?append_to_response=images,videos&{query}"
    theirs, ours = both.answers(appended)
    assert ours == theirs


def test_images_that_have_no_lists_are_answered_in_every_language(both: Both) -> None:
    (key,) = both.known("tmdb_tv_images", 1)
    plain = httpx.get(f"{both.address}/3/tv/{key}/images", headers=BEARER, timeout=300).json()
    both.warehouse.rows(
        "update raw.tmdb_tv_images set payload = payload - '{backdrops,logos,posters}'::text[]"
        " where is_latest and key = %s returning key",
        key,
    )
    try:
        for query in ("language=de", "include_image_language=en"):
            path = f"{both.address}/3/tv/{key}"
            alone = httpx.get(f"{path}/images?{query}", headers=BEARER, timeout=300)
            assert (alone.status_code, alone.json()) == (200, {"id": int(key)})
            appended = f"{path}?append_to_response=images&{query}"
            assert httpx.get(appended, headers=BEARER, timeout=300).json()["images"] == {}
    finally:
        both.warehouse.rows(
            "update raw.tmdb_tv_images set payload = %s::jsonb"
            " where is_latest and key = %s returning key",
            json.dumps(plain),
            key,
        )


def test_an_appended_season_lacks_its_id_as_it_does_at_tmdb(both: Both) -> None:
    (key,) = both.known("tmdb_tv_seasons", 1)
    series, _, season = key.partition("/")
    _, (_, alone) = both.answers(f"/tv/{key}")
    _, (_, appended) = both.answers(f"/tv/{series}?append_to_response={season}")
    assert appended[season] == {name: alone[name] for name in alone.keys() - {"id"}}
    assert alone["id"] and appended[season]["episodes"]


def test_further_pages_of_recommendations_are_not_held_and_no_page_comes_twice(both: Both) -> None:
    (key,) = both.known("tmdb_tv_recommendations", 1)
    path = f"/tv/{key}/recommendations"
    first = both.answers(path)[1]
    assert first == both.answers(f"{path}?page=1")[1]
    assert (first[0], first[1]["page"]) == (200, 1)
    status, told = both.answers(f"{path}?page=2")[1]
    assert (status, told["status_code"]) == (404, 34)


def test_the_credits_of_a_season_come_alone_and_appended_to_it_and_to_its_series(
    both: Both,
) -> None:
    (key,) = both.known("tmdb_tv_season_credits", 1)
    series, _, season = key.partition("/")
    theirs, (status, alone) = both.answers(f"/tv/{key}/credits")
    assert theirs == (status, alone) and status == 200
    without_id = {name: alone[name] for name in ("cast", "crew")}
    _, (_, appended) = both.answers(f"/tv/{series}?append_to_response={season},{season}/credits")
    assert appended[f"{season}/credits"] == without_id
    _, (_, plain) = both.answers(f"/tv/{key}")
    _, (_, with_credits) = both.answers(f"/tv/{key}?append_to_response=credits,nonsense")
    assert with_credits == {**plain, "credits": without_id}
    assert both.answers(f"/tv/{series}/season/9999/credits")[1][0] == 404


def test_an_episode_is_answered_as_its_season_tells_it(both: Both) -> None:
    for key in both.known("tmdb_tv_seasons", 5):
        _, (_, season) = both.answers(f"/tv/{key}")
        for episode in season["episodes"][:3]:
            _, ours = both.answers(f"/tv/{key}/episode/{episode['episode_number']}")
            assert ours == (200, episode)


def test_every_part_that_lands_has_its_path() -> None:
    kinds = (face.SERIES, face.PERSON, face.NETWORK, face.COMPANY, face.EPISODE_GROUP)
    for kind in kinds:
        parts = {
            resource.appended_as: resource.name
            for resource in RESOURCES.values()
            if resource.appended_to == kind.details
        }
        for name in ("season/{season_number}", "season/{season_number}/credits"):
            assert kind.has_seasons == (parts.pop(name, None) is not None)
        assert parts == kind.parts


def test_the_attribution_goes_with_every_answer(both: Both) -> None:
    assert tuple(SOURCES[name].attribution for name in ("tmdb", "justwatch")) == (
        face.TMDB,
        face.JUSTWATCH,
    )
    (key,) = both.known("tmdb_tv_watch_providers", 1)
    for path, lines in {
        f"/tv/{key}": face.TMDB,
        f"/tv/{key}/credits": face.TMDB,
        f"/tv/{key}/watch/providers": f"{face.TMDB} {face.JUSTWATCH}",
        f"/tv/{key}?append_to_response=watch/providers": f"{face.TMDB} {face.JUSTWATCH}",
        "/search/tv?query=a": face.TMDB,
        "/watch/providers/tv": f"{face.TMDB} {face.JUSTWATCH}",
    }.items():
        answer = httpx.get(f"{both.address}/3{path}", headers=BEARER, timeout=300)
        assert (answer.status_code, answer.headers["x-attribution"]) == (200, lines), path
        assert answer.headers["link"] == '</meta>; rel="license"'


def test_a_document_that_the_client_holds_is_not_sent_again(both: Both) -> None:
    (key,) = both.known("tmdb_tv_credits", 1)
    path = f"{both.address}/3/tv/{key}?append_to_response=credits&api_key={KEY}"
    tag = httpx.get(path, timeout=300).headers["etag"]
    again = httpx.get(path, headers={"If-None-Match": tag}, timeout=300)
    assert (again.status_code, again.content) == (304, b"")


def test_a_search_finds_what_tmdb_finds_page_by_page(both: Both) -> None:
    theirs, ours = both.answers("/search/tv?query=a")
    assert ours[1].keys() == theirs[1].keys()
    found = {item["id"]: item for item in ours[1]["results"]}
    for item in theirs[1]["results"]:
        assert item.items() <= found[item["id"]].items() or not item.get("name"), item
    past = both.answers("/search/tv?query=a&page=500")[1]
    assert (past[0], past[1]["results"]) == (200, [])
    assert past[1]["total_results"] == ours[1]["total_results"]
    nothing = {"page": 1, "results": [], "total_pages": 1, "total_results": 0}
    assert both.answers("/search/tv?query=%20")[1] == (200, nothing)


def test_an_id_elsewhere_leads_to_the_series(both: Both) -> None:
    imdb_ids = both.warehouse.rows(
        "select tmdb_id, imdb_id, tvdb_id from core.shows where imdb_id is not null limit 4"
    )
    assert imdb_ids
    for tmdb_id, imdb_id, tvdb_id in imdb_ids:
        theirs, ours = both.answers(f"/find/{imdb_id}?external_source=imdb_id")
        assert ours[1].keys() == theirs[1].keys()
        (item,) = ours[1]["tv_results"]
        assert theirs[1]["tv_results"][0].items() <= item.items()
        if tvdb_id is not None:
            _, found = both.answers(f"/find/{tvdb_id}?external_source=tvdb_id")
            assert tmdb_id in [each["id"] for each in found[1]["tv_results"]]
    _, none = both.answers("/find/tt0000000?external_source=imdb_id")
    assert none == (200, {kind: [] for kind in ours[1]})


def test_tmdbsimple_reads_everything_offline(both: Both, simple: Any) -> None:
    (key,) = both.known("tmdb_tv_seasons", 1)
    series, _, number = key.split("/")
    show = simple.TV(int(series))
    assert show.info(append_to_response=f"credits,season/{number}") == _theirs(
        both, f"/tv/{series}?append_to_response=credits,season/{number}"
    )
    assert show.name  # what an answer says becomes an attribute
    for part in set(PARTS) - {"watch/providers", "content_ratings"}:
        assert getattr(show, part)() == _theirs(both, f"/tv/{series}/{part}"), part
    assert show.watch_providers() == _theirs(both, f"/tv/{series}/watch/providers")
    season = simple.TV_Seasons(int(series), int(number)).info()
    assert season == _theirs(both, f"/tv/{key}")
    episode = season["episodes"][0]
    asked = simple.TV_Episodes(int(series), int(number), episode["episode_number"])
    assert asked.info() == episode
    (person,), (group,) = (
        both.known("tmdb_person_details", 1),
        both.known("tmdb_episode_group_details", 1),
    )
    assert simple.People(int(person)).info() == _theirs(both, f"/person/{person}")
    assert simple.TV_Episode_Groups(group).info() == _theirs(both, f"/tv/episode_group/{group}")
    assert simple.Configuration().info()["images"]["secure_base_url"].startswith("https://")
    assert {"id", "name"} == simple.Genres().tv_list()["genres"][0].keys()
    search = simple.Search()
    assert search.tv(query=show.name)["total_results"] == len(search.results)
    assert int(series) in [item["id"] for item in search.results]
    with pytest.raises(requests.HTTPError, match="404"):
        simple.TV(999_999).info()


def test_tmdbapis_reads_everything_offline(both: Both, session: requests.Session) -> None:
    library = API3(KEY, session=session)  # asks for the configuration to see whether the key holds
    (key,) = both.known("tmdb_tv_seasons", 1)
    series, _, number = key.split("/")
    appended = ",".join(PARTS)
    assert library.tv_get_details(
        int(series), language="en-US", append_to_response=appended
    ) == _theirs(both, f"/tv/{series}?append_to_response={appended}&language=en-US")
    for part in PARTS:
        ask = getattr(library, f"tv_get_{part.replace('/', '_')}")
        more = {"language": "en"} if "language" in inspect.signature(ask).parameters else {}
        query = f"?language={more['language']}" if more else ""
        assert ask(int(series), **more) == _theirs(both, f"/tv/{series}/{part}{query}"), part
    assert library.tv_seasons_get_details(int(series), int(number)) == _theirs(both, f"/tv/{key}")
    for kind, name in (("person", "people"), ("network", "networks"), ("company", "companies")):
        (thing,) = both.known(f"tmdb_{kind}_details", 1)
        for part in ("details", "images"):
            path = f"/{kind}/{thing}" + ("" if part == "details" else "/images")
            assert getattr(library, f"{name}_get_{part}")(int(thing)) == _theirs(both, path)
    assert library.genres_get_tv_list()["genres"]
    assert library.watch_providers_get_tv_providers()["results"]
    name = library.tv_get_details(int(series))["name"]
    assert library.search_search_tv_shows(name, page=1)["results"]
    with pytest.raises(NotFound):
        library.tv_get_similar_tv_shows(int(series))
    with pytest.raises(Unauthorized):
        API3("forged", session=session)


def _values(text: str) -> Any:
    """The document, its numbers exact: 1e400 is one as well."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def _theirs(both: Both, path: str) -> Any:
    answer = httpx.get(f"{both.tmdb.base_url}{path}", headers=BEARER, timeout=300)
    assert answer.status_code == 200, path
    return answer.json()
