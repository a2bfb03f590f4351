"""The API over the marts as dbt builds them (`built`): every document, every endpoint."""

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from pydantic import BaseModel, TypeAdapter

from api.routers.companies import ProductionCompany, Provider
from api.routers.credits import CastMember, CrewMember, ShowCast, ShowCrew
from api.routers.freshness import Freshness
from api.routers.networks import Network, Networks
from api.routers.parts import ContentRating, Image, Order, Recommendation, ShowTitle, Video
from api.routers.people import Person, PersonSummary
from api.routers.seasons import Episode, Episodes, Season, SeasonInBrief, Seasons
from api.routers.service import Meta, Readiness
from api.routers.shows import Show, ShowDetail, Shows
from api.routers.watch_providers import Offer, Offers, Stay, Stays, WatchProvider
from api.settings import load_settings
from extract.postgres.server import Server
from extract.sample import SERIES_IDS
from extract.sources.tmdb.subjects import SERIES
from tests.api.built import GONE, LISTED, MADE_UP, TITLE
from tests.api.conftest import fresh_database, serve
from tests.api.marts import create_marts
from tests.dbt_project.warehouse import Warehouse

DOCUMENTS: dict[tuple[str, str], TypeAdapter[Any]] = {
    ("show_documents", "summary"): TypeAdapter(Show),
    ("show_documents", "document"): TypeAdapter(ShowDetail),
    ("show_documents", "seasons"): TypeAdapter(list[SeasonInBrief]),
    ("season_documents", "document"): TypeAdapter(Season),
    ("season_documents", "episodes"): TypeAdapter(list[Episode]),
    ("show_watch_provider_documents", "document"): TypeAdapter(list[Offer]),
    ("show_credit_documents", "cast_members"): TypeAdapter(list[CastMember]),
    ("show_credit_documents", "crew_members"): TypeAdapter(list[CrewMember]),
    ("show_watch_provider_history_documents", "document"): TypeAdapter(list[Stay]),
    ("network_documents", "document"): TypeAdapter(Network),
    ("company_documents", "document"): TypeAdapter(ProductionCompany),
    ("person_documents", "summary"): TypeAdapter(PersonSummary),
    ("person_documents", "document"): TypeAdapter(Person),
    ("watch_provider_documents", "summary"): TypeAdapter(WatchProvider),
    ("watch_provider_documents", "document"): TypeAdapter(Provider),
    ("show_part_documents", "document"): TypeAdapter(
        list[Image]
        | list[ShowTitle]
        | list[Video]
        | list[Order]
        | list[ContentRating]
        | list[Recommendation]
    ),
}
TAGS = [
    ("show_documents", "document", "etag"),
    ("show_documents", "seasons", "seasons_etag"),
    ("season_documents", "document", "etag"),
    ("season_documents", "episodes", "episodes_etag"),
    ("show_watch_provider_documents", "document", "etag"),
    ("show_credit_documents", "cast_members", "cast_etag"),
    ("show_credit_documents", "crew_members", "crew_etag"),
    ("show_watch_provider_history_documents", "document", "etag"),
    ("network_documents", "document", "etag"),
]


@pytest.fixture(scope="module")
def client(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of an API over that warehouse."""
    settings = load_settings(database_url=built.url, showhouse_home=tmp_path_factory.mktemp("home"))
    with serve(settings) as url, httpx.Client(base_url=url, timeout=300) as client:
        yield client


def get(client: httpx.Client, path: str, model: type[BaseModel], **parameters: Any) -> Any:
    """Ask; the answer must be of the model, and 304 for who holds it already."""
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    again = client.get(path, params=parameters, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b""), path
    return model.model_validate_json(answer.content, strict=True, extra="forbid")


def pages(client: httpx.Client, path: str, model: type[BaseModel], **parameters: Any) -> list[Any]:
    """Follow a list to its end."""
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = get(client, path, model, **parameters, **cursor)
        found += page.items
        if page.next is None:
            return found
        cursor = {"cursor": page.next}


@pytest.mark.parametrize(("mart", "column"), DOCUMENTS, ids="-".join)
def test_every_document_has_the_keys_and_types_of_its_model(
    built: Warehouse, mart: str, column: str
) -> None:
    rows = built.rows(f"select {column} from marts.{mart}")
    assert len(rows) >= 15
    for (document,) in rows:
        DOCUMENTS[mart, column].validate_json(document, strict=True, extra="forbid")


@pytest.mark.parametrize(("mart", "document", "etag"), TAGS)
def test_a_tag_follows_its_document(built: Warehouse, mart: str, document: str, etag: str) -> None:
    for text, tag in built.rows(f"select {document}, {etag} from marts.{mart}"):
        assert tag == hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_no_key_is_null_in_every_document(built: Warehouse) -> None:
    """A column that was joined wrongly, or never filled, would be."""
    details = [
        ShowDetail.model_validate_json(document)
        for (document,) in built.rows("select document from marts.show_documents")
    ]
    for name in ShowDetail.model_fields:
        assert any(getattr(detail, name) not in (None, []) for detail in details), name
    network = Network.model_validate_json(
        built.rows(
            "select document from marts.network_documents"
            " where position('image/png' in document) > 0"
        )[0][0]
    )
    assert None not in [getattr(network, name) for name in Network.model_fields if "logo" in name]


def test_a_show_lists_its_offers_by_region_type_and_priority(built: Warehouse) -> None:
    for (document,) in built.rows("select document from marts.show_documents"):
        offers = ShowDetail.model_validate_json(document).watch_providers
        places = [(offer.region, offer.offer_type) for offer in offers]
        assert places == sorted(set(places))
        for offer in offers:
            orders = [
                (p.display_priority is None, p.display_priority or 0) for p in offer.providers
            ]
            assert orders == sorted(orders)
            assert offer.providers


def test_a_show_lists_its_networks_in_upstreams_order(built: Warehouse) -> None:
    for (document,) in built.rows("select document from marts.show_documents"):
        show = ShowDetail.model_validate_json(document)
        assert [network.id for network in show.tmdb_networks] == show.tmdb_network_ids
        companies = [company.id for company in show.tmdb_production_companies]
        assert companies == show.tmdb_production_company_ids


def test_a_show_that_is_gone_is_still_told_and_no_longer_active(client: httpx.Client) -> None:
    gone = get(client, f"/shows/tmdb:{GONE}", ShowDetail)
    assert gone.name
    assert not gone.is_active


def test_a_show_that_imdb_alone_knows_is_told_under_every_path(client: httpx.Client) -> None:
    show = get(client, f"/shows/imdb:{TITLE}", ShowDetail)
    assert (show.name, show.genres, show.ratings.imdb.average) == ("Of IMDb", ["Drama"], 7.5)
    assert (show.external_ids.tmdb, show.external_ids.imdb) == (None, TITLE)
    for part in ("seasons", "cast", "crew", "watch-providers", "images", "titles", "freshness"):
        assert client.get(f"/shows/{show.id}/{part}").status_code == 200, part


def test_the_id_that_imdbs_title_gave_leads_to_the_series_that_it_is(
    client: httpx.Client, built: Warehouse
) -> None:
    of_series = (
        "select md5('imdb:' || imdb_id)::uuid, show_id from core.shows"
        " where imdb_id is not null and tmdb_id is not null order by 1 limit 3"
    )
    found = built.rows(of_series)
    assert found
    for former, present in found:
        answer = client.get(f"/shows/{former}/cast")
        assert answer.status_code == 308
        assert answer.headers["location"] == f"/shows/{present}/cast"


def test_a_show_names_the_lists_that_brought_it_in(client: httpx.Client) -> None:
    assert get(client, f"/shows/tmdb:{LISTED}", ShowDetail).listed_on == ["tmdb-list:5"]


def test_every_show_answers_at_each_of_its_addresses(client: httpx.Client) -> None:
    shows = pages(client, "/shows", Shows, include_adult=True, limit=100)
    assert {s.tmdb_id for s in shows} == {*SERIES_IDS, *MADE_UP, None}
    for show in shows[::4]:
        detail = get(client, f"/shows/{show.id}", ShowDetail)
        shared = Show.model_fields.keys() & ShowDetail.model_fields.keys()
        assert {k: getattr(show, k) for k in shared} == {k: getattr(detail, k) for k in shared}
        _check_seasons(client, detail)
        offers = get(client, f"/shows/{show.id}/watch-providers", Offers).items
        assert offers == detail.watch_providers
        for region, of_region in itertools.groupby(offers[:6], lambda offer: offer.region):
            path = f"/shows/{show.id}/watch-providers"
            told = get(client, path, Offers, region=region).items
            assert told[: len(list(of_region))]
            assert {offer.region for offer in told} == {region}


def test_a_show_lists_who_is_in_it_and_who_made_it(client: httpx.Client, built: Warehouse) -> None:
    for show_id, performers, jobs in built.rows(
        "select show_id, (select count(distinct person_id) from core.show_cast as listed"
        " where listed.show_id = shows.show_id), (select count(*) from core.show_crew as listed"
        " where listed.show_id = shows.show_id) from marts.show_documents as shows"
        " where not is_adult and show_id in (select show_id from core.show_cast)"
        " and show_id not in (select show_id from core.show_cast inner join core.people"
        " using (person_id) where is_adult) limit 9"
    ):
        cast = get(client, f"/shows/{show_id}/cast", ShowCast).items
        assert len({member.id for member in cast}) == len(cast) >= performers > 0
        assert [m.is_main_cast for m in cast] == sorted([m.is_main_cast for m in cast])[::-1]
        crew = get(client, f"/shows/{show_id}/crew", ShowCrew).items
        assert len(crew) <= jobs
        assert {(m.id, m.department, m.job) for m in crew} == {
            *built.rows(
                "select person_id, department, job from core.show_crew inner join core.people"
                " using (person_id) where show_id = %s and not is_adult",
                show_id,
            )
        }


def test_a_show_tells_when_it_came_to_a_service_and_left(
    client: httpx.Client, built: Warehouse
) -> None:
    held = built.rows(
        "select show_id, region, offer_type, provider_id, is_current, first_seen_at, last_seen_at"
        " from core.show_watch_provider_history"
        " where show_id in (select show_id from core.show_watch_providers limit 40)"
    )
    assert held
    for show_id in {row[0] for row in held}:
        path = f"/shows/{show_id}/watch-providers"
        told = get(client, path, Stays, history=True).items
        rows = {
            (stay.region, stay.offer_type, stay.provider_id, stay.is_current, stay.first_seen_at)
            for stay in told
        }
        assert rows == {row[1:6] for row in held if row[0] == show_id}
        current = {(stay.region, stay.offer_type) for stay in told if stay.is_current}
        assert current == {(o.region, o.offer_type) for o in get(client, path, Offers).items}
        region = told[0].region
        of_region = get(client, path, Stays, history=True, region=region).items
        assert of_region == [stay for stay in told if stay.region == region]


def test_a_show_tells_how_old_each_of_its_parts_is(client: httpx.Client, built: Warehouse) -> None:
    """Every part that a series arrives in has been checked; one that failed since says so."""
    show = get(client, f"/shows/tmdb:{LISTED}/freshness", Freshness)
    seasons = [part.season_number for part in show.parts if part.season_number is not None]
    assert seasons == sorted(seasons)
    for resource in ("tmdb_tv_seasons", "tmdb_tv_season_credits"):
        held = [part for part in show.parts if part.resource == resource and part.season_number]
        assert len(held) == show.held.season_count > 0
    assert {part.resource for part in show.parts} == {part.name for part in SERIES.resources}
    assert {part.state for part in show.parts} == {"fresh"}
    assert all(part.last_checked_at and part.next_due_at for part in show.parts)
    built.execute(
        "update raw.fetches set status = 'failed', attempts = 2, error = 'told to nobody'"
        f" where resource = 'tmdb_tv_videos' and key = '{LISTED}'"
    )
    built.execute(
        "update raw.fetches set next_due_at = now() - interval '1 hour'"
        f" where resource = 'tmdb_tv_images' and key = '{LISTED}'"
    )
    built.execute(
        f"delete from raw.fetches where resource = 'tmdb_tv_keywords' and key = '{LISTED}'"
    )
    stale = get(client, f"/shows/tmdb:{LISTED}/freshness", Freshness)
    states = {part.resource: part.state for part in stale.parts if part.state != "fresh"}
    assert states == {
        "tmdb_tv_videos": "failing",
        "tmdb_tv_images": "due",
        "tmdb_tv_keywords": "never_fetched",
    }


def _check_seasons(client: httpx.Client, show: ShowDetail) -> None:
    seasons = get(client, f"/shows/{show.id}/seasons", Seasons).items
    assert seasons == show.seasons
    assert [s.season_number for s in seasons] == sorted({s.season_number for s in seasons})
    assert sum(s.season_number > 0 for s in seasons) == show.season_count
    assert sum(s.episode_count for s in seasons if s.season_number) == show.episode_count
    for brief in seasons[:3]:
        path = f"/shows/{show.id}/seasons/{brief.season_number}"
        season = get(client, path, Season)
        assert SeasonInBrief.model_validate(season.model_dump(include=brief.model_fields_set)) == (
            brief
        )
        assert get(client, f"{path}/episodes", Episodes).items == season.episodes
        assert len(season.episodes) == brief.episode_count
        assert {e.season_number for e in season.episodes} <= {brief.season_number}


ORDERS = {
    "name": "name asc nulls last",
    "-name": "name desc nulls last",
    "premiere_date": "premiere_date asc nulls last",
    "-premiere_date": "premiere_date desc nulls last",
    "popularity": "tmdb_popularity asc nulls last",
    "-popularity": "tmdb_popularity desc nulls last",
    "vote_average": "tmdb_vote_average asc nulls last",
    "-vote_average": "tmdb_vote_average desc nulls last",
}


@pytest.mark.parametrize(("sort", "order"), ORDERS.items())
def test_pages_of_shows_follow_each_other_in_every_order(
    client: httpx.Client, built: Warehouse, sort: str, order: str
) -> None:
    expected = built.rows(
        f"select show_id from marts.show_documents where is_adult is not true"
        f" order by {order}, show_id"
    )
    found = pages(client, "/shows", Shows, sort=sort, limit=13)
    assert [show.id for show in found] == [show_id for (show_id,) in expected]


FILTERS = {
    "network": ("unnest(network_ids)", "network_ids @> array[%s::integer]"),
    "company": ("unnest(company_ids)", "company_ids @> array[%s::integer]"),
    "year_from": (
        "extract(year from premiere_date)::integer",
        "extract(year from premiere_date) >= %s",
    ),
    "genre": ("unnest(genres)", "genres @> array[%s::text]"),
    "status": ("tmdb_status", "tmdb_status = %s"),
    "country": ("unnest(origin_countries)", "origin_countries @> array[%s::text]"),
    "provider_region": ("unnest(provider_regions)", "provider_regions @> array[%s::text]"),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_keeps_the_shows_that_have_it(
    client: httpx.Client, built: Warehouse, name: str
) -> None:
    column, condition = FILTERS[name]
    values = built.rows(
        f"select value from (select {column} as value from marts.show_documents) as told"
        " where value is not null and (%s or value::text ~ '^[A-Z]{2}$')"
        " group by value order by count(*) desc, value limit 3",
        name not in ("country", "provider_region"),  # a made-up series comes from the country `1`
    )
    assert values
    for (value,) in values:
        expected = built.rows(
            f"select show_id from marts.show_documents where {condition}"
            " and is_adult is not true order by name nulls last, show_id",
            value,
        )
        found = pages(client, "/shows", Shows, limit=7, **{name: value})
        assert [show.id for show in found] == [show_id for (show_id,) in expected]


def test_a_show_is_found_by_a_part_of_any_of_its_titles(
    client: httpx.Client, built: Warehouse
) -> None:
    titled = built.rows(
        "select shows.tmdb_id, titles.title from core.show_titles as titles"
        " inner join core.shows as shows on titles.show_id = shows.show_id"
        " where length(titles.title) between 5 and 60 and titles.title not like %s"
        " order by md5(titles.title) limit 25",
        "%\ufffd%",
    )
    for tmdb_id, title in titled:
        shouted = title.upper() if title.upper().lower() == title.lower() else title
        found = pages(client, "/shows", Shows, q=shouted, include_adult=True)
        assert tmdb_id in [show.tmdb_id for show in found], title


def test_every_network_answers_and_counts_its_shows(client: httpx.Client, built: Warehouse) -> None:
    networks = pages(client, "/networks", Networks, limit=100)
    held = built.rows("select network_id, count(*) from core.show_networks group by 1 order by 1")
    assert sorted((n.id, n.show_count) for n in networks if n.show_count) == held
    for network in networks[::6]:
        assert get(client, f"/networks/{network.id}", Network) == network
        listed = pages(client, "/shows", Shows, network=network.id, include_adult=True)
        assert len(listed) == network.show_count
    for country in {n.origin_country for n in networks if n.origin_country}:
        found = pages(client, "/networks", Networks, country=country, sort="-show_count", limit=9)
        assert {n.id for n in found} == {n.id for n in networks if n.origin_country == country}
        assert [-n.show_count for n in found] == sorted(-n.show_count for n in found)


def test_the_api_is_ready_and_tells_what_showing_the_data_requires(client: httpx.Client) -> None:
    assert Readiness.model_validate_json(client.get("/ready").content).status == "ready"
    meta = get(client, "/meta", Meta)
    lines = {source.attribution for source in meta.sources}
    shown = get(client, f"/shows/tmdb:{LISTED}", ShowDetail).attribution
    assert set(shown) <= lines
    assert len(shown) == 2
    counts = {r.resource: r.held_count for source in meta.sources for r in source.resources}
    assert counts["tmdb_tv_details"] >= len(SERIES_IDS)


def test_the_marts_that_other_tests_of_the_api_make_are_of_the_types_that_dbt_builds(
    built: Warehouse, server: Server
) -> None:
    columns = (
        "select table_name || '.' || column_name, udt_name from information_schema.columns"
        " where table_schema = 'marts'"
    )
    types: dict[str, str] = dict(built.rows(columns))
    with fresh_database(server) as url:
        create_marts(url)
        with psycopg.connect(url) as connection:
            made: dict[str, str] = dict(connection.execute(columns).fetchall())
    assert {name: types.get(name) for name in made} == made
