"""What changed in the warehouse, for clients that keep a copy: `/changes`.

The feed counts builds. A client asks once without `since` for where the feed stands, reads all that
it wants, and from then on asks with the `until` of its last answer. A build that goes on is left
out as a whole until it has ended, so nothing is passed over; a change may be told twice.
Pages are read from marts.changes, their bounds from marts.change_windows.
"""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.answers import conditional, items
from api.database import Database
from api.documents import Document, Page, told
from api.listing import Column, Listing, Selection, is_integer, is_text, page, page_query_beside
from api.openapi import answers, problem_answer
from api.parameters import Absent, BuildId, Cursor, Digits
from api.problems import Forgotten

router = APIRouter(tags=["service"])
Kind = Literal["show", "person", "network", "company", "watch-provider"]


class Change(Document):
    """A document that changed, came or left; who asks for one that left is answered 404."""

    kind: Kind = told("What kind of thing it is of.", "show")
    id: str = told("Its id, as its path takes it.", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49")
    part: str = told("Which of its documents: `seasons` is that of its seasons.", "seasons")
    build: int = told("The build that last changed it.", 57)


class Changes(Page):
    """A page of changes, the oldest first."""

    items: list[Change]
    until: int = told("What to send as `since` once all pages are read.", 58)


class ChangesQuery(BaseModel):
    """The parameters of `/changes`."""

    model_config = ConfigDict(extra="forbid")

    since: BuildId | Absent = None
    kind: Annotated[Kind | Absent, Query(description="Of one kind of thing alone.")] = None
    cursor: Cursor | Absent = None
    limit: Annotated[int, Query(ge=1, le=1000, description="Rows on a page."), Digits] = 100


_LISTING = Listing(
    table="marts.changes",
    document="document",
    key=Column("change_id", "text", is_text),
    sorts={"build": Column("build_id", "bigint", is_integer)},
)
_ANSWERS = answers() | {409: problem_answer("The feed does not reach back to `since`.")}
_WINDOW = "marts.change_windows as windows"
_BOUNDS = "windows.complete_since, windows.complete_until"


@router.get("/changes", response_model=Changes, responses=_ANSWERS)
async def list_changes(request: Request, query: Annotated[ChangesQuery, Query()]) -> Response:
    """Documents that changed since a build."""
    selection = Selection("build", query.limit, query.cursor)
    selection.where("build_id <= (select complete_until from marts.change_windows)")
    selection.where("build_id > %(since)s::bigint", since=query.since)
    selection.where("kind = %(kind)s::text", kind=query.kind)
    if query.since is None:
        selection.where("false")
    asked, values = page_query_beside(_WINDOW, _BOUNDS, _LISTING, selection)
    database: Database = request.app.state.database
    rows: list[Any] = await database.rows(asked, values, anew=True)
    complete_since, until = rows[0][:2]
    if query.since is not None and not complete_since <= query.since <= max(until, complete_since):
        raise Forgotten(
            f"The feed reaches from build {complete_since} to {until}. Ask `/changes` without "
            "`since` for where it stands, read everything anew, and go on from there."
        )
    listed = page(_LISTING, selection, [row[2:] for row in rows if row[2] is not None])
    body = items(*listed)
    return await conditional(request, body[:-1] + b',"until":' + orjson.dumps(until) + b"}")
