"""From answers to tables: landing and building, against dlt with the same documents.

Both begin with what TMDb answered for so many made-up series, in memory, and end with typed tables
in the same Postgres (durable settings, a fresh database each). Ours is what `showhouse extract` and
`showhouse build` do, without the network: the clock runs from the first answer split to the last
test of data, loading dbt included. What each side takes is told by the clock and in processor
seconds, of its processes and of Postgres; the latter are compared. dlt nests the documents
as it does: arrays become child tables. Not among them are our own derived metrics.

dlt is measured with
- `defaults`: the documents taken apart beforehand by Showhouse, one resource per table, out of the
  box: insert_values and one process that normalizes. This ratio counts. Half of our work is done
  for dlt then, by us, while nobody measures;
- `split`: the same at its best: csv, which loads by COPY, two processes that normalize, and files
  of 500 items;
- `eased`: as split, and TMDb's providers by region, a map, given as a list. As the map that it is
  it becomes four tables a region, which takes dlt longer than all the rest;
- `answered`: what TMDb answered, one document a request, as dlt's REST source hands it over, at its
  best. This is its worst case: each answer holds a map of regions and arrays in arrays;
- `untuned`: the same out of the box.

`python -m benchmarks.elt [--series 2000] [--runs 3] [--dlt defaults] [--patience 20]`. dlt is
ended, and the ratio a lower bound, after so many times what our side took. It comes with the extra
`bench`; `--dlt-python` names another Python that has it.
"""

import argparse
import asyncio
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from benchmarks.figures import Figure, report
from benchmarks.upstream import Answers, answers, fetched, land_all, made_up
from benchmarks.warehouse import Scratch, scratch
from extract.settings import load_settings
from extract.sources.tmdb.resources import METRICS
from flows.dbt_runner import build, keep_project, require_success

AIM = 5
COUNTS = "defaults"
CSV_AT_ITS_BEST = ("--format", "csv", "--workers", "2", "--file-items", "500")
DLT: dict[str, tuple[str, ...]] = {
    "answered": ("answered", *CSV_AT_ITS_BEST),
    "untuned": ("answered",),
    "split": ("documents", *CSV_AT_ITS_BEST),
    "eased": ("eased", *CSV_AT_ITS_BEST),
    "defaults": ("documents",),
}
"""How dlt is run: the folder of its documents, and its settings."""


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--series", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--dlt", nargs="*", choices=DLT, default=list(DLT))
    parser.add_argument("--patience", type=float, default=20, help="in times what ours took")
    parser.add_argument("--dlt-python", default=sys.executable)
    parser.add_argument("--ours", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ours:
        print(json.dumps(land_and_build(options.ours[0], Path(options.ours[1]))))
        return 0
    require_dlt(options.dlt_python)
    with scratch() as place:
        prepare(place.folder, options.series)
        measured = measure(place, options.runs, options.dlt, options.dlt_python, options.patience)
    return report(*compare(measured, options.series))


def _floor(series_count: int) -> float:
    return 3 if series_count <= 1_000 else 2.5


def land_and_build(url: str, folder: Path) -> dict[str, Any]:
    """Do our side in this process: seconds, of the whole and of each step."""
    with (folder / "answers").open("rb") as file:
        prepared, series_ids = pickle.load(file)
    started = time.perf_counter()
    asyncio.run(land_all(url, prepared, series_ids))
    landed = time.perf_counter()
    home = folder / "house"
    require_success(build(load_settings(database_url=url, showhouse_home=home)))
    ended = time.perf_counter()
    return {
        "seconds": ended - started,
        "phases": {"landing": landed - started, "building": ended - landed},
    }


def require_dlt(python: str) -> None:
    """Stop where the peer is missing."""
    if subprocess.run([python, "-c", "import dlt, psycopg2"], capture_output=True).returncode:
        sys.exit(
            f"dlt is not installed for `{python}`, and it is what is compared with. Install the "
            "extra `bench` (`pip install --editable '.[bench]'`), or name a Python that has it "
            "with `--dlt-python`."
        )


def prepare(folder: Path, series_count: int) -> None:
    """Write what both sides begin with; the clock does not run yet."""
    upstream = made_up(series_count)
    prepared = dict(answers(upstream, upstream.ids()))
    with (folder / "answers").open("wb") as file:
        pickle.dump((prepared, upstream.ids()), file)
    tables = asyncio.run(split_all(prepared, upstream.ids()))
    for name in ("documents", "eased"):
        (folder / name).mkdir()
        for table, documents in tables.items():
            (folder / name / f"{table}.jsonl").write_bytes(b"\n".join(documents))
    eased = map(with_regions_listed, tables["tmdb_tv_watch_providers"])
    (folder / "eased" / "tmdb_tv_watch_providers.jsonl").write_bytes(b"\n".join(eased))
    (folder / "answered").mkdir()
    (folder / "answered" / "tmdb_tv.jsonl").write_bytes(b"\n".join(prepared.values()))
    size = sum(len(document) for documents in tables.values() for document in documents)
    count = sum(map(len, tables.values()))
    print(f"{series_count:,} series, {count:,} documents, {size / 1e6:.0f} MB", flush=True)


async def split_all(prepared: Answers, series_ids: Sequence[int]) -> dict[str, list[bytes]]:
    """Give the documents of each table, each with its key."""
    tables = defaultdict(list)
    async for batch in fetched(prepared, series_ids):
        for each in batch.documents:
            if each.payload is not None and each.resource != METRICS.name:
                keyed = b'{"key":"%s",%s' % (each.key.encode(), each.payload[1:])
                tables[each.resource].append(keyed)
    return tables


def with_regions_listed(document: bytes) -> bytes:
    """Turn the map of a document's `results` into a list."""
    value = orjson.loads(document)
    listed = [{"region": region, **offers} for region, offers in value["results"].items()]
    return orjson.dumps(value | {"results": listed})


def measure(
    place: Scratch, runs: int, chosen: Sequence[str], python: str, patience: float
) -> dict[str, list[float]]:
    """Take turns; the seconds of each."""
    # A checkout that was set up: what dbt parsed is kept.
    os.environ["DATABASE_URL"] = place.migrated()
    keep_project()
    seconds: dict[str, list[float]] = defaultdict(list)
    for run in range(runs):
        ours = [sys.executable, "-m", "benchmarks.elt", "--ours", place.migrated()]
        name = "landing and building"
        seconds["ours"].append(cost_of(place, run, name, [*ours, str(place.folder)]))
        for name in chosen:
            folder, *settings = DLT[name]
            peer = [python, str(Path(__file__).with_name("dlt_peer.py"))]
            peer += [str(place.folder / folder), place.fresh(), *settings]
            limit = patience * seconds["ours"][-1]
            seconds[name].append(cost_of(place, run, f"dlt, {name}", peer, limit))
    return seconds


def cost_of(
    place: Scratch, run: int, name: str, command: list[str], limit: float | None = None
) -> float:
    """Run one side in a process of its own; the processor seconds of it and of Postgres.

    Ended early, the seconds of the clock that it came to, which is less than what it would take.
    """
    before = place.cpu_seconds() + _cpu_of_children()
    clock = time_of(run, name, command, limit)
    if clock == limit:
        return clock
    cost = place.cpu_seconds() + _cpu_of_children() - before
    print(f"       {name:20} {cost:6.1f} CPU s", flush=True)
    return cost


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def time_of(run: int, name: str, command: list[str], limit: float | None = None) -> float:
    """Run one side in a process of its own; what it says that it took, or the limit it came to."""
    # A group of its own: what is ended early has processes that normalize.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            out, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            print(f"run {run + 1}: {name:20} not done, ended after {limit:6.1f} s", flush=True)
            return limit or 0.0
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise RuntimeError(f"{name} failed: {err[-2000:]}")
    told = json.loads(out.splitlines()[-1])
    phases = ", ".join(f"{phase} {seconds:.1f}" for phase, seconds in told["phases"].items())
    print(f"run {run + 1}: {name:20} {told['seconds']:6.1f} s ({phases})", flush=True)
    return float(told["seconds"])


def compare(measured: dict[str, list[float]], series_count: int) -> list[Figure]:
    """Set our median beside each of dlt's; ratios are of the turns, their median."""
    ours = measured.pop("ours")
    return [
        Figure(
            name=f"landing + building, {series_count:,} series",
            value=median(ours),
            unit="CPU s",
            peer=f"dlt, {name}",
            peer_value=median(theirs),
            ratio=median(their / our for their, our in zip(theirs, ours, strict=True)),
            at_least=_floor(series_count) if name == COUNTS else None,
            aim=AIM if name == COUNTS else None,
        )
        for name, theirs in measured.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
