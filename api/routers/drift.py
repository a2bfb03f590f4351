"""What the sources' answers hold that none held before: `/meta/drift`."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api.documents import Document, Page, told
from api.lines import LinesQuery, answer_lines
from api.listing import Column, Listing, Selection, is_integer, is_text
from api.openapi import answers
from api.parameters import Absent, Name

router = APIRouter(tags=["service"])


class Drift(Document):
    """A key of an object, or a value of a key that has few, never seen before."""

    source: str = told("Who answers so.", "tmdb")
    resource: str = told("In which kind of document.", "tmdb_tv_details")
    json_path: str = told("Where in the document.", "$.seasons[]")
    seen: str = told("The key, or the value.", "episode_run_type")
    drift_kind: str = told("Whether it is a key or a value.", "key")
    document_count: int = told("Documents that have it.", 12)
    first_load_id: int = told("The load that brought it first.", 311)
    first_seen_at: datetime = told("The first answer with it.", "2026-11-20T08:00:00Z")
    last_seen_at: datetime = told("The last version with it.", "2026-11-27T08:00:00Z")


class Drifts(Page):
    """A page of what is new, what came last first."""

    items: list[Drift]


class DriftQuery(LinesQuery):
    """The parameters of `/meta/drift`."""

    resource: Annotated[Name | Absent, Query(description="In one kind of document.")] = None
    sort: Annotated[
        Literal["first_load_id", "-first_load_id"], Query(description="`-` for descending.")
    ] = "-first_load_id"


# Without the examples: what an unknown key holds may be anything, of a person, too.
_LISTING = Listing(
    table="marts.schema_drift",
    document="""json_build_object(
        'source', source, 'resource', resource, 'json_path', json_path, 'seen', seen,
        'drift_kind', drift_kind, 'document_count', document_count,
        'first_load_id', first_load_id, 'first_seen_at', first_seen_at,
        'last_seen_at', last_seen_at
    )::text""",
    key=Column("drift_id", "text", is_text),
    sorts={"first_load_id": Column("first_load_id", "bigint", is_integer)},
)


@router.get("/meta/drift", response_model=Drifts, responses=answers())
async def list_drift(request: Request, query: Annotated[DriftQuery, Query()]) -> Response:
    """Keys and values in the sources' answers that this program does not know yet."""
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where("resource = %(resource)s::text", resource=query.resource)
    return await answer_lines(request, _LISTING, selection)
