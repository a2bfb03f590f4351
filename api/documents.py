"""What the documents share: their base, and the columns of a mirrored logo.

The models are documentation: dbt writes the JSON, the API sends it as it is, and a test holds the
two together. Every key is always there; what is missing is null. Keys may be added, never renamed.
"""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field


class Document(BaseModel):
    """The base of every document that the API sends."""


AIR_DAYS: Final = (
    "A day without time or zone, typed by people: as measured in 2026, one day early for 198 of "
    "312 episodes of Apple TV+ and 93 of 128 of Prime Video, by season, and no rule tells which."
)
"""What stands beside every day of a broadcast."""


def told(description: str, example: object, **bounds: Any) -> Any:
    """A field that is always there, with what it means and an example."""
    return Field(description=description, examples=[example], **bounds)


class Rendition(Document):
    """A small copy of an image, for lists."""

    url: str = told("Its address.", "/media/images/shows/1/poster/tmdb/w185/" + "ab" * 32 + ".webp")
    width: int = told("In pixels.", 185)
    height: int = told("In pixels.", 278)
    content_type: str = told("Media type.", "image/webp")
    bytes: int = told("Size in bytes.", 9_120)


class Logo(Document):
    """Where a logo is upstream, and our mirrored copy of it."""

    tmdb_logo_path: str | None = told("TMDb's path of the logo.", "/ko6.png")
    hosted_logo_key: str | None = told(
        "Key of our copy in the object store.", "images/logos/networks/174/" + "ab" * 32 + ".png"
    )
    hosted_logo_url: str | None = told(
        "Address of our copy; a path of this API where images are mirrored into a folder.",
        "/media/images/logos/networks/174/" + "ab" * 32 + ".png",
    )
    hosted_logo_sha256: str | None = told("SHA-256 of the copy, in hex.", "ab" * 32)
    hosted_logo_content_type: str | None = told("Media type, from the bytes.", "image/png")
    hosted_logo_bytes: int | None = told("Size of the copy in bytes.", 4213)
    hosted_logo_etag: str | None = told("The object store's entity tag.", "cd" * 16)
    hosted_logo_at: datetime | None = told("When the copy was made.", "2026-11-20T08:00:00Z")


class Company(Logo):
    """A network or production company as TMDb knows it, with its logo."""

    id: int = told("TMDb's id.", 174)
    name: str | None = told("Name.", "AMC")
    origin_country: str | None = told("Country code (ISO 3166-1).", "US")


class Page(Document):
    """The envelope of every list."""

    next: str | None = told("`cursor` of the next page; null on the last.", None)


class AttributedPage(Page):
    """The envelope of a list that may show several sources."""

    attribution: list[str] = told("Lines to show with the data.", ["Information from TMDb."])
