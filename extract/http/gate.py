"""Says when a source may be asked: one rate for all processes on all machines, kept in Postgres.

A process has one dispatcher and one reservation outstanding, of 20 ms of slots at most: of one slot
where less than 100 a second are allowed. A slot that this process comes to too late (a stalled
event loop, a slow connect) is dropped: used, it would make a burst with the next.
The row holds the rate of the moment: it is cut when the source says 429 or 503, once per cause, and
grows back slowly to the limit of the settings. Where processes have different limits the lowest one
that is at work holds for all: each slot it takes brings the rate down to it.
"""

import asyncio
import logging
import random
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, Self

from extract.http.gate_row import GateRow, NotYet, Slot
from extract.http.patience import LONGEST_PAUSE

LATEST_USE = 0.075
"""Seconds: a slot that is used later is dropped. With 25 ms more for the way to the source, no
second there has more than a tenth above the rate."""
PAUSE_AFTER_CUT = 1.0
"""Seconds for which all hold still after a 429 without Retry-After, so that its count runs out."""

_LONG_WAIT = 0.2
_LOOK_AGAIN = 1.0
_LONG_PAUSE = 30.0

_logger = logging.getLogger("extract.http")


class RateGate(Protocol):
    """What a client asks before each request."""

    async def slot(self) -> Slot:
        """Wait for the right to send one request now."""
        ...

    async def renewed(self, slot: Slot) -> Slot:
        """The slot itself, or, when its time is over, another."""
        ...

    def now(self) -> datetime:
        """What time it is, the same for all that ask it."""
        ...

    async def throttled(self, slot: Slot, pause: float | None, *, refused: bool) -> None:
        """Tell that the request of `slot` met an overloaded source.

        `pause` is its Retry-After in seconds; `refused` says that it counts our requests (429).
        """
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *raised: object) -> None: ...


class OpenGate:
    """No limit: for what is answered without a network."""

    async def slot(self) -> Slot:
        """At once."""
        now = time.monotonic()
        return Slot(now, now, now, now)

    async def renewed(self, slot: Slot) -> Slot:
        """As it is."""
        return slot

    def now(self) -> datetime:
        """By our own clock."""
        return datetime.now(UTC)

    async def throttled(self, slot: Slot, pause: float | None, *, refused: bool) -> None:
        """Nothing to slow down."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        return None


def is_late(slot: Slot) -> bool:
    """Whether its time is over."""
    return time.monotonic() - slot.due > LATEST_USE


@dataclass(slots=True)
class Turn:
    """The slot of one request, from waiting for it until sending."""

    gate: RateGate
    slot: Slot

    async def keep(self) -> None:
        """Take another slot if this one's time is over."""
        self.slot = await self.gate.renewed(self.slot)


@dataclass(slots=True)
class GateStatistics:
    """What a gate has done so far in this process; times in seconds."""

    slots: int = 0
    dropped: int = 0
    """Slots that came too late to be used."""
    cuts: int = 0
    reserving: float = 0.0
    """Spent waiting for the database, over all reservations."""


class Gate:
    """The gate of `host`, at most `requests_per_second`, in the database at `url`.

    Several clients may share one: it is open while at least one has entered it. Raises GateUnusable
    where Postgres stays away: nothing is asked of a source without the gate.
    """

    def __init__(self, url: str, host: str, requests_per_second: float) -> None:
        self.statistics = GateStatistics()
        self._row = GateRow(url, host, requests_per_second, LONGEST_PAUSE)
        self._waiting: deque[asyncio.Future[Slot]] = deque()
        self._reserved: deque[Slot] = deque()
        self._wanted = asyncio.Event()
        self._dispatcher: asyncio.Task[None] | None = None
        self._users = 0

    async def slot(self) -> Slot:
        """Wait for the right to send one request now."""
        slot = await self.renewed(await self._next_slot())
        self.statistics.slots += 1
        return slot

    async def renewed(self, slot: Slot) -> Slot:
        """The slot itself, or, when its time is over, another: to be asked just before sending."""
        while is_late(slot):
            self.statistics.dropped += 1
            slot = await self._next_slot()
        return slot

    def now(self) -> datetime:
        """By the database's clock: ours may be wrong."""
        return self._row.now()

    async def cut(self, slot: Slot) -> bool:
        """Lower the rate for all, unless what was cut before explains the refusal of `slot` too."""
        # The reservation, not the slot, is the start: it may have been made at the rate before.
        counts = await self._row.cut(slot.reserved_at)
        if counts:
            self.statistics.cuts += 1
            _logger.info("%s is overloaded: asked less often from now on", self._row.host)
        return counts

    async def pause_for(self, seconds: float) -> None:
        """Let no process ask for so many seconds from now, an hour at most."""
        await self._row.pause(min(seconds, LONGEST_PAUSE))

    async def throttled(self, slot: Slot, pause: float | None, *, refused: bool) -> None:
        """Slow down for all: the rate is cut, and nobody asks during `pause`."""
        counts = await self.cut(slot)
        if pause is None and refused and counts:
            pause = PAUSE_AFTER_CUT
        if pause:
            if pause > _LONG_PAUSE:
                _logger.warning("%s asks for a pause of %.0f s", self._row.host, pause)
            await self.pause_for(pause)

    async def __aenter__(self) -> Self:
        self._users += 1
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._users -= 1
        if self._users:
            return
        if self._dispatcher is not None:
            self._dispatcher.cancel()
            await asyncio.wait([self._dispatcher])
            self._dispatcher = None
        while self._waiting:
            self._waiting.popleft().cancel()
        self._reserved.clear()
        await self._row.close()

    async def _next_slot(self) -> Slot:
        waiting: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self._wanted.set()
        if self._dispatcher is None or self._dispatcher.done():
            self._dispatcher = asyncio.create_task(self._dispatch(), name="rate gate")
        return await waiting

    async def _dispatch(self) -> None:
        while True:
            await self._wanted.wait()
            try:
                slot = await self._due_slot()
            except Exception as error:
                self._refuse_all(error)
            else:
                self._hand_out(slot)

    async def _due_slot(self) -> Slot:
        while True:
            if not self._reserved:
                begun = time.monotonic()
                slots = await self._row.reserve(len(self._waiting))
                self.statistics.reserving += time.monotonic() - begun
                if isinstance(slots, NotYet):
                    wait = min(max(slots.seconds, 0.0), _LOOK_AGAIN)
                    await asyncio.sleep(wait * random.uniform(1.0, 1.2))
                    continue
                self._reserved.extend(slots)
            slot = self._reserved.popleft()
            await asyncio.sleep(max(slot.due - time.monotonic(), 0.0))
            if slot.due - slot.reserved_here < _LONG_WAIT or not await self._row.is_paused():
                return slot

    def _hand_out(self, slot: Slot) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(slot)
                break
        if not self._waiting:
            self._wanted.clear()

    def _refuse_all(self, error: Exception) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_exception(error)
        self._wanted.clear()
