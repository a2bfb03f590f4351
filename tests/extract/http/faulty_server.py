"""A real HTTP/1.1 server on a real port that says what it is told to, and counts."""

import asyncio
import gzip
import socket
import ssl
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, TypeVar

BODY = b'{"id": 1399, "name": "A series"}'


@dataclass(frozen=True)
class Reply:
    """What a request is answered; `delay` in seconds."""

    status: int = 200
    body: bytes = BODY
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    ending: Literal["whole", "reset", "cut", "silence", "drip", "unmeasured"] = "whole"


SILENCE, DRIP = Reply(ending="silence"), Reply(ending="drip")
"""What a client finds out by waiting: 30 s of nothing, and a byte every 50 ms."""
HTML = Reply(body=b"<!DOCTYPE html><html><body>Just a moment</body></html>")
THROTTLED = b'{"status_code":25,"status_message":"over the limit","success":false}'


def gzipped(body: bytes, *, sent: int | None = None, damage: bool = False) -> Reply:
    """A compressed answer: whole, cut after `sent` bytes, or damaged."""
    packed = gzip.compress(body)[:sent]
    packed = packed[:12] + b"\xff\xff\xff" + packed[15:] if damage else packed
    return Reply(body=packed, headers={"content-encoding": "gzip"})


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it; `at` is monotonic."""

    at: float
    target: str
    headers: dict[str, str]
    status: int


@dataclass
class FaultyServer:
    """`scripts` by path: the replies in order, the last one for ever; other paths have `usual`.

    With `limit`, answers beyond so many in a sliding second are 429, with `retry_after` if set.
    """

    port: int = 0
    usual: Reply = field(default_factory=Reply)
    limit: int | None = None
    retry_after: str | None = None
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    most_at_once: int = 0
    _now: int = 0
    _scripts: dict[str, deque[Reply]] = field(default_factory=dict)
    _admitted: deque[float] = field(default_factory=deque)

    @property
    def url(self) -> str:
        """Its base URL, with a path of its own as TMDb's has."""
        return f"http://127.0.0.1:{self.port}/3"

    @property
    def statuses(self) -> Counter[int]:
        """How often which status was answered."""
        return Counter(asked.status for asked in self.asked)

    def script(self, path: str, *replies: Reply) -> None:
        """Answer `path`, below the base URL, with these."""
        self._scripts["/3" + path] = deque(replies)

    def most_in_a_second(self) -> int:
        """The most requests that any sliding second saw."""
        times, first, most = [asked.at for asked in self.asked], 0, 0
        for last, at in enumerate(times):
            while at - times[first] >= 1.0:
                first += 1
            most = max(most, last - first + 1)
        return most

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        self.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._one(reader, writer):
                    pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            return await self._answer(head, writer)
        finally:
            self._now -= 1

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> bool:
        at, lines = time.monotonic(), head.split("\r\n")
        target = lines[0].split(" ")[1]
        pairs = (line.partition(":") for line in lines[1:] if line)
        reply = self._reply(target, at)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        self.asked.append(Asked(at, target, headers, reply.status))
        await asyncio.sleep(reply.delay)
        if reply.ending == "reset":
            # Closed with nothing to linger for: a reset, not an orderly end.
            end = writer.get_extra_info("socket")
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        if reply.ending == "silence":
            await asyncio.sleep(30)
        measured = reply.ending != "unmeasured"
        fields = {"content-type": "application/json", **reply.headers}
        fields |= {"content-length": str(len(reply.body))} if measured else {"connection": "close"}
        text = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"HTTP/1.1 {reply.status} X\r\n{text}\r\n".encode())
        if reply.ending == "drip":
            for byte in reply.body:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.5)
        writer.write(reply.body[: len(reply.body) // 2] if reply.ending == "cut" else reply.body)
        await writer.drain()
        return reply.ending == "whole"

    def _reply(self, target: str, at: float) -> Reply:
        if self.limit is not None:
            while self._admitted and at - self._admitted[0] >= 1.0:
                self._admitted.popleft()
            if len(self._admitted) >= self.limit:
                headers = {"retry-after": self.retry_after} if self.retry_after else {}
                return Reply(429, THROTTLED, headers)
            self._admitted.append(at)
        script = self._scripts.get(target.partition("?")[0])
        if not script:
            return self.usual
        return script.popleft() if len(script) > 1 else script[0]


def faulty_server() -> AbstractContextManager[FaultyServer]:
    """A fresh one, running."""
    return running(FaultyServer())


Server = TypeVar("Server", bound=FaultyServer)


@contextmanager
def running(faulty: Server, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server in a thread of its own, over TLS if `context` is given."""
    started, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()
    talks: list[tuple[asyncio.Task[None], asyncio.StreamWriter]] = []

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append((loop.create_task(faulty.serve(reader, writer)), writer))

    async def run() -> None:
        server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=256, ssl=context)
        faulty.port = server.sockets[0].getsockname()[1]
        started.set()
        await stop.wait()
        server.close()
        for task, writer in talks:  # a talk that is cancelled before it began closes nothing itself
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*(task for task, _ in talks), return_exceptions=True)
        await asyncio.sleep(0.01)  # in which the loop lets go of the sockets

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield faulty
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
