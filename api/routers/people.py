"""People and what they did: `/people`, `/people/{id}`."""

from copy import deepcopy
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.answers import conditional, items
from api.database import Database
from api.documents import AIR_DAYS, Document, Page, told
from api.listing import Column, Listing, Selection, is_number, is_text, is_uuid, page, page_query
from api.openapi import answers
from api.parameters import (
    TAKES_NOTHING,
    Absent,
    Cursor,
    Limit,
    Name,
    PersonId,
    Text,
    no_such_person,
    wanted_person,
)
from api.resemblance import resembling
from api.routers.credits import PersonInBrief
from api.routers.parts import Photo
from api.search import contains

router = APIRouter(tags=["people"])


class PersonSummary(PersonInBrief):
    """A person's line in a list."""

    known_for_department: str | None = told("What they mostly do.", "Acting")
    popularity: float | None = told("TMDb's popularity.", 21.4)


class PersonIds(Document):
    """The person elsewhere."""

    tmdb: int | None = told("TMDb.", 17419)
    imdb: str | None = told("IMDb.", "nm0186505")
    wikidata: str | None = told("Wikidata.", "Q23547")
    facebook: str | None = told("Facebook.", "thebryancranston")
    instagram: str | None = told("Instagram.", "bryancranston")
    twitter: str | None = told("X, Twitter before.", "BryanCranston")
    tiktok: str | None = told("TikTok.", None)
    youtube: str | None = told("YouTube.", None)


class CreditedShow(Document):
    """The show of a credit."""

    show_id: UUID = told("Our id of the show.", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49")
    show_tmdb_id: int | None = told("TMDb's id of the show.", 1396)
    show_name: str | None = told("Title of the show.", "Breaking Bad")
    premiere_date: date | None = told(f"Day of its first broadcast. {AIR_DAYS}", "2008-01-20")
    poster_path: str | None = told("TMDb's path of its poster.", "/ztkU.jpg")


class CastCredit(CreditedShow):
    """A show that the person is seen in."""

    characters: list[str] = told("Names of the roles, in billing order.", ["Walter White"])
    is_self: bool = told("Appears as themselves.", False)
    is_archive_footage: bool = told("Seen in archive footage only.", False)
    episode_count: int | None = told(
        "Episodes, as TMDb counts them, else those that list the person; null: nobody says.", 62
    )
    season_numbers: list[int] = told(
        "Seasons in which the person is: as a regular, or in an episode.", [1, 2, 3]
    )
    sources: list[Literal["tmdb", "imdb"]] = told("Who credits the person.", ["tmdb"])


class CrewCredit(CreditedShow):
    """A show that the person worked on, in one job."""

    department: str | None = told("Department.", "Directing")
    job: str | None = told("Job within the department.", "Director")
    episode_count: int | None = told("Episodes, as TMDb counts them.", 3)


class PersonFreshness(Document):
    """When the sources were last asked of the person."""

    tmdb_fetched_at: datetime | None = told("TMDb.", "2026-11-20T08:00:00Z")


class Person(PersonSummary):
    """Everything that is held of a person, with all credits."""

    imdb_id: str | None = told("IMDb's id of the person.", "nm0186505")
    also_known_as: list[str] = told("Other names.", ["Bryan Lee Cranston"])
    biography: str | None = told("Life in prose.", "An actor.")
    birthday: date | None = told("Day of birth.", "1956-03-07")
    birth_year: int | None = told("Its year, where the day is unknown perhaps alone.", 1956)
    zodiac: str | None = told("Sign of the day of birth.", "Pisces")
    deathday: date | None = told("Day of death.", None)
    gender: str | None = told("`female`, `male` or `non-binary`.", "male")
    place_of_birth: str | None = told("Place of birth.", "Hollywood, California, USA")
    homepage: str | None = told("The person's own page.", None)
    external_ids: PersonIds
    images: list[Photo] = told("Photos, the one that stands for the person first.", [])
    cast: list[CastCredit] = told("Shows they are seen in, the latest first.", [])
    crew: list[CrewCredit] = told("Shows they worked on, the latest first.", [])
    freshness: PersonFreshness
    attribution: list[str] = told("Lines to show with the data.", ["Data by TMDb."])


class People(Page):
    """A page of people."""

    items: list[PersonSummary]


class PeopleQuery(BaseModel):
    """The parameters of `/people`."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        Text | Absent,
        Query(
            description="Part of the name; case, accents and signs forgiven, and typing errors "
            "where nobody is found otherwise."
        ),
    ] = None
    department: Annotated[Name | Absent, Query(description="What they mostly do, as `Acting`.")] = (
        None
    )
    sort: Annotated[
        Literal["name", "-name", "popularity", "-popularity"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "name"
    cursor: Cursor | Absent = None
    limit: Limit = 20


_LISTING = Listing(
    table="marts.person_documents",
    document="summary",
    key=Column("person_id", "uuid", is_uuid),
    sorts={
        "name": Column("name", "text", is_text),
        "popularity": Column("popularity", "numeric", is_number),
    },
)
_PERSON = "select people.document from marts.person_documents as people where "


@router.get("/people", response_model=People, responses=answers())
async def list_people(request: Request, query: Annotated[PeopleQuery, Query()]) -> Response:
    """People of cast and crew, by name; searched and filtered."""
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where("known_for_department = %(department)s::text", department=query.department)
    anybody = deepcopy(selection)
    contains(selection, "search_text", query.q, is_folded=True)
    database: Database = request.app.state.database
    rows = await database.rows(*page_query(_LISTING, selection), anew=True)
    if not rows and query.q and query.cursor is None:
        rows = await resembling(database, _LISTING, anybody, query.q)
    return await conditional(request, items(*page(_LISTING, selection, rows)))


@router.get(
    "/people/{id}",
    response_model=Person,
    responses=answers(missing="Nobody has that id."),
    dependencies=[TAKES_NOTHING],
)
async def get_person(request: Request, person_id: PersonId) -> Response:
    """A person, with all their credits in the warehouse."""
    person = wanted_person(person_id)
    database: Database = request.app.state.database
    row = await database.row(_PERSON + person.condition, {"person": person.value}, anew=True)
    if row is None:
        raise no_such_person(person)
    return await conditional(request, row[0])
