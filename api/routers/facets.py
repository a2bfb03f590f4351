"""How many shows there are of each kind: `/shows/facets`."""

from typing import Annotated, LiteralString

from fastapi import APIRouter, Query, Request, Response

from api.answers import conditional
from api.database import Database
from api.documents import Document, told
from api.listing import Selection
from api.openapi import answers
from api.show_filters import ShowFilters

router = APIRouter(tags=["shows"])


class Facet(Document):
    """A value, and how many of the shows have it."""

    value: str = told("The value, as the filter takes it.", "Drama")
    count: int = told("Shows that have it.", 12)


class Facets(Document):
    """Counts over the shows that the filters leave; of each kind the 50 most frequent values."""

    show_count: int = told("Shows that the filters leave.", 59)
    genre: list[Facet]
    status: list[Facet]
    country: list[Facet]
    network: list[Facet] = told("By TMDb's id.", [{"value": "174", "count": 2}])
    provider_region: list[Facet]
    year: list[Facet] = told("Year of the premiere.", [{"value": "2008", "count": 2}])


_KINDS: dict[str, LiteralString] = {
    "genre": "select unnest(genres) as value from matching",
    "status": "select tmdb_status as value from matching",
    "country": "select unnest(origin_countries) as value from matching",
    "network": "select unnest(network_ids)::text as value from matching",
    "provider_region": "select unnest(provider_regions) as value from matching",
    "year": "select to_char(premiere_date, 'FMYYYY') as value from matching",
}


def _counted(values: LiteralString) -> LiteralString:
    return f"""(
    select coalesce(json_agg(json_build_object('value', value, 'count', number)
        order by number desc, value), '[]')
    from (
        select value, count(*) as number
        from ({values}) as listed
        where value is not null
        group by value order by count(*) desc, value limit 50
    ) as counted
)"""


def _query(selection: Selection) -> LiteralString:
    where: LiteralString = " and ".join(selection.conditions) or "true"
    facets: LiteralString = ",".join(
        f"'{kind}', {_counted(values)}" for kind, values in _KINDS.items()
    )
    return f"""
with matching as materialized (
    select
        genres, tmdb_status, origin_countries, network_ids, provider_regions, premiere_date
    from marts.show_documents
    where {where}
)
select json_build_object('show_count', (select count(*) from matching), {facets})::text
"""


@router.get("/shows/facets", response_model=Facets, responses=answers())
async def get_facets(request: Request, query: Annotated[ShowFilters, Query()]) -> Response:
    """How many of the shows that the filters leave are of each genre, status, country and so on."""
    selection = Selection("", 0, None)
    query.narrow(selection)
    database: Database = request.app.state.database
    rows = await database.rows(_query(selection), selection.values, anew=True)
    return await conditional(request, rows[0][0])
