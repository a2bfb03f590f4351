"""HTTP/1.1 on a socket: just enough of it, fast, and able to break off where a fault says so."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from tests.tmdb.journal import Journal

Ending = Literal["whole", "reset", "truncated", "stall"]

_HEADER_LIMIT = 65_536
_UNCOUNTED = b"POST /control/"
_STATUS_LINES = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request: the target as it was sent, header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    at: float
    connection: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One answer and how its sending ends; `delay` and `patience` (of a stall) in seconds."""

    status: int
    body: bytes
    content_type: str = "application/json;charset=utf-8"
    headers: tuple[tuple[str, str], ...] = field(default=())
    delay: float = 0.0
    ending: Ending = "whole"
    patience: float = 60.0


Serve = Callable[[Incoming], Outgoing]


class Connection(asyncio.Protocol):
    """One client connection: requests are answered in order, and the connection is kept."""

    def __init__(self, serve: Serve, journal: Journal) -> None:
        self._serve = serve
        self._journal = journal
        self._buffer = bytearray()
        self._busy = False
        self._number = 0
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection; it counts from its first request that is not a test's own."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that a client has gone; what was still to be sent to it is dropped."""
        self._transport = None
        if self._number:
            self._journal.closed()
        if self._timer:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Take in bytes and answer the requests that are complete."""
        self._buffer += data
        if not self._number and not self._buffer.startswith(_UNCOUNTED):
            self._number = self._journal.opened()
        self._answer_next()

    def _answer_next(self) -> None:
        while self._transport and not self._busy:
            incoming = self._take_request()
            if incoming is None:
                return
            self._busy = True
            outgoing = self._serve(incoming)
            if outgoing.delay > 0:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(outgoing.delay, self._send_late, outgoing)
                return
            self._send(outgoing)

    def _take_request(self) -> Incoming | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > _HEADER_LIMIT and self._transport:
                self._transport.abort()
            return None
        lines = self._buffer[:end].decode("latin-1").split("\r\n")
        method, _, rest = lines[0].partition(" ")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:])
        }
        start, size = end + 4, int(headers.get("content-length", "0"))
        if len(self._buffer) < start + size:
            return None
        body = bytes(self._buffer[start : start + size])
        del self._buffer[: start + size]
        target = rest.rpartition(" ")[0]
        return Incoming(method, target, headers, body, time.monotonic(), self._number)

    def _send_late(self, outgoing: Outgoing) -> None:
        self._timer = None
        self._send(outgoing)
        self._answer_next()

    def _send(self, outgoing: Outgoing) -> None:
        if self._transport is None:
            return
        if outgoing.ending == "reset":
            self._transport.abort()
            return
        lines = [
            f"content-type: {outgoing.content_type}\r\ncontent-length: {len(outgoing.body)}\r\n",
            *(f"{name}: {value}\r\n" for name, value in outgoing.headers),
            "\r\n",
        ]
        head = _STATUS_LINES[outgoing.status] + "".join(lines).encode("latin-1")
        if outgoing.ending == "whole":
            self._transport.write(head + outgoing.body)
            self._busy = False
            return
        self._transport.write(head + outgoing.body[: len(outgoing.body) // 2])
        if outgoing.ending == "truncated":
            self._transport.close()
        else:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(outgoing.patience, self._transport.abort)
