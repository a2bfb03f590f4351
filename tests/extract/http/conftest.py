"""A server that misbehaves, and a client that asks it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from extract.http.client import Answer, Client, OpenGate, Verdict
from extract.postgres.connections import connect
from tests.extract.http import virtual_time
from tests.extract.http.faulty_server import DRIP, SILENCE, FaultyServer, Reply, faulty_server
from tests.extract.http.virtual_time import VirtualTime
from tests.lending import Lender

T = TypeVar("T")

USER_AGENT = "A test (+https://example.test/contact)"

# What these properties hold is not how busy the machine is.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def faulty() -> Iterator[FaultyServer]:
    """A fresh one."""
    with faulty_server() as server:
        yield server


@pytest.fixture(scope="session")
def timeless(lender: Lender) -> Iterator[str]:
    """A database that has virtual time."""
    with lender.lend() as url:
        virtual_time.set_up(url)
        yield url


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> VirtualTime:
    """The clock of the test."""
    return virtual_time.virtual_time(monkeypatch)


@pytest.fixture
def url(timeless: str) -> str:
    """A database that has virtual time, with no gate in it."""
    with connect(timeless) as connection:
        connection.execute("truncate raw.rate_gates")
    return timeless


def classify(status: int, body: bytes) -> Verdict:
    """A small source's table."""
    if status == 200:
        return Verdict.RETRY if body.startswith(b"<") else Verdict.OK
    by_status = {404: Verdict.GONE, 401: Verdict.FATAL, 429: Verdict.RETRY, 402: Verdict.REFUSED}
    return by_status.get(status, Verdict.RETRY if status >= 500 else Verdict.BUG)


def patience(reply: Reply) -> dict[str, float]:
    """How long a client waits, in seconds, for a `reply` whose fault shows by waiting; else, {}.

    Long enough for an answer without fault on a machine that is busy with other things.
    """
    if reply is SILENCE:
        return {"timeout": 3.0}
    return {"deadline": 3.0} if reply is DRIP else {}


def cases(faults: Mapping[str, Reply]) -> list[Any]:
    """Each fault with its name, to parametrize a test by."""
    return [pytest.param(why, reply, id=why) for why, reply in faults.items()]


def client_of(server: FaultyServer, **options: Any) -> Client:
    """A client of `server` that does not wait long."""
    defaults: dict[str, Any] = {
        "source": "TMDb",
        "base_url": server.url,
        "gate": OpenGate(),
        "user_agent": USER_AGENT,
        "classify": classify,
        "backoff_seconds": 0.001,
        "expects_json": True,
    }
    return Client(**(defaults | options))


def with_client(client: Client, task: Callable[[Client], Awaitable[T]]) -> T:
    """What comes of `task` within the client's block."""

    async def run() -> T:
        async with client:
            return await task(client)

    return asyncio.run(run())


def get(client: Client, path: str = "/tv/1399", **params: str) -> Answer:
    """One answer of a client that is used once."""
    return with_client(client, lambda client: client.get(path, params))
