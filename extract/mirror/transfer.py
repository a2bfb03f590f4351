"""One image from its host into the store, and what may go wrong on the way."""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from extract.errors import BodyTooLarge, SourceError, SourceUnavailable
from extract.http.client import Answer, Client, Verdict
from extract.mirror.errors import ImageNotStored
from extract.mirror.kinds import IMAGE_SOURCES, KINDS
from extract.mirror.ledger import Ledger
from extract.mirror.refusal import Refused
from extract.mirror.sniffing import image_type
from extract.mirror.store import ImageObject, Kept
from extract.mirror.worklist import GONE, Owner, Wanted

UNAVAILABLE_IN_A_ROW = 100

_OWNER_ID = re.compile(r"[0-9]+(/season-[0-9]+|/[0-9]+)?")


@dataclass(slots=True)
class Transfer:
    """Carries images one by one; many at a time, from one event loop."""

    ledger: Ledger
    clients: Mapping[str, Client]
    threads: ThreadPoolExecutor
    _unavailable: int = 0

    async def carry(self, wanted: Wanted) -> None:
        """Fetch the image once, store it for each of its owners, write down what came of it.

        Raises StoreUnusable, and SourceUnavailable once the host answers nothing any more.
        """
        if why := _unfit(wanted):
            self._fail(wanted, why)
        elif (answer := await self._fetch(wanted)) is not None:
            for owner in wanted.owners:
                await self._deliver(owner, wanted, answer)
        await self.ledger.settle()

    async def _fetch(self, wanted: Wanted) -> Answer | None:
        source = IMAGE_SOURCES[wanted.source]
        path = source.path.format(file_path=wanted.file_path)
        try:
            answer = await self.clients[source.name].get(path, {})
        except BodyTooLarge as error:
            why = Refused("too_large", f"more than {error.limit_bytes:,} bytes")
            for owner in wanted.owners:
                self.ledger.refused(owner, why, b"", request=error.request)
            return None
        except SourceUnavailable as error:
            self._fail(wanted, str(error))
            self._unavailable += 1
            if self._unavailable >= UNAVAILABLE_IN_A_ROW:
                raise
            return None
        except SourceError as error:
            self._fail(wanted, str(error))
            return None
        self._unavailable = 0
        if answer.verdict is Verdict.GONE:
            self._fail(wanted, f"{GONE}{source.title} answered {answer.status} to {answer.request}")
            return None
        self.ledger.result.fetched += 1
        return answer

    async def _deliver(self, owner: Owner, wanted: Wanted, answer: Answer) -> None:
        loop = asyncio.get_running_loop()
        try:
            image, kept = await loop.run_in_executor(
                self.threads, self._store, owner, wanted.source, answer.body
            )
        except Refused as why:
            self.ledger.refused(owner, why, answer.body, request=answer.request)
        except ImageNotStored as error:
            self.ledger.failed(owner, str(error))
        else:
            self.ledger.stored(owner, wanted, image, kept, answer)

    def _store(self, owner: Owner, source: str, body: bytes) -> tuple[ImageObject, Kept]:
        kind = KINDS[owner.kind]
        if len(body) > kind.max_bytes:
            raise Refused("too_large", f"{len(body):,} bytes, more than {kind.max_bytes:,}")
        found = image_type(body)
        sha256 = hashlib.sha256(body).hexdigest()
        key = kind.object_key(owner.owner_id, source, sha256, found.extension)
        image = ImageObject(key, found.content_type, body, sha256)
        return image, self.ledger.store.keep(image)

    def _fail(self, wanted: Wanted, why: str) -> None:
        for owner in wanted.owners:
            self.ledger.failed(owner, why)


def _unfit(wanted: Wanted) -> str | None:
    """Why nothing is asked for: paths come from payloads, and could lead anywhere."""
    source = IMAGE_SOURCES.get(wanted.source)
    if source is None:
        return f"no host is known for images of `{wanted.source[:80]}`"
    if not source.file_path.fullmatch(wanted.file_path):
        return f"`{wanted.file_path[:80]}` is no path of an image of {source.name}"
    if not all(_OWNER_ID.fullmatch(owner_id) for owner_id in wanted.owner_ids):
        return "its owner's id is malformed"
    return None
