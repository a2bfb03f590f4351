"""What TMDb answered, given again as TMDb gives it: what the routers under `/3` share.

`marts.tmdb_documents` holds each document as its own endpoint answered it. A thing's parts, when
they are appended, lack the `id` that they have alone, as TMDb's do, and so do seasons. Everything
is asked for beside the thing's details: TMDb has no part of a thing that is gone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, LiteralString

from fastapi import Query
from pydantic import ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from api.answers import conditional
from api.database import Database
from api.documents import Document, told
from api.openapi import tmdb_answers
from api.problems import ManyAppended, not_held
from api.tmdb_languages import DOCUMENT, Languages

MOST_APPENDED = 20
# The sources' own words, as `/meta` has them.
TMDB = "This product uses the TMDB API but is not endorsed or certified by TMDB."
JUSTWATCH = "Watch provider data by JustWatch."
_OFFERS = "watch/providers"
_OF_SEASONS = {None: "tmdb_tv_seasons", "credits": "tmdb_tv_season_credits"}
_SEASON = re.compile("(season/(?:0|[1-9][0-9]{0,9}))(?:/(credits))?")
ANY = Languages()
_LICENCE = '</meta>; rel="license"'

ListItem = dict[str, Any]
Appended = Annotated[
    str,
    Query(
        alias="append_to_response",
        description="Parts to be answered as well, at most 20, between commas. Names of what is "
        "not held are passed over, as TMDb passes over those that it does not know.",
    ),
]
_MISSING = "No such document of TMDb's is held."
ANSWERS = tmdb_answers(missing=_MISSING)
ANSWERS_WITH_PARTS = tmdb_answers(missing=_MISSING, refused=(400, 422))


class TmdbDocument(Document):
    """A document with the members that TMDb gave it (https://developer.themoviedb.org)."""

    model_config = ConfigDict(extra="allow")

    id: int | str = told("TMDb's id of what the document is about.", 1396)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing of TMDb's: the resource of its details, and those of its parts by name."""

    details: str
    parts: Mapping[str, str]
    has_seasons: bool = False


SERIES = Kind(
    "tmdb_tv_details",
    {
        "aggregate_credits": "tmdb_tv_aggregate_credits",
        "alternative_titles": "tmdb_tv_alternative_titles",
        "content_ratings": "tmdb_tv_content_ratings",
        "credits": "tmdb_tv_credits",
        "episode_groups": "tmdb_tv_episode_groups",
        "external_ids": "tmdb_tv_external_ids",
        "images": "tmdb_tv_images",
        "keywords": "tmdb_tv_keywords",
        "recommendations": "tmdb_tv_recommendations",
        "translations": "tmdb_tv_translations",
        "videos": "tmdb_tv_videos",
        "watch/providers": "tmdb_tv_watch_providers",
    },
    has_seasons=True,
)
PERSON = Kind(
    "tmdb_person_details",
    {
        "external_ids": "tmdb_person_external_ids",
        "images": "tmdb_person_images",
        "translations": "tmdb_person_translations",
    },
)
NETWORK = Kind(
    "tmdb_network_details",
    {
        "alternative_names": "tmdb_network_alternative_names",
        "images": "tmdb_network_images",
    },
)
COMPANY = Kind(
    "tmdb_company_details",
    {
        "alternative_names": "tmdb_company_alternative_names",
        "images": "tmdb_company_images",
    },
)
EPISODE_GROUP = Kind("tmdb_episode_group_details", {})

_READ: LiteralString = f"""
select
    answers.resource,
    answers.document_key,
    case
        when answers.resource = any(%(shown)s::text[]) then (
            {DOCUMENT}
            - case when answers.resource = any(%(whole)s::text[]) then '{{}}'::text[]
                else '{{id}}' end
        )::text
    end
from marts.tmdb_documents as answers
where
    answers.resource = any(%(resources)s::text[])
    and answers.document_key = any(%(keys)s::text[])
"""
_EPISODE = """
select jsonb_path_query_first(
    answers.document,
    '$.episodes[*] ? (@.episode_number == $number)',
    jsonb_build_object('number', %(number)s::integer)
)::text
from marts.tmdb_documents as answers
where
    answers.resource = 'tmdb_tv_seasons'
    and answers.document_key = %(season)s::text
    and exists (
        select 1
        from marts.tmdb_documents as details
        where details.resource = 'tmdb_tv_details' and details.document_key = %(series)s::text
    )
"""


def list_item(details: LiteralString, key: LiteralString) -> LiteralString:
    """What lists show of a thing.

    A scalar query: joined, the view of all answers would be read whole.
    """
    return f"""(
        select answers.list_item
        from marts.tmdb_documents as answers
        where answers.resource = '{details}' and answers.document_key = {key}
    )"""


async def answer_thing(
    request: Request, kind: Kind, key: str, appended: str, languages: Languages = ANY
) -> Response:
    """A thing's details, with what is held of the parts that are to be appended."""
    wanted = _wanted(kind, key, appended)
    rows = await _read(request, kind, key, wanted.values(), languages, whole=[kind.details])
    pieces = [rows[kind.details, key][:-1]]
    for name, place in wanted.items():
        if place in rows:
            pieces.append(b',"' + name.encode() + b'":' + rows[place])
    pieces.append(b"}")
    return await give(request, b"".join(pieces), has_offers=_OFFERS in wanted)


async def answer_part(
    request: Request, kind: Kind, key: str, part: str, languages: Languages = ANY
) -> Response:
    """A part of a thing, as its own endpoint answers it; `season/1` is one as well."""
    (place,) = _wanted(kind, key, part).values()
    shown = [place[0]]
    rows = await _read(request, kind, key, [place], languages, whole=shown, shown=shown)
    if place not in rows:
        raise not_held(request.url.path)
    return await give(request, rows[place], has_offers=part == _OFFERS)


async def answer_season(request: Request, series: str, season: str, appended: str) -> Response:
    """A season (`season/1`) of a series, with its regulars if `credits` are to be appended."""
    has_credits = "credits" in _names(appended)
    names = [season, f"{season}/credits"] if has_credits else [season]
    places = list(_wanted(SERIES, series, ",".join(names)).values())
    shown = [resource for resource, _ in places]
    rows = await _read(request, SERIES, series, places, ANY, whole=shown[:1], shown=shown)
    if places[0] not in rows:
        raise not_held(request.url.path)
    body = rows[places[0]]
    if has_credits and places[1] in rows:
        body = body[:-1] + b',"credits":' + rows[places[1]] + b"}"
    return await give(request, body)


async def answer_episode(request: Request, series: int, season: int, number: int) -> Response:
    """An episode as the document of its season tells it."""
    values = {"series": series, "season": f"{series}/season/{season}", "number": number}
    database: Database = request.app.state.database
    row = await database.row(_EPISODE, values, anew=True)
    if row is None or row[0] is None:
        raise not_held(request.url.path)
    return await give(request, row[0])


async def give(request: Request, body: bytes, *, has_offers: bool = False) -> Response:
    """The answer, or 304, with the lines of attribution that it asks for."""
    response = await conditional(request, body)
    response.headers["X-Attribution"] = f"{TMDB} {JUSTWATCH}" if has_offers else TMDB
    response.headers["Link"] = _LICENCE
    return response


def _wanted(kind: Kind, key: str, appended: str) -> dict[str, tuple[str, str]]:
    """Resource and key of each name that is one of a part. Raises ManyAppended."""
    places = {}
    for name in _names(appended):
        if name in kind.parts:
            places[name] = (kind.parts[name], key)
        elif kind.has_seasons and (season := _SEASON.fullmatch(name)):
            places[name] = (_OF_SEASONS[season[2]], f"{key}/{season[1]}")
    return places


def _names(appended: str) -> dict[str, None]:
    """Each name that is to be appended, once, in their order. Raises ManyAppended."""
    names = dict.fromkeys(filter(None, appended.split(",")))
    if len(names) > MOST_APPENDED:
        raise ManyAppended(
            "Too many append to response objects: The maximum number of remote calls is 20."
        )
    return names


async def _read(
    request: Request,
    kind: Kind,
    key: str,
    places: Iterable[tuple[str, str]],
    languages: Languages,
    *,
    whole: list[str],
    shown: list[str] | None = None,
) -> dict[tuple[str, str], bytes]:
    """The text of what is held of a thing, the details among them. Raises NotFound.

    Resources that are `whole` keep their `id`; of others than those `shown` (None: all) there is
    no text.
    """
    details = (kind.details, key)
    asked = [details, *places]
    resources = [resource for resource, _ in asked]
    values: dict[str, Any] = {
        "resources": resources,
        "keys": [key for _, key in asked],
        "shown": resources if shown is None else shown,
        "whole": whole,
        **languages.values,
    }
    database: Database = request.app.state.database
    rows = await database.rows(_READ, values, anew=True)
    found = {(row[0].decode(), row[1].decode()): row[2] for row in rows}
    if details not in found:
        raise not_held(request.url.path)
    return {place: found[place] for place in asked if place in found}
