"""Where a show can be watched: `/shows/{id}/watch-providers`. Data by JustWatch, through TMDb."""

from datetime import datetime
from typing import Annotated, Literal, LiteralString

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


class Stay(Document):
    """A time for which a service offered a show, as far as we have looked."""

    region: str = told("Country code (ISO 3166-1).", "US")
    offer_type: Literal["flatrate", "free", "ads", "rent", "buy"] = told(
        "By subscription, free, with advertisements, to rent or to buy.", "flatrate"
    )
    provider_id: int = told("TMDb's id of the service.", 8)
    provider_name: str | None = told(
        "Name of the service; null once no show is there any more.", "Netflix"
    )
    is_current: bool = told("Whether it is there still.", True)
    is_from_start: bool = told(
        "Whether it was there when we first looked, so that it may have come before.", False
    )
    first_seen_at: datetime = told("When it was first seen there.", "2026-10-01T08:00:00Z")
    last_seen_at: datetime | None = told(
        "When it was first seen to be gone; null while it is there.", None
    )


class Stays(Page):
    """Stays by region, the latest arrival first; `next` is always null."""

    items: list[Stay]


class OffersQuery(BaseModel):
    """The parameters of `/shows/{id}/watch-providers`."""

    model_config = ConfigDict(extra="forbid")

    region: Annotated[
        Country | Absent, Query(description="One region (ISO 3166-1); all of them by default.")
    ] = None
    history: Annotated[
        bool, Query(description="When it came and left, instead of where it is now.")
    ] = False


# The documents by region: what is offered now, or when it came and left.
_NOW: LiteralString = "(select * from marts.show_watch_provider_documents) as offers"
_EVER: LiteralString = "(select * from marts.show_watch_provider_history_documents) as offers"


def _of_a_region(documents: LiteralString) -> LiteralString:
    return f"""
select
    offers.etag,
    case when %(anything)s or offers.etag = any(%(tags)s) then null else offers.document end
from marts.show_documents as shows
left join {documents}
    on offers.show_id = shows.show_id and offers.region = %(region)s
where """


def _of_all_regions(documents: LiteralString) -> LiteralString:
    return f"""
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
            from {documents}
            where offers.show_id = shows.show_id and offers.document <> '[]'
        )
    end
from marts.show_documents as shows
cross join lateral (
    select md5(string_agg(offers.etag, ',' order by offers.region)) as etag
    from {documents}
    where offers.show_id = shows.show_id
) as tagged
where """


@router.get(
    "/shows/{id}/watch-providers",
    response_model=Offers | Stays,
    responses=answers(missing="No show has that id."),
)
async def list_watch_providers(
    request: Request, show_id: ShowId, query: Annotated[OffersQuery, Query()]
) -> Response:
    """Where the show can be watched, by region. A region without offers has no items.

    With `history=true`: when it came to each service and left, told by our own checks.
    """
    show = wanted_show(show_id)
    holds = held(request)
    values = {
        "show": show.value,
        "region": query.region,
        "anything": holds.anything,
        "tags": holds.tags,
    }
    documents = _EVER if query.history else _NOW
    wanted = _of_all_regions(documents) if query.region is None else _of_a_region(documents)
    database: Database = request.app.state.database
    row = await database.row(wanted + show.condition, values)
    if row is None:
        raise no_such_show(show)
    tag = digest(b"[]") if row[0] is None else row[0].decode()
    if holds.has(tag):
        return not_modified(request, tag, holds)
    return await document(request, items(row[1] or b""), tag)
