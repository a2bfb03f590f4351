"""People who asked to be forgotten: decisions, landed like any answer, so that rebuilds keep them.

Who reads what is due leaves out `raw.suppressed_people`, and so does every model that names people.
A decision holds an id, and no name: the person's, and for each page of a wiki that may be theirs
the page's own. A page of somebody whom no other source knows is forgotten by itself.
"""

from collections.abc import Iterable
from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg import Connection

from extract.documents import Batch, document
from extract.landing import land
from extract.landing.forgetting import PERSON, due_again, empty_forgotten, pages_due_again
from extract.landing.purging import Purged
from extract.postgres import clock
from extract.registry import RESOURCES
from extract.sources.fandom.known import pages_of
from extract.sources.showhouse import SUPPRESSED_PAGES, SUPPRESSED_PEOPLE

_PAGES: LiteralString = """
    select key, (payload ->> 'tmdb_id')::integer
    from raw.showhouse_suppressed_pages
    where superseded_by is null and payload @> '{"is_suppressed": true}'
    order by key
"""


def suppress(connection: Connection[Any], tmdb_id: int, *, run_id: UUID | None = None) -> Purged:
    """Forget a person, and pages of wikis that may be theirs: land the decisions, then empty."""
    run_id = run_id or uuid4()
    pages = set(pages_of(connection, tmdb_id)) - suppressed_pages(connection).keys()
    _decide(connection, tmdb_id, run_id, is_suppressed=True)
    _decide_pages(connection, sorted(pages), run_id, is_suppressed=True, tmdb_id=tmdb_id)
    return empty_forgotten(connection, RESOURCES.values(), run_id=run_id)


def restore(connection: Connection[Any], tmdb_id: int, *, run_id: UUID | None = None) -> bool:
    """Undo it: the person is shown, and fetched, again; whether there was something to undo."""
    if tmdb_id not in suppressed(connection):
        return False
    run_id = run_id or uuid4()
    pages = [page for page, of in suppressed_pages(connection).items() if of == tmdb_id]
    _decide(connection, tmdb_id, run_id, is_suppressed=False)
    _decide_pages(connection, pages, run_id, is_suppressed=False, tmdb_id=tmdb_id)
    due_again(connection, RESOURCES.values(), tmdb_id)
    pages_due_again(connection, pages)
    return True


def suppress_page(connection: Connection[Any], page: str, *, run_id: UUID | None = None) -> Purged:
    """Forget a wiki's page, by its key (`real-housewives/5687`)."""
    run_id = run_id or uuid4()
    _decide_pages(connection, [page], run_id, is_suppressed=True)
    return empty_forgotten(connection, RESOURCES.values(), run_id=run_id)


def restore_page(connection: Connection[Any], page: str, *, run_id: UUID | None = None) -> bool:
    """Undo it: the page is read again with its wiki; whether there was something to undo."""
    if page not in suppressed_pages(connection):
        return False
    _decide_pages(connection, [page], run_id or uuid4(), is_suppressed=False)
    pages_due_again(connection, [page])
    return True


def suppressed(connection: Connection[Any]) -> list[int]:
    """Give the people who are to be forgotten, by TMDb id."""
    rows = connection.execute("select tmdb_person_id from raw.suppressed_people order by 1")
    return [tmdb_id for (tmdb_id,) in rows]


def suppressed_pages(connection: Connection[Any]) -> dict[str, int | None]:
    """Give the pages that are to be forgotten, each with the person with whom it was."""
    return dict(connection.execute(_PAGES).fetchall())


def _decide(
    connection: Connection[Any], tmdb_id: int, run_id: UUID, *, is_suppressed: bool
) -> None:
    decision = document(
        SUPPRESSED_PEOPLE,
        f"{PERSON}{tmdb_id}",
        {"tmdb_id": tmdb_id, "is_suppressed": is_suppressed},
        request="showhouse forget",
        fetched_at=clock.now(connection),
    )
    land(connection, Batch([decision]), run_id=run_id)


def _decide_pages(
    connection: Connection[Any],
    pages: Iterable[str],
    run_id: UUID,
    *,
    is_suppressed: bool,
    tmdb_id: int | None = None,
) -> None:
    at = clock.now(connection)
    decisions = [
        document(
            SUPPRESSED_PAGES,
            page,
            {"page_key": page, "tmdb_id": tmdb_id, "is_suppressed": is_suppressed},
            request="showhouse forget",
            fetched_at=at,
        )
        for page in pages
    ]
    if decisions:
        land(connection, Batch(decisions), run_id=run_id)
