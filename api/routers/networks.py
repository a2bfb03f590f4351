"""Networks: `/networks`, `/networks/{id}`."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.answers import conditional, document, held, items, not_modified
from api.database import Database
from api.documents import Company, Page, told
from api.listing import Column, Listing, Selection, is_integer, is_text, page, page_query
from api.openapi import answers
from api.parameters import TAKES_NOTHING, Absent, Country, Cursor, Limit, NetworkId, Text
from api.problems import NotFound
from api.search import contains

router = APIRouter(tags=["networks"])


class Network(Company):
    """A network and how many of the warehouse's shows it carries."""

    show_count: int = told("Shows of the network in the warehouse.", 12)
    active_show_count: int = told("Those of them that are still running.", 3)


class Networks(Page):
    """A page of networks."""

    items: list[Network]


class NetworksQuery(BaseModel):
    """The parameters of `/networks`."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        Text | Absent, Query(description="Part of the name; case and accents forgiven.")
    ] = None
    country: Annotated[Country | Absent, Query(description="Country of origin (ISO 3166-1).")] = (
        None
    )
    sort: Annotated[
        Literal["name", "-name", "show_count", "-show_count"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "name"
    cursor: Cursor | Absent = None
    limit: Limit = 20


_LISTING = Listing(
    table="marts.network_documents",
    document="document",
    key=Column("network_id", "bigint", is_integer),
    sorts={
        "name": Column("name", "text", is_text),
        "show_count": Column("show_count", "bigint", is_integer),
    },
)

_NETWORK = """
select etag, case when %(anything)s or etag = any(%(tags)s) then null else document end
from marts.network_documents
where network_id = %(network)s
"""


@router.get("/networks", response_model=Networks, responses=answers())
async def list_networks(request: Request, query: Annotated[NetworksQuery, Query()]) -> Response:
    """Networks, by name; searched and filtered."""
    selection = Selection(query.sort, query.limit, query.cursor)
    contains(selection, "name", query.q)
    selection.where("origin_country = %(country)s", country=query.country)
    database: Database = request.app.state.database
    rows = await database.rows(*page_query(_LISTING, selection), anew=True)
    return await conditional(request, items(*page(_LISTING, selection, rows)))


@router.get(
    "/networks/{id}",
    response_model=Network,
    responses=answers(missing="No network has that id."),
    dependencies=[TAKES_NOTHING],
)
async def get_network(request: Request, network_id: NetworkId) -> Response:
    """One network."""
    holds = held(request)
    values = {"network": network_id, "anything": holds.anything, "tags": holds.tags}
    database: Database = request.app.state.database
    row = await database.row(_NETWORK, values)
    if row is None:
        raise NotFound(f"No network is `{network_id}`; `/networks?q=` searches by name.")
    tag, body = row
    if body is None:
        return not_modified(request, tag.decode(), holds)
    return await document(request, body, tag.decode())
