"""The gate on a real Postgres; what several processes make of it is in test_two_processes.py."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain, pairwise
from pathlib import Path

import pytest

from extract.errors import GateUnusable
from extract.http.gate import LATEST_USE, Gate, Turn
from extract.http.gate_row import (
    CAUGHT_UP,
    CUT_TO,
    FURTHEST_SLOT,
    LEAST_SHARE,
    SLOWEST,
    Slot,
)
from extract.postgres.connections import connect
from extract.postgres.migrations import migrate
from extract.postgres.server import Server
from extract.settings import Settings
from tests.extract.http.conftest import client_of, get
from tests.extract.http.faulty_server import THROTTLED, FaultyServer, Reply

HOST = "api.example.test"

pytestmark = pytest.mark.clock


@pytest.fixture(scope="module")
def module_url(module_database: str) -> str:
    """The database of this module's gates."""
    return module_database


@pytest.fixture
def url(module_url: str) -> Iterator[str]:
    """The same with no gate in it."""
    with connect(module_url) as connection:
        connection.execute("truncate raw.rate_gates")
    yield module_url


def through(gate: Gate, task: Callable[[Gate], Awaitable[None]]) -> None:
    """Run `task` while the gate is open."""

    async def run() -> None:
        async with gate:
            await task(gate)

    asyncio.run(run())


async def take(gate: Gate, times: int) -> list[float]:
    """When so many slots, all asked for at once, were given; monotonic."""

    async def one() -> float:
        await gate.slot()
        return time.monotonic()

    return sorted(await asyncio.gather(*(one() for _ in range(times))))


def row(url: str, columns: str) -> tuple[float, ...]:
    """Columns of the row, as numbers."""
    with connect(url) as connection:
        found = connection.execute(f"select {columns} from raw.rate_gates").fetchone()
    assert found is not None
    return tuple(float(value) for value in found)


def write(url: str, assignments: str) -> None:
    """Change the row behind the gate's back."""
    with connect(url) as connection:
        connection.execute(f"update raw.rate_gates set {assignments}")


def slot_reserved(seconds_ago: float) -> Slot:
    """A slot of that age; the database here has this machine's clock."""
    return Slot(0.0, time.time() - seconds_ago, 0.0, 0.0)


def test_slots_are_given_at_the_rate_and_evenly(url: str) -> None:
    async def task(gate: Gate) -> None:
        times = await take(gate, 41)
        assert 0.97 <= times[-1] - times[0] <= 1.2
        assert sorted(b - a for a, b in pairwise(times))[20] == pytest.approx(0.025, abs=0.004)

    through(Gate(url, HOST, 40), task)


def test_idle_time_is_not_saved_up(url: str) -> None:
    async def task(gate: Gate) -> None:
        await take(gate, 1)
        await asyncio.sleep(0.5)
        times = await take(gate, 11)
        assert times[-1] - times[0] >= 0.24

    through(Gate(url, HOST, 40), task)


def test_a_process_holds_one_reservation_whatever_waits(url: str) -> None:
    async def task(gate: Gate) -> None:
        waiting = [asyncio.create_task(gate.slot()) for _ in range(200)]
        for _ in range(10):
            await asyncio.sleep(0.05)
            (ahead,) = row(url, "extract(epoch from next_at - clock_timestamp())")
            assert ahead <= 0.1 + 0.01
        for one in waiting:
            one.cancel()

    through(Gate(url, HOST, 20), task)


def test_what_nobody_waits_for_any_more_is_not_given(url: str) -> None:
    async def task(gate: Gate) -> None:
        await take(gate, 1)
        given_up = [asyncio.create_task(gate.slot()) for _ in range(50)]
        await asyncio.sleep(0.01)
        for one in given_up:
            one.cancel()
        begun = time.monotonic()
        await gate.slot()
        assert time.monotonic() - begun < 0.5

    through(Gate(url, HOST, 10), task)


def test_a_slot_that_comes_too_late_is_dropped(url: str) -> None:
    async def task(gate: Gate) -> None:
        used: list[float] = []

        async def use() -> None:
            slot = await gate.slot()
            used.append(time.monotonic() - slot.due)

        users = [asyncio.create_task(use()) for _ in range(20)]
        for _ in range(4):
            await asyncio.sleep(0.06)
            time.sleep(0.25)  # the event loop stands still
        await asyncio.gather(*users)
        assert max(used) <= LATEST_USE
        assert gate.statistics.dropped >= 2

    through(Gate(url, HOST, 40), task)


def test_a_slot_that_grew_old_before_sending_is_taken_again(url: str) -> None:
    async def task(gate: Gate) -> None:
        turn = Turn(gate, await gate.slot())
        first = turn.slot
        await turn.keep()
        assert turn.slot is first
        await asyncio.sleep(0.15)
        await turn.keep()
        assert turn.slot.at > first.at + 0.1
        assert (gate.statistics.slots, gate.statistics.dropped) == (1, 1)

    through(Gate(url, HOST, 40), task)


def test_slots_that_are_reserved_together_are_as_far_apart_as_others(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        slots = await asyncio.gather(*(gate.slot() for _ in range(60)))
        times = sorted(slot.at for slot in slots)
        assert len({slot.reserved_at for slot in slots}) <= 20
        assert times[-1] - times[0] >= 59 / 300 - 0.001
        assert min(b - a for a, b in pairwise(times)) >= 1 / 300 - 0.001

    through(Gate(url, HOST, 300), task)


def test_short_stalls_cost_no_slots(url: str) -> None:
    took = []

    async def task(gate: Gate) -> None:
        await gate.slot()
        taking = asyncio.create_task(take(gate, 40))
        while not taking.done():
            await asyncio.sleep(0.001)
            time.sleep(0.035)  # longer than from one slot to the next
        times = taking.result()
        took.append(times[-1] - times[0])

    # A busy machine makes the stalls longer than short, but not each time.
    while not took or min(took) > 39 / 40 * 1.33:
        assert len(took) < 40, took
        through(Gate(url, HOST, 40), task)


def test_stalls_of_the_event_loop_make_no_burst(url: str) -> None:
    async def task(gate: Gate) -> None:
        times: list[float] = []

        async def use(one: Gate) -> None:
            async with one:
                for _ in range(6):
                    await one.slot()
                    times.append(time.monotonic())

        # Each of them holds a reservation when the loop stands still, as each process would.
        users = [asyncio.create_task(use(Gate(url, HOST, 40))) for _ in range(12)]
        for _ in range(4):
            await asyncio.sleep(0.2)
            time.sleep(0.6)
        await asyncio.gather(*users)
        most = max(sum(start <= at < start + 0.1 for at in times) for start in times)
        assert most <= 4 + 4

    through(Gate(url, HOST, 40), task)


def test_a_cut_counts_once_per_cause(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        assert await gate.cut(slot_reserved(0))
        (rate,) = row(url, "requests_per_second")
        assert rate == pytest.approx(40 * CUT_TO)
        for seconds_ago in (30, 1, 0, 0):
            assert not await gate.cut(slot_reserved(seconds_ago))
        assert row(url, "requests_per_second") == (rate,)
        write(url, "last_cut_at = clock_timestamp() - interval '5 s'")
        assert not await gate.cut(slot_reserved(4))
        assert await gate.cut(slot_reserved(0))
        assert row(url, "requests_per_second")[0] == pytest.approx(40 * CUT_TO**2)
        assert gate.statistics.cuts == 2

    through(Gate(url, HOST, 40), task)


def test_no_cut_goes_deeper_than_a_small_share_of_the_limit(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        for _ in range(30):
            write(url, "last_cut_at = '-infinity'")
            assert await gate.cut(slot_reserved(0))
        assert row(url, "requests_per_second")[0] == pytest.approx(40 * LEAST_SHARE)

    through(Gate(url, HOST, 40), task)


def test_a_rate_that_was_cut_comes_back_slowly_and_never_beyond_the_limit(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        write(url, "requests_per_second = 20")
        begun = time.monotonic()
        await take(gate, 20)
        (rate,) = row(url, "requests_per_second")
        assert rate == pytest.approx(20 + 40 / 60 * (time.monotonic() - begun), abs=0.3)
        write(url, "requests_per_second = 39.99")
        await take(gate, 10)
        assert row(url, "requests_per_second") == (40,)

    through(Gate(url, HOST, 40), task)


def test_the_lower_of_two_limits_holds_while_it_is_at_work(url: str) -> None:
    async def task(gate: Gate) -> None:
        async with Gate(url, HOST, 10) as lower:
            await lower.slot()
            begun = time.monotonic()
            times = await asyncio.gather(take(gate, 10), take(lower, 10))
            assert max(map(max, times)) - begun >= 19 / 10 * 0.9

    through(Gate(url, HOST, 1_000), task)


def test_a_pause_holds_every_gate_on_the_host_and_ends_without_a_burst(url: str) -> None:
    async def task(gate: Gate) -> None:
        async with Gate(url, HOST, 40) as another, Gate(url, "images.test", 40) as elsewhere:
            await asyncio.gather(gate.slot(), another.slot())
            begun = time.monotonic()
            await gate.pause_for(0.8)
            await elsewhere.slot()
            assert time.monotonic() - begun < 0.5
            times = sorted(chain(*await asyncio.gather(take(gate, 5), take(another, 5))))
            assert 0.79 <= times[0] - begun <= 1.2
            assert times[-1] - times[0] >= 9 / 40 * 0.9

    through(Gate(url, HOST, 40), task)


def test_a_shorter_pause_does_not_end_a_longer_one(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        await gate.pause_for(100)
        await gate.pause_for(1)
        (left,) = row(url, "extract(epoch from pause_until - clock_timestamp())")
        assert left == pytest.approx(100, abs=1)

    through(Gate(url, HOST, 40), task)


def test_a_slot_reserved_long_ago_is_not_used_in_a_pause(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        write(url, "next_at = clock_timestamp() + interval '0.5 s'")
        waiting = asyncio.create_task(gate.slot())
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        write(url, "pause_until = clock_timestamp() + interval '1 s'")
        await waiting
        assert time.monotonic() - begun >= 0.99

    through(Gate(url, HOST, 40), task)


def test_nothing_is_reserved_further_ahead_than_a_few_seconds(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        write(url, "next_at = clock_timestamp() + interval '5.3 s'")
        waiting = asyncio.create_task(gate.slot())
        await asyncio.sleep(0.1)
        (ahead,) = row(url, "extract(epoch from next_at - clock_timestamp())")
        assert ahead == pytest.approx(5.2, abs=0.09)
        await asyncio.sleep(0.6)
        (ahead,) = row(url, "extract(epoch from next_at - clock_timestamp())")
        assert ahead <= FURTHEST_SLOT + 1 / 40
        waiting.cancel()

    through(Gate(url, HOST, 40), task)


@pytest.mark.parametrize("column", ["next_at", "pause_until", "last_cut_at"])
def test_a_clock_that_was_set_back_stops_nothing(url: str, column: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        write(url, f"{column} = clock_timestamp() + interval '1 day'")
        begun = time.monotonic()
        times = await take(gate, 11)
        assert times[-1] - begun < 1
        assert times[-1] - times[0] >= 0.24 - CAUGHT_UP
        assert await gate.cut(slot_reserved(0))

    through(Gate(url, HOST, 40), task)


def test_a_row_that_a_far_slower_process_left_behind_stops_nothing(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        write(url, "requests_per_second = 1e-9, next_at = clock_timestamp() + interval '20 years'")
        begun = time.monotonic()
        await take(gate, 11)
        assert time.monotonic() - begun < 1

    through(Gate(url, HOST, 40), task)


def test_the_slowest_process_that_may_be_is_believed(url: str) -> None:
    slowest = Settings.model_validate({"tmdb_requests_per_second": 1 / SLOWEST})

    async def task(gate: Gate) -> None:
        async with Gate(url, HOST, slowest.tmdb_requests_per_second) as lower:
            await lower.slot()
            waiting = asyncio.create_task(gate.slot())
            await asyncio.sleep(0.3)
            assert not waiting.done()
            waiting.cancel()

    through(Gate(url, HOST, 40), task)


def test_a_row_that_someone_holds_is_waited_for(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        with connect(url, autocommit=False) as holder:
            holder.execute("select 1 from raw.rate_gates for update")
            waiting = asyncio.create_task(gate.slot())
            await asyncio.sleep(2.5)
            assert not waiting.done()
            with connect(url) as onlooker:
                longest = onlooker.execute(
                    "select max(extract(epoch from clock_timestamp() - query_start))::float8"
                    " from pg_stat_activity"
                    " where application_name = 'showhouse rate gate' and wait_event_type = 'Lock'"
                ).fetchone()
            assert longest is not None
            assert (longest[0] or 0.0) < 1.5
            holder.rollback()
            async with asyncio.timeout(2):
                await waiting

    through(Gate(url, HOST, 40), task)


def test_a_row_that_someone_deleted_is_made_again(url: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        with connect(url) as connection:
            connection.execute("truncate raw.rate_gates")
        await gate.slot()
        assert row(url, "requests_per_second") == (40,)

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
    assert 1.0 <= second.at - first.at <= 1.6
    rate, paused = row(url, "requests_per_second, extract(epoch from pause_until - last_cut_at)")
    assert rate < 40 * CUT_TO + 1
    assert paused == pytest.approx(1, abs=0.1)


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
