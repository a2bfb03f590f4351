"""How cost grows with the catalogue: so many series, and a multiple of them.

Each catalogue is landed and built (`dbt run`) on an empty database, landing and build in processes
of their own. Shown are the rate of landing, the seconds of the build, the most memory that each
process held, what the schemas take on disk, and the growth of each beside that of the catalogue.
The series are sized as TMDb's are: most have one season and few credits, some are giants.

`python -m benchmarks.scale [--series 2000 20000]`; 200,000 series want about 40 GB and an hour.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import psycopg

from benchmarks.figures import Figure, report
from benchmarks.landing import MEMORY_LIMIT
from benchmarks.upstream import land_in_parts, made_up
from benchmarks.warehouse import Scratch, run_dbt, scratch

GROWTH = 1.1
"""How much faster than the catalogue time may grow: 11 times for 10 times the series."""
SLOWEST = 10
SIZES = """
    select
        nspname as schema,
        sum(pg_total_relation_size(pg_class.oid))::bigint as bytes
    from pg_class
    inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where nspname in ('raw', 'staging', 'core', 'marts') and relkind = 'r'
    group by nspname
    order by nspname
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What one process did: its seconds, the most memory it held in MB, and its slowest parts."""

    seconds: float
    peak: float
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """One catalogue."""

    series: int
    landing: Done
    build: Done
    sizes: dict[str, int]


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--series", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--land", help=argparse.SUPPRESS)
    parser.add_argument("--build", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.land:
        tell(*land(options.land, options.series[0]))
    elif options.build:
        tell(*build(options.build[0], Path(options.build[1])))
    else:
        with scratch() as place:
            return report(*compare([measure(place, count) for count in sorted(options.series)]))
    return 0


def land(url: str, series_count: int) -> tuple[float, dict[str, float]]:
    """Land so many series; seconds of landing, without making them up."""
    upstream = made_up(series_count)
    seconds, versions = land_in_parts(url, upstream, upstream.ids())
    return seconds, {"documents": versions}


def build(url: str, folder: Path) -> tuple[float, dict[str, float]]:
    """Run all models; seconds, and those of the slowest."""
    started = time.perf_counter()
    nodes = run_dbt(url, folder, "run")
    seconds = time.perf_counter() - started
    slowest = sorted(nodes, key=lambda node: node.seconds, reverse=True)[:SLOWEST]
    return seconds, {node.name: node.seconds for node in slowest}


def tell(seconds: float, parts: dict[str, float]) -> None:
    """Print what this process did, for the one that started it."""
    # Not getrusage: what it counts begins with the process that this one was forked from.
    status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    print(json.dumps(asdict(Done(seconds, int(status["VmHWM"].split()[0]) / 1024, parts))))


def measure(place: Scratch, series_count: int) -> Measured:
    """Land and build one catalogue on an empty database."""
    url = place.migrated()
    landing = in_a_process("--land", url, "--series", str(series_count))
    print(
        f"{series_count:,} series landed in {landing.seconds:.0f} s "
        f"({series_count / landing.seconds:.0f}/s), within {landing.peak:.0f} MB",
        flush=True,
    )
    built = in_a_process("--build", url, str(place.folder / "dbt"))
    slowest = ", ".join(f"{name} {seconds:.0f}" for name, seconds in built.parts.items())
    print(f"  built in {built.seconds:.0f} s within {built.peak:.0f} MB; {slowest}", flush=True)
    with psycopg.connect(url) as connection:
        sizes: dict[str, int] = dict(connection.execute(SIZES).fetchall())
    shown = ", ".join(f"{schema} {size / 1e6:,.0f} MB" for schema, size in sizes.items())
    print(f"  on disk: {shown}", flush=True)
    return Measured(series_count, landing, built, sizes)


def in_a_process(*arguments: str) -> Done:
    """Do one step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} failed: {done.stderr[-2000:]}")
    return Done(**json.loads(done.stdout.splitlines()[-1]))


def compare(catalogues: Sequence[Measured]) -> Iterator[Figure]:
    """Set each catalogue beside the next smaller one."""
    for few, many in pairwise(catalogues):
        bound = GROWTH * many.series / few.series
        peer = f"{few.series:,} series"
        for name, of_few, of_many in (
            ("landing", few.landing.seconds, many.landing.seconds),
            ("build", few.build.seconds, many.build.seconds),
        ):
            name = f"{name} of {many.series:,} series"
            yield Figure(name, of_many, "s", peer, of_few, of_many / of_few, at_most=bound)
    last = catalogues[-1]
    for name, peak in (("landing", last.landing.peak), ("dbt", last.build.peak)):
        name = f"memory of {name}, {last.series:,} series"
        yield Figure(name, peak, "MB", "limit", MEMORY_LIMIT, peak / MEMORY_LIMIT, at_most=1)


if __name__ == "__main__":
    sys.exit(main())
