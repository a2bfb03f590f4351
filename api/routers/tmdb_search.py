"""What TMDb's clients find series by: `/3/search/tv`, made of what is held, in TMDb's shape."""

from typing import Annotated, LiteralString

import orjson
from fastapi import APIRouter, Query, Request, Response

from api.database import Database
from api.documents import Document, told
from api.listing import Selection
from api.openapi import tmdb_answers
from api.parameters import Absent, PageNumber, Text, Year
from api.show_filters import ShowFilters
from api.titles import LIKENESS
from api.tmdb import ListItem, give, list_item

router = APIRouter(tags=["tmdb"])

_ROWS = 20


class TmdbPage(Document):
    """A page of a search."""

    page: int = told("Which page, from 1.", 1)
    results: list[ListItem] = told(
        "Series; by likeness as `/shows` sorts them, those whose name is the query first, then by "
        "popularity.",
        [{"id": 1396}],
    )
    total_pages: int = told("Pages there are.", 1)
    total_results: int = told("Series found.", 1)


_FIRST: LiteralString = "likeness desc, tmdb_id"
_SEARCH_BEGIN: LiteralString = f"""
with found as materialized (
    select
        show_documents.tmdb_id,
        {LIKENESS.name} as likeness
    from marts.show_documents
    where show_documents.tmdb_id is not null and show_documents.is_active and """
_SEARCH_END: LiteralString = f"""
),
listed as (
    select *
    from found
    order by {_FIRST}
    limit %(rows)s offset %(passed)s
),
items as materialized (
    select
        listed.*,
        {list_item("tmdb_tv_details", "listed.tmdb_id::text")} as item
    from listed
)
select
    (select count(*) from found),
    coalesce(
        (
            select jsonb_agg(items.item order by {_FIRST})
            from items
            where items.item is not null
        ),
        '[]'
    )::text
"""


@router.get("/3/search/tv", response_model=TmdbPage, responses=tmdb_answers(refused=(400, 422)))
async def search_tmdb_series(
    request: Request,
    query: Annotated[
        Text,
        Query(
            description="Part of a title, alternative ones too; case, accents and signs forgiven."
        ),
    ],
    page: PageNumber = 1,
    include_adult: Annotated[bool, Query(description="Whether adult series, too.")] = False,
    year: Annotated[
        Year | Absent, Query(alias="first_air_date_year", description="Of its premiere.")
    ] = None,
) -> Response:
    """Series by title, the most like first, 20 a page."""
    filters = ShowFilters(q=query, year_from=year, year_to=year, include_adult=include_adult)
    selection = Selection("-popularity", _ROWS, None)
    filters.narrow(selection)
    total, results = 0, b"[]"
    if query.strip():
        asked: LiteralString = f"{_SEARCH_BEGIN}{' and '.join(selection.conditions)}{_SEARCH_END}"
        values = {**selection.values, "rows": _ROWS, "passed": (page - 1) * _ROWS}
        database: Database = request.app.state.database
        row = await database.row(asked, values, anew=True)
        total, results = row or (total, results)
    pages = min(500, max(1, -(-total // _ROWS)))
    told_of = orjson.dumps({"page": page, "total_pages": pages, "total_results": total})
    return await give(request, told_of[:-1] + b',"results":' + results + b"}")
