"""What is landed: documents, the refused, and what did not arrive.

Payloads are bytes by then, canonical JSON: what is hashed and what is staged is written once.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from extract.canonical import canonical, content_hash
from extract.errors import Unfit
from extract.mentions import Key, mentioned
from extract.resource import Payload, Resource

MAX_KEY_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one key as a source answered it; no payload and no hash: it is gone."""

    resource: str
    key: str
    payload: bytes | None
    """Canonical JSON, an object."""
    payload_hash: bytes | None
    """SHA-256, the resource's volatile paths left out."""
    request: str
    """`GET /tv/1399?append_to_response=…`, redacted."""
    fetched_at: datetime
    due_after: timedelta
    """How long after `fetched_at` the key is due again."""
    mentions: frozenset[Key] = frozenset()
    """The keys of other resources that it names."""


@dataclass(frozen=True, slots=True)
class Reject:
    """An answer that must not become a document, and why."""

    resource: str
    key: str
    reason: str
    """One word for counting: `wrong_shape`, `not_json`, `too_deep` …"""
    detail: str
    body: bytes
    """What was answered; 200 characters and the hash are kept."""
    request: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """A key for which no answer came."""

    resource: str
    key: str
    error: str
    failed_at: datetime
    due_after: timedelta | None = None
    """How long after `failed_at` the key is due again; None: at once, then by back-off.

    Set where the source says that there is none, or gives it to nobody: then the key alone is not
    worth telling.
    """


@dataclass(slots=True)
class Batch:
    """What is landed in one transaction."""

    documents: list[Document] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    """Of resources that arrive with others, how many exist and were asked for."""
    arrived: Counter[str] = field(default_factory=Counter)
    """How many of those arrived, fit or not."""

    def extend(self, other: "Batch") -> None:
        """Take in another batch."""
        self.documents += other.documents
        self.rejects += other.rejects
        self.failures += other.failures
        self.asked += other.asked
        self.arrived += other.arrived

    @property
    def byte_count(self) -> int:
        """How many bytes of payloads it holds."""
        return sum(len(document.payload or b"") for document in self.documents)

    def __bool__(self) -> bool:
        return bool(self.documents or self.rejects or self.failures)


def document(
    resource: Resource, key: str, payload: Payload, *, request: str, fetched_at: datetime
) -> Document:
    """Make a document of an object of ours, or of one that `extract.canonical.read` returned.

    NUL characters become U+FFFD; an object of ours has finite numbers. Raises Unfit for what JSON
    or jsonb cannot hold.
    """
    if not isinstance(payload, dict):
        raise Unfit("not_an_object", f"it is a {type(payload).__name__}")
    if not 0 < len(key) <= MAX_KEY_CHARACTERS or "\0" in key:
        raise Unfit("bad_key", f"a key has 1 to {MAX_KEY_CHARACTERS} characters, none of them NUL")
    text = canonical(payload)
    return Document(
        resource=resource.name,
        key=key,
        payload=text,
        payload_hash=content_hash(payload, text, resource.volatile),
        request=request,
        fetched_at=fetched_at,
        due_after=resource.due_after(payload),
        mentions=mentioned(resource, payload),
    )


def tombstone(resource: Resource, key: str, *, request: str, fetched_at: datetime) -> Document:
    """Say that a source has no (more) such key: one that is held, or that was asked for."""
    return Document(
        resource=resource.name,
        key=key,
        payload=None,
        payload_hash=None,
        request=request,
        fetched_at=fetched_at,
        due_after=resource.due_after(None),
    )
