"""Lists of a show: `/shows/{id}/images`, `…/titles`, `…/videos`, `…/orders`.

Also `…/content-ratings` and `…/recommendations`.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.answers import conditional, items
from api.database import Database
from api.documents import AIR_DAYS, AttributedPage, Document, Page, Rendition, told
from api.openapi import answers
from api.parameters import TAKES_NOTHING, ShowId, no_such_show, wanted_show

router = APIRouter(tags=["shows"], dependencies=[TAKES_NOTHING])


class Photo(Document):
    """An image file at its source."""

    id: UUID = told("Our id of the image.", "1d1c1f6e-3b57-5d34-9c5e-0d2d0c9c7f30")
    file_path: str = told("TMDb's path of the file.", "/ztkU.jpg")
    source_url: str = told(
        "Address of the original.", "https://image.tmdb.org/t/p/original/ztkU.jpg"
    )
    width: int | None = told("In pixels.", 2000)
    height: int | None = told("In pixels.", 3000)
    is_primary: bool = told("Whether it stands for its owner.", True)
    hosted_key: str | None = told("Key of our copy in the object store.", None)
    hosted_url: str | None = told("Address of our copy.", None)
    renditions: list[Rendition] = told("Small copies of it, the narrowest first.", [])


class Image(Photo):
    """An image of a show."""

    kind: Literal["poster", "backdrop", "logo"] = told("What it is for.", "poster")
    source: str = told("Where it comes from.", "tmdb")
    language: str | None = told("Language of what is written on it (ISO 639-1).", "en")
    aspect_ratio: float | None = told("Width by height.", 0.667)
    vote_average: float | None = told("TMDb's rating of the image.", 5.3)
    vote_count: int | None = told("Votes behind the rating.", 12)


class ShowTitle(Document):
    """Another title of a show."""

    title: str | None = told("The title; null where a translation has texts alone.", "En Brecha")
    source: Literal["tmdb", "imdb"] = told("Who lists it.", "tmdb")
    kind: Literal["alternative", "translation"] = told("Which list it stands in.", "translation")
    type: str | None = told("What the source says of it.", "working title")
    language: str | None = told("Language (ISO 639-1).", "es")
    country: str | None = told(
        "Country (ISO 3166-1), or IMDb's code of a region (`XWW`: worldwide).", "ES"
    )
    tagline: str | None = told("Tagline in that language.", None)
    overview: str | None = told("What it is about, in that language.", "Un profesor de química.")


class Video(Document):
    """A trailer or clip elsewhere."""

    id: str = told("TMDb's id.", "5759db2fc3a3683e7c003df7")
    name: str | None = told("Its name.", "Trailer")
    type: str | None = told("TMDb's kind.", "Trailer")
    site: str | None = told("Where it is.", "YouTube")
    key: str | None = told("Its id there.", "XZ8daibM3AE")
    url: str | None = told(
        "Its address, where the site is known.", "https://www.youtube.com/watch?v=XZ8daibM3AE"
    )
    language: str | None = told("Language (ISO 639-1).", "en")
    country: str | None = told("Country (ISO 3166-1).", "US")
    is_official: bool | None = told("Whether TMDb says so.", True)
    size: int | None = told("Height in pixels.", 1080)
    published_at: datetime | None = told("When it was published.", "2013-08-01T12:00:00Z")


class ContentRating(Document):
    """From which age a country lets the show be seen."""

    country: str | None = told("Country (ISO 3166-1).", "US")
    rating: str | None = told("As that country writes it.", "TV-MA")
    descriptors: list[str] = told("What the rating is for.", ["Violence"])


class Recommendation(Document):
    """A show that TMDb recommends beside another."""

    id: UUID | None = told("Our id of it; null where it is not held.", None)
    tmdb_id: int = told("TMDb's id of it.", 60059)
    name: str | None = told("Title, as TMDb's list has it.", "Better Call Saul")
    first_air_date: date | None = told(f"Day of its first broadcast. {AIR_DAYS}", "2015-02-08")
    position: int = told("Place in TMDb's list, from 1.", 1)


class PlacedEpisode(Document):
    """An episode at its place in an order."""

    position: int = told("Place within the part, from 1.", 1)
    id: UUID | None = told("Our id of the episode; null where it is not held.", None)
    tmdb_id: int | None = told("TMDb's id of the episode.", 62085)
    season_number: int | None = told("Its season as broadcast.", 1)
    episode_number: int | None = told("Its number as broadcast.", 1)
    title: str | None = told("Title.", "Pilot")
    air_date: date | None = told(f"Day of the first broadcast. {AIR_DAYS}", "2008-01-20")


class OrderPart(Document):
    """A part of an order: a season of a DVD box, an arc."""

    position: int = told("Place within the order, from 1.", 1)
    name: str | None = told("Name.", "Disc 1")
    episodes: list[PlacedEpisode]


class Order(Document):
    """An order in which the episodes were published."""

    id: str = told("TMDb's id of the episode group.", "5e9077d2e640d600151f32bd")
    name: str | None = told("Name.", "DVD")
    type: str | None = told("What it follows.", "dvd")
    parts: list[OrderPart]


class Images(Page):
    """By kind, the one that stands for the show first; `next` is always null."""

    items: list[Image]


class Titles(AttributedPage):
    """Alternative titles, then translations; `next` is always null."""

    items: list[ShowTitle]


class Videos(Page):
    """In TMDb's order; `next` is always null."""

    items: list[Video]


class ContentRatings(Page):
    """In TMDb's order; `next` is always null."""

    items: list[ContentRating]


class Recommendations(AttributedPage):
    """In TMDb's order, of which page 1 is held; `next` is always null."""

    items: list[Recommendation]


class Orders(Page):
    """By name; `next` is always null."""

    items: list[Order]


_PART = """
select parts.document, parts.attribution
from marts.show_documents as shows
left join lateral (
    select listed.document, listed.attribution
    from marts.show_part_documents as listed
    where listed.show_id = shows.show_id and listed.part = %(part)s
) as parts on true
where """
_ANSWERS = answers(missing="No show has that id.")


@router.get("/shows/{id}/images", response_model=Images, responses=_ANSWERS)
async def list_images(request: Request, show_id: ShowId) -> Response:
    """A show's posters, backdrops and logos."""
    return await _answer(request, show_id, "images")


@router.get("/shows/{id}/titles", response_model=Titles, responses=_ANSWERS)
async def list_titles(request: Request, show_id: ShowId) -> Response:
    """A show's other titles and its translations."""
    return await _answer(request, show_id, "titles")


@router.get("/shows/{id}/videos", response_model=Videos, responses=_ANSWERS)
async def list_videos(request: Request, show_id: ShowId) -> Response:
    """A show's trailers and clips."""
    return await _answer(request, show_id, "videos")


@router.get("/shows/{id}/content-ratings", response_model=ContentRatings, responses=_ANSWERS)
async def list_content_ratings(request: Request, show_id: ShowId) -> Response:
    """A show's age ratings by country."""
    return await _answer(request, show_id, "content-ratings")


@router.get("/shows/{id}/orders", response_model=Orders, responses=_ANSWERS)
async def list_orders(request: Request, show_id: ShowId) -> Response:
    """The orders in which a show's episodes were published, beside that of the broadcast."""
    return await _answer(request, show_id, "orders")


@router.get("/shows/{id}/recommendations", response_model=Recommendations, responses=_ANSWERS)
async def list_recommendations(request: Request, show_id: ShowId) -> Response:
    """The shows that TMDb recommends beside a show, held or not."""
    return await _answer(request, show_id, "recommendations")


async def _answer(request: Request, show_id: str, part: str) -> Response:
    show = wanted_show(show_id)
    database: Database = request.app.state.database
    row = await database.row(_PART + show.condition, {"show": show.value, "part": part}, anew=True)
    if row is None:
        raise no_such_show(show)
    documents, attribution = row
    if part in ("titles", "recommendations"):
        attribution = attribution or b"[]"
    return await conditional(request, items(documents or b"[]", attribution=attribution))
