"""Renditions of images that were held before the settings asked for them.

No host is asked: the original is read back from the store, scaled, and its receipt landed anew. A
receipt says for which widths its image was scaled, or could not be; the work is what is missing
there, so it is done once, resumed after a kill, and followed by nothing when it is done.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from psycopg import Connection

from extract.documents import Failure, document
from extract.mirror.errors import ImageNotStored
from extract.mirror.ledger import RECEIPTS, Ledger, Outcome, Renewed
from extract.mirror.paging import pages
from extract.mirror.policy import Policy
from extract.mirror.renditions import keep_renditions
from extract.mirror.scaling import scaled
from extract.mirror.store import Store
from extract.mirror.worklist import LASTING, NOT_FAILING
from extract.postgres import clock

PAGE_SIZE = 200


@dataclass(frozen=True, slots=True)
class _Held:
    """An image that the store holds, by its receipt."""

    position: int
    key: str
    payload: dict[str, Any]


def stage(connection: Connection, policy: Policy, store: str) -> int:
    """Fix which held images want renditions that they lack; how many."""
    connection.execute("drop table if exists pg_temp.images_to_scale")
    values = {
        "kinds": policy.kind_names,
        "widths": list(policy.rendition_widths),
        "store": store,
        "lasting": LASTING,
    }
    return connection.execute(_STAGE, values).rowcount


def renew_staged(ledger: Ledger, policy: Policy, connections: int) -> None:
    """Make them, each by one thread of `connections`. Raises StoreUnusable."""
    now = clock.steady(ledger.connection)

    def renew(held: _Held) -> Outcome:
        return _renew(ledger.store, held, policy.rendition_widths, now)

    try:
        with ThreadPoolExecutor(connections, "renew") as threads:
            for page in pages(ledger.connection, "images_to_scale", _Held, PAGE_SIZE):
                for outcome in threads.map(renew, page):
                    ledger.write([outcome])
    finally:
        ledger.settle()


def _renew(
    store: Store, held: _Held, asked: tuple[int, ...], now: Callable[[], datetime]
) -> Outcome:
    # Widths of before stay: the settings say what is made, not what is kept.
    widths = sorted({*asked, *held.payload.get("rendition_widths", [])})
    try:
        body = store.read(held.payload["key"])
        if body is None or hashlib.sha256(body).hexdigest() != held.payload["sha256"]:
            why = "its object is missing or damaged; `showhouse mirror --verify all` gives it up"
            return Failure(RECEIPTS.name, held.key, why, now())
        made = scaled(body, held.payload["content_type"], widths)
        renditions = keep_renditions(store, held.payload["key"], made, widths)
    except ImageNotStored as error:
        return Failure(RECEIPTS.name, held.key, str(error), now())
    payload = held.payload | renditions.told
    receipt = document(RECEIPTS, held.key, payload, request="mirror", fetched_at=now())
    return Renewed(receipt, renditions)


_STAGE: LiteralString = f"""
    create temporary table images_to_scale as
    select row_number() over (order by key) as position, key, payload
    from (
        select key, payload, key as receipt_key
        from raw.showhouse_mirrored_images
        where superseded_by is null
            and not is_tombstone
            and payload ->> 'store' = %(store)s
            and payload ->> 'kind' = any(%(kinds)s)
            and payload ->> 'content_type' <> 'image/svg+xml'
            and not coalesce(payload -> 'rendition_widths', '[]')
                @> to_jsonb(%(widths)s::integer[])
    ) as held
    where {NOT_FAILING.format(receipts="held")}
"""
