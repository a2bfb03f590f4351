"""A wiki of a tracked series with pages of its cast, and the reading of it."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg

from extract.documents import Batch, document
from extract.landing import land
from extract.registry import RESOURCES
from extract.run import Extracted
from extract.settings import Settings
from extract.tracking import track
from extract.wikis import extract_wikis
from tests.fandom.server import Page, Wikis, wikis

WIKI = "real-samples"
ADA, BO, OTHER, SHOW = 11, 12, 13, 14
SERIES = "5"


def page_text(name: str, born: str) -> str:
    """Give a page with an infobox."""
    return f"""<aside class="portable-infobox"><h2 class="pi-title">{name}</h2>
        <div class="pi-data"><h3 class="pi-data-label">Birthdate</h3>
        <div class="pi-data-value">{born}</div></div></aside>"""


@contextmanager
def samples() -> Iterator[Wikis]:
    """Run wikis, of which one has pages of two people, of a third, and of their series."""
    with wikis() as running:
        running.pages[WIKI] = {
            ADA: Page("Ada Sample (S1)", 100, page_text("Ada Sample", "May 4, 1980")),
            BO: Page("Bo Sample", 200, page_text("Bo Sample", "1975")),
            OTHER: Page("Ada Samplesmith", 300, page_text("Ada Samplesmith", "1990")),
            SHOW: Page("The Samples", 400, "<p>A series.</p>"),
        }
        running.redirects[WIKI] = {"Ada Sample": "Ada Sample (S1)"}
        yield running


def hold_series(
    connection: psycopg.Connection[Any], cast: Sequence[Any], *tags: str, series: str = SERIES
) -> None:
    """Land a series with its cast, tracked with the tag of the wiki, and with these as well."""
    asked: dict[str, Any] = {"request": "GET", "fetched_at": datetime.now(UTC)}
    details = {"id": int(series), "name": "The Samples"}
    credits = {"id": int(series), "cast": [*cast, {"id": 3}, 7], "crew": []}
    held = [
        document(RESOURCES["tmdb_tv_details"], series, details, **asked),
        document(RESOURCES["tmdb_tv_aggregate_credits"], series, credits, **asked),
    ]
    land(connection, Batch(held), run_id=uuid4())
    track(connection, [int(series)], [f"fandom:{WIKI}", *tags])


def hold_cast(connection: psycopg.Connection[Any], names: Sequence[str], *tags: str) -> None:
    """Do the same for a cast of these names."""
    cast = [{"id": number, "name": name} for number, name in enumerate(names, 100)]
    hold_series(connection, cast, *tags)


def read(settings: Settings, fandom: Wikis, **options: Any) -> Extracted:
    """Read what is due of the wikis."""
    there = {"fandom_base_url": fandom.base_url, "fandom_requests_per_second": 500.0}
    return asyncio.run(extract_wikis(settings.model_copy(update=there), **options))
