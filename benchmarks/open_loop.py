"""Clients of the API that check every answer: at a rate that no slow answer slows, or flat out.

At a rate, requests are due at moments fixed beforehand. One that finds no free connection waits,
and its time counts from when it was due: a stall of the API is felt by all who came meanwhile. Flat
out, each connection asks as soon as it is answered. Either runs in a process of its own.
"""

import asyncio
import hashlib
import multiprocessing
import re
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, TypeAlias, cast

import orjson
import uvloop

FLAT_OUT_CONNECTIONS = 32
CONNECTIONS = 200
MIX = {"show": 70, "held": 15, "page": 10, "search": 5}
"""Of a hundred requests: a show's document, the same by who holds it, a page, a search."""
SLOW = 30.0
_MARK = re.compile(rb"round [0-9]+")
Line: TypeAlias = tuple[str, str]
Outcomes: TypeAlias = "multiprocessing.Queue[Outcome]"


@dataclass(frozen=True, slots=True)
class Load:
    """What to ask of the API at a port, and for how long; without a rate as fast as it answers."""

    port: int
    tags: dict[str, str]
    """Of each show by id, the tag of its document."""
    words: list[str]
    seconds: float
    rate: float | None = None


@dataclass
class Outcome:
    """What was answered."""

    requests: list[tuple[float, float, int]] = field(default_factory=list)
    """When each was due, how long it took from then on, its status; 0: the connection was cut."""
    documents: set[tuple[str, str]] = field(default_factory=set)
    """Ids and tags of the documents of shows."""
    pages: set[tuple[Line, ...]] = field(default_factory=set)
    """Ids and names of each page."""
    wrong: Counter[str] = field(default_factory=Counter)
    unsent: int = 0
    """Requests that were due and found no free connection to the end: more than could be borne."""

    def per_second(self) -> float:
        """Answers a second, from the first request to the last answer."""
        begun = min(due for due, _, _ in self.requests)
        return len(self.requests) / (max(due + took for due, took, _ in self.requests) - begun)

    def percentiles(self) -> dict[str, float]:
        """Milliseconds, of what was answered well."""
        took = sorted(took for _, took, status in self.requests if status in (200, 304))
        places = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
        return {name: 1000 * took[int(at * (len(took) - 1))] for name, at in places.items()}


def drive(load: Load) -> Outcome:
    """Put the load on the API, from a process of its own."""
    context = multiprocessing.get_context("spawn")
    outcomes: Outcomes = context.Queue()
    process = context.Process(target=_drive, args=(load, outcomes), daemon=True)
    process.start()
    outcome = outcomes.get(timeout=load.seconds + 5 * SLOW)
    process.join()
    return outcome


def _drive(load: Load, outcomes: Outcomes) -> None:
    outcomes.put(uvloop.run(_Crowd(load).ask()))


@dataclass(slots=True)
class _Request:
    due: float
    kind: str
    show_id: str
    path: str
    held: str | None


class _Crowd:
    """All clients of one process."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.outcome = Outcome()
        self._tags = dict(load.tags)
        self._ids = list(load.tags)
        self._chance = Random(7)
        self._kinds = [kind for kind, share in MIX.items() for _ in range(share)]
        self._free: deque[_Connection] = deque()
        self._waiting: deque[_Request] = deque()
        self._under_way = 0

    async def ask(self) -> Outcome:
        """Ask until the time is over and all is answered."""
        for _ in range(CONNECTIONS if self.load.rate else FLAT_OUT_CONNECTIONS):
            self._free.append(await self._connect())
        started = time.monotonic()
        until = started + self.load.seconds
        sent = 0
        while (now := time.monotonic()) < until:
            due = sent + len(self._free)
            if self.load.rate is not None:
                due = int((now - started) * self.load.rate)
            for number in range(sent, due):
                rate = self.load.rate
                self._waiting.append(
                    self._request(now if rate is None else started + number / rate)
                )
            sent = due
            self._send_waiting()
            await asyncio.sleep(0.001)
        while (self._waiting or self._under_way) and time.monotonic() < until + SLOW:
            await asyncio.sleep(0.01)
        self.outcome.unsent = len(self._waiting)
        self.outcome.wrong["never answered"] += self._under_way
        return self.outcome

    def answered(self, connection: "_Connection", head: bytes, body: bytes) -> None:
        """Take an answer, and let the connection ask for what waits."""
        request = cast(_Request, connection.request)
        status = int(head[9:12])
        self._count(request, status)
        if wrong := self._wrong(request, status, head.lower(), body):
            self.outcome.wrong[wrong] += 1
        self._free.append(connection)
        self._send_waiting()

    async def lost(self, connection: "_Connection") -> None:
        """Count a request that was cut, and connect anew."""
        if connection in self._free:
            self._free.remove(connection)
        elif connection.request is not None:
            self._count(connection.request, 0)
            self.outcome.wrong["the connection was cut"] += 1
        self._free.append(await self._connect())

    def _count(self, request: _Request, status: int) -> None:
        self._under_way -= 1
        self.outcome.requests.append((request.due, time.monotonic() - request.due, status))

    async def _connect(self) -> "_Connection":
        loop = asyncio.get_running_loop()
        connection = _Connection(self)
        await loop.create_connection(partial(_same, connection), "127.0.0.1", self.load.port)
        return connection

    def _send_waiting(self) -> None:
        while self._waiting and self._free:
            self._under_way += 1
            self._free.popleft().send(self._waiting.popleft())

    def _request(self, due: float) -> _Request:
        kind, show_id = self._chance.choice(self._kinds), self._chance.choice(self._ids)
        if kind == "page":
            sort = self._chance.choice(("name", "-popularity", "-premiere_date"))
            return _Request(due, kind, show_id, f"/shows?sort={sort}&limit=20", None)
        if kind == "search":
            word = self._chance.choice(self.load.words)
            return _Request(due, kind, show_id, f"/shows?q={word}&limit=20", None)
        tag = self._tags[show_id] if kind == "held" else None
        return _Request(due, kind, show_id, f"/shows/{show_id}", tag)

    def _wrong(self, request: _Request, status: int, head: bytes, body: bytes) -> str | None:
        if status == 503:
            return None if b"\r\nretry-after: " in head else "503 without Retry-After"
        tag = _tag_of(head)
        if status == 304 and request.held is not None:
            return None if tag == request.held and not body else "304 of something else"
        if status != 200:
            return f"status {status}"
        if tag != hashlib.md5(body, usedforsecurity=False).hexdigest():
            return "a body that is not what its tag says"
        if request.kind in ("page", "search"):
            lines = tuple((each["id"], each["name"]) for each in orjson.loads(body)["items"])
            self.outcome.pages.add(lines)
            return None
        self._tags[request.show_id] = tag
        self.outcome.documents.add((request.show_id, tag))
        return "a document of two landings" if len(set(_MARK.findall(body))) > 1 else None


class _Connection(asyncio.Protocol):
    """One kept-alive connection with at most one request under way."""

    def __init__(self, crowd: _Crowd) -> None:
        self._crowd = crowd
        self._buffer = b""
        self.request: _Request | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self, request: _Request) -> None:
        """Ask."""
        self.request, self._buffer = request, b""
        held = f'If-None-Match: "{request.held}"\r\n' if request.held else ""
        self._transport.write(f"GET {request.path} HTTP/1.1\r\nHost: api\r\n{held}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        length = re.search(rb"(?i)\r\ncontent-length: ([0-9]+)", head)
        if len(body) >= (int(length[1]) if length else 0):
            self._crowd.answered(self, head, body)

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = asyncio.get_running_loop().create_task(self._crowd.lost(self))


def _tag_of(head: bytes) -> str:
    found = re.search(rb'\r\netag: "([0-9a-f]+)"', head)
    return found[1].decode() if found else ""


def _same(connection: _Connection) -> Any:
    return connection
