"""The marts as dbt builds them: parts of a show, people, and who makes and offers what."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from pydantic import BaseModel

from api.resemblance import WORD_ENDS
from api.routers.appearances import Appearance, Appearances
from api.routers.changes import Changes
from api.routers.companies import Companies, ProductionCompany, Provider, Providers
from api.routers.credits import ShowCast
from api.routers.facets import computed
from api.routers.parts import ContentRatings, Images, Orders, Recommendations, Titles, Videos
from api.routers.people import People, Person, PersonSummary
from api.routers.reality import QualifiedPeople, TalkShowEpisodes
from api.routers.shows import ShowDetail, Shows
from api.routers.stats import AvailabilityPage, CatalogueYears, NetworkStatsPage, ShowRankings
from api.routers.summaries import ShowSummary
from api.routers.trends import Trends
from api.routers.wiki_pages import WikiPages
from api.settings import load_settings
from api.show_filters import FOR_ALL_AGES
from tests.api.built import LISTED, receipts
from tests.api.conftest import serve
from tests.api.test_marts import get, pages
from tests.dbt_project.warehouse import Warehouse


@pytest.fixture(scope="module")
def client(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of an API over that warehouse."""
    settings = load_settings(database_url=built.url, showhouse_home=tmp_path_factory.mktemp("home"))
    with serve(settings) as url, httpx.Client(base_url=url, timeout=300) as client:
        yield client


PARTS: dict[str, tuple[type[BaseModel], str]] = {
    "images": (
        Images,
        "select image_id::text from core.images where owner_type = 'show' and owner_id = %s",
    ),
    "titles": (Titles, "select title from core.show_titles where show_id::text = %s"),
    "videos": (Videos, "select video_id from core.show_videos where show_id::text = %s"),
    "orders": (
        Orders,
        "select distinct episode_group_id from core.episode_orders where show_id::text = %s",
    ),
    "content-ratings": (
        ContentRatings,
        "select rating from core.show_content_ratings where show_id::text = %s",
    ),
    "recommendations": (
        Recommendations,
        "select recommended_tmdb_id from core.show_recommendations"
        " where show_id::text = %s and is_adult is not true",
    ),
}


NAMES = {"titles": "title", "content-ratings": "rating", "recommendations": "tmdb_id"}


@pytest.mark.parametrize("part", PARTS)
def test_a_show_lists_all_of_each_part(client: httpx.Client, built: Warehouse, part: str) -> None:
    model, query = PARTS[part]
    with_it = "select show_id from marts.show_part_documents where part = %s"
    shows = built.rows(f"{with_it} order by 1 limit 8", part)
    assert shows
    for (show_id,) in shows:
        told = get(client, f"/shows/{show_id}/{part}", model).items
        names = [str(getattr(item, NAMES.get(part, "id"))) for item in told]
        assert sorted(names) == sorted(str(name) for (name,) in built.rows(query, str(show_id)))
        if part == "recommendations":
            ids = dict(built.rows("select tmdb_id, show_id from core.shows"))
            assert [item.position for item in told] == sorted(item.position for item in told)
            assert [item.id for item in told] == [ids.get(item.tmdb_id) for item in told]
            assert get(client, f"/shows/{show_id}/{part}", model).attribution
        if part == "orders":
            places = [episode for order in told for p in order.parts for episode in p.episodes]
            held = "select count(*) from core.episode_orders where show_id = %s"
            assert [(len(places),)] == built.rows(held, show_id)
        if part == "images":
            first = {image.kind: image for image in reversed(told)}
            assert all(image.is_primary for image in first.values())
    without = built.rows(
        f"select show_id from marts.show_documents where show_id not in ({with_it}) limit 1", part
    )
    for (show_id,) in without:
        assert get(client, f"/shows/{show_id}/{part}", model).items == []


def test_people_are_listed_unless_they_are_for_adults(
    client: httpx.Client, built: Warehouse
) -> None:
    people = pages(client, "/people", People, limit=100)
    held = built.rows("select person_id from core.people where not is_adult")
    assert {person.id for person in people} == {person_id for (person_id,) in held}


def test_a_person_tells_every_show_that_credits_them(
    client: httpx.Client, built: Warehouse
) -> None:
    busiest = built.rows(
        "select person_id from marts.show_appearances group by 1 order by count(*) desc, 1 limit 5"
    )
    for (person_id,) in busiest:
        person = get(client, f"/people/{person_id}", Person)
        seen = "select show_id, characters from marts.show_appearances where person_id = %s"
        roles = {(show_id, tuple(names)) for show_id, names in built.rows(seen, person_id)}
        assert {(c.show_id, tuple(c.characters)) for c in person.cast} == roles
        made = (
            "select show_id, department, job from core.show_crew inner join core.shows"
            " using (show_id) where person_id = %s and not is_adult"
        )
        jobs = {(c.show_id, c.department, c.job) for c in person.crew}
        assert jobs == {*built.rows(made, person_id)}
        photos = built.rows(
            "select image_id from core.person_images where person_id = %s", person_id
        )
        assert {(photo.id,) for photo in person.images} == {*photos}
        cast = get(client, f"/shows/{person.cast[0].show_id}/cast", ShowCast).items
        assert person_id in [member.id for member in cast]
        assert get(client, f"/people/tmdb:{person.tmdb_id}", Person) == person
        found = pages(client, "/people", People, q=person.name, limit=100)
        brief = {name: getattr(person, name) for name in PersonSummary.model_fields}
        assert PersonSummary(**brief) in found


def test_a_show_tells_each_week_and_month_with_a_change(
    client: httpx.Client, built: Warehouse
) -> None:
    held = built.rows("select show_id, period, to_json(show_trends) from marts.show_trends")
    assert {period for _, period, _ in held} == {"week", "month"}
    for show_id, period in {row[:2] for row in held[::9]}:
        told = pages(client, f"/shows/{show_id}/trends", Trends, period=period, limit=1)
        rows = [line for owner, of, line in held if (owner, of) == (show_id, period)]
        rows.sort(key=lambda line: line["period_start_date"], reverse=True)
        assert [line.model_dump(mode="json") for line in told] == rows


@pytest.mark.parametrize("of", ["show", "person"])
def test_whom_a_show_shows_is_told_from_both_sides(
    client: httpx.Client, built: Warehouse, of: str
) -> None:
    owners = built.rows(
        f"select {of}_id from marts.show_appearances group by 1 order by count(*) desc, 1 limit 4"
    )
    assert owners
    place = {"show": "shows", "person": "people"}[of]
    for (owner,) in owners:
        held = "select to_json(held) from marts.show_appearances as held"
        rows = [row for (row,) in built.rows(f"{held} where {of}_id = %s", owner)]
        path = f"/{place}/{owner}/appearances"
        told = [line.model_dump(mode="json") for line in pages(client, path, Appearances, limit=40)]
        assert sorted(told, key=str) == sorted(rows, key=str)
        assert list(told[0]) == list(Appearance.model_fields)
        assert get(client, path, Appearances, limit=1).attribution


def test_a_show_is_summed_up_by_name(client: httpx.Client, built: Warehouse) -> None:
    held = built.rows(
        "select show_id, network, studios, order_type, creators"
        " from marts.show_details as details left join marts.team_summary using (show_id)"
    )
    for show_id, network, studios, order_type, creators in held[::4]:
        told = get(client, f"/shows/{show_id}/summary", ShowSummary)
        assert (told.network, told.studios, told.order_type) == (network, studios, order_type)
        assert told.team.creators == (creators or [])
        assert told.attribution == get(client, f"/shows/{show_id}", ShowDetail).attribution


def test_nobody_for_adults_has_a_page(client: httpx.Client, built: Warehouse) -> None:
    for (person_id,) in built.rows("select person_id from core.people where is_adult limit 3"):
        assert client.get(f"/people/{person_id}").status_code == 404


def test_companies_and_services_say_what_they_carry(client: httpx.Client) -> None:
    companies = pages(client, "/companies", Companies, limit=100)
    assert sum(company.show_count for company in companies) > 0
    for company in companies[::9]:
        assert get(client, f"/companies/{company.id}", ProductionCompany) == company
        listed = pages(client, "/shows", Shows, company=company.id, include_adult=True)
        assert len(listed) == company.show_count
    services = pages(client, "/watch-providers", Providers, limit=100, sort="display_priority")
    for service in services[:5]:
        told = get(client, f"/watch-providers/{service.provider_id}", Provider)
        for of_region in told.regions[:2]:
            where = {"provider": service.provider_id, "provider_region": of_region.region}
            shows = pages(client, "/shows", Shows, include_adult=True, **where)
            assert len(shows) == of_region.show_count > 0


def test_a_show_is_told_in_each_language_that_is_held(
    client: httpx.Client, built: Warehouse
) -> None:
    translated = built.rows(
        "select show_id, language, name, description from marts.show_translations as held"
        " where language <> 'en' and name is not null and description is not null and position ="
        " (select min(position) from marts.show_translations as first where first.show_id ="
        " held.show_id and first.language = held.language) and language ~ '^[a-z]{2}$'"
        " order by md5(show_id || language) limit 12"
    )
    assert translated
    for show_id, language, name, description in translated:
        show = get(client, f"/shows/{show_id}", ShowDetail, language=language)
        assert (show.name, show.description) == (name, description)
        listed = pages(client, "/shows", Shows, language=language, limit=100, include_adult=True)
        assert name in [line.name for line in listed if line.id == show_id]


OWNER = {
    "show": "select show_id from core.shows where tmdb_id = %s::integer",
    "person": "select person_id from core.people where tmdb_id = %s::integer",
}


def _one_copy(built: Warehouse, kind: str) -> dict[tuple[str, str], dict[str, Any] | None]:
    """A receipt for an image that does not stand for its owner, or that none stands for."""
    lesser = f"kind = '{kind}' and hosted_key is null and owner_id <> '{LISTED}'"
    first = "select owner_id || file_path from marts.image_candidates where"
    return receipts(
        built,
        f"{lesser} and owner_id || file_path = ({first} {lesser} and rank > 1 order by 1 limit 1)",
    )


def test_a_copy_that_follows_the_changes_is_complete(
    client: httpx.Client, built: Warehouse
) -> None:
    stands = get(client, "/changes", Changes)
    assert stands.items == []
    copy = {show.id: show for show in pages(client, "/shows", Shows, include_adult=True, limit=100)}
    ((payload,),) = built.rows(
        "select payload from raw.tmdb_tv_details where is_latest and key = %s", str(LISTED)
    )
    built.answer({("tmdb_tv_details", str(LISTED)): payload | {"name": "Renamed since"}})
    copies = _one_copy(built, "show_backdrops") | _one_copy(built, "person_photos")
    built.answer(copies)
    built.dbt("run", "--select", "+marts")
    told = pages(client, "/changes", Changes, since=stands.until, limit=2)
    changed = {UUID(change.id) for change in told if (change.kind, change.part) == ("show", "show")}
    now = {show.id: show for show in pages(client, "/shows", Shows, include_adult=True, limit=100)}
    assert {show_id for show_id in now if now[show_id] != copy[show_id]} == changed
    assert [now[show_id].name for show_id in changed] == ["Renamed since"]
    assert ("show", "summary", str(*changed)) in {(e.kind, e.part, e.id) for e in told}
    parts = (("show", "images"), ("person", "person"))
    for (_, key), (kind, part) in zip(copies, parts, strict=True):
        (named,) = built.rows(OWNER[kind], key.split("/")[1])
        assert (kind, part, str(*named)) in {(each.kind, each.part, each.id) for each in told}
    until = get(client, "/changes", Changes, since=stands.until).until
    assert until > stands.until
    assert get(client, "/changes", Changes, since=until).items == []
    assert client.get("/changes", params={"since": 0}).status_code == 409


STATISTICS: list[tuple[str, type[BaseModel], str, str]] = [
    ("/stats/networks", NetworkStatsPage, "network_stats", "show_count desc, network_id"),
    ("/stats/networks?sort=name", NetworkStatsPage, "network_stats", "name, network_id"),
    ("/stats/networks?sort=-average_vote", NetworkStatsPage, "network_stats",
     "average_vote desc nulls last, network_id"),
    ("/stats/rankings", ShowRankings, "show_rankings where period = 'week'",
     "popularity_rank, show_id"),
    ("/stats/rankings?period=month&sort=-vote_count_change", ShowRankings,
     "show_rankings where period = 'month'", "vote_count_change desc nulls last, show_id"),
    ("/stats/catalogue", CatalogueYears, "catalogue_trends where dimension = 'all'",
     "premiere_year desc"),
    ("/stats/catalogue?dimension=network&sort=premiere_year", CatalogueYears,
     "catalogue_trends where dimension = 'network'", "premiere_year, value"),
    ("/stats/qualified-people", QualifiedPeople, "qualified_people", "name, person_id"),
    ("/stats/qualified-people?rule=episodes&sort=-show_count", QualifiedPeople,
     "qualified_people where 'episodes' = any(qualified_by)", "show_count desc, person_id"),
    ("/stats/wwhl-episodes", TalkShowEpisodes, "wwhl_episodes",
     "air_date desc nulls last, episode_id"),
    ("/wiki-pages?sort=-name", WikiPages, "wiki_pages", "name desc, page_key"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "model", "mart", "order"), STATISTICS)
def test_statistics_are_the_rows_of_their_mart_in_order(
    client: httpx.Client, built: Warehouse, path: str, model: type[BaseModel], mart: str, order: str
) -> None:
    address, _, query = path.partition("?")
    parameters = dict(each.split("=") for each in query.split("&") if each)
    told = pages(client, address, model, limit=7, **parameters)
    name = mart.partition(" ")[0]
    rows = built.rows(f"select to_json({name}) from marts.{mart} order by {order}")
    assert rows
    assert told == [type(told[0]).model_validate(row, extra="forbid") for (row,) in rows]


def test_pages_of_wikis_are_proposed_to_whoever_has_their_name(
    client: httpx.Client, built: Warehouse
) -> None:
    proposed = {
        (person_id, "w/1")
        for (person_id,) in built.rows(
            "select person_id from marts.person_documents"
            " where upper(name) = (select name from marts.wiki_pages where page_key = 'w/1')"
        )
    }
    assert proposed
    for person_id, page_key in proposed:
        [page] = get(client, f"/people/{person_id}/wiki-pages", WikiPages).items
        assert (page.page_key, page.relatives[1].relation) == (page_key, None)
        assert page.infobox == {"Residence": ["Here", "and there"]}
        assert "revision 7, CC BY-SA: https://w.example/wiki/1" in page.attribution


def test_what_a_service_offers_is_told_by_week(client: httpx.Client, built: Warehouse) -> None:
    ((provider, region, count),) = built.rows(
        "select provider_id, region, count(*) from marts.provider_availability"
        " group by 1, 2 order by 3 desc, 1, 2 limit 1"
    )
    asked = {"provider": provider, "region": region, "limit": 1}
    told = pages(client, "/stats/availability", AvailabilityPage, **asked)
    assert len({(line.iso_week, line.offer_type) for line in told}) == len(told) == count
    assert {(line.provider_id, line.region) for line in told} == {(provider, region)}


def test_a_name_is_searched_by_an_index(built: Warehouse) -> None:
    """The planner must recognise the folded name of the view as that of the index."""
    with psycopg.connect(built.url) as connection:
        connection.execute("set enable_seqscan = off")
        plan = connection.execute(
            "explain select name from marts.person_documents where search_text like '%cranst%'"
        ).fetchall()
    assert any("Bitmap Index Scan" in line for (line,) in plan), plan


def test_what_is_typed_is_cut_into_words_as_the_mart_cuts_titles(built: Warehouse) -> None:
    cut = built.rows(
        "select show_id, left(word, 64) from marts.show_documents"
        " cross join lateral regexp_split_to_table(search_text, %s) as listed (word)"
        " where word <> ''",
        WORD_ENDS,
    )
    assert {*cut} == {*built.rows("select show_id, word from marts.show_words")}
    words = Counter(word for _, word in {*cut})
    assert [*words.items()] and words == Counter(
        dict(built.rows("select word, show_count from marts.title_words"))
    )


@pytest.fixture
def some_for_adults(built: Warehouse) -> Iterator[None]:
    """As if every ninth show were for adults: the sample and what is made up have none."""
    some = "where tmdb_id % 9 = 1"
    built.execute(f"update marts.show_documents set is_adult = true {some}")
    built.dbt("run", "--full-refresh", "--select", "show_facets")  # it follows what builds say
    yield
    built.execute(f"update marts.show_documents set is_adult = false {some}")
    built.dbt("run", "--full-refresh", "--select", "show_facets")  # it follows what builds say


@pytest.mark.usefixtures("some_for_adults")
@pytest.mark.parametrize("with_adult", [False, True])
def test_the_facets_that_were_prepared_are_those_that_would_be_computed(
    client: httpx.Client, built: Warehouse, with_adult: bool
) -> None:
    ((counted,),) = built.rows(computed([] if with_adult else [FOR_ALL_AGES]))
    told = json.loads(counted)
    ((shows,),) = built.rows("select count(*) from marts.show_documents")
    assert (told["show_count"] == shows) is with_adult
    assert all(told.values()), "each kind has values, or the comparison says nothing"
    assert client.get("/shows/facets", params={"include_adult": with_adult}).json() == told


def test_the_regions_of_a_service_are_those_that_list_its_shows(
    client: httpx.Client, built: Warehouse
) -> None:
    ((provider,),) = built.rows(
        "select provider_id from core.show_watch_providers group by 1"
        " order by count(distinct region) desc, 1 limit 1"
    )
    told = client.get("/shows/facets", params={"provider": provider}).json()
    for facet in told["provider_region"]:
        asked = {"provider": provider, "provider_region": facet["value"], "limit": 100}
        assert len(pages(client, "/shows", Shows, **asked)) == facet["count"], facet
    assert len(told["provider_region"]) > 1
