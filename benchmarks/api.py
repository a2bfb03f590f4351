"""Requests a second and latency of the API, against the database's own limit in the same run.

The limit is a bare `select document` by key over as many connections, from as many processes as
the API has workers; what HTTP, routing and checks cost is the difference. Then the API itself, by
uvicorn as it is served, asked by a small client in a process of its own: show documents by id, then
the same with If-None-Match. Every answer is checked: status, and the body's length and tag. With
`--postgraphile PATH`, the command of a PostGraphile 4, both serve the same table, and are asked in
turns over as many connections; medians are shown.

Run it alone on a machine: `python -m benchmarks.api [--seconds 5] [--shows 2000] [--url …]`.
Without `--url` an embedded server is started in a temporary folder and removed afterwards.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.closed_loop import CONNECTIONS, Asked, Measured, Question, ask, measure
from benchmarks.figures import Figure, report
from benchmarks.postgraphile import ask_postgraphile, postgraphile
from benchmarks.warehouse import scratch

WORKERS = 2
DATABASE = "showhouse_benchmark_api"
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


async def select_documents(asked: list[Asked], until: float) -> list[float]:
    """The limit: the document by key, prepared, over the API's number of connections."""
    url = os.environ["DATABASE_URL"]

    async def one(begin: int) -> list[float]:
        took = []
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            cursor = connection.cursor(binary=True)
            at = begin
            while time.perf_counter() < until:
                wanted = asked[at % len(asked)]
                started = time.perf_counter()
                await cursor.execute(
                    "select document from marts.show_documents where show_id = %s::uuid",
                    [wanted.show_id],
                )
                row = await cursor.fetchone()
                took.append(time.perf_counter() - started)
                assert row is not None
                assert len(row[0]) == wanted.length
                at += CONNECTIONS
        return took

    return [t for some in await asyncio.gather(*map(one, _mine())) for t in some]


def _mine() -> range:
    """The connections of this process out of all."""
    return range(int(os.environ["BENCHMARK_PROCESS"]), CONNECTIONS, WORKERS)


async def get_documents(asked: list[Asked], until: float) -> list[float]:
    """GET /shows/{id}."""
    return await _get(asked, until, is_held=False)


async def get_not_modified(asked: list[Asked], until: float) -> list[float]:
    """GET /shows/{id} by a client that holds it."""
    return await _get(asked, until, is_held=True)


async def _get(asked: list[Asked], until: float, is_held: bool) -> list[float]:
    port = int(os.environ["BENCHMARK_PORT"])
    question = Question(port, partial(_request, is_held), partial(_is_answer, is_held))
    return await ask(question, asked, until)


def _request(is_held: bool, asked: Asked) -> bytes:
    held = f'If-None-Match: "{asked.tag}"\r\n' if is_held else ""
    return f"GET /shows/{asked.show_id} HTTP/1.1\r\nHost: api\r\n{held}\r\n".encode()


def _is_answer(is_held: bool, asked: Asked, head: bytes, body: bytes) -> bool:
    status = b"HTTP/1.1 304" if is_held else b"HTTP/1.1 200"
    is_whole = len(body) == (0 if is_held else asked.length)
    return head.startswith(status) and f'etag: "{asked.tag}"'.encode() in head.lower() and is_whole


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
    os.environ["BENCHMARK_PORT"] = port = str(free_port())
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


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: str) -> None:
    """Return once the API at the port answers."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the API did not start within 30 s")


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5, help="for each measurement")
    options.add_argument("--shows", type=int, default=2000, help="shows in the database")
    options.add_argument("--url", help="a Postgres to use (a database is made and dropped)")
    options.add_argument("--postgraphile", type=Path, help="the command of PostGraphile 4")
    options.add_argument("--turns", type=int, default=3, help="with PostGraphile")
    chosen = options.parse_args()
    with database(chosen.url, chosen.shows) as url:
        os.environ["DATABASE_URL"] = url
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "select show_id::text, etag, octet_length(document),"
                " octet_length(to_json(document)::text) from marts.show_documents order by etag"
            ).fetchall()
        asked = [Asked(*row) for row in rows]
        size = sum(each.length for each in asked) / len(asked) / 1000
        print(f"{len(asked):,} shows, {size:.1f} kB on average; {CONNECTIONS} connections")
        if chosen.postgraphile:
            return beside_postgraphile(
                asked, url, chosen.seconds, chosen.turns, chosen.postgraphile
            )
        return beside_the_database(asked, chosen.seconds)


def beside_the_database(asked: list[Asked], seconds: float) -> int:
    """The API against the bare query."""
    limit = measure("select document by key", select_documents, asked, seconds, WORKERS)
    with api():
        measure("warm", get_documents, asked, 1)
        shown = measure("GET /shows/{id}", get_documents, asked, seconds)
        held = measure("GET /shows/{id}, 304", get_not_modified, asked, seconds)
    show(limit, shown, held)
    return report(*(each.figure(limit) for each in (shown, held)))


def beside_postgraphile(
    asked: list[Asked], url: str, seconds: float, turns: int, command: Path
) -> int:
    """The API against PostGraphile, in turns; who is not asked only waits."""
    port = free_port()
    os.environ["BENCHMARK_PEER_PORT"] = str(port)
    peers, shown, held = [], [], []
    with postgraphile(command, url, port, WORKERS), api():
        measure("warm", ask_postgraphile, asked, 2)
        measure("warm", get_documents, asked, 2)
        for _ in range(turns):
            peers.append(measure("PostGraphile 4", ask_postgraphile, asked, seconds))
            shown.append(measure("GET /shows/{id}", get_documents, asked, seconds))
            held.append(measure("GET /shows/{id}, 304", get_not_modified, asked, seconds))
    peer, mine, not_modified = (_middle(each) for each in (peers, shown, held))
    show(peer, mine, not_modified)
    slowest = "p99 of GET /shows/{id}"
    return report(
        mine.figure(peer, at_least=1.0),
        Figure(slowest, mine.p99, "ms", peer.name, peer.p99, mine.p99 / peer.p99, at_most=1.0),
        not_modified.figure(peer, at_least=2.0),
    )


def _middle(turns: Sequence[Measured]) -> Measured:
    """The median of each."""
    return replace(
        turns[0],
        per_second=median(each.per_second for each in turns),
        p50=median(each.p50 for each in turns),
        p99=median(each.p99 for each in turns),
    )


def show(*measured: Measured) -> None:
    """Print a table."""
    print(f"{'':<32}{'requests':>11}{'p50':>12}{'p99':>12}")
    for each in measured:
        print(each.line())


if __name__ == "__main__":
    sys.exit(main())
