"""Photos of people who asked to be forgotten: out of the store at once, and out of the receipts.

No grace, and no share of theirs is too large to believe: that somebody is to be forgotten was
decided by hand. First their receipts are given up, then the objects go, every one that a receipt
ever told of, then what the receipts told; whatever is killed in between is done again by the next
run. A mirror that goes on meanwhile may bring a photo back; its receipt tells the next run.
"""

from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection

from extract.documents import Batch, tombstone
from extract.landing import land, turns
from extract.mirror.ledger import OF_RECEIPTS, RECEIPTS
from extract.mirror.result import Pruned
from extract.mirror.store import Store
from extract.postgres import clock

_THEIRS: LiteralString = """
    from raw.showhouse_mirrored_images as receipts
    where receipts.payload ->> 'kind' = 'person_photos'
        and receipts.payload ->> 'owner_id' in (
            select tmdb_person_id::text from raw.suppressed_people
        )
"""
_IN_STORE: LiteralString = f"{_THEIRS} and receipts.payload ->> 'store' = %(store)s"
_LIVE: LiteralString = f"select key {_THEIRS} and superseded_by is null order by key"
_OBJECTS: LiteralString = f"""
    select distinct objects.key
    from (select payload {_IN_STORE}) as receipts
    {OF_RECEIPTS}
    where objects.key is not null
    order by objects.key
"""
_EMPTY: LiteralString = f"""
    update raw.showhouse_mirrored_images as emptied
    set payload = null, purged_at = clock_timestamp(), purged_by = %(load_id)s
    from (select receipts.key, receipts.load_id {_IN_STORE}) as theirs
    where emptied.key = theirs.key
        and emptied.load_id = theirs.load_id
        and emptied.superseded_by is not null
"""


def forget_photos(connection: Connection[Any], store: Store, *, run_id: UUID) -> Pruned:
    """Give up and delete what `store` holds of them; keys of receipts and of objects.

    What another store holds (a folder, before there was a bucket) is given up, too, but its objects
    stay: they are not within reach. Raises StoreUnusable.
    """
    live = [key for (key,) in connection.execute(_LIVE)]
    if live:
        at = clock.now(connection)
        given_up = [tombstone(RECEIPTS, key, request="forget", fetched_at=at) for key in live]
        land(connection, Batch(given_up), run_id=run_id)
    objects = [key for (key,) in connection.execute(_OBJECTS, {"store": store.name})]
    if objects:
        store.delete(objects)
        _empty_receipts(connection, store, run_id)
    return Pruned(live, objects)


def _empty_receipts(connection: Connection[Any], store: Store, run_id: UUID) -> None:
    started_at = clock.now(connection)
    with connection.transaction():
        turns.take_turn(connection)
        load_id = turns.draw_load(connection)
        values = {"store": store.name, "load_id": load_id}
        count = connection.execute(_EMPTY, values).rowcount
        told = {RECEIPTS.name: {"purged": count}}
        turns.enter_load(connection, load_id, run_id, started_at, told, kind="purge")
