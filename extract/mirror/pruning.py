"""Delete what nothing refers to any more, in two steps with a week between them.

Release: a receipt whose image no row of the warehouse shows or names is superseded by a tombstone.
Sweep: an object without a live receipt is deleted when it was released, and written, a week ago.
Renditions are of the receipt of their original, and go with it.
An image that comes back in between is simply wanted again, and its object found held.

A list of references that looks truncated is not believed. It does if
- the warehouse names no image at all of a kind that has receipts,
- more than a fifth of a kind's receipts would be released at once (and more than 20),
- more than a fifth of the objects were never known to this database (and more than 20): another
  database may own them,
- the payload of a live receipt was purged, so that nobody knows what it refers to.
The first three can be overruled by `accept_shrink`, after a look at the dry run.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection, errors

from extract.documents import Batch, tombstone
from extract.landing import land
from extract.mirror import turns
from extract.mirror.errors import PruneRefused, WorkListMissing
from extract.mirror.kinds import OBJECT_KEY, Kind
from extract.mirror.ledger import OF_RECEIPTS, RECEIPTS
from extract.mirror.result import Pruned
from extract.mirror.store import Store
from extract.mirror.worklist import CANDIDATES
from extract.postgres import clock

GRACE = timedelta(days=7)
BELIEVED_SHARE = 0.2
BELIEVED_COUNT = 20
BATCH_SIZE = 500


def prune(
    connection: Connection,
    store: Store,
    kinds: Sequence[Kind],
    *,
    run_id: UUID,
    dry_run: bool = False,
    grace: timedelta = GRACE,
    accept_shrink: bool = False,
) -> Pruned:
    """Release and sweep; raises PruneRefused, MirrorBusy, WorkListMissing."""
    _refuse_purged(connection)
    released = [
        key
        for kind in kinds
        for key in _unreferenced(connection, kind, grace, accept_shrink=accept_shrink)
    ]
    _list_objects(connection, store, kinds)
    if dry_run:
        return Pruned(released, _sweepable(connection, grace, accept_shrink=accept_shrink))
    _release(connection, released, run_id)
    with turns.sweeping(connection):
        deleted = _sweepable(connection, grace, accept_shrink=accept_shrink)
        store.delete(deleted)
    return Pruned(released, deleted)


def _refuse_purged(connection: Connection) -> None:
    count, *_ = _row(
        connection,
        "select count(*) from raw.showhouse_mirrored_images"
        " where superseded_by is null and not is_tombstone and payload is null",
        {},
    )
    if count:
        raise PruneRefused(f"{count:,} receipts were purged, so that their objects are unknown")


def _unreferenced(
    connection: Connection, kind: Kind, grace: timedelta, *, accept_shrink: bool
) -> list[str]:
    values = {"kind": kind.name, "grace": grace}
    try:
        live, referenced, unreferenced = _row(connection, _UNREFERENCED, values)
    except (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName) as error:
        raise WorkListMissing(CANDIDATES) from error
    keys: list[str] = unreferenced or []
    if accept_shrink:
        return keys
    if live and not referenced:
        raise PruneRefused(
            f"the warehouse names no image of {kind.name}, of which {live:,} are held"
        )
    _believe(len(keys), live, f"{kind.name}: {len(keys):,} of {live:,} images would be released")
    return keys


def _believe(lost: int, of: int, why: str) -> None:
    if lost > BELIEVED_COUNT and lost > of * BELIEVED_SHARE:
        raise PruneRefused(why)


def _release(connection: Connection, keys: Sequence[str], run_id: UUID) -> None:
    for start in range(0, len(keys), BATCH_SIZE):
        now = clock.now(connection)
        documents = [
            tombstone(RECEIPTS, key, request="prune", fetched_at=now)
            for key in keys[start : start + BATCH_SIZE]
        ]
        land(connection, Batch(documents), run_id=run_id)


def _list_objects(connection: Connection, store: Store, kinds: Sequence[Kind]) -> None:
    connection.execute("drop table if exists pg_temp.stored_objects")
    connection.execute(
        "create temporary table stored_objects (key text primary key, modified_at timestamptz)"
    )
    copy = "copy pg_temp.stored_objects from stdin"
    with connection.cursor() as cursor, cursor.copy(copy) as rows:
        for key, modified_at in _objects(store, kinds):
            rows.write_row((key, modified_at))
    connection.execute("analyze pg_temp.stored_objects")


def _objects(store: Store, kinds: Sequence[Kind]) -> Iterator[tuple[str, datetime]]:
    for prefix in sorted({kind.prefix for kind in kinds}):
        for found in store.objects(prefix):
            if OBJECT_KEY.fullmatch(found.key):
                yield found.key, found.modified_at


def _sweepable(connection: Connection, grace: timedelta, *, accept_shrink: bool) -> list[str]:
    stored, unknown, keys = _row(connection, _SWEEPABLE, {"grace": grace})
    if not accept_shrink:
        why = f"{unknown:,} of {stored:,} stored objects were never known to this database"
        _believe(unknown, stored, why)
    return keys or []


def _row(
    connection: Connection, statement: LiteralString, values: dict[str, object]
) -> tuple[Any, ...]:
    row = connection.execute(statement, values).fetchone()
    return row or ()


_UNREFERENCED: LiteralString = """
    with

    reference as (

        select owner_id, file_path, hosted_key as object_key
        from marts.image_candidates
        where kind = %(kind)s

    ),

    live as (

        select
            key,
            fetched_at,
            payload ->> 'owner_id' as owner_id,
            payload ->> 'file_path' as file_path,
            payload ->> 'key' as object_key
        from raw.showhouse_mirrored_images
        where superseded_by is null and not is_tombstone and payload ->> 'kind' = %(kind)s

    )

    select
        (select count(*) from live),
        (select count(*) from reference),
        (
            select array_agg(key order by key)
            from live
            where fetched_at < now() - %(grace)s::interval
                and not exists (
                    select from reference
                    where reference.owner_id = live.owner_id
                        and reference.file_path = live.file_path
                )
                and not exists (
                    select from reference where reference.object_key = live.object_key
                )
        )
"""

_SWEEPABLE: LiteralString = f"""
    with

    known as (

        select
            objects.key,
            bool_or(receipts.superseded_by is null) as is_live,
            max(loads.committed_at) as released_at
        from raw.showhouse_mirrored_images as receipts
        {OF_RECEIPTS}
        left join raw.loads on loads.load_id = receipts.superseded_by
        where receipts.payload is not null
        group by 1

    ),

    sweepable as (

        select stored_objects.key, known.key is null as is_unknown
        from pg_temp.stored_objects
        left join known on known.key = stored_objects.key
        where not coalesce(known.is_live, false)
            and greatest(stored_objects.modified_at, known.released_at)
                < now() - %(grace)s::interval

    )

    select
        (select count(*) from pg_temp.stored_objects),
        (select count(*) from sweepable where is_unknown),
        (select array_agg(key order by key) from sweepable)
"""
