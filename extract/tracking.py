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

TITLES = "imdb:"
"""Before the id of a title of IMDb's that TMDb does not know, in the place of `tmdb:tv:`."""

_LOCK = int.from_bytes(b"tracking")


def track(
    connection: Connection[Any],
    ids: Iterable[int],
    tags: Collection[str] = (),
    *,
    run_id: UUID | None = None,
) -> int:
    """Track series by their TMDb ids; tags are added to those they have. Gives how many changed."""
    return _track(connection, (f"{SERIES}{number}" for number in ids), tags, run_id)


def track_titles(
    connection: Connection[Any],
    imdb_ids: Iterable[str],
    tags: Collection[str] = (),
    *,
    run_id: UUID | None = None,
) -> int:
    """Track series that TMDb does not know by their IMDb ids; gives how many changed."""
    return _track(connection, (f"{TITLES}{imdb_id}" for imdb_id in imdb_ids), tags, run_id)


def untag(
    connection: Connection[Any],
    tag: str,
    *,
    but: Collection[int],
    but_titles: Collection[str] = (),
    run_id: UUID | None = None,
) -> int:
    """Take a tag off all that is tracked but these, which stay tracked; gives how many had it."""
    kept = {*(f"{SERIES}{number}" for number in but), *(f"{TITLES}{key}" for key in but_titles)}
    with _alone(connection):
        changed = {
            key: sorted(set(tags) - {tag})
            for key, tags in _tags_by_key(connection).items()
            if tag in tags and key not in kept
        }
        return _decide(connection, changed, is_tracked=True, run_id=run_id)


def untrack(
    connection: Connection[Any],
    ids: Iterable[int],
    titles: Iterable[str] = (),
    *,
    run_id: UUID | None = None,
) -> int:
    """Take series off the tracked set; gives how many were on it."""
    named = (*(f"{SERIES}{number}" for number in ids), *(f"{TITLES}{key}" for key in titles))
    with _alone(connection):
        held = _tags_by_key(connection)
        gone: dict[str, list[str]] = {key: [] for key in named if key in held}
        return _decide(connection, gone, is_tracked=False, run_id=run_id)


def tracked(connection: Connection[Any]) -> dict[int, tuple[str, ...]]:
    """Give the tracked series by TMDb id, in order, each with its tags."""
    held = _of_kind(connection, SERIES)
    return {number: held[str(number)] for number in sorted(map(int, held))}


def tracked_titles(connection: Connection[Any]) -> dict[str, tuple[str, ...]]:
    """Give those that are tracked by their IMDb id alone, in order, each with its tags."""
    return dict(sorted(_of_kind(connection, TITLES).items()))


def taken_off(connection: Connection[Any]) -> set[int]:
    """Give the series that were tracked and are not any more, by TMDb id."""
    rows = connection.execute(
        """
        select (payload -> 'tmdb_id')::integer
        from raw.showhouse_tracked_shows
        where
            superseded_by is null
            and payload @> '{"is_tracked": false}'
            and jsonb_typeof(payload -> 'tmdb_id') = 'number'
        """
    )
    return {number for (number,) in rows}


@contextmanager
def _alone(connection: Connection[Any]) -> Iterator[None]:
    # Tags are added to those held: two who read before either lands would lose one's tags.
    connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
    try:
        yield
    finally:
        connection.execute("select pg_advisory_unlock(%s)", (_LOCK,))


def _track(
    connection: Connection[Any], keys: Iterable[str], tags: Collection[str], run_id: UUID | None
) -> int:
    with _alone(connection):
        held = _tags_by_key(connection)
        wanted = {key: sorted({*tags, *held.get(key, ())}) for key in keys}
        return _decide(connection, wanted, is_tracked=True, run_id=run_id)


def _of_kind(connection: Connection[Any], prefix: str) -> dict[str, tuple[str, ...]]:
    return {
        key.removeprefix(prefix): tags
        for key, tags in _tags_by_key(connection).items()
        if key.startswith(prefix)
    }


def _tags_by_key(connection: Connection[Any]) -> dict[str, tuple[str, ...]]:
    rows = connection.execute(
        """
        select key, payload -> 'tags'
        from raw.showhouse_tracked_shows
        where superseded_by is null and payload @> '{"is_tracked": true}'
        """
    )
    return {key: tuple(tags or ()) for key, tags in rows}


def _decide(
    connection: Connection[Any],
    tags_by_key: Mapping[str, list[str]],
    *,
    is_tracked: bool,
    run_id: UUID | None,
) -> int:
    decided_at = clock.now(connection)
    documents = [
        document(
            TRACKED_SHOWS,
            key,
            {**_named(key), "is_tracked": is_tracked, "tags": tags},
            request="showhouse track",
            fetched_at=decided_at,
        )
        for key, tags in tags_by_key.items()
    ]
    return land(connection, Batch(documents), run_id=run_id or uuid4()).landed


def _named(key: str) -> dict[str, int | str]:
    if key.startswith(TITLES):
        return {"imdb_id": key.removeprefix(TITLES)}
    return {"tmdb_id": int(key.removeprefix(SERIES))}
