"""The gate beside real clients, real servers and a Postgres that is restarted, in real time."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from extract.errors import GateUnusable
from extract.http.gate import Gate
from extract.http.gate_row import CUT_TO
from extract.postgres.connections import connect
from extract.postgres.migrations import migrate
from extract.postgres.server import Server
from tests.extract.http.conftest import client_of, get
from tests.extract.http.faulty_server import THROTTLED, FaultyServer, Reply
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

HOST = "api.example.test"
_WAITING = """
    select query_start from pg_stat_activity
    where application_name = 'showhouse rate gate' and wait_event_type = 'Lock'
"""


@pytest.fixture
def url(database: str) -> str:
    """A database with no gate in it, in real time."""
    return database


def through(gate: Gate, task: Callable[[Gate], Awaitable[None]]) -> None:
    """Run `task` while the gate is open."""

    async def run() -> None:
        async with gate:
            await task(gate)

    asyncio.run(run())


async def take(gate: Gate, times: int) -> list[float]:
    """The moments, as reserved in the database, of so many slots that are asked for at once."""
    return sorted(slot.at for slot in await asyncio.gather(*(gate.slot() for _ in range(times))))


def row(url: str, columns: str) -> tuple[float, ...]:
    """Columns of the row, as numbers."""
    with connect(url) as connection:
        found = connection.execute(f"select {columns} from raw.rate_gates").fetchone()
    assert found is not None
    return tuple(float(value) for value in found)


def test_a_row_that_someone_holds_is_waited_for(url: str) -> None:
    """By statements that end soon: one that waits on would hold up whoever stops the process."""
    begun: set[object] = set()

    def is_asked_again() -> bool:
        with connect(url) as onlooker:
            begun.update(onlooker.execute(_WAITING).fetchall())
        return len(begun) >= 3

    async def task(gate: Gate) -> None:
        await gate.slot()
        with connect(url, autocommit=False) as holder:
            holder.execute("select 1 from raw.rate_gates for update")
            waiting = asyncio.create_task(gate.slot())
            await asyncio.to_thread(wait_until, is_asked_again, "the gate does not ask again")
            assert not waiting.done()
            holder.rollback()
            await waiting

    through(Gate(url, HOST, 40), task)


def test_without_the_table_nothing_is_asked_and_the_error_says_what_to_do(
    empty_database: str, faulty: FaultyServer
) -> None:
    with pytest.raises(GateUnusable, match=r"`raw.rate_gates`|showhouse db migrate") as raised:
        get(client_of(faulty, gate=Gate(empty_database, HOST, 40)))
    assert f"`{HOST}`" in str(raised.value)
    assert faulty.asked == []


def test_a_restart_of_postgres_is_survived_without_a_burst(tmp_path: Path) -> None:
    server = Server(tmp_path / "home")
    server.start()
    migrate(server.url(), [])

    async def task(gate: Gate) -> None:
        await gate.slot()
        waiting = asyncio.create_task(take(gate, 30))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        times = await waiting
        most = max(sum(start <= at < start + 0.5 for at in times) for start in times)
        assert most <= 11
        assert gate.statistics.slots == 31

    try:
        through(Gate(server.url(), HOST, 20), task)
    finally:
        server.remove()


def test_a_client_that_is_told_to_wait_lets_the_others_wait(url: str, faulty: FaultyServer) -> None:
    faulty.script("/tv/1399", Reply(429, THROTTLED, {"retry-after": "1"}), Reply())
    get(client_of(faulty, gate=Gate(url, HOST, 40)))
    first, second = faulty.asked
    assert second.at - first.at >= 1.0
    rate, paused = row(url, "requests_per_second, extract(epoch from pause_until - last_cut_at)")
    assert rate < 40 * CUT_TO + 1
    assert 1 <= paused < 60  # the pause begins a statement after the cut


def test_an_answer_503_slows_down_without_a_pause(url: str, faulty: FaultyServer) -> None:
    faulty.script("/tv/1399", Reply(503), Reply())
    get(client_of(faulty, gate=Gate(url, HOST, 40)))
    rate, is_paused = row(url, "requests_per_second, (pause_until > last_cut_at)::int")
    assert (rate < 30, is_paused) == (True, 0)


def test_a_gate_is_open_as_long_as_one_client_uses_it(url: str, faulty: FaultyServer) -> None:
    async def task(gate: Gate) -> None:
        async with client_of(faulty, gate=gate) as first:
            await first.get("/tv/1")
        async with client_of(faulty, gate=gate) as second:
            await second.get("/tv/2")
            assert gate.statistics.slots == 2

    through(Gate(url, HOST, 40), task)
