"""Seasons and episodes: `/shows/{id}/seasons`, `…/seasons/{n}`, `…/seasons/{n}/episodes`."""

from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.answers import document, held, items, not_modified
from api.database import Database
from api.documents import AIR_DAYS, AttributedPage, Document, Page, told
from api.openapi import answers
from api.parameters import (
    TAKES_NOTHING,
    SeasonNumber,
    ShowId,
    Wanted,
    no_such_show,
    wanted_show,
)
from api.problems import NotFound
from api.routers.credits import PersonInBrief

router = APIRouter(tags=["shows"], dependencies=[TAKES_NOTHING])


class SeasonInBrief(Document):
    """A season without its episodes."""

    id: UUID = told("Our id of the season.", "6b7a5a3c-5ee2-5e2d-8b1f-0c5a7ad5c3f1")
    season_number: int = told("0 is specials.", 1)
    name: str | None = told("Name.", "Season 1")
    air_date: date | None = told(f"Day of the first episode. {AIR_DAYS}", "2008-01-20")
    episode_count: int = told("Episodes held; 0 for a season that is only announced.", 7)
    poster_path: str | None = told("TMDb's path of the poster.", "/1BP4.jpg")
    hosted_poster_url: str | None = told("Address of our copy of it.", None)
    vote_average: float | None = told("TMDb's rating, 0 to 10.", 8.3)


class Episode(Document):
    """An episode."""

    id: UUID = told("Our id of the episode.", "0f5a1c07-8a5d-5b3b-9c8e-2f3f1f1f7c55")
    season_number: int = told("0 is specials.", 1)
    episode_number: int | None = told("Number in the season.", 1)
    title: str | None = told("Title.", "Pilot")
    overview: str | None = told("What happens.", "A teacher makes a decision.")
    air_date: date | None = told(f"Day of the first broadcast. {AIR_DAYS}", "2008-01-20")
    runtime_minutes: int | None = told("Length in minutes.", 59)
    episode_type: str | None = told("TMDb's kind: standard, mid_season, finale.", "standard")
    still_path: str | None = told("TMDb's path of a still.", "/ydlY.jpg")
    hosted_still_url: str | None = told("Address of our copy of it.", None)
    vote_average: float | None = told("TMDb's rating, 0 to 10.", 8.1)
    vote_count: int | None = told("Votes behind the rating.", 213)
    imdb_id: str | None = told("IMDb's id of the episode.", "tt0959621")
    imdb_rating_value: float | None = told("IMDb's rating, 1 to 10.", 9.0)
    imdb_rating_count: int | None = told("IMDb's ratings.", 54_000)
    title_source: str | None = told("Whose title it is: tmdb, imdb.", "tmdb")


class SeasonRegular(PersonInBrief):
    """A regular of a season, in one role; in which of its episodes, TMDb does not know."""

    character: str | None = told("Name of the role.", "Walter White")
    billing_order: int | None = told("Place among the season's cast.", 0)


class Season(SeasonInBrief):
    """A season with its regulars and its episodes."""

    overview: str | None = told("What happens.", "A chemist turns to crime.")
    cast: list[SeasonRegular] = told(
        "Regulars in billing order; empty also where TMDb lists none.", []
    )
    episodes: list[Episode] = told("By episode number.", [])
    attribution: list[str] = told("Lines to show with the data.", ["Information from TMDb."])


class Seasons(Page):
    """A show's seasons by number; `next` is always null."""

    items: list[SeasonInBrief]


class Episodes(AttributedPage):
    """A season's episodes by number; `next` is always null."""

    items: list[Episode]


_SEASONS = """
select
    true,
    shows.seasons_etag,
    case
        when %(anything)s or shows.seasons_etag = any(%(tags)s) then null
        else shows.seasons
    end,
    null
from marts.show_documents as shows
where """

_SEASON = """
select
    seasons.season_id is not null,
    seasons.etag,
    case when %(anything)s or seasons.etag = any(%(tags)s) then null else seasons.document end,
    null
from marts.show_documents as shows
left join marts.season_documents as seasons
    on seasons.show_id = shows.show_id and seasons.season_number = %(season)s
where """

_EPISODES = """
select
    seasons.season_id is not null,
    seasons.episodes_etag,
    case
        when %(anything)s or seasons.episodes_etag = any(%(tags)s) then null
        else seasons.episodes
    end,
    seasons.attribution
from marts.show_documents as shows
left join marts.season_documents as seasons
    on seasons.show_id = shows.show_id and seasons.season_number = %(season)s
where """


@router.get(
    "/shows/{id}/seasons",
    response_model=Seasons,
    responses=answers(missing="No show has that id."),
)
async def list_seasons(request: Request, show_id: ShowId) -> Response:
    """A show's seasons in brief, specials first."""
    return await _answer(request, _SEASONS, wanted_show(show_id), is_list=True)


@router.get(
    "/shows/{id}/seasons/{n}",
    response_model=Season,
    responses=answers(missing="No show has that id, or it has no such season."),
)
async def get_season(request: Request, show_id: ShowId, season_number: SeasonNumber) -> Response:
    """One season with its regulars and its episodes."""
    return await _answer(request, _SEASON, wanted_show(show_id), season_number)


@router.get(
    "/shows/{id}/seasons/{n}/episodes",
    response_model=Episodes,
    responses=answers(missing="No show has that id, or it has no such season."),
)
async def list_episodes(request: Request, show_id: ShowId, season_number: SeasonNumber) -> Response:
    """A season's episodes."""
    return await _answer(request, _EPISODES, wanted_show(show_id), season_number, is_list=True)


async def _answer(
    request: Request,
    query: LiteralString,
    show: Wanted,
    season_number: int | None = None,
    *,
    is_list: bool = False,
) -> Response:
    holds = held(request)
    values: dict[str, Any] = {
        "show": show.value,
        "season": season_number,
        "anything": holds.anything,
        "tags": holds.tags,
    }
    database: Database = request.app.state.database
    row = await database.row(query + show.condition, values)
    if row is None:
        raise no_such_show(show)
    found, tag, body, attribution = row
    if not found:
        raise NotFound(
            f"Show `{show.text}` has no season {season_number}; "
            f"`/shows/{show.text}/seasons` lists those it has."
        )
    if body is None:
        return not_modified(request, tag.decode(), holds)
    answer = items(body, attribution=attribution) if is_list else body
    return await document(request, answer, tag.decode())
