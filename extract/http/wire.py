"""How requests go out and answers come in: from an event loop, or from threads.

All that a client decides (retries, redirects, bounds, verdicts) is written once, as coroutines over
a `Wire`. Those of the second kind of wire wait where they are and never suspend, so that a thread
runs them to their end by itself (`extract.http.threads`).
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Protocol, TypeVar

import httpx

from extract.http.answers import Answerer

T = TypeVar("T")

_SENDING = "http11.send_request_headers.started"


class Stopped(Exception):
    """A thread was told to wait no longer. Ends with the thread, never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for every request; times in seconds, `deadline` for an attempt as a whole."""

    headers: Mapping[str, str]
    connections: int
    timeout: float
    deadline: float
    base_path: str
    answerer: Answerer | None
    """Takes the place of the network."""

    def options(self) -> dict[str, Any]:
        """As httpx names them."""
        return {
            "transport": _Replay(self.base_path, self.answerer) if self.answerer else None,
            "headers": self.headers,
            "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            "timeout": httpx.Timeout(self.timeout, pool=None),
            "limits": httpx.Limits(
                max_connections=self.connections,
                max_keepalive_connections=self.connections,
                keepalive_expiry=30,
            ),
            "follow_redirects": False,
        }


@dataclass(frozen=True, slots=True)
class Arriving:
    """An answer of which the body is still to come."""

    status: int
    headers: Mapping[str, str]
    parts: AsyncIterator[bytes]


class Wire(Protocol):
    """Open from `open` to `close`."""

    @property
    def seats(self) -> AbstractAsyncContextManager[None]:
        """Entered for a request: no more at once than there may be connections."""

    async def open(self) -> None:
        """Connect to nobody yet."""

    async def close(self) -> None:
        """Close the connections."""

    async def sleep(self, seconds: float) -> None:
        """Wait before asking again."""

    def stream(
        self, url: httpx.URL, headers: Mapping[str, str], keep: Callable[[], Awaitable[None]]
    ) -> AbstractAsyncContextManager[Arriving]:
        """Ask; `keep` is called when connected. Raises httpx's errors, TimeoutError when late."""


class LoopWire:
    """Of one event loop: HTTP/2 where offered, which carries many requests on a connection."""

    def __init__(self, terms: Terms) -> None:
        # HTTP/2 carries a hundred requests on one connection: the bound is on requests as well.
        self.seats = asyncio.Semaphore(terms.connections)
        self._terms = terms
        self._http: httpx.AsyncClient | None = None

    async def open(self) -> None:
        """Connect to nobody yet."""
        self._http = httpx.AsyncClient(http2=True, **self._terms.options())

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()

    async def sleep(self, seconds: float) -> None:
        """Let others go on meanwhile."""
        await asyncio.sleep(seconds)

    @asynccontextmanager
    async def stream(
        self, url: httpx.URL, headers: Mapping[str, str], keep: Callable[[], Awaitable[None]]
    ) -> AsyncIterator[Arriving]:
        """Ask."""
        assert self._http is not None, "a client is used within its block"

        async def on_event(event: str, _: object) -> None:
            # Connecting takes its time. HTTP/2 may not wait here, and connects but once.
            if event == _SENDING:
                await keep()

        async with (
            asyncio.timeout(self._terms.deadline),
            self._http.stream(
                "GET", url, headers=headers, extensions={"trace": on_event}
            ) as response,
        ):
            yield Arriving(response.status_code, response.headers, response.aiter_raw())


class ThreadWire:
    """Of several threads, each of which has a connection; once `stop` is set, nobody waits.

    No HTTP/2: a thread has one request under way, so there is nothing to carry together.
    """

    def __init__(self, terms: Terms, stop: threading.Event) -> None:
        self.seats = _Seats(terms.connections)
        self._terms = terms
        self._stop = stop
        self._http: httpx.Client | None = None

    async def open(self) -> None:
        """Connect to nobody yet."""
        self._http = httpx.Client(**self._terms.options())

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            self._http.close()

    async def sleep(self, seconds: float) -> None:
        """Hold the thread up, unless it is told to stop."""
        if self._stop.wait(seconds):
            raise Stopped

    @asynccontextmanager
    async def stream(
        self, url: httpx.URL, headers: Mapping[str, str], keep: Callable[[], Awaitable[None]]
    ) -> AsyncIterator[Arriving]:
        """Ask. The deadline is looked at whenever something arrives."""
        assert self._http is not None, "a client is used within its block"

        def on_event(event: str, _: object) -> None:
            if event == _SENDING:
                at_once(keep())

        until = time.monotonic() + self._terms.deadline
        with self._http.stream(
            "GET", url, headers=headers, extensions={"trace": on_event}
        ) as response:
            parts = self._in_time(response, until)
            yield Arriving(response.status_code, response.headers, parts)

    async def _in_time(self, response: httpx.Response, until: float) -> AsyncIterator[bytes]:
        for part in response.iter_raw():
            if time.monotonic() > until:
                raise TimeoutError
            if self._stop.is_set():
                raise Stopped
            yield part


def at_once(steps: Awaitable[T]) -> T:
    """Run what never suspends, without an event loop."""
    try:
        steps.__await__().send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise RuntimeError("a step of a client for threads waits for an event loop")


class _Seats:
    def __init__(self, count: int) -> None:
        self._free = threading.Semaphore(count)

    async def __aenter__(self) -> None:
        self._free.acquire()

    async def __aexit__(self, *raised: object) -> None:
        self._free.release()


class _Replay(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """The network's place taken by a function, so that all the rest is what it always is."""

    def __init__(self, base_path: str, answerer: Answerer) -> None:
        self._base_path = base_path.rstrip("/")
        self._answerer = answerer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(self._base_path)
        status, headers, body = self._answerer(path, dict(request.url.params))
        return httpx.Response(status, headers=dict(headers), stream=httpx.ByteStream(body))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)
