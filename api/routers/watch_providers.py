"""Where a show can be watched: `/shows/{id}/watch-providers`. Data by JustWatch, through TMDb."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.answers import digest, document, held, items, not_modified
from api.database import Database
from api.documents import Document, Logo, Page, told
from api.openapi import answers
from api.parameters import Absent, Country, ShowId, no_such_show, wanted_show

router = APIRouter(tags=["shows"])


class WatchProvider(Logo):
    """A service that offers a show."""

    provider_id: int = told("TMDb's id of the service.", 8)
    provider_name: str | None = told("Name of the service.", "Netflix")
    display_priority: int | None = told("TMDb's order for showing; null last.", 0)


class Offer(Document):
    """How a show is offered in one region."""

    region: str = told("Country code (ISO 3166-1).", "US")
    offer_type: Literal["flatrate", "free", "ads", "rent", "buy"] = told(
        "By subscription, free, with advertisements, to rent or to buy.", "flatrate"
    )
    link: str | None = told(
        "TMDb's page with links to the services.",
        "https://www.themoviedb.org/tv/1396/watch?locale=US",
    )
    providers: list[WatchProvider] = told("The services, by priority, then name.", [])


class Offers(Page):
    """Offers by region and type; `next` is always null."""

    items: list[Offer]


class OffersQuery(BaseModel):
    """The parameters of `/shows/{id}/watch-providers`."""

    model_config = ConfigDict(extra="forbid")

    region: Annotated[
        Country | Absent, Query(description="One region (ISO 3166-1); all of them by default.")
    ] = None


_OF_A_REGION = """
select
    offers.etag,
    case when %(anything)s or offers.etag = any(%(tags)s) then null else offers.document end
from marts.show_documents as shows
left join marts.show_watch_provider_documents as offers
    on offers.show_id = shows.show_id and offers.region = %(region)s
where """

_OF_ALL_REGIONS = """
select
    tagged.etag,
    case
        when %(anything)s or tagged.etag = any(%(tags)s) then null
        else (
            select
                '[' || string_agg(
                    substr(btrim(offers.document), 2, length(btrim(offers.document)) - 2),
                    ',' order by offers.region
                ) || ']'
            from marts.show_watch_provider_documents as offers
            where offers.show_id = shows.show_id and offers.document <> '[]'
        )
    end
from marts.show_documents as shows
cross join lateral (
    select md5(string_agg(offers.etag, ',' order by offers.region)) as etag
    from marts.show_watch_provider_documents as offers
    where offers.show_id = shows.show_id
) as tagged
where """


@router.get(
    "/shows/{id}/watch-providers",
    response_model=Offers,
    responses=answers(missing="No show has that id."),
)
async def list_watch_providers(
    request: Request, show_id: ShowId, query: Annotated[OffersQuery, Query()]
) -> Response:
    """Where the show can be watched, by region. A region without offers has no items."""
    show = wanted_show(show_id)
    holds = held(request)
    values = {
        "show": show.value,
        "region": query.region,
        "anything": holds.anything,
        "tags": holds.tags,
    }
    wanted = _OF_ALL_REGIONS if query.region is None else _OF_A_REGION
    database: Database = request.app.state.database
    row = await database.row(wanted + show.condition, values)
    if row is None:
        raise no_such_show(show)
    tag = digest(b"[]") if row[0] is None else row[0].decode()
    if holds.has(tag):
        return not_modified(request, tag, holds)
    return await document(request, items(row[1] or b""), tag)
