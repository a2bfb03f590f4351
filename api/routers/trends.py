"""How a show fared, week by week or month by month: `/shows/{id}/trends`.

A line is a row of its mart; a period in which nothing changed has none.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.documents import Document, Page, told
from api.lines import LinesQuery, answer_lines_of
from api.listing import Column, Listing, Selection, is_date
from api.openapi import answers
from api.parameters import ShowId, no_such_show, wanted_show

router = APIRouter(tags=["shows"])
Period = Literal["week", "month"]


class Trend(Document):
    """How a week or month ended for a show, beside how the one before ended."""

    show_id: UUID = told("Our id of the show.", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49")
    name: str | None = told("Its title.", "Breaking Bad")
    period: Period = told("Weeks or months, in UTC.", "week")
    period_name: str = told("As ISO 8601 writes it.", "2026-W47")
    tmdb_status: str | None = told("TMDb's status.", "Ended")
    previous_tmdb_status: str | None = told("At the end of the period before.", "Returning Series")
    is_latest: bool = told("The latest period with a change: how things stand now.", True)
    has_new_status: bool = told("The status is another than in the period before.", True)
    tmdb_popularity: float | None = told("TMDb's popularity.", 152.4)
    popularity_change: float | None = told("Its change since the period before.", 12.1)
    tmdb_vote_average: float | None = told("TMDb's rating, 0 to 10.", 8.9)
    vote_average_change: float | None = told("Its change since the period before.", -0.1)
    tmdb_vote_count: int | None = told("Votes behind the rating.", 14021)
    vote_count_change: int | None = told("Votes that came, or were taken back.", 21)
    period_start_date: date = told("The period's first day.", "2026-11-16")


class Trends(Page):
    """A page of periods."""

    items: list[Trend]


class TrendsQuery(LinesQuery):
    """The parameters of `/shows/{id}/trends`."""

    period: Annotated[Period, Query(description="By week or by month.")] = "week"
    sort: Annotated[
        Literal["period_start_date", "-period_start_date"],
        Query(description="`-` for descending."),
    ] = "-period_start_date"


# Of one show a period begins once a day.
_BEGINS = Column("period_start_date", "date", is_date)
_LISTING = Listing(
    table="marts.show_trends",
    document="to_json(show_trends)::text",
    key=_BEGINS,
    sorts={"period_start_date": _BEGINS},
)


@router.get(
    "/shows/{id}/trends",
    response_model=Trends,
    responses=answers(missing="No show has that id."),
)
async def list_show_trends(
    request: Request, show_id: ShowId, query: Annotated[TrendsQuery, Query()]
) -> Response:
    """A show's popularity, votes and status by week or month; none of shows for adults."""
    show = wanted_show(show_id)
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where(f"show_id = {show.own_id}", show=show.value)
    selection.where("period = %(period)s::text", period=query.period)
    return await answer_lines_of(request, show, _LISTING, selection, no_such_show(show))
