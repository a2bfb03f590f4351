"""When the public address of the objects changes, their receipts follow: no image is asked for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from extract.documents import Batch, Document, document
from extract.landing import land
from extract.mirror.renditions import with_urls
from extract.mirror.store import Store
from extract.postgres import clock
from extract.registry import RESOURCES

RECEIPTS = RESOURCES["showhouse_mirrored_images"]
BATCH_SIZE = 500


def move(connection: Connection, store: Store, run_id: UUID) -> int:
    """Land anew the receipts of this store that name another address than it has; how many."""
    moved = 0
    while rows := connection.execute(
        _MOVED, {"store": store.name, "base_url": store.url(""), "batch_size": BATCH_SIZE}
    ).fetchall():
        at = clock.now(connection)
        documents = [_moved(key, payload, store, at) for key, payload in rows]
        land(connection, Batch(documents), run_id=run_id)
        moved += len(rows)
    return moved


def _moved(key: str, payload: dict[str, Any], store: Store, at: datetime) -> Document:
    return document(
        RECEIPTS,
        key,
        with_urls(payload, store),
        request="mirror",
        fetched_at=at,
    )


_MOVED = """
    select key, payload
    from raw.showhouse_mirrored_images
    where superseded_by is null
        and not is_tombstone
        and payload ->> 'store' = %(store)s
        and payload ->> 'url' <> %(base_url)s || (payload ->> 'key')
    limit %(batch_size)s
"""
