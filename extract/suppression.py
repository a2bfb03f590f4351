"""People who asked to be forgotten: decisions, landed like any answer, so that rebuilds keep them.

Who reads what is due leaves out `raw.suppressed_people`, and so does every model that names people.
The decision holds the person's id, and no name.
"""

from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection

from extract.documents import Batch, document
from extract.landing import land
from extract.landing.forgetting import PERSON, due_again, empty_forgotten
from extract.landing.purging import Purged
from extract.postgres import clock
from extract.registry import RESOURCES
from extract.sources.showhouse import SUPPRESSED_PEOPLE


def suppress(connection: Connection[Any], tmdb_id: int, *, run_id: UUID | None = None) -> Purged:
    """Forget a person: land the decision, then empty what was landed of that person alone."""
    run_id = run_id or uuid4()
    _decide(connection, tmdb_id, run_id, is_suppressed=True)
    return empty_forgotten(connection, RESOURCES.values(), run_id=run_id)


def restore(connection: Connection[Any], tmdb_id: int, *, run_id: UUID | None = None) -> bool:
    """Undo it: the person is shown, and fetched, again; whether there was something to undo."""
    if tmdb_id not in suppressed(connection):
        return False
    _decide(connection, tmdb_id, run_id or uuid4(), is_suppressed=False)
    due_again(connection, RESOURCES.values(), tmdb_id)
    return True


def suppressed(connection: Connection[Any]) -> list[int]:
    """Give the people who are to be forgotten, by TMDb id."""
    rows = connection.execute("select tmdb_person_id from raw.suppressed_people order by 1")
    return [tmdb_id for (tmdb_id,) in rows]


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
