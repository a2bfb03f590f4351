"""Read objects back and hold them against the ledger: what is missing or wrong is wanted again.

A receipt says what an object was when it was stored. Disks rot, buckets have other users, folders
are restored from old copies: so a sample of the objects, or all of them, is read, and size and
SHA-256 compared. The receipts of an object that is not what they say are superseded by tombstones,
and the next run of the mirror fetches the image anew and writes over what is there.

If a fifth of what was read is wrong (and more than 20), the store itself is probably not what it
was, a disk that is not mounted or another bucket: then no receipt is given up unless told so.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg import Connection

from extract.documents import Batch, tombstone
from extract.landing import land
from extract.mirror.errors import VerifyRefused
from extract.mirror.kinds import Kind
from extract.mirror.paging import pages
from extract.mirror.pruning import BELIEVED_COUNT, BELIEVED_SHARE
from extract.mirror.result import LISTED_AT_MOST, Problem
from extract.mirror.store import Digest, Store
from extract.postgres import clock
from extract.registry import RESOURCES

RECEIPTS = RESOURCES["showhouse_mirrored_images"]
SAMPLE_SIZE = 1000
PAGE_SIZE = 200


@dataclass(slots=True)
class Verified:
    """What was read back: `objects` of `held`, and the first 1,000 that are `wrong`, by object."""

    held: int = 0
    objects: int = 0
    bytes: int = 0
    wrong_count: int = 0
    wrong: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Claim:
    """An object as the ledger has it, and the receipts that name it."""

    position: int
    key: str
    sha256: str
    bytes: int
    receipt_keys: list[str]


@dataclass(frozen=True, slots=True)
class _Fault:
    claim: _Claim
    why: str
    found_at: datetime


def verify(
    connection: Connection,
    store: Store,
    kinds: Sequence[Kind],
    *,
    run_id: UUID,
    sample: int | None = SAMPLE_SIZE,
    connections: int = 20,
    dry_run: bool = False,
    accept_shrink: bool = False,
    on_progress: Callable[[Verified], None] | None = None,
) -> Verified:
    """Read `sample` objects of these kinds, chosen by chance, or all for None.

    Lands tombstones for the receipts of those that are wrong, but not in a `dry_run`. Raises
    VerifyRefused, StoreUnusable.
    """
    found = Verified(held=_stage(connection, store, kinds, sample))
    faults: list[_Fault] = []
    with ThreadPoolExecutor(connections, "verify") as threads:
        for page in pages(connection, "objects_to_verify", _Claim, PAGE_SIZE):
            at = clock.now(connection)
            for claim, digest in zip(page, threads.map(store.digest, _keys(page)), strict=True):
                found.objects += 1
                found.bytes += digest.bytes if digest else 0
                if why := _difference(claim, digest):
                    faults.append(_Fault(claim, why, at))
            if on_progress:
                on_progress(found)
    found.wrong_count = len(faults)
    found.wrong = [Problem(fault.claim.key, fault.why) for fault in faults[:LISTED_AT_MOST]]
    if not dry_run:
        _give_up(connection, faults, found, run_id, accept_shrink=accept_shrink)
    return found


def _difference(claim: _Claim, digest: Digest | None) -> str | None:
    if digest is None:
        return "it is missing"
    if digest.bytes != claim.bytes:
        return f"it has {digest.bytes:,} bytes, not {claim.bytes:,}"
    if digest.sha256 != claim.sha256:
        return "its bytes are others than those that were stored"
    return None


def _give_up(
    connection: Connection,
    faults: Sequence[_Fault],
    found: Verified,
    run_id: UUID,
    *,
    accept_shrink: bool,
) -> None:
    is_believed = len(faults) <= max(BELIEVED_COUNT, found.objects * BELIEVED_SHARE)
    if not (accept_shrink or is_believed):
        raise VerifyRefused(len(faults), found.objects, str(found.wrong[0].why))
    for start in range(0, len(faults), PAGE_SIZE):
        documents = [
            # dated before it was read: a receipt landed since is not superseded
            tombstone(RECEIPTS, key, request="verify", fetched_at=fault.found_at)
            for fault in faults[start : start + PAGE_SIZE]
            for key in fault.claim.receipt_keys
        ]
        land(connection, Batch(documents), run_id=run_id)


def _keys(page: Sequence[_Claim]) -> list[str]:
    return [claim.key for claim in page]


def _stage(connection: Connection, store: Store, kinds: Sequence[Kind], sample: int | None) -> int:
    connection.execute("drop table if exists pg_temp.objects_to_verify")
    values = {"store": store.name, "kinds": [kind.name for kind in kinds], "sample": sample}
    connection.execute(_STAGE, values)
    row = connection.execute(_COUNT, values).fetchone()
    return int(row[0]) if row else 0


_CLAIMED: LiteralString = """
            select objects.*, receipts.key as receipt_key
            from raw.showhouse_mirrored_images as receipts
            cross join lateral (
                select
                    payload ->> 'key' as key,
                    payload ->> 'sha256' as sha256,
                    (payload ->> 'bytes')::bigint as bytes
                union all
                select made.*
                from jsonb_to_recordset(payload -> 'renditions')
                    as made (key text, sha256 text, bytes bigint)
            ) as objects
            where superseded_by is null
                and payload ->> 'store' = %(store)s
                and payload ->> 'kind' = any(%(kinds)s)
"""

_COUNT: LiteralString = f"""
    select count(distinct key) from ({_CLAIMED}) as claimed
"""

_STAGE: LiteralString = f"""
    create temporary table objects_to_verify as
    select row_number() over () as position, chosen.*
    from (
        select
            key,
            max(sha256) as sha256,
            max(bytes) as bytes,
            array_agg(receipt_key order by receipt_key) as receipt_keys
        from ({_CLAIMED}) as claimed
        group by 1
        order by random()
        limit %(sample)s
    ) as chosen
"""
