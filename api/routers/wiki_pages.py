"""What wikis of Fandom say of people: `/wiki-pages`, and of one person `/people/{id}/wiki-pages`.

A line is a row of its mart. No page carries an id: the pages of a person are those of that name, a
proposal, and nothing of theirs is in the person's own document.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api.documents import Document, Page, told
from api.lines import LinesQuery, answer_lines, answer_lines_of
from api.listing import Column, Listing, Selection, is_text
from api.openapi import answers
from api.parameters import (
    Absent,
    Name,
    PersonId,
    Text,
    no_such_person,
    wanted_person,
)
from api.search import contains, folded

router = APIRouter()


class Relative(Document):
    """Whom a page calls a relative or partner."""

    name: str | None = told("The name.", "Kim Richards")
    relation: str | None = told("What they are to the person.", "sister")
    page: str | None = told("The title of their page on the wiki.", "Kim_Richards")


class Tagline(Document):
    """What the person says in the opening of a season."""

    season: str | None = told("Which season, as the page writes it.", "3")
    text: str | None = told("The tagline.", "In a town of mirrors, I break the frame.")
    position: str | None = told("Place in the opening.", "Second")


class Seat(Document):
    """Where the person sat at the reunion of a season."""

    season: str | None = told("Which season, as the page writes it.", "3")
    side: str | None = told("On which side of the host.", "Left")
    distance: str | None = told("How far from the host.", "1")


class WikiPage(Document):
    """What a wiki's page says of a person, with the line that is to be shown with it."""

    page_key: str = told("The wiki, and its id of the page.", "real-housewives/5687")
    wiki: str = told("The wiki.", "real-housewives")
    page_id: int | None = told("The wiki's id of the page.", 5687)
    title: str | None = told("Title of the page.", "Kyle Richards")
    name: str | None = told("Name above the infobox, else the title.", "Kyle Richards")
    full_name: str | None = told("Full name.", "Kyle Egan Richards")
    birth_date_text: str | None = told("Day of birth, as it is written.", "January 11, 1969")
    birth_place: str | None = told("Place of birth.", "Hollywood, California")
    residence: str | None = told("Where the person lives.", "Encino, California")
    hometown: str | None = told("Where the person comes from.", "Bel Air, California")
    occupation: str | None = told("What the person does.", "Actress")
    trivia: list[str] = told("Entries under the heading Trivia.", ["Has two dogs."])
    categories: list[str] = told("Categories of the page.", ["Main cast"])
    relatives: list[Relative]
    taglines: list[Tagline]
    seats: list[Seat]
    infobox: dict[str, list[str]] = told(
        "Every row of the infobox, the lines under each label.", {"Residence": ["Encino"]}
    )
    gender: str | None = told("`female`, `male` or `non-binary`.", "female")
    birth_year: int | None = told("Year of birth.", 1969)
    birth_date: date | None = told("Day of birth, where it is certain.", "1969-01-11")
    death_date: date | None = told("Day of death, where it is certain.", None)
    url: str = told("Where the page stands.", "https://wiki.example/wiki/Kyle_Richards")
    revision: int = told("The revision that was read.", 90210)
    attribution: str = told(
        "To be shown wherever text of the page is.",
        "“Kyle Richards”, real-housewives wiki on Fandom, revision 90210, CC BY-SA: "
        "https://wiki.example/wiki/Kyle_Richards",
    )
    fetched_at: datetime = told("When it was read.", "2026-11-20T08:00:00Z")


class WikiPages(Page):
    """A page of pages."""

    items: list[WikiPage]


class WikiPagesQuery(LinesQuery):
    """The parameters of `/wiki-pages`."""

    q: Annotated[
        Text | Absent, Query(description="Part of the name; case and accents forgiven.")
    ] = None
    wiki: Annotated[Name | Absent, Query(description="Pages of one wiki.")] = None
    sort: Annotated[Literal["name", "-name"], Query(description="`-` for descending.")] = "name"


_PAGES = Listing(
    table="marts.wiki_pages",
    document="to_json(wiki_pages)::text",
    key=Column("page_key", "text", is_text),
    sorts={"name": Column("name", "text", is_text)},
)


@router.get("/wiki-pages", tags=["people"], response_model=WikiPages, responses=answers())
async def list_wiki_pages(request: Request, query: Annotated[WikiPagesQuery, Query()]) -> Response:
    """What Fandom's wikis say of people, by name."""
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where("wiki = %(wiki)s::text", wiki=query.wiki)
    contains(selection, "name", query.q)
    return await answer_lines(request, _PAGES, selection)


@router.get(
    "/people/{id}/wiki-pages",
    tags=["people"],
    response_model=WikiPages,
    responses=answers(missing="Nobody has that id."),
)
async def list_wiki_pages_of_a_name(
    request: Request, person_id: PersonId, query: Annotated[LinesQuery, Query()]
) -> Response:
    """Pages of wikis on somebody of the person's name: a proposal, for no page carries an id."""
    person = wanted_person(person_id)
    selection = Selection("name", query.limit, query.cursor)
    selection.where(
        f"{folded('name')} = (select {folded('people.name')} "
        f"from marts.person_documents as people where {person.condition})",
        person=person.value,
    )
    return await answer_lines_of(request, person, _PAGES, selection, no_such_person(person))
