"""Who is in a show and who made it: `/shows/{id}/cast`, `/shows/{id}/crew`."""

from typing import Literal, LiteralString
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.answers import document, held, items, not_modified
from api.database import Database
from api.documents import AttributedPage, Document, Page, told
from api.openapi import answers
from api.parameters import TAKES_NOTHING, ShowId, no_such_show, wanted_show

router = APIRouter(tags=["shows"], dependencies=[TAKES_NOTHING])


class PersonInBrief(Document):
    """A person, as a list of credits names them."""

    id: UUID = told("Our id of the person.", "0f0b8a2f-57f7-5cb3-a2a4-3d2c0c1b7f11")
    tmdb_id: int | None = told("TMDb's id of the person.", 17419)
    name: str | None = told("Name.", "Bryan Cranston")
    profile_path: str | None = told("TMDb's path of a photo.", "/7Jah.jpg")


class CastMember(PersonInBrief):
    """A person of the cast, with all their roles."""

    characters: list[str] = told("Names of the roles, in billing order.", ["Walter White"])
    is_self: bool = told("Appears as themselves.", False)
    is_main_cast: bool = told("Of the current main cast.", True)
    is_archive_footage: bool = told("Seen in archive footage only.", False)
    episode_count: int | None = told(
        "Episodes, as TMDb counts them, else those that list the person; null: nobody says.", 62
    )
    season_numbers: list[int] = told(
        "Seasons in which the person is: as a regular, or in an episode.", [1, 2, 3, 4, 5]
    )
    regular_season_numbers: list[int] = told(
        "Those of them of which the person is a regular.", [1, 2, 3, 4, 5]
    )
    sources: list[Literal["tmdb", "imdb"]] = told("Who credits the person.", ["tmdb"])


class CrewMember(PersonInBrief):
    """A person of the crew, in one job."""

    department: str | None = told("Department.", "Writing")
    job: str | None = told("Job within the department.", "Writer")
    episode_count: int | None = told("Episodes, as TMDb counts them.", 5)


class ShowCast(AttributedPage):
    """The cast, the main cast first, then by billing order; `next` is always null."""

    items: list[CastMember]


class ShowCrew(Page):
    """The crew by department and job; `next` is always null."""

    items: list[CrewMember]


_CAST = """
select
    credits.cast_etag,
    case
        when %(anything)s or credits.cast_etag = any(%(tags)s) then null
        else credits.cast_members
    end,
    credits.cast_attribution
from marts.show_documents as shows
inner join marts.show_credit_documents as credits on shows.show_id = credits.show_id
where """

_CREW = """
select
    credits.crew_etag,
    case
        when %(anything)s or credits.crew_etag = any(%(tags)s) then null
        else credits.crew_members
    end,
    null
from marts.show_documents as shows
inner join marts.show_credit_documents as credits on shows.show_id = credits.show_id
where """


@router.get(
    "/shows/{id}/cast", response_model=ShowCast, responses=answers(missing="No show has that id.")
)
async def list_cast(request: Request, show_id: ShowId) -> Response:
    """A show's cast over all seasons."""
    return await _answer(request, _CAST, show_id)


@router.get(
    "/shows/{id}/crew", response_model=ShowCrew, responses=answers(missing="No show has that id.")
)
async def list_crew(request: Request, show_id: ShowId) -> Response:
    """A show's crew over all seasons, its creators among them."""
    return await _answer(request, _CREW, show_id)


async def _answer(request: Request, query: LiteralString, show_id: str) -> Response:
    holds, show = held(request), wanted_show(show_id)
    values = {"show": show.value, "anything": holds.anything, "tags": holds.tags}
    database: Database = request.app.state.database
    row = await database.row(query + show.condition, values)
    if row is None:
        raise no_such_show(show)
    tag, body, attribution = row
    if body is None:
        return not_modified(request, tag.decode(), holds)
    return await document(request, items(body, attribution=attribution), tag.decode())
