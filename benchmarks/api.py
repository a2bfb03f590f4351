"""Requests a second and latency of the API, against the database's own limit in the same run.

The limit is a bare `select document` by key over as many connections, from as many processes as
the API has workers; what HTTP, routing and checks cost is the difference. Then the API itself, by
uvicorn as it is served, asked by a small client in a process of its own: show documents by id, then
the same with If-None-Match. Every answer is checked: status, and the body's length and tag.

Run it alone on a machine: `python -m benchmarks.api [--seconds 5] [--shows 2000] [--url …]`.
Without `--url` an embedded server is started in a temporary folder and removed afterwards.
"""

import argparse
import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit, urlunsplit

import psycopg
import uvloop

from benchmarks.figures import Figure, report
from benchmarks.warehouse import scratch

WORKERS = 2
CONNECTIONS = 16
DATABASE = "showhouse_benchmark_api"
Asked = tuple[str, str, int]  # show_id, tag, length of the document
Answers: TypeAlias = "multiprocessing.Queue[list[float]]"
Task = Callable[[list[Asked], float], Coroutine[Any, Any, list[float]]]

MARTS = """
create schema marts;
create table marts.show_documents as
select
    md5('tmdb:tv:' || n)::uuid as show_id,
    n as tmdb_id,
    'tt' || lpad(n::text, 7, '0') as imdb_id,
    document,
    md5(document) as etag
from generate_series(1, {shows}) as n
cross join lateral (
    select json_build_object(
        'id', n,
        'watch_providers', json_agg(json_build_object('region', i, 'link', md5(n::text || i)))
    )::text as document
    from generate_series(1, 10 + n % 90) as i
) as made;
alter table marts.show_documents add primary key (show_id);
"""


@dataclass(frozen=True)
class Measured:
    """What one kind of request did."""

    name: str
    per_second: float
    p50: float
    p99: float

    def line(self) -> str:
        """For the table."""
        rate, p50, p99 = self.per_second, self.p50, self.p99
        return f"{self.name:<32}{rate:>9,.0f}/s{p50:>9.2f} ms{p99:>9.2f} ms"

    def figure(self, limit: "Measured") -> Figure:
        """Beside the limit."""
        mine, its = self.per_second, limit.per_second
        return Figure(self.name, mine, "/s", "select document by key", its, mine / its)


async def select_documents(asked: list[Asked], until: float) -> list[float]:
    """The limit: the document by key, prepared, over the API's number of connections."""
    url = os.environ["DATABASE_URL"]

    async def one(begin: int) -> list[float]:
        took = []
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            cursor = connection.cursor(binary=True)
            at = begin
            while time.perf_counter() < until:
                key, _, length = asked[at % len(asked)]
                started = time.perf_counter()
                await cursor.execute(
                    "select document from marts.show_documents where show_id = %s::uuid", [key]
                )
                row = await cursor.fetchone()
                took.append(time.perf_counter() - started)
                assert row is not None
                assert len(row[0]) == length
                at += CONNECTIONS
        return took

    return [t for some in await asyncio.gather(*map(one, _mine())) for t in some]


def _mine() -> range:
    """The connections of this process out of all."""
    return range(int(os.environ["BENCHMARK_PROCESS"]), CONNECTIONS, WORKERS)


class _Client(asyncio.Protocol):
    """One connection that asks, waits for the whole answer, checks it, asks again."""

    def __init__(self, asked: list[Asked], begin: int, until: float, conditional: bool) -> None:
        self._asked, self._at, self._until = asked, begin, until
        self._conditional = conditional
        self._buffer = b""
        self._started = 0.0
        self.took: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        key, tag, self._length = self._asked[self._at % len(self._asked)]
        self._tag = f'etag: "{tag}"'.encode()
        held = f'If-None-Match: "{tag}"\r\n' if self._conditional else ""
        self._at += CONNECTIONS
        self._started = time.perf_counter()
        self._transport.write(f"GET /shows/{key} HTTP/1.1\r\nHost: api\r\n{held}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end or (not self._conditional and len(body) < self._length):
            return
        self.took.append(time.perf_counter() - self._started)
        status = b"HTTP/1.1 304" if self._conditional else b"HTTP/1.1 200"
        length = 0 if self._conditional else self._length
        if not (head.startswith(status) and self._tag in head.lower() and len(body) == length):
            self.done.set_exception(AssertionError(f"a wrong answer: {head!r}"))
            return
        self._buffer = b""
        if time.perf_counter() < self._until:
            self._ask()
        else:
            self._transport.close()
            self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the API closed a connection"))


async def _request(asked: list[Asked], until: float, conditional: bool) -> list[float]:
    loop = asyncio.get_running_loop()
    port = int(os.environ["BENCHMARK_PORT"])
    clients = []
    for begin in range(CONNECTIONS):
        client = _Client(asked, begin, until, conditional)
        await loop.create_connection(partial(_same, client), "127.0.0.1", port)
        clients.append(client)
    await asyncio.gather(*(client.done for client in clients))
    return [t for client in clients for t in client.took]


def _same(client: _Client) -> _Client:
    return client


async def get_documents(asked: list[Asked], until: float) -> list[float]:
    """GET /shows/{id}."""
    return await _request(asked, until, conditional=False)


async def get_not_modified(asked: list[Asked], until: float) -> list[float]:
    """GET /shows/{id} by a client that holds it."""
    return await _request(asked, until, conditional=True)


def _in_process(
    task: Task,
    asked: list[Asked],
    seconds: float,
    number: int,
    answers: Answers,
) -> None:
    os.environ["BENCHMARK_PROCESS"] = str(number)
    answers.put(uvloop.run(task(asked, time.perf_counter() + seconds)))


def measure(name: str, task: Task, asked: list[Asked], seconds: float, processes: int) -> Measured:
    """Run a task in processes of its own for so many seconds."""
    context = multiprocessing.get_context("spawn")
    answers: Answers = context.Queue()
    given = (task, asked, seconds)
    running = [
        context.Process(target=_in_process, args=(*given, number, answers), daemon=True)
        for number in range(processes)
    ]
    for process in running:
        process.start()
    took = sorted(t for _ in running for t in answers.get(timeout=seconds + 20))
    for process in running:
        process.join()
    p50, p99 = (1000 * took[int(share * (len(took) - 1))] for share in (0.50, 0.99))
    return Measured(name, len(took) / seconds, p50, p99)


@contextmanager
def database(url: str | None, shows: int) -> Iterator[str]:
    """The address of a database of so many shows, dropped afterwards."""
    with ExitStack() as afterwards:
        if url is None:
            url = afterwards.enter_context(scratch()).server.url("postgres")
        administration = afterwards.enter_context(psycopg.connect(url, autocommit=True))
        administration.execute(f"create database {DATABASE}".encode())
        afterwards.callback(
            administration.execute, f"drop database {DATABASE} with (force)".encode()
        )
        ours = urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))
        if not urlsplit(url).netloc:  # a socket: urlunsplit would lose the two slashes
            ours = ours.replace(":/", ":///", 1)
        with psycopg.connect(ours, autocommit=True) as connection:
            for statement in MARTS.format(shows=shows).split(";"):
                connection.execute(statement.encode())
        yield ours


@contextmanager
def api() -> Iterator[None]:
    """The API by uvicorn with its workers, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        os.environ["BENCHMARK_PORT"] = port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", "api.app:create_app", "--factory", "--port", port]
    command += ["--workers", str(WORKERS), "--no-access-log", "--log-level", "warning"]
    with tempfile.TemporaryFile() as log:
        served = subprocess.Popen(command, cwd=Path(__file__).parents[1], stderr=log)
        try:
            wait_for(port)
            yield
        finally:
            served.terminate()
            served.wait(30)


def wait_for(port: str) -> None:
    """Return once the API at the port answers."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the API did not start within 30 s")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5, help="for each measurement")
    options.add_argument("--shows", type=int, default=2000, help="shows in the database")
    options.add_argument("--url", help="a Postgres to use (a database is made and dropped)")
    chosen = options.parse_args()
    with database(chosen.url, chosen.shows) as url:
        os.environ["DATABASE_URL"] = url
        with psycopg.connect(url) as connection:
            asked: list[Asked] = connection.execute(
                "select show_id::text, etag, octet_length(document) from marts.show_documents"
                " order by etag"
            ).fetchall()
        size = sum(length for _, _, length in asked) / len(asked) / 1000
        print(f"{len(asked):,} shows, {size:.1f} kB on average; {CONNECTIONS} connections")
        limit = measure("select document (limit)", select_documents, asked, chosen.seconds, WORKERS)
        with api():
            measure("warm", get_documents, asked, 1, 1)
            shown = measure("GET /shows/{id}", get_documents, asked, chosen.seconds, 1)
            held = measure("GET /shows/{id}, 304", get_not_modified, asked, chosen.seconds, 1)
        print(f"{'':<32}{'requests':>11}{'p50':>12}{'p99':>12}")
        for measured in (limit, shown, held):
            print(measured.line())
        report(*(measured.figure(limit) for measured in (shown, held)))


if __name__ == "__main__":
    main()
