"""Clients that ask again as soon as they are answered, over a fixed number of connections.

Each measurement runs in processes of its own. What is asked and what must come back is a question:
the API's own, or a peer's over the same rows.
"""

import asyncio
import multiprocessing
import os
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, cast

import uvloop

from benchmarks.figures import Figure

CONNECTIONS = 16
Answers: TypeAlias = "multiprocessing.Queue[list[float]]"


@dataclass(frozen=True, slots=True)
class Asked:
    """A show: its id, the tag and length of its document, and its length as a string in JSON."""

    show_id: str
    tag: str
    length: int
    quoted_length: int


Task = Callable[[list[Asked], float], Coroutine[Any, Any, list[float]]]


@dataclass(frozen=True)
class Measured:
    """What one kind of request did."""

    name: str
    per_second: float
    p50: float
    p99: float

    def line(self) -> str:
        """For the table."""
        rate, p50, p99 = self.per_second, self.p50, self.p99
        return f"{self.name:<32}{rate:>9,.0f}/s{p50:>9.2f} ms{p99:>9.2f} ms"

    def figure(self, peer: "Measured", *, at_least: float | None = None) -> Figure:
        """Its rate beside that of a peer or limit."""
        mine, its = self.per_second, peer.per_second
        return Figure(self.name, mine, "/s", peer.name, its, mine / its, at_least=at_least)


@dataclass(frozen=True, slots=True)
class Question:
    """How to ask for a show at a port, and whether head and body answer it."""

    port: int
    request: Callable[[Asked], bytes]
    is_answer: Callable[[Asked, bytes, bytes], bool]


class _Client(asyncio.Protocol):
    """One connection that asks, waits for the whole answer, checks it, asks again."""

    def __init__(self, question: Question, asked: list[Asked], begin: int, until: float) -> None:
        self._question = question
        self._asked, self._at, self._until = asked, begin, until
        self._buffer = b""
        self._started = 0.0
        self.took: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        self._wanted = self._asked[self._at % len(self._asked)]
        self._at += CONNECTIONS
        self._started = time.perf_counter()
        self._transport.write(self._question.request(self._wanted))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        length = _LENGTH.search(head)
        if length is not None and len(body) < int(length[1]):
            return
        self.took.append(time.perf_counter() - self._started)
        if not self._question.is_answer(self._wanted, head, body):
            self.done.set_exception(AssertionError(f"a wrong answer: {head!r} {body[:200]!r}"))
            return
        self._buffer = b""
        if time.perf_counter() < self._until:
            self._ask()
        else:
            self._transport.close()
            self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("a connection was closed"))


_LENGTH = re.compile(rb"(?i)\r\ncontent-length: ([0-9]+)")


async def ask(question: Question, asked: list[Asked], until: float) -> list[float]:
    """Ask over all connections; how long each answer took, in seconds."""
    loop = asyncio.get_running_loop()
    clients = []
    for begin in range(CONNECTIONS):
        client = _Client(question, asked, begin, until)
        await loop.create_connection(partial(_same, client), "127.0.0.1", question.port)
        clients.append(client)
    await asyncio.gather(*(client.done for client in clients))
    return [t for client in clients for t in client.took]


def _same(client: _Client) -> _Client:
    return client


def _in_process(
    task: Task,
    asked: list[Asked],
    seconds: float,
    number: int,
    answers: Answers,
) -> None:
    os.environ["BENCHMARK_PROCESS"] = str(number)
    answers.put(uvloop.run(task(asked, time.perf_counter() + seconds)))


def measure(
    name: str, task: Task, asked: list[Asked], seconds: float, processes: int = 1
) -> Measured:
    """Run a task in processes of its own for so many seconds."""
    context = multiprocessing.get_context("spawn")
    answers: Answers = context.Queue()
    given = (task, asked, seconds)
    running = [
        context.Process(target=_in_process, args=(*given, number, answers), daemon=True)
        for number in range(processes)
    ]
    for process in running:
        process.start()
    took = sorted(t for _ in running for t in answers.get(timeout=seconds + 20))
    for process in running:
        process.join()
    p50, p99 = (1000 * took[int(share * (len(took) - 1))] for share in (0.50, 0.99))
    return Measured(name, len(took) / seconds, p50, p99)
