"""How fast answers land, against a bare COPY of the same documents into one table of jsonb.

Landing is all of it: read the answer, split, hash, stage, compare, insert under four indexes, keep
the books. The peer only takes the ready documents (`jsonb compression lz4`, no index, no key). Both
commit to disk on the same server, in turns; medians are compared. Then memory: that of processes
that land few series and many.

`python -m benchmarks.landing [--series 2000] [--runs 5] [--database-url URL]`; without a URL on an
embedded server of its own. Exits with 1 below half the peer's rate, or where memory grows.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb

from benchmarks.figures import Figure, report
from benchmarks.upstream import made_up
from benchmarks.warehouse import database
from extract.landing import Batch, Document, Lander
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.sources.tmdb.requests import SeriesRequest, first_request
from extract.sources.tmdb.splitting import SeriesAnswers
from tests.tmdb.documents import Documents
from tests.tmdb.languages import Languages

FLOOR, AIM = 0.5, 0.7
MEMORY_SERIES = (500, 5_000)
MEMORY_GROWTH = 1.15
MEMORY_LIMIT = 300  # MB

Answer = tuple[SeriesRequest, bytes]


def answers(series_count: int) -> Iterator[Answer]:
    """Answer first requests for so many made-up series, as TMDb would."""
    documents = Documents(made_up(series_count), cache_bytes=0)
    for series_id in range(1, series_count + 1):
        request = first_request(series_id, {})
        body = documents.details(series_id, request.appends, Languages())
        if body is not None:
            yield request, body


def splits(found: Iterable[Answer]) -> Iterator[Batch]:
    """Take each answer apart."""
    for request, body in found:
        taken = SeriesAnswers(request, datetime.now(UTC))
        taken.take_first(body)
        yield taken.batch


async def land_all(url: str, found: Iterable[Answer]) -> None:
    """Split and land as a run does: batches, in the background."""
    async with Lander(url, uuid4()) as lander:
        for batch in splits(found):
            await lander.take(batch)


def copy_all(connection: psycopg.Connection, documents: list[Document]) -> None:
    """Copy ready documents into one bare table."""
    with (
        connection.transaction(),
        connection.cursor() as cursor,
        cursor.copy("copy bare (key, payload) from stdin (format binary)") as copy,
    ):
        copy.set_types(["text", "jsonb"])
        for document in documents:
            copy.write_row((document.key, Jsonb(document.payload, bytes)))


def empty(connection: psycopg.Connection) -> None:
    """Begin anew, with nothing left to write out from before."""
    tables = ", ".join(f"raw.{name}" for name in RESOURCES)
    connection.execute(f"truncate {tables}, raw.fetches, raw.loads, raw.rejects")
    connection.execute("drop table if exists bare")
    connection.execute("create table bare (key text, payload jsonb compression lz4)")
    connection.execute("checkpoint")


def measure_rates(url: str, series_count: int, runs: int) -> Figure:
    """Time both in turns; medians."""
    found = list(answers(series_count))
    documents = [document for batch in splits(found) for document in batch.documents]
    size = sum(len(document.payload or b"") for document in documents) / 1e6
    print(f"{len(found):,} series, {len(documents):,} documents, {size:.0f} MB")
    bare_rates, rates, ratios = [], [], []
    with connect(url) as connection:
        for run in range(runs):
            empty(connection)
            started = time.perf_counter()
            copy_all(connection, documents)
            bare = time.perf_counter() - started
            empty(connection)
            started = time.perf_counter()
            asyncio.run(land_all(url, found))
            landing = time.perf_counter() - started
            bare_rates.append(size / bare)
            rates.append(size / landing)
            ratios.append(bare / landing)
            print(
                f"run {run + 1}: bare COPY {bare_rates[-1]:6.1f} MB/s, landing "
                f"{rates[-1]:6.1f} MB/s, {len(documents) / landing:8,.0f} documents/s: "
                f"{ratios[-1]:.2f}"
            )
    return Figure(
        name="landing",
        value=median(rates),
        unit="MB/s",
        peer="bare COPY of the documents",
        peer_value=median(bare_rates),
        ratio=median(ratios),
        at_least=FLOOR,
        aim=AIM,
    )


def land_in_this_process(url: str, series_count: int) -> None:
    """Land so many series and print the most memory this process ever had, in MB."""
    with connect(url) as connection:
        empty(connection)
    asyncio.run(land_all(url, answers(series_count)))
    # Not getrusage: what it counts begins with the process that this one was forked from.
    status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    print(int(status["VmHWM"].split()[0]) / 1024)


def measure_memory(url: str) -> tuple[Figure, Figure]:
    """Compare the peaks of processes that land few series and many, and the latter with a limit."""
    peaks = []
    for count in MEMORY_SERIES:
        command = [sys.executable, "-m", "benchmarks.landing", "--database-url", url]
        done = subprocess.run(
            [*command, "--land", str(count)], check=True, capture_output=True, text=True
        )
        peaks.append(float(done.stdout))
        print(f"{count:6,} series landed within {peaks[-1]:.0f} MB")
    few, many = peaks
    name, of_few = f"memory for {MEMORY_SERIES[1]:,} series", f"for {MEMORY_SERIES[0]:,} series"
    return (
        Figure(name, many, "MB", of_few, few, many / few, at_most=MEMORY_GROWTH),
        Figure(name, many, "MB", "limit", MEMORY_LIMIT, many / MEMORY_LIMIT, at_most=1),
    )


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--series", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--database-url", help="a database whose raw tables may be emptied")
    parser.add_argument("--land", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.land:
        land_in_this_process(make_conninfo(options.database_url), options.land)
        return 0
    with database(options.database_url) as url:
        rate = measure_rates(url, options.series, options.runs)
        return report(rate, *measure_memory(url))


if __name__ == "__main__":
    sys.exit(main())
