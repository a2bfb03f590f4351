"""The receipts of a run, landed in batches like any other answer.

Until its receipt is landed an image counts as not held; a run killed in between fetches it again
and finds the object there.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, LiteralString
from uuid import UUID

from psycopg import Connection

from extract.documents import Batch, Document, Failure, Reject, document
from extract.landing import land
from extract.mirror.renditions import Renditions
from extract.mirror.result import Mirrored
from extract.mirror.store import ImageObject, Kept, Store
from extract.mirror.worklist import Owner, Wanted
from extract.registry import RESOURCES

if TYPE_CHECKING:
    from extract.http.answers import Answer

RECEIPTS = RESOURCES["showhouse_mirrored_images"]
OF_RECEIPTS: LiteralString = """
    cross join lateral (
        select receipts.payload ->> 'key' as key
        union all
        select made.key
        from jsonb_to_recordset(receipts.payload -> 'renditions') as made (key text)
    ) as objects
"""
"""Joins to `receipts` their objects: the image itself, and its renditions."""

BATCH_SIZE = 200
BATCH_BYTES = 64 * 1024 * 1024
"""Of refused answers, each of which may be as large as an image."""
BATCH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Stored:
    """The image is in the store; `bytes` were uploaded, none if they were there already."""

    receipt: Document
    uploaded: bool
    bytes: int
    renditions: Renditions


@dataclass(frozen=True, slots=True)
class Renewed:
    """The image was held, and has its renditions now."""

    receipt: Document
    renditions: Renditions


Outcome = Stored | Renewed | Reject | Failure
"""What came of a wanted image, for one of its owners."""


@dataclass(slots=True)
class Ledger:
    """Collects what came of each image and lands it."""

    connection: Connection
    store: Store
    run_id: UUID
    result: Mirrored
    on_progress: Callable[[Mirrored], None] | None = None
    _batch: Batch = field(default_factory=Batch)
    _began: float = field(default_factory=time.monotonic)

    def write(self, outcomes: Iterable[Outcome]) -> None:
        """Count outcomes and keep them for landing; land when there are enough, or for long."""
        for outcome in outcomes:
            if isinstance(outcome, Stored):
                self.result.uploaded += outcome.uploaded
                self.result.skipped += not outcome.uploaded
                self.result.bytes += outcome.bytes
                self._batch.documents.append(outcome.receipt)
                self._count(outcome.receipt, outcome.renditions)
            elif isinstance(outcome, Renewed):
                self._batch.documents.append(outcome.receipt)
                self._count(outcome.receipt, outcome.renditions)
            elif isinstance(outcome, Reject):
                self.result.rejected += 1
                self.result.report(outcome.key, f"{outcome.reason}: {outcome.detail}")
                self._batch.rejects.append(outcome)
            else:
                self.result.failed += 1
                self.result.report(outcome.key, outcome.error)
                self._batch.failures.append(outcome)
        if self._is_full() or time.monotonic() - self._began > BATCH_SECONDS:
            self.settle()

    def settle(self) -> None:
        """Land what has come together."""
        batch, self._batch = self._batch, Batch()
        if batch:
            land(self.connection, batch, run_id=self.run_id)
            if self.on_progress:
                self.on_progress(self.result)
        self._began = time.monotonic()

    def _count(self, receipt: Document, renditions: Renditions) -> None:
        self.result.renditions += renditions.uploaded
        self.result.bytes += renditions.bytes
        if renditions.failure:
            self.result.report_unscaled(receipt.key, renditions.failure)

    def _is_full(self) -> bool:
        batch = self._batch
        count = len(batch.documents) + len(batch.rejects) + len(batch.failures)
        refused = sum(len(reject.body) for reject in batch.rejects)
        return count >= BATCH_SIZE or refused >= BATCH_BYTES


def stored(
    store: Store,
    owner: Owner,
    wanted: Wanted,
    image: ImageObject,
    kept: Kept,
    renditions: Renditions,
    answer: "Answer",
) -> Stored:
    """The receipt of an image that is in the store."""
    payload = {
        "kind": owner.kind,
        "owner_id": int(owner.owner_id) if owner.owner_id.isdigit() else owner.owner_id,
        "source": wanted.source,
        "file_path": wanted.file_path,
        "store": store.name,
        "key": image.key,
        "url": store.url(image.key),
        "sha256": image.sha256,
        "content_type": image.content_type,
        "bytes": len(image.body),
        "etag": kept.etag,
        "at": answer.fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
        **renditions.told,
    }
    receipt = document(
        RECEIPTS, owner.receipt_key, payload, request=answer.request, fetched_at=answer.fetched_at
    )
    return Stored(receipt, kept.uploaded, len(image.body) if kept.uploaded else 0, renditions)
