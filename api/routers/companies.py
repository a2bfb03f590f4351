"""Who makes shows and who offers them: `/companies`, `/watch-providers`, each with `/{id}`.

What they carry: `/shows?company=` and `/shows?provider=`.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.answers import conditional, items
from api.database import Database
from api.documents import Company, Document, Page, told
from api.listing import Column, Listing, Selection, is_integer, is_text, page, page_query
from api.openapi import answers
from api.parameters import (
    TAKES_NOTHING,
    Absent,
    CompanyId,
    Country,
    Cursor,
    Limit,
    ProviderId,
    Text,
)
from api.problems import NotFound
from api.routers.watch_providers import WatchProvider
from api.search import contains

router = APIRouter(tags=["companies"])


class ProductionCompany(Company):
    """A production company, and how many of the warehouse's shows it made."""

    parent_id: int | None = told("TMDb's id of the company it belongs to.", None)
    parent_name: str | None = told("Name of the company it belongs to.", None)
    headquarters: str | None = told("Where it is.", "Culver City, California")
    homepage: str | None = told("Its own page.", "https://www.sonypictures.com")
    alternative_names: list[str] = told("Other names.", ["Sony TV"])
    show_count: int = told("Shows of the company in the warehouse.", 12)


class Companies(Page):
    """A page of production companies."""

    items: list[ProductionCompany]


class ProviderRegion(Document):
    """A region in which a service offers shows."""

    region: str = told("Country code (ISO 3166-1).", "US")
    show_count: int = told("Shows of the warehouse that it offers there.", 12)


class Provider(WatchProvider):
    """A service, and where it offers how much."""

    regions: list[ProviderRegion]


class Providers(Page):
    """A page of services."""

    items: list[WatchProvider]


class CompaniesQuery(BaseModel):
    """The parameters of `/companies`."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        Text | Absent, Query(description="Part of the name; case and accents forgiven.")
    ] = None
    country: Annotated[Country | Absent, Query(description="Country of origin (ISO 3166-1).")] = (
        None
    )
    sort: Annotated[
        Literal["name", "-name"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "name"
    cursor: Cursor | Absent = None
    limit: Limit = 20


class ProvidersQuery(BaseModel):
    """The parameters of `/watch-providers`."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        Text | Absent, Query(description="Part of the name; case and accents forgiven.")
    ] = None
    sort: Annotated[
        Literal["name", "-name", "display_priority", "-display_priority"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "name"
    cursor: Cursor | Absent = None
    limit: Limit = 20


_COMPANIES = Listing(
    table="marts.company_documents",
    document="document",
    key=Column("production_company_id", "bigint", is_integer),
    sorts={"name": Column("name", "text", is_text)},
)
_PROVIDERS = Listing(
    table="marts.watch_provider_documents",
    document="summary",
    key=Column("provider_id", "bigint", is_integer),
    sorts={
        "name": Column("name", "text", is_text),
        "display_priority": Column("display_priority", "bigint", is_integer),
    },
)
_COMPANY = "select document from marts.company_documents where production_company_id = %(id)s"
_PROVIDER = "select document from marts.watch_provider_documents where provider_id = %(id)s"


async def _list(request: Request, listing: Listing, selection: Selection) -> Response:
    database: Database = request.app.state.database
    rows = await database.rows(*page_query(listing, selection), anew=True)
    return await conditional(request, items(*page(listing, selection, rows)))


@router.get("/companies", response_model=Companies, responses=answers())
async def list_companies(request: Request, query: Annotated[CompaniesQuery, Query()]) -> Response:
    """Production companies, by name; searched and filtered."""
    selection = Selection(query.sort, query.limit, query.cursor)
    contains(selection, "name", query.q)
    selection.where("origin_country = %(country)s", country=query.country)
    return await _list(request, _COMPANIES, selection)


@router.get(
    "/companies/{id}",
    response_model=ProductionCompany,
    responses=answers(missing="No production company has that id."),
    dependencies=[TAKES_NOTHING],
)
async def get_company(request: Request, company_id: CompanyId) -> Response:
    """One production company; `/shows?company=` lists what it made."""
    database: Database = request.app.state.database
    row = await database.row(_COMPANY, {"id": company_id})
    if row is None:
        raise NotFound(f"No company is `{company_id}`; `/companies?q=` searches by name.")
    return await conditional(request, row[0])


@router.get("/watch-providers", response_model=Providers, responses=answers())
async def list_providers(request: Request, query: Annotated[ProvidersQuery, Query()]) -> Response:
    """Services that offer shows, by name. Data by JustWatch."""
    selection = Selection(query.sort, query.limit, query.cursor)
    contains(selection, "name", query.q)
    return await _list(request, _PROVIDERS, selection)


@router.get(
    "/watch-providers/{id}",
    response_model=Provider,
    responses=answers(missing="No service has that id."),
    dependencies=[TAKES_NOTHING],
)
async def get_provider(request: Request, provider_id: ProviderId) -> Response:
    """One service, with its regions; `/shows?provider=` lists what it offers."""
    database: Database = request.app.state.database
    row = await database.row(_PROVIDER, {"id": provider_id})
    if row is None:
        raise NotFound(f"No service is `{provider_id}`; `/watch-providers?q=` searches by name.")
    return await conditional(request, row[0])
