"""When and how often people are seen in shows: `/shows/{id}/appearances`, `/people/{id}/…`.

A line is a row of its mart, one for each show and person; credits alone, without seasons and dates,
are the cast of a show.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.documents import AIR_DAYS, AttributedPage, Document, told
from api.lines import LinesQuery, answer_lines_of
from api.listing import (
    Column,
    Listing,
    Selection,
    is_date,
    is_integer,
    is_text,
    is_uuid,
)
from api.openapi import answers
from api.parameters import (
    PersonId,
    ShowId,
    no_such_person,
    no_such_show,
    wanted_person,
    wanted_show,
)

router = APIRouter()


class Appearance(Document):
    """A person in a show, over all seasons; archive footage is counted apart."""

    show_id: UUID = told("Our id of the show.", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49")
    person_id: UUID = told("Our id of the person.", "0f0b8a2f-57f7-5cb3-a2a4-3d2c0c1b7f11")
    show_tmdb_id: int | None = told("TMDb's id of the show.", 1396)
    person_tmdb_id: int | None = told("TMDb's id of the person.", 17419)
    show_name: str | None = told("Title of the show.", "Breaking Bad")
    person_name: str | None = told("The person's name.", "Bryan Cranston")
    characters: list[str] = told("Names of the roles, in billing order.", ["Walter White"])
    sources: list[Literal["tmdb", "imdb"]] = told("Who credits the person.", ["tmdb"])
    is_self: bool = told("Appears as themselves.", False)
    is_archive_footage: bool = told("Seen in archive footage only.", False)
    is_main_cast: bool = told("Of the current main cast.", True)
    is_cast_as_self: bool = told("Counts for who is a reality star.", False)
    billing_order: int | None = told("Place among the cast.", 0)
    season_numbers: list[int] = told(
        "Seasons in which the person is: as a regular, or in an episode.", [1, 2, 3, 4, 5]
    )
    regular_season_numbers: list[int] = told(
        "Those of them of which the person is a regular.", [1, 2, 3, 4, 5]
    )
    season_count: int | None = told("Number of seasons, specials not counted.", 5)
    episode_count: int | None = told(
        "Episodes, as TMDb counts them, else those that list the person; null: nobody says.", 62
    )
    listed_episode_count: int | None = told("Episodes that list the person.", None)
    stated_episode_count: int | None = told("Episodes, as TMDb counts them.", 62)
    archive_footage_episode_count: int | None = told("Episodes in archive footage alone.", None)
    self_season_count: int | None = told("Seasons as themselves, specials not counted.", None)
    self_episode_count: int | None = told(
        "Episodes as themselves, as TMDb counts them, or those that list the person if more.", None
    )
    minimum_episode_count: int | None = told("The fewest that make a reality star here.", 4)
    first_air_date: date | None = told(
        f"First day, of an episode or of a season. {AIR_DAYS}", "2008-01-20"
    )
    last_air_date: date | None = told(
        f"Last day, of an episode or of a season. {AIR_DAYS}", "2013-09-29"
    )


class Appearances(AttributedPage):
    """A page of appearances."""

    items: list[Appearance]


class ShowAppearancesQuery(LinesQuery):
    """The parameters of `/shows/{id}/appearances`."""

    sort: Annotated[
        Literal["-episode_count", "billing_order", "name"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "-episode_count"


class PersonAppearancesQuery(LinesQuery):
    """The parameters of `/people/{id}/appearances`."""

    sort: Annotated[
        Literal["-last_air_date", "-episode_count", "name"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "-last_air_date"


_EPISODES = Column("episode_count", "bigint", is_integer)
_OF_A_SHOW = Listing(
    table="marts.show_appearances",
    document="to_json(show_appearances)::text",
    key=Column("person_id", "uuid", is_uuid),
    sorts={
        "episode_count": _EPISODES,
        "billing_order": Column("billing_order", "bigint", is_integer),
        "name": Column("person_name", "text", is_text),
    },
)
_OF_A_PERSON = Listing(
    table="marts.show_appearances",
    document="to_json(show_appearances)::text",
    key=Column("show_id", "uuid", is_uuid),
    sorts={
        "last_air_date": Column("last_air_date", "date", is_date),
        "episode_count": _EPISODES,
        "name": Column("show_name", "text", is_text),
    },
)
# The lines are those that stand with the same people, or shows, in the documents.
_LINES_OF_A_SHOW = """(
    select credits.cast_attribution
    from marts.show_credit_documents as credits
    where credits.show_id = owner.show_id
)"""
_LINES_OF_A_PERSON = """(
    select (people.document::json -> 'attribution')::text
    from marts.person_documents as people
    where people.person_id = owner.person_id
)"""


@router.get(
    "/shows/{id}/appearances",
    tags=["shows"],
    response_model=Appearances,
    responses=answers(missing="No show has that id."),
)
async def list_show_appearances(
    request: Request, show_id: ShowId, query: Annotated[ShowAppearancesQuery, Query()]
) -> Response:
    """Who is seen in the show, in which seasons and how often."""
    show = wanted_show(show_id)
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where(f"show_id = {show.own_id}", show=show.value)
    missing = no_such_show(show)
    return await answer_lines_of(request, show, _OF_A_SHOW, selection, missing, _LINES_OF_A_SHOW)


@router.get(
    "/people/{id}/appearances",
    tags=["people"],
    response_model=Appearances,
    responses=answers(missing="Nobody has that id."),
)
async def list_person_appearances(
    request: Request, person_id: PersonId, query: Annotated[PersonAppearancesQuery, Query()]
) -> Response:
    """In which shows the person is seen, in which seasons and how often."""
    person = wanted_person(person_id)
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where(f"person_id = {person.own_id}", person=person.value)
    missing = no_such_person(person)
    return await answer_lines_of(
        request, person, _OF_A_PERSON, selection, missing, _LINES_OF_A_PERSON
    )
