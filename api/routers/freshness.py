"""How current a show is, and what is missing of it: `/shows/{id}/freshness`."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, Response

from api.answers import conditional
from api.database import Database
from api.documents import Document, told
from api.openapi import answers
from api.parameters import TAKES_NOTHING, ShowId, no_such_show, wanted_show

router = APIRouter(tags=["shows"], dependencies=[TAKES_NOTHING])


class Completeness(Document):
    """What is known of a show, specials left out."""

    completeness: float = told("Share of the facts that is known.", 0.9375, ge=0, le=1)
    missing_facts: list[str] = told("Facts that no source told.", ["logo"])
    season_count: int = told("Seasons.", 5)
    seasons_without_episodes_count: int = told("Of these, without an episode.", 0)
    episode_count: int = told("Episodes.", 62)
    episodes_without_title_count: int = told("Of these, without a title.", 0)
    episodes_without_overview_count: int = told("Of these, without an overview.", 0)
    episodes_without_still_count: int = told("Of these, without a still.", 0)
    episodes_without_air_date_count: int = told("Of these, without a date.", 0)
    episodes_without_runtime_count: int = told("Of these, without a length.", 0)


class Part(Document):
    """One document of a show, and how current it is."""

    resource: str = told("What kind of document.", "tmdb_tv_details")
    season_number: int | None = told("The season; null for parts of the show itself.", None)
    state: Literal["fresh", "due", "failing", "gone", "never_fetched"] = told(
        "Why it is current or not: due to be asked for again, the last try failed, gone upstream.",
        "fresh",
    )
    attempts: int = told("Tries that failed since the last answer.", 0)
    last_checked_at: datetime | None = told("The last answer.", "2026-11-20T08:00:00Z")
    last_changed_at: datetime | None = told("The last answer that differed.", None)
    next_due_at: datetime | None = told("When it is asked for again.", "2026-11-27T08:00:00Z")


class Freshness(Document):
    """How current a show is, part by part."""

    id: str = told("Our id of the show.", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49")
    name: str | None = told("Its name.", "Breaking Bad")
    tmdb_fetched_at: datetime | None = told("Of its details.", "2026-11-20T08:00:00Z")
    held: Completeness
    parts: list[Part] = told("Its documents; seasons last.", [])


_FRESHNESS = """
select
    json_build_object(
        'id', held.show_id,
        'name', held.name,
        'tmdb_fetched_at', held.tmdb_fetched_at,
        'held', json_build_object(
            'completeness', held.completeness,
            'missing_facts', held.missing_facts,
            'season_count', held.season_count,
            'seasons_without_episodes_count', held.seasons_without_episodes_count,
            'episode_count', held.episode_count,
            'episodes_without_title_count', held.episodes_without_title_count,
            'episodes_without_overview_count', held.episodes_without_overview_count,
            'episodes_without_still_count', held.episodes_without_still_count,
            'episodes_without_air_date_count', held.episodes_without_air_date_count,
            'episodes_without_runtime_count', held.episodes_without_runtime_count
        ),
        'parts', coalesce(
            (
                select
                    json_agg(
                        json_build_object(
                            'resource', parts.resource, 'season_number', parts.season_number,
                            'state', parts.state, 'attempts', parts.attempts,
                            'last_checked_at', parts.last_checked_at,
                            'last_changed_at', parts.last_changed_at,
                            'next_due_at', parts.next_due_at
                        )
                        order by
                            parts.season_number nulls first, parts.resource
                    )
                from marts.show_freshness as parts
                where parts.show_id = shows.show_id
            ),
            '[]'
        )
    )::text
from marts.show_documents as shows
inner join marts.show_completeness as held on held.show_id = shows.show_id
where """


@router.get(
    "/shows/{id}/freshness",
    response_model=Freshness,
    responses=answers(missing="No show has that id."),
)
async def get_show_freshness(request: Request, show_id: ShowId) -> Response:
    """What is held of the show, how old each part is, and what is missing."""
    show = wanted_show(show_id)
    database: Database = request.app.state.database
    row = await database.row(_FRESHNESS + show.condition, {"show": show.value})
    if row is None:
        raise no_such_show(show)
    return await conditional(request, row[0])
