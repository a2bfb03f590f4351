"""A show in the words of the trade: `/shows/{id}/summary`.

Names instead of ids: its network, genre, studios, kind of order, and who made it.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.answers import conditional
from api.database import Database
from api.documents import AIR_DAYS, Document, told
from api.openapi import answers
from api.parameters import TAKES_NOTHING, ShowId, no_such_show, wanted_show

router = APIRouter(tags=["shows"], dependencies=[TAKES_NOTHING])


class Team(Document):
    """Who made it, by name, those with most episodes first; nobody is named of shows for adults."""

    creators: list[str] = told("Those who created it.", ["Vince Gilligan"])
    writers: list[str] = told("Those who wrote it.", ["Peter Gould"])
    directors: list[str] = told("Those who directed it.", ["Michelle MacLaren"])
    executive_producers: list[str] = told("Executive and co-executive ones.", ["Mark Johnson"])
    producers: list[str] = told("All other producers.", ["Stewart A. Lyons"])


class ShowSummary(Document):
    """What a show is, without ids."""

    id: UUID = told("Our id of the show.", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49")
    name: str | None = told("Title.", "Breaking Bad")
    network: str | None = told("Name of the first network.", "AMC")
    genre: str | None = told("The first genre.", "Drama")
    subgenres: list[str] = told("The others.", ["Crime"])
    studios: list[str] = told("Production companies, in TMDb's order.", ["Sony Pictures"])
    streaming_providers: list[str] = told("Services that stream it anywhere.", ["Netflix"])
    status: Literal["Active", "Ended", "Cancelled", "Development"] | None = told(
        "What TMDb's status comes to; null where it comes to none.", "Ended"
    )
    order_type: Literal["Limited", "Ongoing"] | None = told(
        "One season and ended, or more than one; null where neither is known.", "Ongoing"
    )
    type: str | None = told("TMDb's kind of series.", "Scripted")
    season_count: int = told("Seasons held, specials not counted.", 5)
    episode_count: int = told("Episodes held, specials not counted.", 62)
    premiere_date: date | None = told(f"Day of the first broadcast. {AIR_DAYS}", "2008-01-20")
    most_recent_episode_air_date: date | None = told(
        f"Of the latest episode. {AIR_DAYS}", "2013-09-29"
    )
    next_episode_air_date: date | None = told(f"Of the next one. {AIR_DAYS}", None)
    team: Team
    attribution: list[str] = told("Lines to show with the data.", ["Data by JustWatch."])


_SUMMARY = """
select
    json_build_object(
        'id', shows.show_id,
        'name', details.name,
        'network', details.network,
        'genre', details.genre,
        'subgenres', coalesce(details.subgenres, '{}'),
        'studios', details.studios,
        'streaming_providers', details.streaming_providers,
        'status', details.status,
        'order_type', details.order_type,
        'type', details.tmdb_type,
        'season_count', details.season_count,
        'episode_count', details.episode_count,
        'premiere_date', details.premiere_date,
        'most_recent_episode_air_date', details.most_recent_episode_air_date,
        'next_episode_air_date', details.next_episode_air_date,
        'team', json_build_object(
            'creators', coalesce(teams.creators, '{}'),
            'writers', coalesce(teams.writers, '{}'),
            'directors', coalesce(teams.directors, '{}'),
            'executive_producers', coalesce(teams.executive_producers, '{}'),
            'producers', coalesce(teams.producers, '{}')
        ),
        'attribution', shows.document::json -> 'attribution'
    )::text
from marts.show_documents as shows
inner join marts.show_details as details on details.show_id = shows.show_id
left join marts.team_summary as teams on teams.show_id = shows.show_id
where """


@router.get(
    "/shows/{id}/summary",
    response_model=ShowSummary,
    responses=answers(missing="No show has that id."),
)
async def get_show_summary(request: Request, show_id: ShowId) -> Response:
    """What kind of show it is, and who made it, by name."""
    show = wanted_show(show_id)
    database: Database = request.app.state.database
    row = await database.row(_SUMMARY + show.condition, {"show": show.value})
    if row is None:
        raise no_such_show(show)
    return await conditional(request, row[0])
