"""A few shows, made by the response models, in the marts that the API reads.

A document is the model's own examples with what a test wants to differ, so that no key is
forgotten.
"""

import hashlib
import json
import types
import typing
import uuid
from collections import defaultdict
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from pydantic import BaseModel
from pydantic_core import to_json

from api.routers.appearances import Appearance
from api.routers.changes import Change
from api.routers.companies import ProductionCompany, Provider
from api.routers.credits import CastMember, CrewMember
from api.routers.drift import Drift
from api.routers.networks import Network
from api.routers.parts import ContentRating, Image, Order, Recommendation, ShowTitle, Video
from api.routers.people import Person, PersonSummary
from api.routers.reality import QualifiedPerson, TalkShowEpisode
from api.routers.seasons import Episode, Season, SeasonInBrief
from api.routers.shows import Show, ShowDetail
from api.routers.stats import Availability, CatalogueYear, NetworkStats, ShowRanking
from api.routers.summaries import ShowSummary, Team
from api.routers.trends import Trend
from api.routers.watch_providers import Offer, Stay, WatchProvider
from api.routers.wiki_pages import WikiPage
from api.search import folded

SCHEMA = Path(__file__).with_name("marts.sql")

# Ties, nulls, accents, alternative titles, an adult one, one without any id elsewhere.
SHOWS: list[dict[str, Any]] = [
    {"tmdb_id": 1396, "imdb_id": "tt0903747", "name": "Breaking Bad", "premiere_date": "2008-01-20",
     "popularity": 152.4, "genres": ["Drama", "Crime"], "status": "Ended", "network": 174,
     "companies": [11073], "vote_average": 8.9, "titles": "the last idea",
     "last_aired_date": "2013-09-29"},
    {"tmdb_id": 2, "name": "Élite", "premiere_date": "2018-10-05", "popularity": 50.125,
     "genres": ["Drama"], "status": "Ended", "countries": ["ES"], "network": 213,
     "vote_average": 7.25, "last_aired_date": "2024-07-26"},
    {"tmdb_id": 3, "name": "Twins", "premiere_date": "2020-01-01", "popularity": 10,
     "genres": [], "status": "Ended", "last_aired_date": "2020-02-29"},
    {"tmdb_id": 4, "name": "Twins", "premiere_date": "2020-01-01", "popularity": 10,
     "genres": [], "status": "Canceled", "last_aired_date": "2020-02-29"},
    {"tmdb_id": 5, "name": "Twins", "premiere_date": None, "popularity": None,
     "genres": ["Reality"], "status": "Returning Series",
     "countries": ["US", "GB"], "regions": ["GB", "US"], "offered": ["8", "8/US", "9", "9/GB"]},
    {"tmdb_id": 6, "name": None, "premiere_date": None, "popularity": None, "genres": [],
     "status": None},
    {"tmdb_id": None, "imdb_id": "tt1234567", "name": "100%_real\\", "premiere_date": "1999-12-31",
     "popularity": 0.5, "genres": ["Reality"], "status": "Ended"},
    {"tmdb_id": 8, "name": "東京 Drama", "premiere_date": "2021-02-28", "popularity": 7,
     "genres": ["Drama"], "status": "Ended", "titles": "Токийская ДРАМА".lower()},
    {"tmdb_id": 9, "name": "After Dark", "premiere_date": "2021-02-28", "popularity": 3,
     "genres": ["Drama"], "status": "Ended", "adult": True},
    {"tmdb_id": 2147483647, "name": "The Last Id", "premiere_date": "2024-02-29",
     "popularity": 1e-5, "genres": ["Drama"], "status": "Ended"},
]  # fmt: skip
# Of IMDb's titles, the series that each turned out to be.
ALIASES = {"tt0903747": 1396}
NETWORKS: list[dict[str, Any]] = [
    {"id": 174, "name": "AMC", "origin_country": "US", "show_count": 1},
    {"id": 213, "name": "Netflix", "origin_country": None, "show_count": 1},
    {"id": 5, "name": "Élysée TV", "origin_country": "FR", "show_count": 0},
]
PEOPLE: list[dict[str, Any]] = [
    {"tmdb_id": 17419, "imdb_id": "nm0186505", "name": "Bryan Cranston", "popularity": 21.4},
    {"tmdb_id": 84497, "imdb_id": None, "name": "Aaron Paul", "popularity": None},
    {"tmdb_id": 3, "imdb_id": None, "name": None, "popularity": 0.5},
]

# Two of one name, one of whom no source knows more.
WIKI_PAGES = [
    ("amc", 1, "Bryán CRANSTON"),
    ("amc", 2, "Nobody Else"),
    ("bravo", 1, "Bryan Cranston"),
]


def example(model: type[BaseModel], **different: Any) -> dict[str, Any]:
    """A document of `model` from its fields' examples."""
    told: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if name in different:
            told[name] = different[name]
        elif field.examples:
            told[name] = field.examples[0]
        else:
            told[name] = _example_of(field.annotation)
    unknown = different.keys() - told.keys()
    assert not unknown, f"{model.__name__} has no {unknown}"
    return told


def _example_of(annotation: Any) -> Any:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is list:
        return [_example_of(arguments[0])]
    if origin in (types.UnionType, typing.Union):
        return _example_of(arguments[0])
    if origin is typing.Literal:
        return arguments[0]
    return example(annotation)


def show_id(show: dict[str, Any]) -> str:
    """Derived from the natural key, as dbt derives it."""
    natural = f"tmdb:tv:{show['tmdb_id']}" if show["tmdb_id"] else f"imdb:{show['imdb_id']}"
    return str(uuid.UUID(hashlib.md5(natural.encode(), usedforsecurity=False).hexdigest()))


def _json(document: Any) -> tuple[str, str]:
    """A document's text and tag."""
    text = to_json(document).decode()
    return text, hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def create_marts(url: str) -> None:
    """Make the mart tables and put the shows and networks above into them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SCHEMA.read_bytes())
        for show in SHOWS:
            put_show(connection, show)
            _put_seasons(connection, show)
            _put_offers(connection, show)
            _put_credits(connection, show)
            _put_freshness(connection, show)
            _put_parts(connection, show)
        _put_translations(connection)
        _put_changes(connection)
        _put_people(connection)
        _put_companies(connection)
        for imdb_id, tmdb_id in ALIASES.items():
            former = show_id({"tmdb_id": None, "imdb_id": imdb_id})
            _put(connection, "present_ids", (former, show_id({"tmdb_id": tmdb_id}), "show"))
        _put_answers(connection)
        _put_stats(connection)
        _put_lines_of_shows(connection)
        connection.execute(FOLD)
        connection.execute(WORDS)
        _put_facets(connection)
        for network in NETWORKS:
            document, tag = _json(example(Network, **network))
            row = (network["id"], network["name"], network["show_count"], network["origin_country"])
            _put(connection, "network_documents", (*row, document, tag))
        for resource in ("tmdb_tv_details", "tmdb_tv_seasons"):
            checks = ("2026-11-13T08:00:00Z", "2026-11-20T08:00:00Z", None)
            terms = ("Data by TMDb.", "https://www.themoviedb.org/api-terms-of-use", 180)
            counts = (12, 0, 3)
            told = ("tmdb", resource, 10, 2, 1, 0, 0, *checks, *terms, *counts)
            _put(connection, "source_freshness", told)


# As the mart has them: each title between line feeds, folded, and with its signs left out.
FOLD = rf"""
update marts.show_documents set search_text = (
    select string_agg(
        case
            when line = '' then ''
            when line ~ '[-*]'
                then ' ' || {folded("line")} || e' \n ' || lower(translate(line, '-*', '')) || ' '
            else ' ' || {folded("line")} || ' '
        end,
        e'\n' order by place
    )
    from regexp_split_to_table(search_text, e'\n') with ordinality as listed (line, place)
)
"""

WORDS = r"""
truncate marts.show_words, marts.title_words;
insert into marts.show_words
select distinct show_id, word, tmdb_popularity
from marts.show_documents
cross join lateral regexp_split_to_table(search_text, '[^[:alnum:]]+') as listed (word)
where word <> '';
insert into marts.title_words select word, count(*) from marts.show_words group by word;
"""


def _put_facets(connection: psycopg.Connection[Any]) -> None:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for show in SHOWS:
        values = {
            ("all", "all"),
            *(("genre", genre) for genre in show["genres"]),
            *(("country", country) for country in show.get("countries", ["US"])),
            *(("provider_region", region) for region in _regions(show)),
            ("status", show["status"]),
            ("network", show.get("network")),
            ("year", show["premiere_date"] and show["premiere_date"][:4]),
        }
        for dimension, value in values:
            if value is not None:
                counts[str(value), dimension][bool(show.get("adult"))] += 1
    for facet, numbers in counts.items():
        _put(connection, "show_facets", (*facet, *numbers))


def put_show(connection: psycopg.Connection[Any], show: dict[str, Any]) -> None:
    """Put a show's documents into the mart; its words and facets are to follow."""
    number, name, genres = show_id(show), show["name"], show["genres"]
    countries = show.get("countries", ["US"])
    shared = {"id": number, "name": name, "genres": genres, "status": show["status"]} | {
        "premiere_date": show["premiere_date"],
        "origin_countries": countries,
    }
    ids = {"tmdb_id": show["tmdb_id"], "imdb_id": show.get("imdb_id")}
    summary, _ = _json(example(Show, **shared, **ids, **_measures(show)))
    offers = [example(Offer, region=region, providers=_providers()) for region in _regions(show)]
    document, tag = _json(example(ShowDetail, **shared, watch_providers=offers))
    seasons, seasons_tag = _json([example(SeasonInBrief, season_number=n) for n in (0, 1)])
    titles = "\n".join(("", name or "", "", show.get("titles", ""), ""))
    networks = [show["network"]] if "network" in show else []
    days = (show["premiere_date"], show.get("last_aired_date"))
    names = (number, *ids.values(), name, titles, *days, show["popularity"])
    flags = (show["status"], True, show.get("adult", False))
    more = (show.get("companies", []), show.get("offered", []), show.get("vote_average"))
    filters = (*flags, genres, networks, countries, _regions(show), *more)
    _put(
        connection,
        "show_documents",
        (*names, *filters, summary, document, seasons, tag, seasons_tag),
    )


def _measures(show: dict[str, Any]) -> dict[str, Any]:
    measured = {"popularity": show["popularity"], "vote_average": show.get("vote_average")}
    return measured | {"last_aired_date": show.get("last_aired_date")}


def _put_parts(connection: psycopg.Connection[Any], show: dict[str, Any]) -> None:
    models: dict[str, type[BaseModel]]
    models = {"images": Image, "titles": ShowTitle, "videos": Video, "orders": Order}
    models |= {"content-ratings": ContentRating, "recommendations": Recommendation}
    for part, model in models.items():
        document, _ = _json([example(model)])
        lines = LINES if part in ("titles", "recommendations") else None
        _put(connection, "show_part_documents", (show_id(show), part, document, lines))


LINES = '["Information from TMDb."]'

# Of Breaking Bad: two countries of one language, one without a title, one without anything.
TRANSLATIONS = [
    ("Breaking Bad: A Química do Mal", "Um professor.", None, "pt", "BR"),
    ("Ruptura Total", "Um químico.", "Muda.", "pt", "PT"),
    (None, "Ein Lehrer.", None, "de", "DE"),
    (None, None, None, "fr", "FR"),
]


def _put_translations(connection: psycopg.Connection[Any]) -> None:
    for place, translation in enumerate(TRANSLATIONS, 1):
        _put(connection, "show_translations", (show_id(SHOWS[0]), *translation, place))


# Of builds 3 (the last whole one) to 8; 9 goes on.
CHANGES = [
    ("show", "show", 4),
    ("show", "seasons", 5),
    ("person", "person", 5),
    ("show", "show", 8),
    ("network", "network", 9),
]


def _put_changes(connection: psycopg.Connection[Any]) -> None:
    _put(connection, "change_windows", (3, 8))
    for place, (kind, part, build) in enumerate(CHANGES):
        number = show_id(SHOWS[place]) if kind in ("show", "person") else "174"
        document, _ = _json(example(Change, kind=kind, id=number, part=part, build=build))
        row = (f"{kind}/{number}/{part}", number, build, document, kind, part)
        _put(connection, "changes", row)


def _put_stats(connection: psycopg.Connection[Any]) -> None:
    """The members of each model are the columns of its mart, in their order."""
    lines: dict[str, list[dict[str, Any]]] = {
        "network_stats": [
            example(NetworkStats, network_id=network["id"], name=network["name"], average_vote=vote)
            for network, vote in zip(NETWORKS, (7.9, None, 6.25), strict=True)
        ],
        "show_rankings": [
            example(
                ShowRanking, show_id=show_id(show), name=show["name"], popularity_rank=1 + at // 2
            )
            for at, show in enumerate(SHOWS)
        ],
        "catalogue_trends": [
            example(CatalogueYear, dimension=dimension, value=value, premiere_year=year)
            for dimension, value in (("all", "all"), ("genre", "Drama"), ("genre", "Crime"))
            for year in (2007, 2008)
        ],
        "provider_availability": [
            example(Availability, offer_type=offer_type, week_start_date=day)
            for offer_type in ("ads", "flatrate")
            for day in ("2026-11-09", "2026-11-16")
        ],
        "qualified_people": [
            example(QualifiedPerson, person_id=show_id(person), name=person["name"])
            for person in PEOPLE
        ],
        "wwhl_episodes": [
            example(TalkShowEpisode, episode_id=uuid.UUID(int=at), air_date=day, season_number=at)
            for at, day in enumerate((None, "2026-11-09", "2026-11-09", "2026-11-16"))
        ],
        "wiki_pages": [
            example(WikiPage, page_key=f"{wiki}/{page_id}", wiki=wiki, page_id=page_id, name=name)
            for wiki, page_id, name in WIKI_PAGES
        ],
    }
    for mart, rows in lines.items():
        for row in rows:
            _put(connection, mart, tuple(map(_column, row.values())))


WEEKS = ("2026-10-26", "2026-11-09", "2026-11-16")


def _put_lines_of_shows(connection: psycopg.Connection[Any]) -> None:
    """Of the first show, three weeks, a month and everybody, one of whom is in another, too.

    Of every show who made it.
    """
    number = show_id(SHOWS[0])
    weeks: list[dict[str, Any]] = [
        {"period_start_date": day, "tmdb_vote_average": None} for day in WEEKS
    ]
    for period in (*weeks, {"period_start_date": "2026-11-01", "period": "month"}):
        _put(connection, "show_trends", (*example(Trend, show_id=number, **period).values(),))
    for at, person in enumerate(PEOPLE):
        who = {"person_id": show_id(person), "person_name": person["name"]}
        who |= {"billing_order": at or None, "episode_count": 7 * at}
        row = example(Appearance, show_id=number, **who)
        _put(connection, "show_appearances", (*row.values(),))
    row = example(Appearance, show_id=show_id(SHOWS[2]), person_id=show_id(PEOPLE[0]))
    _put(connection, "show_appearances", (*row.values(),))
    team = tuple(example(Team).values())
    for show in SHOWS:
        row = example(ShowSummary, id=show_id(show), name=show["name"], team={}, attribution=[])
        names = ("id", "name", "network", "studios", "streaming_providers", "genre", "subgenres")
        more = ("status", "type", "order_type", "season_count", "episode_count", "premiere_date")
        dates = ("most_recent_episode_air_date", "next_episode_air_date")
        _put(connection, "show_details", tuple(row[name] for name in (*names, *more, *dates)))
        if not show.get("adult"):
            _put(connection, "team_summary", (show_id(show), *team))
    of_drift = ("source", "resource", "first_load_id", "json_path", "seen", "drift_kind")
    counts = ("document_count", "first_seen_at", "last_seen_at")
    for seen, load in (("colour", 311), ("smell", 312), ("taste", 312)):
        drift = example(Drift, seen=seen, first_load_id=load)
        told = tuple(drift[name] for name in (*of_drift, *counts))
        _put(connection, "schema_drift", (f"tmdb_tv_details $.seasons[] key {seen}", *told))


def _put_people(connection: psycopg.Connection[Any]) -> None:
    for person in PEOPLE:
        number = show_id(person)
        shared = {"id": number, "tmdb_id": person["tmdb_id"], "name": person["name"]}
        shared["popularity"] = person["popularity"]
        names = (number, person["tmdb_id"], person["imdb_id"], person["name"])
        summary, _ = _json(example(PersonSummary, **shared))
        document, _ = _json(example(Person, **shared, imdb_id=person["imdb_id"]))
        texts = ((person["name"] or "").lower(), "Acting", person["popularity"])
        _put(connection, "person_documents", (*names, *texts, summary, document))
        if person["imdb_id"]:
            former = show_id(person | {"tmdb_id": None})
            _put(connection, "present_ids", (former, number, "person"))


def _put_companies(connection: psycopg.Connection[Any]) -> None:
    companies: list[tuple[int, str, str | None]] = [(11073, "Sony", "US"), (5, "Gaumont", None)]
    for number, name, country in companies:
        made = {"id": number, "name": name, "origin_country": country}
        document, _ = _json(example(ProductionCompany, **made))
        _put(connection, "company_documents", (number, name, country, document))
    services: list[tuple[int, str | None, int | None]] = [(8, "Netflix", 0), (9, None, None)]
    for number, service, priority in services:
        told = {"provider_id": number, "provider_name": service, "display_priority": priority}
        summary, _ = _json(example(WatchProvider, **told))
        document, _ = _json(example(Provider, **told))
        row = (number, service, priority, summary, document)
        _put(connection, "watch_provider_documents", row)


# What TMDb answered of the first show, of whom it names, and of the last one; parts have members of
# their own.
ANSWERS: dict[tuple[str, str], dict[str, Any]] = {
    ("tmdb_tv_details", "1396"): {"id": 1396, "name": "Breaking Bad", "genres": [{"id": 18}]},
    ("tmdb_tv_details", "2147483647"): {"id": 2147483647, "name": "The Last Id"},
    ("tmdb_tv_credits", "1396"): {"id": 1396, "cast": [{"id": 17419}], "crew": []},
    ("tmdb_tv_watch_providers", "1396"): {"id": 1396, "results": {}},
    ("tmdb_tv_seasons", "1396/season/1"): {
        "id": 3572,
        "season_number": 1,
        "episodes": [{"id": 62085, "episode_number": 1, "name": "Pilot"}],
    },
    ("tmdb_person_details", "17419"): {"id": 17419, "name": "Bryan Cranston"},
    ("tmdb_network_details", "174"): {"id": 174, "name": "AMC"},
    ("tmdb_company_details", "11073"): {"id": 11073, "name": "Sony"},
    ("tmdb_episode_group_details", "5e9077d2e640d600151f32bd"): {
        "id": "5e9077d2e640d600151f32bd",
        "groups": [],
    },
}


def _put_answers(connection: psycopg.Connection[Any]) -> None:
    for (resource, key), document in ANSWERS.items():
        text = to_json(document).decode()
        _put(connection, "tmdb_documents", (resource, key, text, text, "2026-11-20T08:00:00Z"))
    _put(connection, "tmdb_external_ids", ("tt0903747", "tmdb_tv_details", "1396", "imdb_id"))
    _put(connection, "tmdb_genres", (18, "Drama"))


def _put_seasons(connection: psycopg.Connection[Any], show: dict[str, Any]) -> None:
    for season_number in (0, 1):
        numbers = range(1, 8) if season_number else range(0)
        episodes = [
            example(Episode, season_number=season_number, episode_number=number)
            for number in numbers
        ]
        season = example(Season, season_number=season_number, episodes=episodes)
        document, tag = _json(season)
        inside, inside_tag = _json(episodes)
        row = (uuid.uuid4(), show_id(show), season_number, document, inside, tag, inside_tag)
        _put(connection, "season_documents", (*row, LINES))


def _put_offers(connection: psycopg.Connection[Any], show: dict[str, Any]) -> None:
    for region in _regions(show):
        offer = example(Offer, region=region, providers=_providers())
        row = (show_id(show), region, *_json([offer]))
        _put(connection, "show_watch_provider_documents", row)
        row = (show_id(show), region, *_json([example(Stay, region=region)]))
        _put(connection, "show_watch_provider_history_documents", row)


def _put_freshness(connection: psycopg.Connection[Any], show: dict[str, Any]) -> None:
    known = (show["name"], ["logo"], True, 0.9375, 1, 0, 7, *range(5), "2026-11-20T08:00:00Z")
    _put(connection, "show_completeness", (show_id(show), *known))
    checks = ("2026-11-20T08:00:00Z", None, "2026-11-27T08:00:00Z")
    for resource, season_number in (("tmdb_tv_details", None), ("tmdb_tv_seasons", 1)):
        row = (show_id(show), resource, "fresh", season_number, 0, *checks)
        _put(connection, "show_freshness", row)


def _put_credits(connection: psycopg.Connection[Any], show: dict[str, Any]) -> None:
    cast, cast_tag = _json([example(CastMember)])
    crew, crew_tag = _json([example(CrewMember)])
    row = (show_id(show), cast, crew, cast_tag, crew_tag)
    _put(connection, "show_credit_documents", (*row, LINES))


def _providers() -> list[dict[str, Any]]:
    return [example(WatchProvider)]


def _regions(show: dict[str, Any]) -> list[str]:
    regions: list[str] = show.get("regions", [])
    return regions


def _put(connection: psycopg.Connection[Any], table: str, row: tuple[Any, ...]) -> None:
    marks = ", ".join(["%s"] * len(row))
    connection.execute(f"insert into marts.{table} values ({marks})".encode(), row)


def _column(value: Any) -> Any:
    first = value[0] if isinstance(value, list) and value else value
    return Jsonb(value) if isinstance(first, dict) else value


def parsed(text: str) -> Any:
    """JSON, read."""
    return json.loads(text)
