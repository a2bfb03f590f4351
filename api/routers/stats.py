"""Statistics: `/stats/networks`, `/stats/rankings`, `/stats/catalogue`, `/stats/availability`.

A line is a row of its mart, member by column.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.documents import Document, Page, told
from api.lines import LinesQuery, answer_lines
from api.listing import (
    Column,
    Listing,
    Selection,
    is_date,
    is_integer,
    is_number,
    is_text,
    is_uuid,
)
from api.openapi import answers
from api.parameters import Absent, Country, Name, SomeId

router = APIRouter(tags=["stats"])
Period = Literal["week", "month"]


class NetworkStats(Document):
    """What a network carries; shows for adults left out, a show on two networks counts for both."""

    network_id: int = told("TMDb's id of the network.", 174)
    name: str | None = told("Its name.", "AMC")
    parent_company: str | None = told("Whom it belongs to, from a curated list.", "AMC Networks")
    network_type: str | None = told("Of what kind it is, from that list.", "Cable")
    origin_country: str | None = told("Country code (ISO 3166-1).", "US")
    genres: list[str] = told("First genres of its shows, the most frequent first.", ["Drama"])
    show_count: int = told("Its shows.", 12)
    active_show_count: int = told("Those that are still running.", 3)
    ended_show_count: int = told("Those that ended or were cancelled.", 9)
    episode_count: int = told("Episodes of all of them.", 540)
    average_vote: float | None = told("Mean of TMDb's ratings of its shows.", 7.914)
    market_share: float | None = told("Share of all shows, 0 to 1.", 0.0125)
    renewal_rate: float | None = told("Share of its shows with two seasons or more.", 0.75)


class ShowRanking(Document):
    """A show's place by popularity among all, now, and before the period."""

    show_id: UUID = told("Our id of the show.", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49")
    name: str | None = told("Its title.", "Breaking Bad")
    period: Period = told("This week or this month.", "week")
    is_new: bool = told("Nobody measured it before the period.", False)
    popularity_rank: int = told("From 1; shows of one popularity share theirs.", 4)
    previous_popularity_rank: int | None = told("Before the period.", 7)
    rank_change: int | None = told("Places won, or lost.", 3)
    tmdb_popularity: float = told("TMDb's popularity.", 152.4)
    popularity_change: float = told("Its change within the period.", 12.1)
    tmdb_vote_count: int | None = told("Votes.", 14021)
    vote_count_change: int | None = told("Votes that came within the period.", 21)


class CatalogueYear(Document):
    """The shows that began in a year, all or those of a genre, network or country."""

    value: str = told("Which genre, network or country; `all` for all.", "Drama")
    largest_network: str | None = told("The network with most of them.", "Netflix")
    dimension: Literal["all", "genre", "network", "country"] = told("By what.", "genre")
    premiere_year: int = told("The year.", 2008)
    show_count: int = told("Shows that began in it.", 91)
    show_count_change: int = told("How many more than in the year before.", -4)
    active_show_count: int = told("Those that are still running.", 3)
    renewed_show_count: int = told("Those with two seasons or more.", 40)
    average_vote: float | None = told("Mean of TMDb's ratings.", 7.2)
    share_of_year: float | None = told("Share of all shows of the year.", 0.31)
    network_concentration: float | None = told("Share of the largest network.", 0.12)
    vertical_integration: float | None = told("Share made by a network's own studio.", 0.2)


class Availability(Document):
    """What a service offered in a region in a week. Data by JustWatch."""

    provider_id: int = told("TMDb's id of the service.", 8)
    provider_name: str | None = told("Its name.", "Netflix")
    region: str = told("Country code (ISO 3166-1).", "US")
    offer_type: str = told("`flatrate`, `free`, `ads`, `rent` or `buy`.", "flatrate")
    iso_week: str = told("As ISO 8601 writes it.", "2026-W47")
    is_latest: bool = told("The latest week with a change: how things stand now.", True)
    show_count: int = told("Shows at its end.", 120)
    arrived_count: int = told("Shows that came within it.", 4)
    left_count: int = told("Shows that left within it.", 2)
    week_start_date: date = told("Its Monday.", "2026-11-16")


class NetworkStatsPage(Page):
    """A page of networks."""

    items: list[NetworkStats]


class ShowRankings(Page):
    """A page of rankings."""

    items: list[ShowRanking]


class CatalogueYears(Page):
    """A page of years."""

    items: list[CatalogueYear]


class AvailabilityPage(Page):
    """A page of weeks."""

    items: list[Availability]


class NetworkStatsQuery(LinesQuery):
    """The parameters of `/stats/networks`."""

    country: Annotated[Country | Absent, Query(description="Country of origin (ISO 3166-1).")] = (
        None
    )
    sort: Annotated[
        Literal["name", "-show_count", "-average_vote", "-renewal_rate"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "-show_count"


class RankingsQuery(LinesQuery):
    """The parameters of `/stats/rankings`."""

    period: Annotated[Period, Query(description="Against the week or the month before.")] = "week"
    sort: Annotated[
        Literal["popularity_rank", "-rank_change", "-popularity_change", "-vote_count_change"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "popularity_rank"


class CatalogueQuery(LinesQuery):
    """The parameters of `/stats/catalogue`."""

    dimension: Annotated[
        Literal["all", "genre", "network", "country"], Query(description="By what.")
    ] = "all"
    value: Annotated[
        Name | Absent,
        Query(
            description="One value of `dimension`, which is to be sent with it: a genre or network "
            "by name, a country by its code. Of the dimension `all`, the default, only `all` is."
        ),
    ] = None
    sort: Annotated[
        Literal["premiere_year", "-premiere_year"], Query(description="`-` for descending.")
    ] = "-premiere_year"


class AvailabilityQuery(LinesQuery):
    """The parameters of `/stats/availability`."""

    provider: Annotated[SomeId, Query(description="TMDb's id of the service.")]
    region: Annotated[Country, Query(description="Country code (ISO 3166-1).")]
    sort: Annotated[
        Literal["week_start_date", "-week_start_date"], Query(description="`-` for descending.")
    ] = "-week_start_date"


_NETWORKS = Listing(
    table="marts.network_stats",
    document="to_json(network_stats)::text",
    key=Column("network_id", "bigint", is_integer),
    sorts={
        "name": Column("name", "text", is_text),
        "show_count": Column("show_count", "bigint", is_integer),
        "average_vote": Column("average_vote", "numeric", is_number),
        "renewal_rate": Column("renewal_rate", "numeric", is_number),
    },
)
_RANKINGS = Listing(
    table="marts.show_rankings",
    document="to_json(show_rankings)::text",
    key=Column("show_id", "uuid", is_uuid),
    sorts={
        "popularity_rank": Column("popularity_rank", "bigint", is_integer),
        "rank_change": Column("rank_change", "bigint", is_integer),
        "popularity_change": Column("popularity_change", "numeric", is_number),
        "vote_count_change": Column("vote_count_change", "bigint", is_integer),
    },
)
# Of one dimension a year has each value once; of one service and region a week each offer type.
_CATALOGUE = Listing(
    table="marts.catalogue_trends",
    document="to_json(catalogue_trends)::text",
    key=Column("value", "text", is_text),
    sorts={"premiere_year": Column("premiere_year", "bigint", is_integer)},
)
_AVAILABILITY = Listing(
    table="marts.provider_availability",
    document="to_json(provider_availability)::text",
    key=Column("offer_type", "text", is_text),
    sorts={"week_start_date": Column("week_start_date", "date", is_date)},
)


@router.get("/stats/networks", response_model=NetworkStatsPage, responses=answers())
async def list_network_stats(
    request: Request, query: Annotated[NetworkStatsQuery, Query()]
) -> Response:
    """What each network carries, its share and how often it renews."""
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where("origin_country = %(country)s::text", country=query.country)
    return await answer_lines(request, _NETWORKS, selection)


@router.get("/stats/rankings", response_model=ShowRankings, responses=answers())
async def list_rankings(request: Request, query: Annotated[RankingsQuery, Query()]) -> Response:
    """Shows by popularity, and who rose and fell."""
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where("period = %(period)s::text", period=query.period)
    return await answer_lines(request, _RANKINGS, selection)


@router.get("/stats/catalogue", response_model=CatalogueYears, responses=answers())
async def list_catalogue_years(
    request: Request, query: Annotated[CatalogueQuery, Query()]
) -> Response:
    """How many shows began in each year, and who made them."""
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where("dimension = %(dimension)s::text", dimension=query.dimension)
    selection.where("value = %(value)s::text", value=query.value)
    return await answer_lines(request, _CATALOGUE, selection)


@router.get("/stats/availability", response_model=AvailabilityPage, responses=answers())
async def list_availability(
    request: Request, query: Annotated[AvailabilityQuery, Query()]
) -> Response:
    """What a service offered in a region, week by week. Data by JustWatch."""
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where("provider_id = %(provider)s::integer", provider=query.provider)
    selection.where("region = %(region)s::text", region=query.region)
    return await answer_lines(request, _AVAILABILITY, selection)
