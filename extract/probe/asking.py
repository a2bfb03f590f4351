"""Asking a source: each answer is kept as it came, whatever its status, and nothing is raised.

The project's own client does it, behind the source's rate gate. A request is made twice at most.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from tempfile import TemporaryFile
from typing import Any

from extract.canonical import read
from extract.errors import BodyTooLarge, SourceError, SourceUnavailable, Unfit
from extract.http.answers import Answer, Classify, Verdict
from extract.http.client import Client, Version
from extract.probe.outcomes import Reply

ATTEMPTS = 2
SILENCE_SECONDS = 20.0
DEADLINE_SECONDS = 60.0
BEGINNING_BYTES = 64 * 1024
"""So much of a file is looked at."""
MOST_FILE_BYTES = 4 * 1024 * 1024
"""Where a server sends the whole file instead, it is read no further than this."""
PATIENCE_SECONDS = 180.0
"""So long is waited for one answer, all attempts and all waits between them included."""
MOST_UNANSWERED = 2
"""After so many requests in a row without an answer nothing more is asked of the source."""


_HINTS: Mapping[int, str] = {
    401: "check the token or the key in `.env`",
    403: "it refuses this address or this user agent",
    404: "there is no such thing there; name another",
}


class GivenUp(Exception):
    """A source answers nothing any more; the text says how. Ends with the probe of the source."""


def as_it_comes(classify: Classify | None = None) -> Classify:
    """Take every answer as one, but for the errors of a server, which are asked for again.

    What the source's own `classify` calls a refusal of this client stays one.
    """

    def classified(status: int, body: bytes) -> Verdict:
        if classify and classify(status, body) is Verdict.REFUSED:
            return Verdict.REFUSED
        return Verdict.RETRY if status >= 500 else Verdict.OK

    return classified


class Asker:
    """Asks through `client`, which is entered; `replies` holds what came, by the request's name."""

    def __init__(self, client: Client, replies: dict[str, Reply]) -> None:
        self.client = client
        self.replies = replies
        self._unanswered = 0

    async def get(self, name: str, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """Ask for a path. Raises GivenUp, GateUnusable."""
        try:
            answer = await self._patiently(path, self.client.get(path, params))
        except SourceError as error:
            return self._failed(name, path, error)
        return self._came(name, answer, answer.body, _json(answer.body))

    async def beginning(self, name: str, path: str) -> Reply:
        """Ask for the first bytes of a file; its body is those. Raises GivenUp, GateUnusable."""
        with TemporaryFile() as file:
            try:
                download = self.client.download(path, file, first_bytes=BEGINNING_BYTES)
                answer = await self._patiently(path, download)
            except BodyTooLarge:  # it sends the whole file: what was read of it will do
                file.seek(0)
                body = file.read(BEGINNING_BYTES)
                self._unanswered = 0
                return self._keep(name, Reply(f"GET {path}", 200, {}, body))
            except SourceError as error:
                return self._failed(name, path, error)
            file.seek(0)
            return self._came(name, answer, answer.body or file.read(BEGINNING_BYTES), None)

    async def unless_held(self, name: str, path: str, held: Version) -> Reply:
        """Ask for a file unless this version of it is current. Raises GivenUp, GateUnusable."""
        with TemporaryFile() as file:
            try:
                answer = await self._patiently(path, self.client.download(path, file, held))
            except SourceError as error:
                return self._failed(name, path, error)
            return self._came(name, answer, b"", None)

    async def _patiently(self, path: str, asking: Awaitable[Answer]) -> Answer:
        """Wait for an answer, but not for the hour that a `Retry-After` may ask for."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await asking
        except TimeoutError:
            raise GivenUp(
                f"{self.client.source} gave no answer to GET {path} within {PATIENCE_SECONDS:g} s, "
                "and nothing more was asked: it may have asked for a pause; try again later"
            ) from None

    def _came(self, name: str, answer: Answer, body: bytes, value: Any) -> Reply:
        self._unanswered = 0
        return self._keep(name, Reply(answer.request, answer.status, answer.headers, body, value))

    def _failed(self, name: str, path: str, error: SourceError) -> Reply:
        request = f"GET {path}"
        if isinstance(error, SourceUnavailable) and error.status is not None:
            body = error.body
            reply = self._keep(name, Reply(request, error.status, {}, body, _json(body)))
        else:
            reply = self._keep(name, Reply(request, problem=_why(error)))
        self._unanswered += 1
        if self._unanswered >= MOST_UNANSWERED:
            raise GivenUp(_why(error))
        return reply

    def _keep(self, name: str, reply: Reply) -> Reply:
        self.replies[name] = reply
        return reply


def refusal(source: str, first: Reply) -> str:
    """Say why a source cannot be probed, by its first answer; empty where it can."""
    if first.status is None:
        return first.problem
    if first.status < 400:
        return ""
    hint = _HINTS.get(first.status, "try again later, or from another address")
    request = first.request.partition("?")[0]
    return f"{source} answered {first.came} to {request}, and nothing more was asked: {hint}"


def _why(error: SourceError) -> str:
    if isinstance(error, SourceUnavailable):  # its own text speaks of the next run
        times = f"{error.attempts} attempt{'s' * (error.attempts > 1)}"
        request = error.request.partition("?")[0]
        return f"{error.source} did not answer {request} in {times}; the last: {error.why}"
    return str(error)


def _json(body: bytes) -> Any:
    try:
        return read(body)
    except (Unfit, RecursionError):
        return None
