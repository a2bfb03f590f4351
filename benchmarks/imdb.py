"""IMDb's datasets: how fast rows are filtered, what a second day writes, and how much memory.

Filtering is reading a packed file to its end and giving the rows of the wanted titles; the peer is
`zcat` into a COPY of the same file into text columns, in the same run. Then a process of its own
lands from a server that hands out the files, and once more with 0.5 % of the rows changed: all of
television, or, with `--real`, one series in fifty with its episodes, of files as large as IMDb's.

`python -m benchmarks.imdb [--titles 1000000] [--database-url URL]`; without a URL on an embedded
server of its own. `--real [--principals 20]`: 12 million titles, 8 million episodes and so many
million principals; some 3 GB of disk, a quarter of an hour. Exits with 1 where a bound is broken.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, report
from benchmarks.imdb_files import (
    BASICS,
    CHANGED,
    EPISODE,
    EPISODES,
    GROUP,
    PER_TITLE,
    PRINCIPALS,
    RATINGS,
    write,
)
from benchmarks.warehouse import database
from extract.postgres.connections import connect
from extract.sources.imdb.datasets import Dataset
from extract.sources.imdb.rows import Numbers, Rows
from extract.tracking import track_titles

FLOOR = 0.5
MEMORY_LIMIT = 500  # MB
MILLION = 1_000_000
REAL_TITLES = 12 * MILLION  # 8 million of them episodes
EACH = 50
"""One series in so many is wanted, with its episodes."""

_PROGRAM = """
import asyncio, json, resource, sys, time
from extract.datasets import extract_datasets
from extract.settings import load_settings
base, database, catalogue, *names = sys.argv[1:]
settings = load_settings(imdb_datasets_base_url=base, database_url=database)
started = time.monotonic()
done = asyncio.run(extract_datasets(settings, names, catalogue=catalogue == "True"))
counts = list(done.by_resource.values())
assert not done.failures, done.failures
print(json.dumps({
    "checked": sum(count.checked for count in counts),
    "landed": sum(count.landed for count in counts if count.checked > 1),
    "seconds": time.monotonic() - started,
    "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is read: the rows of so many titles."""

    dataset: Dataset
    titles: int


def filter_rate(path: Path, file: File) -> float:
    """Rows a second of the filter, one series in fifty wanted, with its episodes."""
    wanted = Numbers(
        f"tt{number:07d}"
        for series in range(0, file.titles, GROUP * EACH)
        for number in range(series, series + EPISODES + 1)
    )
    rows, started = Rows(path, file.dataset, wanted), time.monotonic()
    found = sum(1 for _ in rows)
    assert found and not rows.refused_count
    return rows.row_count / (time.monotonic() - started)


def copy_rate(path: Path, file: File, url: str) -> float:
    """Rows a second of `zcat` into COPY."""
    columns = ", ".join(f'"{name}" text' for name in file.dataset.columns)
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
        connection.commit()
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


def filtering(folder: Path, url: str, files: Sequence[File], times: int) -> Iterator[Figure]:
    """Filter each file beside its peer, the middle one of so many times."""
    for file in files:
        path = write(folder, file.dataset, file.titles)
        rates = [(filter_rate(path, file), copy_rate(path, file, url)) for _ in range(times)]
        ours, theirs = (sorted(rate)[times // 2] for rate in zip(*rates, strict=True))
        name = f"filter of {file.dataset.file}"
        yield Figure(name, ours, "rows/s", "zcat | COPY", theirs, ours / theirs, FLOOR)


def landing(folder: Path, url: str, files: Sequence[File], *, catalogue: bool) -> Iterator[Figure]:
    """Land what is wanted of the files, in a process of its own, and again a day later."""
    names = [file.dataset.resource.name for file in files]
    days = []
    with serving(folder) as base:
        command = [sys.executable, "-c", _PROGRAM, base, url, str(catalogue), *names]
        for day in (0, 1):
            for file in files:
                if day or not (folder / file.dataset.file).exists():
                    write(folder, file.dataset, file.titles, day)
            ended = subprocess.run(command, check=True, capture_output=True, text=True)
            days.append(json.loads(ended.stdout.splitlines()[-1]))
            time.sleep(1.1)  # dates of files are told in seconds
    first, second = days
    memory = max(first["mb"], second["mb"])
    written = second["landed"] / second["checked"]
    rate, again = (day["checked"] / day["seconds"] for day in days)
    seconds = (first["seconds"], second["seconds"])
    yield Figure("first day", rate, "rows/s", "none", 0, 0)
    yield Figure("second day", again, "rows/s", "first day", rate, again / rate)
    yield Figure("second day", seconds[1], "s", "first day", seconds[0], seconds[1] / seconds[0])
    yield Figure(
        *("written the second day", written, "share", "changed", CHANGED, written / CHANGED),
        at_most=1.2,
    )
    yield Figure("rows wanted", first["checked"], "rows", "none", 0, 0)
    yield Figure("rows written", second["landed"], "rows", "none", 0, 0)
    yield Figure("memory", memory, "MB", "limit", MEMORY_LIMIT, memory / MEMORY_LIMIT, at_most=1)


def main() -> int:
    """Measure, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--principals", type=int, default=20, metavar="MILLIONS")
    parser.add_argument("--database-url")
    asked = parser.parse_args()
    titles = asked.titles or (REAL_TITLES if asked.real else MILLION)
    if asked.real:
        credited = min(titles, asked.principals * MILLION // PER_TITLE)
        files = [File(EPISODE, titles), File(BASICS, titles), File(PRINCIPALS, credited)]
        filtered = files
    else:
        files = [File(BASICS, titles), File(RATINGS, titles)]
        filtered = [File(PRINCIPALS, titles)]
    with tempfile.TemporaryDirectory() as name, database(asked.database_url) as url:
        if asked.real:
            series = range(GROUP * EACH, titles, GROUP * EACH)
            with connect(url) as connection:
                track_titles(connection, [f"tt{number:07d}" for number in series])
        folder = Path(name)
        figures = [
            *filtering(folder, url, filtered, 1 if asked.real else 3),
            *landing(folder, url, files, catalogue=not asked.real),
        ]
    return report(*figures)


if __name__ == "__main__":
    sys.exit(main())
