"""The receipts of a run, landed in batches like any other answer.

Until its receipt is landed an image counts as not held; a run killed in between fetches it again
and finds the object there.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from psycopg import Connection

from extract.documents import Batch, Failure, Reject, document
from extract.http.client import Answer
from extract.landing import land
from extract.mirror.refusal import Refused
from extract.mirror.result import Mirrored
from extract.mirror.store import ImageObject, Kept, Store
from extract.mirror.worklist import Owner, Wanted
from extract.registry import RESOURCES

RECEIPTS = RESOURCES["showhouse_mirrored_images"]
BATCH_SIZE = 200
BATCH_SECONDS = 5.0


@dataclass(slots=True)
class Ledger:
    """Collects what came of each image and lands it; one connection, one task on it at a time."""

    connection: Connection
    store: Store
    run_id: UUID
    result: Mirrored
    on_progress: Callable[[Mirrored], None] | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _batch: Batch = field(default_factory=Batch)
    _began: float = field(default_factory=time.monotonic)

    def stored(
        self, owner: Owner, wanted: Wanted, image: ImageObject, kept: Kept, answer: Answer
    ) -> None:
        """The image is in the store."""
        if kept.uploaded:
            self.result.uploaded += 1
            self.result.bytes += len(image.body)
        else:
            self.result.skipped += 1
        payload = {
            "kind": owner.kind,
            "owner_id": int(owner.owner_id) if owner.owner_id.isdigit() else owner.owner_id,
            "source": wanted.source,
            "file_path": wanted.file_path,
            "store": self.store.name,
            "key": image.key,
            "url": self.store.url(image.key),
            "sha256": image.sha256,
            "content_type": image.content_type,
            "bytes": len(image.body),
            "etag": kept.etag,
            "at": answer.fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
        }
        self._batch.documents.append(
            document(
                RECEIPTS,
                owner.receipt_key,
                payload,
                request=answer.request,
                fetched_at=answer.fetched_at,
            )
        )

    def refused(self, owner: Owner, refusal: Refused, body: bytes, *, request: str) -> None:
        """The answer is no image that we keep."""
        self.result.rejected += 1
        self.result.report(owner.receipt_key, str(refusal))
        self._batch.rejects.append(
            Reject(
                resource=RECEIPTS.name,
                key=owner.receipt_key,
                reason=refusal.reason,
                detail=refusal.detail,
                body=body,
                request=request,
                fetched_at=datetime.now(UTC),
            )
        )

    def failed(self, owner: Owner, why: str) -> None:
        """There was no answer, or the store did not take it."""
        self.result.failed += 1
        self.result.report(owner.receipt_key, why)
        self._batch.failures.append(
            Failure(RECEIPTS.name, owner.receipt_key, why, datetime.now(UTC))
        )

    async def settle(self, *, at_once: bool = False) -> None:
        """Land what has come together, if it is enough or has waited for long."""
        async with self.turn:
            full = self._size() >= BATCH_SIZE
            if not (at_once or full or time.monotonic() - self._began > BATCH_SECONDS):
                return
            batch, self._batch = self._batch, Batch()
            if batch:
                await asyncio.to_thread(land, self.connection, batch, run_id=self.run_id)
                if self.on_progress:
                    self.on_progress(self.result)
            self._began = time.monotonic()

    def _size(self) -> int:
        batch = self._batch
        return len(batch.documents) + len(batch.rejects) + len(batch.failures)
