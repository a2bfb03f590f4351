"""How many shows there are of each kind: `/shows/facets`."""

from typing import Annotated, LiteralString

from fastapi import APIRouter, Query, Request, Response

from api.answers import conditional
from api.database import Database
from api.documents import Document, told
from api.listing import Selection
from api.openapi import answers
from api.parameters import Absent, Text
from api.show_filters import FOR_ALL_AGES, ShowFilters

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
    provider_region: list[Facet] = told(
        "Where `provider` offers them; without it, where any service does.",
        [{"value": "US", "count": 2}],
    )
    year: list[Facet] = told("Year of the premiere.", [{"value": "2008", "count": 2}])


class FacetsQuery(ShowFilters):
    """The parameters of `/shows/facets`."""

    q: Annotated[
        Text | Absent,
        Query(
            description="Part of a title, alternative ones too; case, accents and signs forgiven. "
            "Typing errors are not: what `/shows` lists for resemblance alone is not counted."
        ),
    ] = None


# What of a show holds the values, and a value of it.
_KINDS: dict[str, tuple[LiteralString, LiteralString]] = {
    "genre": ("genres", "unnest(held)"),
    "status": ("tmdb_status", "held"),
    "country": ("origin_countries", "unnest(held)"),
    "network": ("network_ids", "unnest(held)::text"),
    "provider_region": ("provider_regions", "unnest(held)"),
    "year": ("premiere_date", "to_char(held, 'FMYYYY')"),
}
# In the place of the column of that name, where a service is asked for: the regions of that one.
_REGIONS_OF_SERVICE: LiteralString = """array(
        select split_part(offered, '/', 2)
        from unnest(providers) as offered
        where starts_with(offered, %(service)s::text || '/')
    ) as provider_regions"""


def _told(counted: LiteralString) -> LiteralString:
    """The document of `counted`, which gives dimension, value and count."""
    facets: LiteralString = ",".join(
        f"""'{kind}', (
        select coalesce(json_agg(json_build_object('value', value, 'count', number)
            order by number desc, value), '[]')
        from (
            select value, number
            from counted
            where dimension = '{kind}' and number > 0
            order by number desc, value limit 50
        ) as most
    )"""
        for kind in _KINDS
    )
    return f"""
with {counted}
select json_build_object(
    'show_count', (select coalesce(sum(number), 0) from counted where dimension = 'all'), {facets}
)::text
"""


def prepared(*, with_adult: bool) -> LiteralString:
    """The query for the facets of all shows, which dbt counted."""
    number: LiteralString = "show_count + adult_show_count" if with_adult else "show_count"
    return _told(f"""counted as materialized (
    select dimension, value, ({number})::bigint as number from marts.show_facets
)""")


def computed(conditions: list[LiteralString], *, of_service: bool = False) -> LiteralString:
    """The query for the facets of the shows that conditions leave.

    `of_service`: regions are those of the service that the value `service` names.

    Many shows have the same list of genres, or regions: such lists are counted as they are, and
    then the members of the few, in half the time. The other half is reading the shows.
    """
    counts: LiteralString = " union all ".join(
        f"""
    select '{kind}' as dimension, value, sum(number)::bigint as number
    from (
        select {value} as value, number
        from (select {held} as held, count(*) as number from matching group by 1) as alike
    ) as listed
    where value is not null
    group by value"""
        for kind, (held, value) in _KINDS.items()
    )
    columns = {held: held for held, _ in _KINDS.values()}
    if of_service:
        columns["provider_regions"] = _REGIONS_OF_SERVICE
    return _told(f"""matching as materialized (
    select {", ".join(columns.values())}
    from marts.show_documents
    where {" and ".join(conditions) or "true"}
),
counted as materialized (
    select 'all' as dimension, 'all' as value, count(*) as number from matching
    union all {counts}
)""")


@router.get("/shows/facets", response_model=Facets, responses=answers())
async def get_facets(request: Request, query: Annotated[FacetsQuery, Query()]) -> Response:
    """How many of the shows that the filters leave are of each genre, status, country and so on."""
    selection = Selection("", 0, None)
    query.narrow(selection)
    if {*selection.conditions} <= {FOR_ALL_AGES}:
        asked = prepared(with_adult=query.include_adult)
    else:
        asked = computed(selection.conditions, of_service=query.provider is not None)
    database: Database = request.app.state.database
    values = selection.values | {"service": query.provider}
    rows = await database.rows(asked, values, anew=True)
    return await conditional(request, rows[0][0])
