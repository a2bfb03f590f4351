"""The client for threads does what the other does, and waits for nobody once it is told to stop."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, ClassVar

import pytest

from extract.errors import BodyTooLarge, HostNotAllowed, SourceUnavailable
from extract.http.client import Gate
from extract.http.gate_row import Slot
from extract.http.threads import GateForThreads, ThreadedClient
from extract.http.wire import Stopped, at_once
from tests.extract.http.conftest import cases, client_of, patience
from tests.extract.http.faulty_server import BODY, THROTTLED, FaultyServer, Reply, gzipped
from tests.extract.http.test_client import LASTING_FAULTS, PASSING_FAULTS

HOST = "images.example.test"


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    """What lets every thread go."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def client(faulty: FaultyServer, stop: threading.Event) -> Callable[..., ThreadedClient]:
    """Makes such clients."""
    return lambda **options: ThreadedClient(client_of(faulty, stop=stop, **options))


def in_threads(count: int, work: Callable[[int], object]) -> list[Any]:
    """What each of so many threads made of `work`, all at once."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(work, range(count)))


@pytest.mark.parametrize(("why", "reply"), cases(PASSING_FAULTS))
def test_a_fault_that_passes_is_not_noticed(
    faulty: FaultyServer, client: Callable[..., ThreadedClient], why: str, reply: Reply
) -> None:
    faulty.script("/tv/1399", reply, Reply())
    with client(**patience(reply)) as asking:
        assert asking.get("/tv/1399").body == BODY
    assert len(faulty.asked) == 2


@pytest.mark.parametrize(("why", "reply"), cases(LASTING_FAULTS))
def test_a_fault_that_lasts_is_reported_with_its_reason(
    faulty: FaultyServer, client: Callable[..., ThreadedClient], why: str, reply: Reply
) -> None:
    faulty.usual = reply
    with (
        client(attempts=2, **patience(reply)) as asking,
        pytest.raises(SourceUnavailable) as raised,
    ):
        asking.get("/tv/1399")
    assert why.rstrip(".") in str(raised.value)  # httpx tells threads more of it
    assert raised.value.__context__ is None


@pytest.mark.parametrize(
    "reply",
    [Reply(body=b"x" * 100_001), Reply(body=b"x" * 100_001, ending="unmeasured"), gzipped(BODY)],
    ids=["declared", "not declared", "compressed"],
)
def test_a_body_over_the_bound_is_refused_once(
    faulty: FaultyServer, client: Callable[..., ThreadedClient], reply: Reply
) -> None:
    faulty.usual = reply
    with client(max_body_bytes=20) as asking, pytest.raises(BodyTooLarge):
        asking.get("/tv/1399")
    assert len(faulty.asked) == 1


def test_a_redirect_elsewhere_is_refused(
    faulty: FaultyServer, client: Callable[..., ThreadedClient]
) -> None:
    faulty.usual = Reply(302, b"", {"location": "http://elsewhere.test/a"})
    with client() as asking, pytest.raises(HostNotAllowed):
        asking.get("/tv/1399")


def test_no_more_requests_are_under_way_than_connections_allowed(
    faulty: FaultyServer, client: Callable[..., ThreadedClient]
) -> None:
    faulty.usual = Reply(delay=0.02)
    with client(max_connections=3) as asking:
        answers = in_threads(12, lambda number: asking.get(f"/tv/{number}"))
    assert [answer.body for answer in answers] == [BODY] * 12
    assert (faulty.most_at_once, faulty.connections) == (3, 3)


class RecordingGate(Gate):
    """Keeps the moments that it gave, which do not depend on how busy the machine is."""

    given: ClassVar[list[float]] = []

    async def slot(self) -> Slot:
        slot = await super().slot()
        self.given.append(slot.at)
        return slot


def test_threads_share_the_rate_of_one_gate(
    faulty: FaultyServer, stop: threading.Event, database: str
) -> None:
    gate = GateForThreads(RecordingGate(database, HOST, 40), stop)
    RecordingGate.given.clear()
    with ThreadedClient(client_of(faulty, stop=stop, gate=gate)) as asking:
        asking.get("/first")
        in_threads(8, lambda number: [asking.get(f"/tv/{number}/{n}") for n in range(5)])
    times = sorted(RecordingGate.given)
    assert len(faulty.asked) == len(times) == 41
    assert min(b - a for a, b in pairwise(times)) >= 0.025 - 0.001


def test_a_refusal_slows_the_gate_down_for_all(
    faulty: FaultyServer, stop: threading.Event, database: str
) -> None:
    faulty.script("/tv/1", Reply(429, THROTTLED, {"retry-after": "1"}), Reply())
    gate = GateForThreads(Gate(database, HOST, 40), stop)
    with ThreadedClient(client_of(faulty, stop=stop, gate=gate)) as asking:
        asking.get("/tv/1")
    first, second = faulty.asked
    assert second.at - first.at >= 1.0


@pytest.mark.parametrize("waits_for", ["another try", "the gate", "the rest of a body"])
def test_nobody_waits_any_longer_once_told_to_stop(
    faulty: FaultyServer, stop: threading.Event, database: str, waits_for: str
) -> None:
    gate = GateForThreads(Gate(database, HOST, 0.02 if waits_for == "the gate" else 40), stop)
    if waits_for == "another try":
        faulty.usual = Reply(503, b"", {"retry-after": "3000"})
    elif waits_for == "the rest of a body":
        faulty.usual = Reply(ending="drip")
    began = time.monotonic()
    threading.Timer(0.5, stop.set).start()
    with ThreadedClient(client_of(faulty, stop=stop, gate=gate)) as asking, pytest.raises(Stopped):
        for number in range(2):
            asking.get(f"/tv/{number}")
    assert time.monotonic() - began < 45


def test_what_waits_for_an_event_loop_is_no_step_of_a_thread() -> None:
    async def sleeping() -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits for an event loop"):
        at_once(sleeping())
