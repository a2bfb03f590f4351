"""TMDb's documents as its clients ask for them: series, seasons, people and whatever they name."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import ConfigDict

from api.documents import Document, told
from api.parameters import CompanyId, Digits, NetworkId, PageNumber, SeasonNumber
from api.problems import not_held
from api.tmdb import (
    ANSWERS,
    ANSWERS_WITH_PARTS,
    COMPANY,
    EPISODE_GROUP,
    NETWORK,
    PERSON,
    SERIES,
    Appended,
    TmdbDocument,
    answer_episode,
    answer_part,
    answer_season,
    answer_thing,
)
from api.tmdb_languages import Spoken

router = APIRouter(tags=["tmdb"])

SeriesId = Annotated[
    int, Path(alias="id", ge=1, le=2_147_483_647, description="TMDb's id of the series."), Digits
]
TmdbPersonId = Annotated[
    int, Path(alias="id", ge=1, le=2_147_483_647, description="TMDb's id of the person."), Digits
]
EpisodeNumber = Annotated[
    int,
    Path(alias="m", ge=0, le=2_147_483_647, description="Number within the season."),
    Digits,
]
GroupId = Annotated[
    str, Path(alias="id", pattern="^[0-9a-f]{24}$", description="TMDb's id of the order.")
]
SeriesPart = Literal[
    "aggregate_credits",
    "alternative_titles",
    "content_ratings",
    "credits",
    "episode_groups",
    "external_ids",
    "images",
    "keywords",
    "translations",
    "videos",
]
PersonPart = Literal["external_ids", "images", "translations"]
OwnerPart = Literal["alternative_names", "images"]
Part = Path(alias="part", description="Which of its documents.")


class TmdbEpisode(Document):
    """An episode with the members that TMDb gave it."""

    model_config = ConfigDict(extra="allow")

    episode_number: int = told("Number within the season.", 1)


# A path that is more than an id comes before the one that an id would be read from.
@router.get("/3/tv/episode_group/{id}", response_model=TmdbDocument, responses=ANSWERS)
async def get_tmdb_episode_group(request: Request, group_id: GroupId) -> Response:
    """An order in which a series' episodes were published."""
    return await answer_thing(request, EPISODE_GROUP, group_id, "")


@router.get("/3/tv/{id}", response_model=TmdbDocument, responses=ANSWERS_WITH_PARTS)
async def get_tmdb_series(
    request: Request, series_id: SeriesId, languages: Spoken, appended: Appended = ""
) -> Response:
    """A series, with its parts and seasons (`season/1`, `season/1/credits`) if appended."""
    return await answer_thing(request, SERIES, str(series_id), appended, languages)


@router.get("/3/tv/{id}/watch/providers", response_model=TmdbDocument, responses=ANSWERS)
async def get_tmdb_series_watch_providers(request: Request, series_id: SeriesId) -> Response:
    """Where a series is offered, by region. Data by JustWatch."""
    return await answer_part(request, SERIES, str(series_id), "watch/providers")


@router.get("/3/tv/{id}/recommendations", response_model=TmdbDocument, responses=ANSWERS_WITH_PARTS)
async def get_tmdb_series_recommendations(
    request: Request, series_id: SeriesId, page: PageNumber = 1
) -> Response:
    """What TMDb recommends beside a series: page 1 of it, further pages are not held."""
    if page > 1:
        raise not_held(request.url.path)
    return await answer_part(request, SERIES, str(series_id), "recommendations")


@router.get("/3/tv/{id}/season/{n}", response_model=TmdbDocument, responses=ANSWERS_WITH_PARTS)
async def get_tmdb_season(
    request: Request, series_id: SeriesId, season_number: SeasonNumber, appended: Appended = ""
) -> Response:
    """A season with its episodes, their guests and their crew, and its `credits` if appended."""
    return await answer_season(request, str(series_id), f"season/{season_number}", appended)


@router.get("/3/tv/{id}/season/{n}/credits", response_model=TmdbDocument, responses=ANSWERS)
async def get_tmdb_season_credits(
    request: Request, series_id: SeriesId, season_number: SeasonNumber
) -> Response:
    """The regulars of a season and its crew."""
    return await answer_part(request, SERIES, str(series_id), f"season/{season_number}/credits")


@router.get("/3/tv/{id}/season/{n}/episode/{m}", response_model=TmdbEpisode, responses=ANSWERS)
async def get_tmdb_episode(
    request: Request,
    series_id: SeriesId,
    season_number: SeasonNumber,
    episode_number: EpisodeNumber,
) -> Response:
    """An episode, as the document of its season tells it."""
    return await answer_episode(request, series_id, season_number, episode_number)


@router.get("/3/tv/{id}/{part}", response_model=TmdbDocument, responses=ANSWERS)
async def get_tmdb_series_part(
    request: Request,
    series_id: SeriesId,
    part: Annotated[SeriesPart, Part],
    languages: Spoken,
) -> Response:
    """One of a series' parts."""
    return await answer_part(request, SERIES, str(series_id), part, languages)


@router.get("/3/person/{id}", response_model=TmdbDocument, responses=ANSWERS_WITH_PARTS)
async def get_tmdb_person(
    request: Request, person_id: TmdbPersonId, appended: Appended = ""
) -> Response:
    """A person, with parts if they are to be appended."""
    return await answer_thing(request, PERSON, str(person_id), appended)


@router.get("/3/person/{id}/{part}", response_model=TmdbDocument, responses=ANSWERS)
async def get_tmdb_person_part(
    request: Request, person_id: TmdbPersonId, part: Annotated[PersonPart, Part]
) -> Response:
    """One of a person's parts."""
    return await answer_part(request, PERSON, str(person_id), part)


@router.get("/3/network/{id}", response_model=TmdbDocument, responses=ANSWERS_WITH_PARTS)
async def get_tmdb_network(
    request: Request, network_id: NetworkId, appended: Appended = ""
) -> Response:
    """A network, with parts if they are to be appended."""
    return await answer_thing(request, NETWORK, str(network_id), appended)


@router.get("/3/network/{id}/{part}", response_model=TmdbDocument, responses=ANSWERS)
async def get_tmdb_network_part(
    request: Request, network_id: NetworkId, part: Annotated[OwnerPart, Part]
) -> Response:
    """One of a network's parts."""
    return await answer_part(request, NETWORK, str(network_id), part)


@router.get("/3/company/{id}", response_model=TmdbDocument, responses=ANSWERS_WITH_PARTS)
async def get_tmdb_company(
    request: Request, company_id: CompanyId, appended: Appended = ""
) -> Response:
    """A production company, with parts if they are to be appended."""
    return await answer_thing(request, COMPANY, str(company_id), appended)


@router.get("/3/company/{id}/{part}", response_model=TmdbDocument, responses=ANSWERS)
async def get_tmdb_company_part(
    request: Request, company_id: CompanyId, part: Annotated[OwnerPart, Part]
) -> Response:
    """One of a company's parts."""
    return await answer_part(request, COMPANY, str(company_id), part)
