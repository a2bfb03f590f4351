"""What TMDb's clients look things up by: ids elsewhere, configuration, genres, services.

None of it but `/find` is asked of TMDb: it is made of what is held, in TMDb's shape.
"""

from typing import Annotated, Literal, LiteralString, get_args

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AfterValidator

from api.database import Database
from api.documents import Document, told
from api.openapi import tmdb_answers
from api.parameters import storable
from api.tmdb import ListItem, give, list_item

router = APIRouter(tags=["tmdb"])

_PLAIN = tmdb_answers(refused=())
Source = Literal[
    "imdb_id",
    "tvdb_id",
    "wikidata_id",
    "facebook_id",
    "instagram_id",
    "twitter_id",
    "tiktok_id",
    "youtube_id",
]
ExternalId = Annotated[
    str, AfterValidator(storable), Path(max_length=200, description="The id elsewhere.")
]


class TmdbFound(Document):
    """What claims an id elsewhere. Movies, seasons and episodes only as far as TMDb was asked."""

    movie_results: list[ListItem] = told("Movies.", [])
    person_results: list[ListItem] = told("People.", [])
    tv_results: list[ListItem] = told("Series.", [{"id": 1396, "media_type": "tv"}])
    tv_episode_results: list[ListItem] = told("Episodes.", [])
    tv_season_results: list[ListItem] = told("Seasons.", [])


class TmdbImages(Document):
    """Where TMDb's images are, and in which sizes."""

    base_url: str = told("Address, plain.", "http://image.tmdb.org/t/p/")
    secure_base_url: str = told("Address.", "https://image.tmdb.org/t/p/")
    backdrop_sizes: list[str] = told("Of backdrops.", ["w300", "original"])
    logo_sizes: list[str] = told("Of logos.", ["w45", "original"])
    poster_sizes: list[str] = told("Of posters.", ["w92", "original"])
    profile_sizes: list[str] = told("Of photos of people.", ["w45", "original"])
    still_sizes: list[str] = told("Of stills.", ["w92", "original"])


class TmdbConfiguration(Document):
    """What clients make addresses of images from."""

    images: TmdbImages
    change_keys: list[str] = told("Kinds of changes; none are served.", [])


class TmdbGenre(Document):
    """A genre."""

    id: int = told("TMDb's id.", 18)
    name: str | None = told("Its name.", "Drama")


class TmdbGenres(Document):
    """The genres that a held series is filed under."""

    genres: list[TmdbGenre]


class TmdbProvider(Document):
    """A service that offers series."""

    display_priority: int | None = told("TMDb's order, the first of any region.", 0)
    logo_path: str | None = told("TMDb's path of its logo.", "/pbpMk.jpg")
    provider_id: int = told("TMDb's id.", 8)
    provider_name: str | None = told("Its name.", "Netflix")


class TmdbProviders(Document):
    """The services that offer a held series somewhere."""

    results: list[TmdbProvider]


# As TMDb has answered for years; who asks us offline needs them all the same.
_CONFIGURATION = TmdbConfiguration(
    images=TmdbImages(
        base_url="http://image.tmdb.org/t/p/",
        secure_base_url="https://image.tmdb.org/t/p/",
        backdrop_sizes=["w300", "w780", "w1280", "original"],
        logo_sizes=["w45", "w92", "w154", "w185", "w300", "w500", "original"],
        poster_sizes=["w92", "w154", "w185", "w342", "w500", "w780", "original"],
        profile_sizes=["w45", "w185", "h632", "original"],
        still_sizes=["w92", "w185", "w300", "original"],
    ),
    change_keys=[],
)


def _find(source: LiteralString) -> LiteralString:
    """In the text, not a value: the plan, a hundred times the work of running it, can be kept."""
    return f"""
with found as materialized (
    select
        claims.resource,
        claims.document_key::integer as tmdb_id,
        case claims.resource
            when 'tmdb_tv_details'
                then {list_item("tmdb_tv_details", "claims.document_key")}
                || '{{"media_type": "tv"}}'
            else {list_item("tmdb_person_details", "claims.document_key")}
                || '{{"media_type": "person"}}'
        end as item
    from marts.tmdb_external_ids as claims
    where claims.external_id = %(id)s::text and claims.external_source = '{source}'
)
select coalesce(
    (
        select answers.document
        from marts.tmdb_documents as answers
        where
            answers.resource = 'tmdb_find'
            and answers.document_key = %(id)s::text
            and '{source}' = 'imdb_id'
    ),
    (
        select jsonb_build_object(
            'movie_results', '[]'::jsonb,
            'person_results', coalesce(
                jsonb_agg(item order by tmdb_id) filter (where resource = 'tmdb_person_details'),
                '[]'
            ),
            'tv_results', coalesce(
                jsonb_agg(item order by tmdb_id) filter (where resource = 'tmdb_tv_details'), '[]'
            ),
            'tv_episode_results', '[]'::jsonb,
            'tv_season_results', '[]'::jsonb
        )
        from found
        where item is not null
    )
)::text
"""


_FIND = {source: _find(source) for source in get_args(Source)}
_GENRES = """
select coalesce(
    json_agg(json_build_object('id', genre_id, 'name', name) order by name, genre_id), '[]'
)::text
from marts.tmdb_genres
"""
_PROVIDERS = """
select coalesce(
    json_agg(
        json_build_object(
            'display_priority', providers.display_priority,
            'logo_path', providers.summary::json -> 'tmdb_logo_path',
            'provider_id', providers.provider_id,
            'provider_name', providers.name
        )
        order by providers.display_priority nulls last, providers.provider_id
    ),
    '[]'
)::text
from marts.watch_provider_documents as providers
"""


@router.get(
    "/3/find/{external_id}",
    response_model=TmdbFound,
    responses=tmdb_answers(missing="No id is like that."),
)
async def find_by_external_id(
    request: Request,
    external_id: ExternalId,
    external_source: Annotated[Source, Query(description="Whose id it is.")],
) -> Response:
    """What TMDb said of an IMDb id, where it was asked; else the held series and people."""
    database: Database = request.app.state.database
    row = await database.row(_FIND[external_source], {"id": external_id})
    return await give(request, row[0] if row else b"{}")


@router.get(
    "/3/configuration",
    response_model=TmdbConfiguration,
    responses=tmdb_answers(refused=(), reads=False),
)
async def get_tmdb_configuration(request: Request) -> Response:
    """Where TMDb's images are: not asked of TMDb, but as it has answered for years."""
    return await give(request, _CONFIGURATION.model_dump_json().encode())


@router.get("/3/genre/tv/list", response_model=TmdbGenres, responses=_PLAIN)
async def list_tmdb_genres(request: Request) -> Response:
    """The genres that a held series is filed under."""
    database: Database = request.app.state.database
    row = await database.row(_GENRES, {})
    return await give(request, b'{"genres":' + (row[0] if row else b"[]") + b"}")


@router.get("/3/watch/providers/tv", response_model=TmdbProviders, responses=_PLAIN)
async def list_tmdb_watch_providers(request: Request) -> Response:
    """The services that offer a held series somewhere. Data by JustWatch."""
    database: Database = request.app.state.database
    row = await database.row(_PROVIDERS, {})
    body = b'{"results":' + (row[0] if row else b"[]") + b"}"
    return await give(request, body, has_offers=True)
