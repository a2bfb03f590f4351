"""Reality stars and the talk show they visit: `/stats/qualified-people`, `/stats/wwhl-episodes`.

A line is a row of its mart, member by column.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.documents import AIR_DAYS, Document, Page, told
from api.lines import LinesQuery, answer_lines
from api.listing import Column, Listing, Selection, is_date, is_integer, is_text, is_uuid
from api.openapi import answers
from api.parameters import Absent, Season

router = APIRouter(tags=["stats"])
Rule = Literal["shows", "seasons", "episodes"]
Classification = Literal["NONE", "SOLO", "ALMOST", "REALITEASE"]


class QualifiedPerson(Document):
    """A reality star: seen as themselves in enough shows, seasons or episodes."""

    person_id: UUID = told("Our id of the person.", "0f0b8a2f-57f7-5cb3-a2a4-3d2c0c1b7f11")
    tmdb_id: int | None = told("TMDb's id of the person.", 1686599)
    imdb_id: str | None = told("IMDb's id of the person.", "nm1802104")
    show_ids: list[UUID] = told("Our ids of the shows, that of most episodes first.", [])
    name: str | None = told("Name.", "Kyle Richards")
    alternative_names: list[str] = told("Other names.", ["Kyle Egan Richards"])
    place_of_birth: str | None = told("Place of birth.", "Hollywood, California, USA")
    show_names: list[str | None] = told("Their titles, in the same order.", ["Survivor"])
    gender: str | None = told("`female`, `male` or `non-binary`.", "female")
    zodiac: str | None = told("Sign of the day of birth.", "Capricorn")
    qualified_by: list[Rule] = told("Which rules they meet.", ["seasons", "episodes"])
    show_count: int = told("Shows as themselves.", 3)
    season_count: int | None = told("Seasons of all of these.", 14)
    episode_count: int | None = told("Episodes of all of these.", 280)
    most_season_count: int | None = told("Seasons of one show, at most.", 13)
    most_episode_count: int | None = told("Episodes of one show, at most.", 271)
    birthday: date | None = told("Day of birth.", "1969-01-11")
    first_air_date: date | None = told(f"First day in these shows. {AIR_DAYS}", "2010-10-14")
    last_air_date: date | None = told(f"Last day in these shows. {AIR_DAYS}", "2026-11-20")


class TalkShowEpisode(Document):
    """An episode of Watch What Happens Live, and how many of its guests are reality stars."""

    episode_id: UUID = told("Our id of the episode.", "0f5a1c07-8a5d-5b3b-9c8e-2f3f1f1f7c55")
    show_id: UUID = told("Our id of the talk show.", "b79b68a2-25c4-5b4e-8d54-60b2bb48ba49")
    show_tmdb_id: int = told("TMDb's id of it.", 22980)
    tmdb_episode_id: int | None = told("TMDb's id of the episode.", 1_234_567)
    imdb_episode_id: str | None = told("IMDb's id of the episode.", "tt1111111")
    guest_ids: list[UUID] = told("Our ids of the guests, in billing order.", [])
    qualified_guest_ids: list[UUID] = told("Those of them who are reality stars.", [])
    title: str | None = told("Title of the episode.", "Kyle Richards & Lisa Rinna")
    guest_names: list[str | None] = told("The guests, in the same order.", ["Kyle Richards"])
    classification: Classification = told(
        "By reality stars among the guests: none, the only guest, one of several, two or more.",
        "SOLO",
    )
    season_number: int | None = told("0 is specials.", 21)
    episode_number: int | None = told("Number in the season.", 14)
    guest_count: int = told("Guests; 0 also where nobody has entered them.", 1)
    qualified_guest_count: int = told("Reality stars among them.", 1)
    air_date: date | None = told(f"Day of the broadcast. {AIR_DAYS}", "2026-11-19")


class QualifiedPeople(Page):
    """A page of reality stars."""

    items: list[QualifiedPerson]


class TalkShowEpisodes(Page):
    """A page of episodes."""

    items: list[TalkShowEpisode]


class QualifiedPeopleQuery(LinesQuery):
    """The parameters of `/stats/qualified-people`."""

    rule: Annotated[Rule | Absent, Query(description="Who meets this rule.")] = None
    sort: Annotated[
        Literal["name", "-show_count", "-episode_count", "-last_air_date"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "name"


class TalkShowQuery(LinesQuery):
    """The parameters of `/stats/wwhl-episodes`."""

    classification: Annotated[
        Classification | Absent, Query(description="Episodes of one kind.")
    ] = None
    season: Annotated[Season | Absent, Query(description="Of one season; 0 is specials.")] = None
    sort: Annotated[
        Literal["air_date", "-air_date"],
        Query(description="`-` for descending; what has no value comes last."),
    ] = "-air_date"


_QUALIFIED = Listing(
    table="marts.qualified_people",
    document="to_json(qualified_people)::text",
    key=Column("person_id", "uuid", is_uuid),
    sorts={
        "name": Column("name", "text", is_text),
        "show_count": Column("show_count", "bigint", is_integer),
        "episode_count": Column("episode_count", "bigint", is_integer),
        "last_air_date": Column("last_air_date", "date", is_date),
    },
)
_EPISODES = Listing(
    table="marts.wwhl_episodes",
    document="to_json(wwhl_episodes)::text",
    key=Column("episode_id", "uuid", is_uuid),
    sorts={"air_date": Column("air_date", "date", is_date)},
)


@router.get("/stats/qualified-people", response_model=QualifiedPeople, responses=answers())
async def list_qualified_people(
    request: Request, query: Annotated[QualifiedPeopleQuery, Query()]
) -> Response:
    """Reality stars: in two shows, or in one for two seasons or five episodes, as themselves."""
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where("%(rule)s::text = any(qualified_by)", rule=query.rule)
    return await answer_lines(request, _QUALIFIED, selection)


@router.get("/stats/wwhl-episodes", response_model=TalkShowEpisodes, responses=answers())
async def list_talk_show_episodes(
    request: Request, query: Annotated[TalkShowQuery, Query()]
) -> Response:
    """Episodes of Watch What Happens Live, by how many of the guests are reality stars."""
    selection = Selection(query.sort, query.limit, query.cursor)
    selection.where(
        "classification = %(classification)s::text", classification=query.classification
    )
    selection.where("season_number = %(season)s::integer", season=query.season)
    return await answer_lines(request, _EPISODES, selection)
