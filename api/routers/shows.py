"""Shows: `/shows`, `/shows/{id}`."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.answers import conditional, document, held, items, not_modified
from api.database import Database
from api.documents import AIR_DAYS, Company, Document, Page, Rendition, told
from api.languages import BEST, Language, vary, wanted_languages
from api.listing import (
    Column,
    Listing,
    Selection,
    is_date,
    is_number,
    is_text,
    is_uuid,
    page,
    page_query,
)
from api.openapi import answers
from api.parameters import (
    SHOW_ID,
    Absent,
    ShowId,
    no_such_show,
    wanted_show,
)
from api.plain import PlainRoute
from api.resemblance import resembling
from api.routers.seasons import SeasonInBrief
from api.routers.watch_providers import Offer
from api.show_filters import ShowsQuery
from api.titles import LIKENESS

router = APIRouter(tags=["shows"])


class ShowBase(Document):
    """What a show's line and its whole document have in common."""

    id: UUID = told("Our id; the same after every rebuild.", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49")
    name: str | None = told("Title.", "Breaking Bad")
    premiere_date: date | None = told(f"Day of the first broadcast. {AIR_DAYS}", "2008-01-20")
    status: str | None = told("TMDb's status.", "Ended")
    type: str | None = told("TMDb's kind of series.", "Scripted")
    genres: list[str] = told("In TMDb's order.", ["Drama", "Crime"])
    networks: list[str] = told("Names, in TMDb's order.", ["AMC"])
    origin_countries: list[str] = told("Country codes (ISO 3166-1).", ["US"])
    popularity: float | None = told("TMDb's popularity.", 152.4)
    poster_path: str | None = told("TMDb's path of the poster.", "/ztkU.jpg")
    hosted_poster_url: str | None = told("Address of our copy of the primary poster.", None)
    hosted_poster_renditions: list[Rendition] = told("Small copies of it, for lists.", [])
    season_count: int = told("Seasons held, specials not counted.", 5)
    episode_count: int = told("Episodes held, specials not counted.", 62)


class Show(ShowBase):
    """A show's line in a list."""

    tmdb_id: int | None = told("TMDb's id.", 1396)
    imdb_id: str | None = told("IMDb's id.", "tt0903747")
    vote_average: float | None = told("TMDb's rating, 0 to 10.", 8.9)
    vote_count: int | None = told("Votes behind the rating.", 14021)
    last_aired_date: date | None = told(
        f"Day of the latest episode that has aired, specials aside. {AIR_DAYS}", "2013-09-29"
    )


class EpisodeMark(Document):
    """Which episode, and when."""

    season: int = told("Season number.", 5)
    number: int | None = told("Episode number.", 16)
    title: str | None = told("Title.", "Felina")
    air_date: date | None = told(f"Day of the first broadcast. {AIR_DAYS}", "2013-09-29")


class ExternalIds(Document):
    """The show elsewhere."""

    tmdb: int | None = told("TMDb.", 1396)
    imdb: str | None = told("IMDb.", "tt0903747")
    tvdb: int | None = told("TheTVDB.", 81189)
    tvrage: int | None = told("TVRage.", 18164)
    wikidata: str | None = told("Wikidata.", "Q1079")
    facebook: str | None = told("Facebook.", "BreakingBad")
    instagram: str | None = told("Instagram.", "breakingbad")
    twitter: str | None = told("X, Twitter before.", "BreakingBad")


class Rating(Document):
    """A rating and the votes behind it."""

    average: float | None = told("0 to 10; null without votes.", 8.9)
    count: int | None = told("Votes.", 14021)


class Ratings(Document):
    """Ratings by source; never mixed."""

    tmdb: Rating
    imdb: Rating


class LastAsked(Document):
    """When the sources were last asked."""

    tmdb_fetched_at: datetime | None = told("TMDb.", "2026-11-20T08:00:00Z")
    imdb_fetched_at: datetime | None = told("IMDb; null without.", "2026-11-20T08:00:00Z")


class ShowDetail(ShowBase):
    """Everything clients need of one show."""

    original_name: str | None = told("Title in the original language.", "Breaking Bad")
    tagline: str | None = told("Tagline.", "Change the equation.")
    description: str | None = told("What it is about.", "A chemistry teacher turns to crime.")
    homepage: str | None = told("The show's own page.", "https://www.amc.com/shows/breaking-bad")
    original_language: str | None = told("Language code (ISO 639-1).", "en")
    languages: list[str] = told("Languages spoken (ISO 639-1).", ["en"])
    is_in_production: bool | None = told("Whether TMDb says so.", False)
    hosted_backdrop_url: str | None = told("Address of our copy of the primary backdrop.", None)
    hosted_logo_url: str | None = told("Address of our copy of the primary logo.", None)
    is_active: bool = told("False once the show is gone upstream.", True)
    most_recent_episode: EpisodeMark | None
    next_episode: EpisodeMark | None
    ratings: Ratings
    external_ids: ExternalIds
    keywords: list[str] = told("In TMDb's order.", ["drug trade"])
    streaming_providers: list[str] = told("Names of all services that stream it.", ["Netflix"])
    listed_on: list[str] = told("Lists that brought it in.", ["tmdb-list:5"])
    tmdb_network_ids: list[int] = told("In TMDb's order.", [174])
    tmdb_production_company_ids: list[int] = told("In TMDb's order.", [11073])
    tmdb_networks: list[Company]
    tmdb_production_companies: list[Company]
    watch_providers: list[Offer] = told("By region and offer type. Data by JustWatch.", [])
    seasons: list[SeasonInBrief] = told("By number, specials first.", [])
    freshness: LastAsked
    attribution: list[str] = told("Lines to show with the data.", ["Data by JustWatch."])


class Shows(Page):
    """A page of shows."""

    items: list[Show]


class ShowQuery(BaseModel):
    """The parameters of `/shows/{id}`."""

    model_config = ConfigDict(extra="forbid")

    language: Language | Absent = None


_LISTING = Listing(
    table="marts.show_documents",
    document="summary",
    key=Column("show_id", "uuid", is_uuid),
    sorts={
        "name": Column("name", "text", is_text),
        "premiere_date": Column("premiere_date", "date", is_date),
        "popularity": Column("tmdb_popularity", "numeric", is_number),
        "vote_average": Column("tmdb_vote_average", "numeric", is_number),
        "last_aired_date": Column("last_aired_date", "date", is_date),
        "likeness": LIKENESS,
    },
)

# In a language: the same row with what is translated in its place, under a tag of its own.
_TRANSLATED = Listing(
    table="marts.show_documents",
    document=f"""coalesce(
        (
            select (
                show_documents.summary::jsonb
                || jsonb_strip_nulls(jsonb_build_object('name', best.name))
            )::text
            from (select show_documents.show_id) as shows
            cross join lateral ({BEST}) as best
        ),
        summary
    )""",
    key=_LISTING.key,
    sorts=_LISTING.sorts,
)

_SHOW_TRANSLATED = f"""
select
    tagged.etag,
    case
        when %(anything)s or tagged.etag = any(%(tags)s) then null
        when best.show_id is null then shows.document
        else (
            shows.document::jsonb || jsonb_strip_nulls(jsonb_build_object(
                'name', best.name, 'description', best.description, 'tagline', best.tagline
            ))
        )::text
    end
from marts.show_documents as shows
left join lateral ({BEST}) as best on true
cross join lateral (
    select case
        when best.show_id is null then shows.etag
        else md5(row(shows.etag, best.name, best.description, best.tagline)::text)
    end as etag
) as tagged
where """

_SHOW = """
select
    shows.etag,
    case when %(anything)s or shows.etag = any(%(tags)s) then null else shows.document end
from marts.show_documents as shows
where """


@router.get("/shows", response_model=Shows, responses=answers())
async def list_shows(request: Request, query: Annotated[ShowsQuery, Query()]) -> Response:
    """Shows, by title; searched, filtered and sorted. A search is sorted by likeness."""
    languages = wanted_languages(request, query.language)
    spoken: dict[str, Any] = {"languages": languages} if languages else {}
    listing = _TRANSLATED if languages else _LISTING
    selection = Selection(query.order, query.limit, query.cursor)
    query.narrow(selection)
    asked, values = page_query(listing, selection)
    database: Database = request.app.state.database
    rows = await database.rows(asked, values | spoken, anew=True)
    if not rows and query.q and query.cursor is None:
        selection = Selection(query.order, query.limit, None, values=spoken)
        query.narrow(selection, by_text=False)
        rows = await resembling(database, listing, selection, query.q, by_words=True)
    return vary(await conditional(request, items(*page(listing, selection, rows))))


@router.get(
    "/shows/{id}", response_model=ShowDetail, responses=answers(missing="No show has that id.")
)
async def get_show(
    request: Request, show_id: ShowId, query: Annotated[ShowQuery, Query()]
) -> Response:
    """Everything about one show."""
    return await _answer(request, show_id, query.language)


async def _answer(request: Request, show_id: str, language: str | None = None) -> Response:
    show, holds = wanted_show(show_id), held(request)
    values: dict[str, Any] = {
        "show": show.value,
        "anything": holds.anything,
        "tags": holds.tags,
    }
    languages = wanted_languages(request, language)
    if languages:
        values["languages"] = languages
    database: Database = request.app.state.database
    row = await database.row((_SHOW_TRANSLATED if languages else _SHOW) + show.condition, values)
    if row is None:
        raise no_such_show(show)
    tag, body = row
    if body is None:
        return vary(not_modified(request, tag.decode(), holds))
    return vary(await document(request, body, tag.decode()))


PLAIN_SHOW = PlainRoute("/shows/{id}", SHOW_ID, _answer)
