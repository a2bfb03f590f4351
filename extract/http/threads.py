"""A client for threads, each of which has one request under way and goes on with its answer.

Work that is done in threads anyway (an image is fetched, looked at, uploaded) is done in one of
them from end to end: handed from an event loop to a thread it cost the process half as much again.
What the client does is what it does everywhere; only its waiting is another (`extract.http.wire`).
The rate gate has one dispatcher in a process, which stays in an event loop of its own.
"""

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine, Mapping
from datetime import datetime
from typing import Any, Self, TypeVar

from extract.http.answers import Answer
from extract.http.client import Client
from extract.http.gate import RateGate, is_late
from extract.http.gate_row import Slot
from extract.http.wire import Stopped, at_once

T = TypeVar("T")

_LOOK_UP = 0.5
"""Seconds after which a thread that waits for the gate looks whether it is to stop."""


class ThreadedClient:
    """`client`, which was made with `stop`; `with` it. Any number of threads may `get`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __enter__(self) -> Self:
        at_once(self._client.__aenter__())
        return self

    def __exit__(self, *raised: object) -> None:
        at_once(self._client.__aexit__(*raised))

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """As the client's own; raises Stopped as well, where it would have waited."""
        return at_once(self._client.get(path, params))


class GateForThreads:
    """What threads see of `gate`, which runs in an event loop beside them."""

    def __init__(self, gate: RateGate, stop: threading.Event) -> None:
        self._gate = gate
        self._stop = stop
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gate", daemon=True)

    async def slot(self) -> Slot:
        """Wait for the right to send one request now."""
        return self._ask(self._gate.slot())

    async def renewed(self, slot: Slot) -> Slot:
        """The slot itself, or, when its time is over, another."""
        return self._ask(self._gate.renewed(slot)) if is_late(slot) else slot

    def now(self) -> datetime:
        """By the gate's clock."""
        return self._gate.now()

    async def throttled(self, slot: Slot, pause: float | None, *, refused: bool) -> None:
        """Slow down for all."""
        self._ask(self._gate.throttled(slot, pause, refused=refused))

    async def __aenter__(self) -> Self:
        self._thread.start()
        self._told(self._gate.__aenter__()).result()
        return self

    async def __aexit__(self, *raised: object) -> None:
        try:
            self._told(self._gate.__aexit__(*raised)).result()
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _told(self, steps: Coroutine[Any, Any, T]) -> "concurrent.futures.Future[T]":
        return asyncio.run_coroutine_threadsafe(steps, self._loop)

    def _ask(self, steps: Coroutine[Any, Any, T]) -> T:
        answer = self._told(steps)
        while not concurrent.futures.wait([answer], _LOOK_UP).done:
            if self._stop.is_set():
                answer.cancel()
                raise Stopped
        return answer.result()
