"""The tracked set: decisions, landed like any answer, so that the warehouse can be rebuilt.

A series taken off is no tombstone: that it was tracked once, and is not now, is what lands.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection

from extract.documents import Batch, document
from extract.landing import land
from extract.postgres import clock
from extract.sources.showhouse import TRACKED_SHOWS
from extract.sources.tmdb.resources import SERIES

_LOCK = int.from_bytes(b"tracking")


def track(
    connection: Connection[Any],
    ids: Iterable[int],
    tags: Collection[str] = (),
    *,
    run_id: UUID | None = None,
) -> int:
    """Track series by their TMDb ids; tags are added to those they have. Gives how many changed."""
    with _alone(connection):
        held = _tags_by_id(connection)
        wanted = {number: sorted({*tags, *held.get(number, ())}) for number in ids}
        return _decide(connection, wanted, is_tracked=True, run_id=run_id)


def untag(
    connection: Connection[Any],
    tag: str,
    *,
    but: Collection[int],
    run_id: UUID | None = None,
) -> int:
    """Take a tag off all tracked series but these, which stay tracked; gives how many had it."""
    with _alone(connection):
        held = _tags_by_id(connection)
        changed = {
            number: sorted(set(tags) - {tag})
            for number, tags in held.items()
            if tag in tags and number not in but
        }
        return _decide(connection, changed, is_tracked=True, run_id=run_id)


def untrack(connection: Connection[Any], ids: Iterable[int], *, run_id: UUID | None = None) -> int:
    """Take series off the tracked set; gives how many were on it."""
    with _alone(connection):
        held = _tags_by_id(connection)
        gone: dict[int, list[str]] = {number: [] for number in ids if number in held}
        return _decide(connection, gone, is_tracked=False, run_id=run_id)


def tracked(connection: Connection[Any]) -> dict[int, tuple[str, ...]]:
    """Give the tracked series by TMDb id, in order, each with its tags."""
    return dict(sorted(_tags_by_id(connection).items()))


@contextmanager
def _alone(connection: Connection[Any]) -> Iterator[None]:
    # Tags are added to those held: two who read before either lands would lose one's tags.
    connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
    try:
        yield
    finally:
        connection.execute("select pg_advisory_unlock(%s)", (_LOCK,))


def _tags_by_id(connection: Connection[Any]) -> dict[int, tuple[str, ...]]:
    rows = connection.execute(
        """
        select (payload ->> 'tmdb_id')::integer, payload -> 'tags'
        from raw.showhouse_tracked_shows
        where superseded_by is null and payload @> '{"is_tracked": true}'
        """
    )
    return {number: tuple(tags or ()) for number, tags in rows}


def _decide(
    connection: Connection[Any],
    tags_by_id: Mapping[int, list[str]],
    *,
    is_tracked: bool,
    run_id: UUID | None,
) -> int:
    decided_at = clock.now(connection)
    documents = [
        document(
            TRACKED_SHOWS,
            f"{SERIES}{number}",
            {"tmdb_id": number, "is_tracked": is_tracked, "tags": tags},
            request="showhouse track",
            fetched_at=decided_at,
        )
        for number, tags in tags_by_id.items()
    ]
    return land(connection, Batch(documents), run_id=run_id or uuid4()).landed
