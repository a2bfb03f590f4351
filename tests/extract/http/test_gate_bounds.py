"""The gate on a real Postgres: cuts, pauses, other limits, and rows that cannot be believed.

In virtual time; `test_gate_alive.py` shows the gate beside real servers, `test_two_processes.py`
what several processes make of it.
"""

import asyncio
from itertools import chain

import pytest

from extract.http.gate import Gate
from extract.http.gate_row import CAUGHT_UP, CUT_TO, FURTHEST_SLOT, LEAST_SHARE, SLOWEST
from extract.settings import Settings
from tests.extract.http.virtual_time import VirtualTime

HOST = "api.example.test"


def test_a_cut_counts_once_per_cause(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        assert await gate.cut(time.slot_reserved(0))
        (rate,) = time.row(url, "requests_per_second")
        assert rate == pytest.approx(40 * CUT_TO)
        for seconds_ago in (30, 1, 0, 0):
            assert not await gate.cut(time.slot_reserved(seconds_ago))
        assert time.row(url, "requests_per_second") == (rate,)
        time.write(url, "last_cut_at = clock_timestamp() - interval '5 s'")
        assert not await gate.cut(time.slot_reserved(4))
        assert await gate.cut(time.slot_reserved(0))
        assert time.row(url, "requests_per_second")[0] == pytest.approx(40 * CUT_TO**2)
        assert gate.statistics.cuts == 2

    time.through(Gate(url, HOST, 40), task)


def test_no_cut_goes_deeper_than_a_small_share_of_the_limit(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        for _ in range(30):
            time.write(url, "last_cut_at = '-infinity'")
            assert await gate.cut(time.slot_reserved(0))
        assert time.row(url, "requests_per_second")[0] == pytest.approx(40 * LEAST_SHARE)

    time.through(Gate(url, HOST, 40), task)


def test_a_rate_that_was_cut_comes_back_slowly_and_never_beyond_the_limit(
    url: str, time: VirtualTime
) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        time.write(url, "requests_per_second = 20")
        begun = time.monotonic()
        await time.take(gate, 20)
        (rate,) = time.row(url, "requests_per_second")
        assert rate == pytest.approx(20 + 40 / 60 * (time.monotonic() - begun), abs=0.3)
        time.write(url, "requests_per_second = 39.99")
        await time.take(gate, 10)
        assert time.row(url, "requests_per_second") == (40,)

    time.through(Gate(url, HOST, 40), task)


def test_the_lower_of_two_limits_holds_while_it_is_at_work(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        async with Gate(url, HOST, 10) as lower:
            await lower.slot()
            begun = time.monotonic()
            times = await asyncio.gather(time.take(gate, 10), time.take(lower, 10))
            assert max(map(max, times)) - begun >= 19 / 10 * 0.9

    time.through(Gate(url, HOST, 1_000), task)


def test_a_pause_holds_every_gate_on_the_host_and_ends_without_a_burst(
    url: str, time: VirtualTime
) -> None:
    async def task(gate: Gate) -> None:
        async with Gate(url, HOST, 40) as another, Gate(url, "images.test", 40) as elsewhere:
            await asyncio.gather(gate.slot(), another.slot())
            begun = time.monotonic()
            await gate.pause_for(0.8)
            await elsewhere.slot()
            assert time.monotonic() - begun < 0.5
            times = sorted(chain(*await asyncio.gather(time.take(gate, 5), time.take(another, 5))))
            assert 0.79 <= times[0] - begun <= 1.2
            assert times[-1] - times[0] >= 9 / 40 * 0.9

    time.through(Gate(url, HOST, 40), task)


def test_a_shorter_pause_does_not_end_a_longer_one(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        await gate.pause_for(100)
        await gate.pause_for(1)
        (left,) = time.row(url, "extract(epoch from pause_until - clock_timestamp())")
        assert left == pytest.approx(100, abs=1)

    time.through(Gate(url, HOST, 40), task)


def test_a_slot_reserved_long_ago_is_not_used_in_a_pause(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        time.write(url, "next_at = clock_timestamp() + interval '0.5 s'")
        waiting = asyncio.create_task(gate.slot())
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        time.write(url, "pause_until = clock_timestamp() + interval '1 s'")
        await waiting
        assert time.monotonic() - begun >= 0.99

    time.through(Gate(url, HOST, 40), task)


def test_nothing_is_reserved_further_ahead_than_a_few_seconds(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        time.write(url, "next_at = clock_timestamp() + interval '5.3 s'")
        waiting = asyncio.create_task(gate.slot())
        await asyncio.sleep(0.1)
        (ahead,) = time.row(url, "extract(epoch from next_at - clock_timestamp())")
        assert ahead == pytest.approx(5.2, abs=0.09)
        await asyncio.sleep(0.6)
        (ahead,) = time.row(url, "extract(epoch from next_at - clock_timestamp())")
        assert ahead <= FURTHEST_SLOT + 1 / 40
        waiting.cancel()

    time.through(Gate(url, HOST, 40), task)


@pytest.mark.parametrize("column", ["next_at", "pause_until", "last_cut_at"])
def test_a_clock_that_was_set_back_stops_nothing(url: str, time: VirtualTime, column: str) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        time.write(url, f"{column} = clock_timestamp() + interval '1 day'")
        begun = time.monotonic()
        times = await time.take(gate, 11)
        assert times[-1] - begun < 1
        assert times[-1] - times[0] >= 0.24 - CAUGHT_UP
        assert await gate.cut(time.slot_reserved(0))

    time.through(Gate(url, HOST, 40), task)


def test_a_row_that_a_far_slower_process_left_behind_stops_nothing(
    url: str, time: VirtualTime
) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        time.write(
            url, "requests_per_second = 1e-9, next_at = clock_timestamp() + interval '20 years'"
        )
        begun = time.monotonic()
        await time.take(gate, 11)
        assert time.monotonic() - begun < 1

    time.through(Gate(url, HOST, 40), task)


def test_the_slowest_process_that_may_be_is_believed(url: str, time: VirtualTime) -> None:
    slowest = Settings.model_validate({"tmdb_requests_per_second": 1 / SLOWEST})

    async def task(gate: Gate) -> None:
        async with Gate(url, HOST, slowest.tmdb_requests_per_second) as lower:
            await lower.slot()
            waiting = asyncio.create_task(gate.slot())
            await asyncio.sleep(0.3)
            assert not waiting.done()
            waiting.cancel()

    time.through(Gate(url, HOST, 40), task)


def test_a_row_that_someone_deleted_is_made_again(url: str, time: VirtualTime) -> None:
    async def task(gate: Gate) -> None:
        await gate.slot()
        with time.connect(url) as connection:
            connection.execute("truncate raw.rate_gates")
        await gate.slot()
        assert time.row(url, "requests_per_second") == (40,)

    time.through(Gate(url, HOST, 40), task)
