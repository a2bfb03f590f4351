"""The gate on a real Postgres: slots are given at the rate, evenly, and never in a burst.

In virtual time; `test_gate_alive.py` shows the gate beside real servers, `test_two_processes.py`
what several processes make of it.
"""

import asyncio
from itertools import pairwise

import pytest

from extract.http.gate import LATEST_USE, Gate, Turn
from tests.extract.http.virtual_time import VirtualTime

HOST = "api.example.test"


def test_slots_are_given_at_the_rate_and_evenly(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        times = await time.take(gate, 41)
        assert 0.97 <= times[-1] - times[0] <= 1.2
        assert sorted(b - a for a, b in pairwise(times))[20] == pytest.approx(0.025, abs=0.004)

    time.through(Gate(url, HOST, 40), task)


def test_idle_time_is_not_saved_up(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        await time.take(gate, 1)
        await asyncio.sleep(0.5)
        times = await time.take(gate, 11)
        assert times[-1] - times[0] >= 0.24

    time.through(Gate(url, HOST, 40), task)


def test_a_process_holds_one_reservation_whatever_waits(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        waiting = [asyncio.create_task(gate.slot()) for _ in range(200)]
        for _ in range(10):
            await asyncio.sleep(0.05)
            (ahead,) = time.row(url, "extract(epoch from next_at - clock_timestamp())")
            assert ahead <= 0.1 + 0.01
        for one in waiting:
            one.cancel()

    time.through(Gate(url, HOST, 20), task)


def test_what_nobody_waits_for_any_more_is_not_given(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        await time.take(gate, 1)
        given_up = [asyncio.create_task(gate.slot()) for _ in range(50)]
        await asyncio.sleep(0.01)
        for one in given_up:
            one.cancel()
        begun = time.monotonic()
        await gate.slot()
        assert time.monotonic() - begun < 0.5

    time.through(Gate(url, HOST, 10), task)


def test_a_slot_that_comes_too_late_is_dropped(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        used: list[float] = []

        async def use() -> None:
            slot = await gate.slot()
            used.append(time.monotonic() - slot.due)

        users = [asyncio.create_task(use()) for _ in range(20)]
        for _ in range(4):
            await asyncio.sleep(0.06)
            time.stall(0.25)  # the event loop stands still
        await asyncio.gather(*users)
        assert max(used) <= LATEST_USE
        assert gate.statistics.dropped >= 2

    time.through(Gate(url, HOST, 40), task)


def test_a_slot_that_grew_old_before_sending_is_taken_again(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        turn = Turn(gate, await gate.slot())
        first = turn.slot
        await turn.keep()
        assert turn.slot is first
        await asyncio.sleep(0.15)
        await turn.keep()
        assert turn.slot.at > first.at + 0.1
        assert (gate.statistics.slots, gate.statistics.dropped) == (1, 1)

    time.through(Gate(url, HOST, 40), task)


def test_slots_that_are_reserved_together_are_as_far_apart_as_others(
    url: str, time: VirtualTime
) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        slots = await asyncio.gather(*(gate.slot() for _ in range(60)))
        times = sorted(slot.at for slot in slots)
        assert len({slot.reserved_at for slot in slots}) <= 20
        assert times[-1] - times[0] >= 59 / 300 - 0.001
        assert min(b - a for a, b in pairwise(times)) >= 1 / 300 - 0.001

    time.through(Gate(url, HOST, 300), task)


def test_short_stalls_cost_no_slots(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        taking = asyncio.create_task(time.take(gate, 40))
        while not taking.done():
            await asyncio.sleep(0.001)
            time.stall(0.035)  # longer than from one slot to the next
        times = taking.result()
        assert times[-1] - times[0] <= 39 / 40 * 1.1

    time.through(Gate(url, HOST, 40), task)


def test_stalls_of_the_event_loop_make_no_burst(url: str, time: VirtualTime) -> None:
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
            time.stall(0.6)
        await asyncio.gather(*users)
        most = max(sum(start <= at < start + 0.1 for at in times) for start in times)
        assert most <= 4 + 4

    time.through(Gate(url, HOST, 40), task)
