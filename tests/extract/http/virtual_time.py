"""Time that passes only where somebody sleeps: for gates, the event loop, and the database.

What a gate does in virtual time does not depend on how fast the machine is. Statements and their
way to Postgres, which is a real one, take no time at all; nothing else happens meanwhile.
"""

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest

from extract.http import gate, gate_row
from extract.http.gate import Gate
from extract.http.gate_row import GateRow, Slot
from extract.postgres.connections import connect

_EPOCH = 1_800_000_000.0
_SET = "select set_config('virtual.now', %s, false)"
_CLOCK = """
    create schema wrong_clock;
    create function wrong_clock.clock_timestamp() returns timestamptz language sql volatile as $$
        select to_timestamp(current_setting('virtual.now')::float8)
    $$;
"""


def set_up(url: str) -> None:
    """Let the database at `url` have virtual time from its next connection on."""
    with connect(url) as connection:
        connection.execute(_CLOCK.encode())
        name = connection.info.dbname
        connection.execute(
            f"alter database {name} set search_path = wrong_clock, pg_catalog, public".encode()
        )


class VirtualTime:
    """The clock of a test, as the modules under test know `time`; in seconds."""

    def __init__(self) -> None:
        self._now = 1_000.0
        self.statements = 0
        """Under way at this moment: time stands still for them."""

    def monotonic(self) -> float:
        """The clock of the machine."""
        return self._now

    def time(self) -> float:
        """The database's clock."""
        return _EPOCH + self._now

    def stall(self, seconds: float) -> None:
        """Let time pass in which the event loop stands still."""
        self._now += seconds

    def connect(self, url: str) -> psycopg.Connection:
        """A connection to the database that has this time, as it is now."""
        connection = connect(url)
        connection.execute(_SET, [str(self.time())])
        return connection

    def row(self, url: str, columns: str) -> tuple[float, ...]:
        """Columns of the one gate's row, as numbers."""
        with self.connect(url) as connection:
            query = f"select {columns} from raw.rate_gates"
            found = connection.execute(query.encode()).fetchone()
        assert found is not None
        return tuple(float(value) for value in found)

    def write(self, url: str, assignments: str) -> None:
        """Change the row behind the gate's back."""
        with self.connect(url) as connection:
            connection.execute(f"update raw.rate_gates set {assignments}".encode())

    async def take(self, of: Gate, times: int) -> list[float]:
        """When so many slots, all asked for at once, were given."""

        async def one() -> float:
            await of.slot()
            return self._now

        return sorted(await asyncio.gather(*(one() for _ in range(times))))

    def slot_reserved(self, seconds_ago: float) -> Slot:
        """A slot of that age."""
        return Slot(0.0, self.time() - seconds_ago, 0.0, 0.0)

    def through(self, opened: Gate, task: Callable[[Gate], Awaitable[None]]) -> None:
        """Run `task` while the gate is open, in this time."""

        async def run() -> None:
            async with opened:
                await task(opened)

        with asyncio.Runner(loop_factory=lambda: _Loop(self)) as runner:
            runner.run(run())


class _Selector(selectors.DefaultSelector):
    """Waits for what is real; where that is nothing, time passes instead."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self._time = time

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        if self._time.statements:
            return super().select(None)
        found = super().select(0)
        if not found:
            self._time.stall(timeout)
        return found


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, time: VirtualTime) -> None:
        super().__init__(_Selector(time))
        self._virtual = time

    def time(self) -> float:
        return self._virtual.monotonic()


def virtual_time(monkeypatch: pytest.MonkeyPatch) -> VirtualTime:
    """A clock, which all gates go by for the length of a test."""
    time = VirtualTime()
    ask = GateRow._try

    async def ask_now(row: GateRow, *query: Any) -> Any:
        time.statements += 1
        try:
            connection = await row._connected()
            await connection.execute(_SET, [str(time.time())])
            return await ask(row, *query)
        finally:
            time.statements -= 1

    monkeypatch.setattr(GateRow, "_try", ask_now)
    monkeypatch.setattr(gate, "time", time)
    monkeypatch.setattr(gate_row, "time", time)
    return time
