"""Documents to land, and what is held, for the tests of landing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from extract.documents import Document, document, tombstone
from extract.registry import RESOURCES
from extract.resource import Resource

KEYWORDS = RESOURCES["tmdb_tv_keywords"]
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

Rows = list[tuple[Any, ...]]


def minute(number: float) -> datetime:
    """So many minutes after the beginning."""
    return BEGINNING + timedelta(minutes=number)


def keywords(series_id: int, content: Any, at: float = 0.0) -> Document:
    """A series' keywords, whose content is anything, as answered at a minute."""
    payload = {"id": series_id, "results": [content]}
    return document(
        KEYWORDS, str(series_id), payload, request="GET /tv/1/keywords", fetched_at=minute(at)
    )


def no_keywords(series_id: int, at: float = 0.0) -> Document:
    """The tombstone of a series' keywords."""
    return tombstone(KEYWORDS, str(series_id), request="GET /tv/1", fetched_at=minute(at))


def made_up(resource: Resource, content: Any, at: float = 0.0) -> Document:
    """A document of any resource, of no particular shape."""
    return document(
        resource, "1", {"id": 1, "content": content}, request="GET /", fetched_at=minute(at)
    )


def versions(connection: psycopg.Connection[Any], key: str, table: str = KEYWORDS.name) -> Rows:
    """What each version of a key holds, oldest first, and whether it is the latest."""
    return connection.execute(
        f"select payload -> 'results' -> 0, is_latest from raw.{table} "
        "where key = %s order by load_id",
        (key,),
    ).fetchall()


def fetch(connection: psycopg.Connection[Any], key: str, resource: str = KEYWORDS.name) -> Any:
    """The books' entry of a key, without its names."""
    return connection.execute(
        "select status, attempts, error, last_checked_at, last_changed_at, last_failed_at, "
        "next_due_at from raw.fetches where resource = %s and key = %s",
        (resource, key),
    ).fetchone()
