"""Processes at 40 requests/s together against a server that counts, and that later says 429.

The server has the manner of the real TMDb: its latency, and its bursts of 502.

First one process alone, then four, while the server admits 10 % more than the limit. Then two, in
three phases of the same length: as before, 15 a second, as before. Shown for each: requests per
second, the most in a sliding second as the server counts, the answers 429, and the smallest share
beside the largest. The bounds of all but the second phase of the two: never above 44, no 429, 95 %
of the limit used, by four in shares of which none is below 0.8 of another.
At last the cost of a slot, beside that of a bare `select 1` on the same connection's kind.
`python -m benchmarks.rate_gate [--seconds 30] [--database-url URL]`.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from benchmarks.figures import Figure
from benchmarks.figures import report as report_figures
from benchmarks.warehouse import database
from extract.postgres.connections import connect
from tests.extract.http.asking import finish, start
from tests.tmdb.handle import Tmdb
from tests.tmdb.journal import Request, most_in_window
from tests.tmdb.options import Options
from tests.tmdb.pace import REAL
from tests.tmdb.server import tmdb_process

LIMIT = 40
MOST = 44
LOWERED = 15
SETTLING_SECONDS = 2.0
FAIR = 0.8
IDS_APART = 1_000_000
Limits = Sequence[tuple[str, int]]
KEPT: Limits = (("kept", MOST),)
CHANGING: Limits = (*KEPT, (f"429 above {LOWERED}", LOWERED), ("lifted", MOST))
Phase = tuple[str, float, float]


def main() -> int:
    """Measure and print; 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=30, help="of each phase")
    parser.add_argument("--database-url", help="a migrated database; else one is made")
    asked = parser.parse_args()
    found: list[Figure] = []
    with database(asked.database_url) as url:
        for processes, limits in ((1, KEPT), (4, KEPT), (2, CHANGING)):
            edges, requests, done = measure(url, processes, asked.seconds, limits)
            report(processes, requests, edges)
            found += figures(processes, requests, edges[0])
        costs(url, done)
    return report_figures(*found)


def measure(
    url: str, processes: int, seconds: float, limits: Limits
) -> tuple[list[Phase], list[Request], list[dict[str, Any]]]:
    """Let processes ask while the server changes its mind."""
    options = Options(series_count=500, per_second=MOST, manner=REAL)
    with tmdb_process(options) as tmdb:
        whole = len(limits) * seconds + 2 * SETTLING_SECONDS
        asking = [
            start(url, tmdb.base_url, LIMIT, whole, 1 + IDS_APART * number)
            for number in range(processes)
        ]
        edges = phases(tmdb, processes, seconds, limits)
        done = finish(asking)
        return edges, tmdb.requests(), done


def phases(tmdb: Tmdb, processes: int, seconds: float, limits: Limits) -> list[Phase]:
    """Let the server admit one rate after the other; each phase's name, begin and end."""
    while len(shares(tmdb.requests())) < processes:
        time.sleep(0.05)
    time.sleep(SETTLING_SECONDS)
    edges = []
    for name, admitted in limits:
        tmdb.limit(admitted)
        begin = time.monotonic()
        time.sleep(seconds)
        edges.append((name, begin, time.monotonic()))
    return edges


def shares(requests: list[Request]) -> Counter[int]:
    """How many requests each process sent: their ids are far apart."""
    return Counter(int(request.path.split("/")[3]) // IDS_APART for request in requests)


def report(processes: int, requests: list[Request], edges: list[Phase]) -> None:
    """Print a line for each phase, and its rate over time."""
    print(f"{'by':>2} {'phase':>14} {'requests/s':>10} {'most in 1 s':>11} {'429':>5}   over time")
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
        mean = len(chosen) / (end - begin)
        print(f"{processes:2} {name:>14} {mean:10.2f} {most:11} {refused:5}   {rates}")


def figures(processes: int, requests: list[Request], phase: Phase) -> list[Figure]:
    """Hold the first phase against its bounds."""
    _, begin, end = phase
    chosen = [request for request in requests if begin <= request.at < end]
    rate, most = len(chosen) / (end - begin), most_in_window(request.at for request in chosen)
    refused = sum(request.status == 429 for request in chosen)
    sent = shares(chosen).values()
    found = [
        Figure(f"rate of {processes}", rate, "/s", "limit", LIMIT, rate / LIMIT, at_least=0.95),
        Figure("most in a second", most, "requests", "bound", MOST, most / MOST, at_most=1),
        Figure(
            "answers 429", refused, "", "requests", len(chosen), refused / len(chosen), at_most=0
        ),
    ]
    if processes > 1:
        least, largest = min(sent), max(sent)
        fairness = least / largest
        found.append(
            Figure("smallest share", least, "requests", "largest", largest, fairness, at_least=FAIR)
        )
    return found


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
