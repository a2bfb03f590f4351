"""Landing in the background: batches are gathered, and landed in threads while others arrive.

Two connections: while one batch is inserted under the lock, the next is staged. The two and the one
being gathered are all that is held in memory.
"""

import asyncio
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from psycopg import Connection

from extract.documents import Batch
from extract.landing.outcome import Landed
from extract.landing.transaction import land
from extract.postgres.connections import connect

BATCH_KEYS = 500
BATCH_BYTES = 8 * 1024 * 1024
WRITERS = 2


class Lander:
    """Takes batches in and lands them, about 500 keys or 8 MB at a time."""

    def __init__(
        self, url: str, run_id: UUID, *, keys: int = BATCH_KEYS, size: int = BATCH_BYTES
    ) -> None:
        self.landed = Landed()
        self.key_count = 0
        """Series, people and so on that are landed by now."""
        self._url, self._run_id = url, run_id
        self._most_keys, self._most_bytes = keys, size
        self._gathered, self._keys, self._bytes = Batch(), 0, 0
        self._idle: list[Connection[Any]] = []
        self._threads = ThreadPoolExecutor(WRITERS, thread_name_prefix="landing")
        self._landings: deque[tuple[Future[Landed], int]] = deque()

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None
    ) -> None:
        """Land what is gathered; after an error only end the landings that go on."""
        try:
            if kind is None:
                await self.flush()
        finally:
            await asyncio.to_thread(self._threads.shutdown)
            for connection in self._idle:
                connection.close()

    async def take(self, batch: Batch) -> None:
        """Take in what was answered of one key; waits while two landings go on already."""
        self._gathered.extend(batch)
        self._keys += 1
        self._bytes += batch.byte_count
        if self._keys >= self._most_keys or self._bytes >= self._most_bytes:
            await self._send()

    async def flush(self) -> None:
        """Land what is gathered, and wait until all of it is committed."""
        await self._send()
        while self._landings:
            await self._finish_one()

    async def _send(self) -> None:
        while len(self._landings) >= WRITERS or (self._landings and self._landings[0][0].done()):
            await self._finish_one()
        if self._gathered:
            landing = self._threads.submit(self._land, self._gathered)
            self._landings.append((landing, self._keys))
        self._gathered, self._keys, self._bytes = Batch(), 0, 0

    async def _finish_one(self) -> None:
        landing, keys = self._landings.popleft()
        self.landed += await asyncio.wrap_future(landing)
        self.key_count += keys

    def _land(self, batch: Batch) -> Landed:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connect(self._url, application="showhouse landing")
        try:
            return land(connection, batch, run_id=self._run_id)
        finally:
            self._idle.append(connection)
