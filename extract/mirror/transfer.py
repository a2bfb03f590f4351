"""One image from its host into the store, and what may go wrong on the way."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from extract.documents import Failure, Reject
from extract.errors import BodyTooLarge, SourceError, SourceUnavailable
from extract.http.client import Answer, Verdict
from extract.http.threads import ThreadedClient
from extract.mirror.errors import ImageNotStored
from extract.mirror.kinds import IMAGE_SOURCES, KINDS
from extract.mirror.ledger import RECEIPTS, Outcome, stored
from extract.mirror.refusal import Refused
from extract.mirror.renditions import keep_renditions
from extract.mirror.scaling import Scaled, scaled
from extract.mirror.sniffing import image_type
from extract.mirror.store import ImageObject, Kept, Store
from extract.mirror.worklist import GONE, Owner, Wanted

_OWNER_ID = re.compile(r"[0-9]+(/season-[0-9]+|/[0-9]+)?")


@dataclass(slots=True)
class Carried:
    """What came of one image for each of its owners."""

    now: Callable[[], datetime]
    outcomes: list[Outcome] = field(default_factory=list)
    is_fetched: bool = False
    unavailable: SourceUnavailable | None = None
    """The host did not answer at all."""

    def fail(self, wanted: Wanted, why: str) -> None:
        """There is no image, for none of the owners."""
        self.outcomes += [
            Failure(RECEIPTS.name, owner.receipt_key, why, self.now()) for owner in wanted.owners
        ]

    def refuse(self, owner: Owner, why: Refused, body: bytes, *, request: str) -> None:
        """The answer is no image that we keep."""
        refusal = Reject(
            resource=RECEIPTS.name,
            key=owner.receipt_key,
            reason=why.reason,
            detail=why.detail,
            body=body,
            request=request,
            fetched_at=self.now(),
        )
        self.outcomes.append(refusal)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Carries images one by one; one in each of as many threads as there may be connections."""

    store: Store
    clients: Mapping[str, ThreadedClient]
    now: Callable[[], datetime]
    """The database's time."""
    widths: tuple[int, ...] = ()
    """Of the renditions that are made of each image."""

    def carry(self, wanted: Wanted) -> Carried:
        """Fetch the image once and store it for each of its owners. Raises StoreUnusable."""
        carried = Carried(self.now)
        if why := _unfit(wanted):
            carried.fail(wanted, why)
        elif (answer := self._fetch(wanted, carried)) is not None:
            carried.is_fetched = True
            body = answer.body
            scale = cache(lambda content_type: scaled(body, content_type, self.widths))
            for owner in wanted.owners:
                self._deliver(owner, wanted, answer, scale, carried)
        return carried

    def _fetch(self, wanted: Wanted, carried: Carried) -> Answer | None:
        source = IMAGE_SOURCES[wanted.source]
        path = source.path.format(file_path=wanted.file_path)
        try:
            answer = self.clients[source.name].get(path)
        except BodyTooLarge as error:
            why = Refused("too_large", f"more than {error.limit_bytes:,} bytes")
            for owner in wanted.owners:
                carried.refuse(owner, why, b"", request=error.request)
            return None
        except SourceError as error:
            carried.fail(wanted, str(error))
            carried.unavailable = error if isinstance(error, SourceUnavailable) else None
            return None
        if answer.verdict is Verdict.GONE:
            gone = f"{GONE}{source.title} answered {answer.status} to {answer.request}"
            carried.fail(wanted, gone)
            return None
        return answer

    def _deliver(
        self,
        owner: Owner,
        wanted: Wanted,
        answer: Answer,
        scale: Callable[[str], Scaled],
        carried: Carried,
    ) -> None:
        try:
            image, kept = self._store(owner, wanted.source, answer.body)
            made = scale(image.content_type)
            renditions = keep_renditions(self.store, image.key, made, self.widths)
        except Refused as why:
            carried.refuse(owner, why, answer.body, request=answer.request)
        except ImageNotStored as error:
            failure = Failure(RECEIPTS.name, owner.receipt_key, str(error), self.now())
            carried.outcomes.append(failure)
        else:
            carried.outcomes.append(
                stored(self.store, owner, wanted, image, kept, renditions, answer)
            )

    def _store(self, owner: Owner, source: str, body: bytes) -> tuple[ImageObject, Kept]:
        kind = KINDS[owner.kind]
        if len(body) > kind.max_bytes:
            raise Refused("too_large", f"{len(body):,} bytes, more than {kind.max_bytes:,}")
        found = image_type(body)
        sha256 = hashlib.sha256(body).hexdigest()
        key = kind.object_key(owner.owner_id, source, sha256, found.extension)
        image = ImageObject(key, found.content_type, body, sha256)
        return image, self.store.keep(image)


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
