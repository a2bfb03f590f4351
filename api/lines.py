"""Lists whose lines are rows of a mart, member by column: of all, or of one show or person."""

from typing import LiteralString

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from api.aliases import NotStanding
from api.answers import conditional, items
from api.database import Database
from api.listing import Listing, Selection, page, page_query, page_query_beside
from api.parameters import Absent, Cursor, Limit, Wanted


class LinesQuery(BaseModel):
    """What every list of lines takes."""

    model_config = ConfigDict(extra="forbid")

    cursor: Cursor | Absent = None
    limit: Limit = 20


async def answer_lines(request: Request, listing: Listing, selection: Selection) -> Response:
    """A page of a mart's rows."""
    database: Database = request.app.state.database
    rows = await database.rows(*page_query(listing, selection), anew=True)
    return await conditional(request, items(*page(listing, selection, rows)))


async def answer_lines_of(
    request: Request,
    owner: Wanted,
    listing: Listing,
    selection: Selection,
    missing: NotStanding,
    attribution: LiteralString | None = None,
) -> Response:
    """A page of the rows that belong to `owner`. Raises `missing` where there is no such thing.

    `attribution` is the SQL of the lines to show with the page, a JSON array, where it has some of
    its own.
    """
    database: Database = request.app.state.database
    asked = page_query_beside(owner.relation, attribution or "null", listing, selection)
    rows = await database.rows(*asked, anew=True)
    if not rows:
        raise missing
    listed = [row[1:] for row in rows if row[1] is not None]
    lines = None if attribution is None else rows[0][0] or b"[]"
    return await conditional(request, items(*page(listing, selection, listed), lines))
