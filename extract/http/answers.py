"""What comes back from a source, and what it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from extract.errors import SourceUnavailable


class Verdict(Enum):
    """What to do with an answer; each source has its own table."""

    OK = "ok"
    GONE = "gone"
    """The source says that there is no such thing: a tombstone, never retried."""
    RETRY = "retry"
    FATAL = "fatal"
    """The credentials were refused: the run stops."""
    REFUSED = "refused"
    """It is this client that is not wanted, whatever it asks: never retried."""
    BUG = "bug"
    """The request was built wrongly: the same one will never succeed."""


Classify = Callable[[int, bytes], Verdict]
"""From a status and a body to the verdict."""

Answerer = Callable[[str, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]]
"""From a path below the base URL and its parameters to status, headers, body; asks no network."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer that is `OK` or `GONE`; nothing in it tells a secret."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    request: str
    """As it may be stored and shown: `GET /tv/1399?append_to_response=…`."""
    fetched_at: datetime
    verdict: Verdict


@dataclass(slots=True)
class Statistics:
    """What a client has done so far."""

    requests: int = 0
    """Sent, retries and redirects included."""
    retries: int = 0
    throttled: int = 0
    """Answers that ask for patience (429)."""
    bytes: int = 0
    """Of bodies, decompressed."""


@dataclass(frozen=True, slots=True)
class Received:
    """One answer as it came, before any verdict."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """One attempt that failed and may be repeated; `why` is a clause for the error's text."""

    why: str
    status: int | None = None
    body: bytes = field(default=b"", repr=False)
    retry_after: float | None = None
    """Seconds, where the source named a time."""
    is_throttling: bool = False
    """Whether the source only asks for patience."""

    def error(self, source: str, request: str, attempts: int) -> SourceUnavailable:
        """What to raise after so many attempts, of which this was the last."""
        return SourceUnavailable(source, request, attempts, self.why, self.status, self.body)
