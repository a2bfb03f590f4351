"""IMDb's datasets: how fast rows are filtered, what a second day writes, and how much memory.

Filtering is reading a packed file to its end and giving the rows of the wanted titles; the peer is
`zcat` into a COPY of the same file into text columns, in the same run. Then all of television is
landed by a process of its own, from a server that hands out the files, and once more with 0.5 % of
the rows changed.

`python -m benchmarks.imdb [--titles 1000000] [--database-url URL]`; without a URL on an embedded
server of its own. Exits with 1 where a bound is broken.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, report
from benchmarks.warehouse import database
from extract.postgres.connections import connect
from extract.sources.imdb.datasets import DATASETS, Dataset
from extract.sources.imdb.rows import Numbers, Rows

FLOOR = 0.5
MEMORY_LIMIT = 500  # MB
CHANGED = 0.005
PER_TITLE = 8
BASICS, PRINCIPALS = DATASETS["imdb_title_basics"], DATASETS["imdb_title_principals"]
NAMES = ("imdb_title_basics", "imdb_title_ratings")

Line = Callable[[int], str]

_PROGRAM = """
import asyncio, json, resource, sys, time
from extract.datasets import extract_datasets
from extract.settings import load_settings
base, database, *names = sys.argv[1:]
settings = load_settings(imdb_datasets_base_url=base, database_url=database)
started = time.monotonic()
done = asyncio.run(extract_datasets(settings, names, catalogue=True))
counts = list(done.by_resource.values())
assert not done.failures, done.failures
print(json.dumps({
    "checked": sum(count.checked for count in counts),
    "landed": sum(count.landed for count in counts if count.checked > 1),
    "seconds": time.monotonic() - started,
    "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


def basics(number: int) -> str:
    """One title: three in four are episodes."""
    kind = "tvSeries" if number % 8 == 0 else "movie" if number % 8 == 1 else "tvEpisode"
    name = f"Title number {number}"
    return (
        f"tt{number:07d}\t{kind}\t{name}\t{name}\t0\t{1950 + number % 75}\t\\N\t42\tDrama,Comedy\n"
    )


def ratings(number: int) -> str:
    """Its rating."""
    return f"tt{number:07d}\t{1 + number % 90 / 10:.1f}\t{number % 9_973}\n"


def principals(number: int) -> str:
    """Its credits."""
    rows = (
        f"tt{number:07d}\t{place}\tnm{(number * 7_919 + place) % 13_000_000:07d}\t"
        + ('self\t\\N\t["Self - Host"]\n' if place % 3 else "writer\twritten by\t\\N\n")
        for place in range(1, PER_TITLE + 1)
    )
    return "".join(rows)


def write(folder: Path, dataset: Dataset, line: Line, count: int) -> Path:
    """Write a file of so many titles, packed as IMDb packs them."""
    path = folder / dataset.file
    with gzip.open(path, "wt", compresslevel=6, encoding="utf-8") as file:
        file.write("\t".join(dataset.columns) + "\n")
        for start in range(1, count + 1, 10_000):
            file.write("".join(map(line, range(start, min(start + 10_000, count + 1)))))
    return path


def filter_rate(path: Path, titles: int) -> float:
    """Rows a second of the filter, one title in fifty wanted."""
    wanted = Numbers(f"tt{number:07d}" for number in range(1, titles, 50))
    rows, started = Rows(path, PRINCIPALS, wanted), time.monotonic()
    found = sum(1 for _ in rows)
    assert found == len(range(1, titles, 50)) * PER_TITLE
    return rows.row_count / (time.monotonic() - started)


def copy_rate(path: Path, url: str) -> float:
    """Rows a second of `zcat` into COPY."""
    columns = ", ".join(f"{name} text" for name in PRINCIPALS.columns)
    with connect(url, autocommit=False) as connection:
        connection.execute(f"create table bare ({columns})".encode())
        started = time.monotonic()
        with (
            subprocess.Popen(["zcat", str(path)], stdout=subprocess.PIPE) as unpacking,
            connection.cursor() as cursor,
            cursor.copy("copy bare from stdin (header)") as copy,
        ):
            assert unpacking.stdout
            while part := unpacking.stdout.read(256 * 1024):
                copy.write(part)
        connection.commit()
        seconds = time.monotonic() - started
        row = connection.execute("select count(*) from bare").fetchone()
        connection.execute("drop table bare")
    assert row
    return float(row[0] / seconds)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing: requests are no figures."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Hand out the files of a folder over HTTP, with their dates."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def land(base: str, url: str) -> dict[str, float]:
    """Land all of television in a process of its own."""
    command = [sys.executable, "-c", _PROGRAM, base, url, *NAMES]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return found


def changed(line: Line) -> Line:
    """The same rows a day later: one in two hundred says something else."""
    every = round(1 / CHANGED)
    return lambda n: line(n) if n % every else line(n).replace("\t4", "\t5").replace("\t1", "\t2")


def main() -> int:
    """Measure, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=1_000_000)
    parser.add_argument("--database-url")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, database(asked.database_url) as url:
        folder, titles = Path(name), asked.titles
        path = write(folder, PRINCIPALS, principals, titles)
        rates = [(filter_rate(path, titles), copy_rate(path, url)) for _ in range(3)]
        filtered, copied = (sorted(rate)[1] for rate in zip(*rates, strict=True))
        days = []
        with serving(folder) as base:
            for day in (lambda line: line, changed):
                write(folder, BASICS, day(basics), titles)
                write(folder, DATASETS["imdb_title_ratings"], day(ratings), titles)
                days.append(land(base, url))
                time.sleep(1.1)  # dates of files are told in seconds
    first, second = days
    memory = max(first["mb"], second["mb"])
    written = second["landed"] / second["checked"]
    rate = first["checked"] / first["seconds"]
    again = second["checked"] / second["seconds"]
    return report(
        Figure("filter", filtered, "rows/s", "zcat | COPY", copied, filtered / copied, FLOOR),
        Figure("television, first day", rate, "rows/s", "none", 0, 0),
        Figure("television, second day", again, "rows/s", "first day", rate, again / rate),
        Figure("written the second day", written, "share", "changed", CHANGED, written / CHANGED,
               at_most=1.2),
        Figure("memory", memory, "MB", "limit", MEMORY_LIMIT, memory / MEMORY_LIMIT, at_most=1),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
