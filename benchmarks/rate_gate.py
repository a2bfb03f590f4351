"""Two processes at 40 requests/s together against a server that counts, and that later says 429.

Three phases of the same length: the server admits 10 % more than the limit, then 15 a second, then
as before. Shown for each: requests per second, the most in a sliding second as the server counts,
and the answers 429. The bounds of the first phase: never above 44, no 429, 95 % of the limit used.
At last the cost of a slot, beside that of a bare `select 1` on the same connection's kind.
`python -m benchmarks.rate_gate [--seconds 60] [--processes 2] [--database-url URL]`.
"""

import argparse
import sys
import time
from typing import Any

from benchmarks.figures import Figure
from benchmarks.figures import report as report_figures
from benchmarks.warehouse import database
from extract.postgres.connections import connect
from tests.extract.http.asking import finish, start
from tests.tmdb.handle import Tmdb
from tests.tmdb.journal import Request, most_in_window
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_process

LIMIT = 40
MOST = 44
LOWERED = 15
LATENCY_SECONDS = 0.08
SETTLING_SECONDS = 2.0


def main() -> int:
    """Measure and print; 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="of each phase")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--database-url", help="a migrated database; else one is made")
    asked = parser.parse_args()
    options = Options(series_count=500, per_second=MOST, latency_seconds=LATENCY_SECONDS)
    with database(asked.database_url) as url, tmdb_process(options) as tmdb:
        seconds = 3 * asked.seconds + 2 * SETTLING_SECONDS
        arguments = (url, tmdb.base_url, LIMIT, seconds)
        asking = [start(*arguments, 1 + 100 * number) for number in range(asked.processes)]
        edges = phases(tmdb, asked.processes, asked.seconds)
        done = finish(asking)
        report(tmdb.requests(), edges)
        costs(url, done)
        return report_figures(*figures(tmdb.requests(), edges[0]))


def phases(tmdb: Tmdb, processes: int, seconds: float) -> list[tuple[str, float, float]]:
    """Let the server change its mind twice; each phase's name, begin and end."""
    while tmdb.summary()["connections_opened"] < processes:
        time.sleep(0.05)
    time.sleep(SETTLING_SECONDS)
    edges = []
    for name, admitted in (("kept", MOST), (f"429 above {LOWERED}", LOWERED), ("lifted", MOST)):
        tmdb.limit(admitted)
        begin = time.monotonic()
        time.sleep(seconds)
        edges.append((name, begin, time.monotonic()))
    return edges


def report(requests: list[Request], edges: list[tuple[str, float, float]]) -> None:
    """Print a line for each phase, and its rate over time."""
    print(f"{'phase':>14} {'requests/s':>10} {'most in 1 s':>11} {'429':>5}   rate over time")
    for name, begin, end in edges:
        chosen = [request for request in requests if begin <= request.at < end]
        refused = sum(request.status == 429 for request in chosen)
        most = most_in_window(request.at for request in chosen)
        step = (end - begin) / 6
        course = (
            sum(begin + k * step <= request.at < begin + (k + 1) * step for request in chosen)
            / step
            for k in range(6)
        )
        rates = " ".join(f"{rate:5.1f}" for rate in course)
        print(f"{name:>14} {len(chosen) / (end - begin):10.2f} {most:11} {refused:5}   {rates}")


def figures(requests: list[Request], phase: tuple[str, float, float]) -> list[Figure]:
    """Hold the first phase against its bounds."""
    _, begin, end = phase
    chosen = [request for request in requests if begin <= request.at < end]
    rate, most = len(chosen) / (end - begin), most_in_window(request.at for request in chosen)
    refused = sum(request.status == 429 for request in chosen)
    return [
        Figure("one rate, kept together", rate, "/s", "limit", LIMIT, rate / LIMIT, at_least=0.95),
        Figure("most in a second", most, "requests", "bound", MOST, most / MOST, at_most=1),
        Figure(
            "answers 429", refused, "", "requests", len(chosen), refused / len(chosen), at_most=0
        ),
    ]


def costs(url: str, done: list[dict[str, Any]]) -> None:
    """Print what a slot costs."""
    gates = [one["gate"] for one in done]
    slots = sum(gate["slots"] + gate["dropped"] for gate in gates)
    spent = sum(gate["reserving"] for gate in gates)
    dropped, cuts = sum(gate["dropped"] for gate in gates), sum(gate["cuts"] for gate in gates)
    print(f"\n{slots:,} slots, {dropped} dropped as too late, {cuts} cuts of the rate")
    with connect(url) as connection:
        begun = time.perf_counter()
        for _ in range(1_000):
            connection.execute("select 1")
        bare = time.perf_counter() - begun
    print(f"a slot: {1e3 * spent / slots:.2f} ms while asking; a bare `select 1`: {bare:.2f} ms")
    unavailable = sum(one["unavailable"] for one in done)
    print(f"{sum(one['answered'] for one in done):,} answered, {unavailable} given up")


if __name__ == "__main__":
    sys.exit(main())
