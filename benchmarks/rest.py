"""From the API to tables within TMDb's limit, against dlt's REST source.

Both ask the same server, a process of its own with the latency and the bursts of 502 of the real
TMDb (`tests.tmdb.pace`). It admits 44 a second, 10 % more than TMDb's limit, so that whoever
keeps to that is never refused. Both begin with ids and end with typed tables in the same Postgres
(durable settings, a fresh database each).

Ours is the two commands as a user gives them, over made-up series that are tracked beforehand:
a request brings a series with its parts and four of its seasons, each beside its credits. dlt has a
resource for each endpoint, as its documentation shows: the details, each part, each season. It is
told beforehand which seasons there are and asks in parallel. `plain`, it is otherwise as it is out
of the box, five threads that ask; `tuned`, it loads csv by COPY, normalizes in two processes, and
asks in eight threads: at 0.2 s an answer these come near to 40 requests a second. Whoever lets dlt
append as we do makes as few requests, and meets what `benchmarks.elt` measures.

`python -m benchmarks.rest [--series 2000] [--dlt plain tuned]`: 2,000 series take dlt a quarter of
an hour, 10,000 more than an hour. It comes with the extra `bench`.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.elt import CSV_AT_ITS_BEST, require_dlt, time_of
from benchmarks.figures import Figure, report
from benchmarks.rate_gate import MOST
from benchmarks.upstream import made_up
from benchmarks.warehouse import Scratch, run_dbt, scratch
from extract.postgres.connections import connect
from extract.settings import ROOT
from extract.sources.tmdb.requests import first_request
from extract.tracking import track
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.pace import REAL
from tests.tmdb.server import tmdb_process

FLOOR, AIM = 8, 15
DLT: dict[str, tuple[str, ...]] = {"plain": (), "tuned": (*CSV_AT_ITS_BEST, "--asking", "8")}
TOKEN = "any"
LONGEST_SECONDS = 2 * 3600


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--series", type=int, default=2_000)
    parser.add_argument("--dlt", nargs="*", choices=DLT, default=["tuned"])
    parser.add_argument("--dlt-python", default=sys.executable)
    options = parser.parse_args()
    require_dlt(options.dlt_python)
    with scratch() as place:
        run_dbt(place.migrated(), place.folder / "dbt", "parse")
        ours = measure_ours(place, options.series)
        theirs = {
            name: measure_dlt(place, options.series, name, options.dlt_python)
            for name in options.dlt
        }
    return report(*compare(ours, theirs, options.series))


def upstream_of(series_count: int) -> Options:
    """How the server is set up that both ask."""
    return Options(series_count=series_count, per_second=MOST, manner=REAL)


def measure_ours(place: Scratch, series_count: int) -> float:
    """Seconds of both commands, started with nothing landed; prints each of them."""
    url = place.migrated()
    with tmdb_process(upstream_of(series_count)) as tmdb:
        with connect(url) as connection:
            track(connection, tmdb.ids())
        environment = os.environ | {
            "DATABASE_URL": url,
            "SHOWHOUSE_HOME": str(place.folder / "showhouse"),
            "SHOWHOUSE_ENV_FILE": os.devnull,
            "TMDB_BASE_URL": tmdb.base_url,
            "TMDB_BEARER_TOKEN": TOKEN,
        }
        started = time.perf_counter()
        showhouse("extract", "--tracked", "--series-only", environment=environment)
        landed = time.perf_counter()
        asked = told(tmdb)
    dbt = [sys.executable, "-m", "benchmarks.scale", "--build", url, str(place.folder / "dbt")]
    subprocess.run(dbt, check=True, stdout=subprocess.DEVNULL)
    built = time.perf_counter()
    print(
        f"extract and dbt run {built - started:.1f} s "
        f"(extract {landed - started:.1f}, dbt run {built - landed:.1f}); {asked}",
        flush=True,
    )
    return built - started


def showhouse(*arguments: str, environment: dict[str, str]) -> None:
    """Give a command as a user does. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "flows.cli", *arguments]
    subprocess.run(command, check=True, env=environment, cwd=ROOT, capture_output=True)


def measure_dlt(place: Scratch, series_count: int, name: str, python: str) -> float:
    """Seconds of dlt's pipeline; prints each of its steps."""
    url = place.fresh()
    with tmdb_process(upstream_of(series_count)) as tmdb:
        file = place.folder / "api.json"
        file.write_text(json.dumps(api(tmdb.base_url, series_count)))
        peer = [python, str(Path(__file__).with_name("dlt_peer.py")), str(file), url, *DLT[name]]
        seconds = time_of(0, f"dlt, {name}", peer, LONGEST_SECONDS)
        print(f"  {told(tmdb)}", flush=True)
    return seconds


def api(base_url: str, series_count: int) -> dict[str, Any]:
    """Tell dlt what there is to ask for, and by which ids."""
    upstream = made_up(series_count)
    series = [{"id": series_id} for series_id in upstream.ids()]
    seasons = [
        {"id": each["id"], "number": int(name.removeprefix("season/"))}
        for each in series
        for name in upstream.names(each["id"])
        if name.startswith("season/")
    ]
    return {
        "base_url": base_url,
        "token": TOKEN,
        "ids": {"series": series, "seasons": seasons},
        "endpoints": endpoints(),
    }


def endpoints() -> list[dict[str, Any]]:
    """One resource for each: the details of a series, its parts, its seasons."""
    request = first_request(1, {})
    parameters = {
        part: {name: value for name, value in request.params.items() if part[:-1] in name}
        for part in ("images", "videos")
    }
    parts = [part.appended_as or "" for part in request.parts]
    paths = {"details": "tv/{resources.series.id}"}
    paths |= {part: f"tv/{{resources.series.id}}/{part}" for part in parts}
    paths["season"] = "tv/{resources.seasons.id}/season/{resources.seasons.number}"
    return [
        {
            "name": name.replace("/", "_"),
            "endpoint": {"path": path, "params": parameters.get(name, {})},
        }
        for name, path in paths.items()
    ]


def told(tmdb: Tmdb) -> str:
    """What a server was asked for, in words."""
    answers = Counter(request.status for request in tmdb.requests())
    counts = ", ".join(f"{count:,} of {status}" for status, count in sorted(answers.items()))
    return f"{answers.total():,} requests, answers: {counts}"


def compare(ours: float, theirs: dict[str, float], series_count: int) -> Sequence[Figure]:
    """Set ours beside each of dlt's."""
    return [
        Figure(
            name=f"API to tables, {series_count:,} series",
            value=ours,
            unit="s",
            peer=f"dlt's REST source, {name}",
            peer_value=seconds,
            ratio=seconds / ours,
            at_least=FLOOR,
            aim=AIM,
        )
        for name, seconds in theirs.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
