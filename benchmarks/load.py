"""The API under load while the warehouse is built anew and Postgres is restarted once.

So many made-up series are landed and built, and served by `showhouse serve` with its workers. How
much it can bear is measured flat out, alone and while dbt builds: the latter is its capacity here,
where two cores carry everything. Then, for some minutes, it is asked at a share of that, at moments
that no slow answer postpones, while rounds go on without a pause: some series change upstream,
land, and `dbt run` builds. Half way the embedded server is restarted under everything.

Every answer is checked. Its tag is the digest of its body; a document is one that some build left,
and tells of one landing only, although its parts land in several tables; the lines of a page are of
one and the same build. Refused may be only while Postgres is away, with 503 and Retry-After.

`python -m benchmarks.load [--minutes 10] [--series 2000] [--share 0.8]`.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import orjson
import psycopg

from benchmarks.api import free_port, wait_for
from benchmarks.figures import Figure, report
from benchmarks.open_loop import Line, Load, Outcome, drive
from benchmarks.upstream import answers, land_all, land_in_parts, made_up
from benchmarks.warehouse import Scratch, run_dbt, scratch
from extract.postgres.server import Server
from extract.settings import ROOT
from tests.tmdb.upstream import Upstream

T = TypeVar("T")
WORKERS = 2
TOUCHED = 0.02
SECONDS_OF_CAPACITY = 8.0
LONGEST_OUTAGE = 10.0
"""Seconds from when Postgres is up again to the last refusal."""
State = dict[str, tuple[str | None, str]]
"""Of each show by id: name, and the tag of its document."""


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--series", type=int, default=2_000)
    parser.add_argument("--share", type=float, default=0.8, help="of capacity")
    parser.add_argument("--build", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        run_dbt(options.build[0], Path(options.build[1]), "run")
        return 0
    with scratch() as place:
        return report(*measure(place, options.series, options.minutes, options.share))


def measure(place: Scratch, series: int, minutes: float, share: float) -> list[Figure]:
    """Land, build, serve, ask, restart, check."""
    url, upstream = place.migrated(), made_up(series)
    land_in_parts(url, upstream, upstream.ids())
    rounds = Rounds(url, place.folder / "dbt", upstream)
    rounds.build()
    with served(url, place.folder) as port:
        rounds.look()
        alone = drive(load_of(rounds, port, SECONDS_OF_CAPACITY))
        told("flat out, alone", alone)
        with rounds.going_on():
            busy = drive(load_of(rounds, port, SECONDS_OF_CAPACITY))
            told("flat out, while dbt builds", busy)
            rate, outage = share * busy.per_second(), Outage()
            restart = threading.Thread(target=outage.make, args=(place.server, minutes * 30))
            restart.start()
            outcome = drive(load_of(rounds, port, minutes * 60, rate))
            restart.join()
        told(f"{rate:,.0f} requests/s for {minutes:g} minutes", outcome)
    print(f"    {rounds.told()}\n    {outage.told(outcome)}", flush=True)
    for each in (alone, busy):
        outcome.wrong += each.wrong
    outcome.wrong += mixed(rounds.states, outcome)
    return verdicts(outcome, outage, busy, share)


def load_of(rounds: "Rounds", port: int, seconds: float, rate: float | None = None) -> Load:
    """Ask for all shows as they are now."""
    state = rounds.states[-1]
    words = sorted({name.split()[1] for name, _ in state.values() if name and " " in name})
    tags = {show_id: tag for show_id, (_, tag) in state.items()}
    return Load(port, tags, [word for word in words if word.isalnum()], seconds, rate)


@dataclass
class Rounds:
    """Series change, land and are built, again and again; what each build left is noted."""

    url: str
    folder: Path
    upstream: Upstream
    states: list[State] = field(default_factory=list)
    builds: Counter[str] = field(default_factory=Counter)
    _number: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Let rounds follow each other while the block runs, and end the last one."""
        ended = threading.Event()

        def go_on() -> None:
            while not ended.is_set():
                self.land()
                self.build()
                self.look()

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def land(self) -> None:
        """Name some series, and their seasons, after this round."""
        self._number += 1
        ids = self.upstream.ids()
        touched = self._chance.sample(ids, max(1, int(TOUCHED * len(ids))))
        prepared = dict(answers(self.upstream, touched))
        marked = {asked: _marked(body, self._number) for asked, body in prepared.items()}
        patiently(lambda: asyncio.run(land_all(self.url, marked, touched)))

    def build(self) -> None:
        """Run dbt in a process of its own, which fails where Postgres goes away under it."""
        command = [sys.executable, "-m", "benchmarks.load", "--build", self.url, str(self.folder)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        self.builds["failed" if done.returncode else "done"] += 1
        if done.returncode and not self.states:
            raise RuntimeError(f"the first build failed: {done.stderr[-2000:]}")

    def look(self) -> None:
        """Note what there is, after a build and before the next one."""

        def read() -> State:
            with psycopg.connect(self.url) as connection:
                rows = connection.execute(
                    "select show_id::text, name, etag from marts.show_documents"
                )
                return {show_id: (name, tag) for show_id, name, tag in rows}

        self.states.append(patiently(read))

    def told(self) -> str:
        """How many there were."""
        done, failed = self.builds["done"], self.builds["failed"]
        return f"{self._number} rounds of changes, {done} builds done, {failed} cut by the restart"


def patiently(step: Callable[[], T]) -> T:
    """Do it again until Postgres is there; a minute at most."""
    for _ in range(60):
        try:
            return step()
        except psycopg.OperationalError:
            time.sleep(1)
    return step()


def _marked(body: bytes, number: int) -> bytes:
    details = orjson.loads(body)
    seasons = [part for name, part in details.items() if name.startswith("season/")]
    for part in (details, *details.get("seasons", ()), *seasons):
        part["name"] = f"{part.get('name') or ''} round {number}"
    return orjson.dumps(details)


@dataclass
class Outage:
    """The restart of Postgres."""

    begun: float = 0.0
    ended: float = 0.0

    def make(self, server: Server, after: float) -> None:
        """Restart it after so many seconds."""
        time.sleep(after)
        self.begun = time.monotonic()
        server.stop()
        server.start()
        self.ended = time.monotonic()

    def refusals(self, outcome: Outcome) -> list[float]:
        """When refused: seconds from when the server was up again; before it, less than 0."""
        return [due + took - self.ended for due, took, status in outcome.requests if status == 503]

    def stray(self, outcome: Outcome) -> int:
        """Refusals at any other time."""
        begun = self.begun - self.ended
        return sum(not begun <= at <= LONGEST_OUTAGE for at in self.refusals(outcome))

    def told(self, outcome: Outcome) -> str:
        """How long, and what it cost."""
        refused = self.refusals(outcome)
        return (
            f"Postgres was away for {self.ended - self.begun:.1f} s: {len(refused):,} requests "
            f"refused, the last {max(refused, default=0.0):.1f} s after it was up again"
        )


@contextmanager
def served(url: str, folder: Path) -> Iterator[int]:
    """The API by its own command; its port."""
    port = free_port()
    command = [sys.executable, "-m", "flows.cli", "serve", "--port", str(port)]
    command += ["--workers", str(WORKERS)]
    environment = os.environ | {"DATABASE_URL": url, "SHOWHOUSE_HOME": str(folder / "home")}
    with (folder / "api.log").open("wb") as log:
        api = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(str(port))
            yield port
        finally:
            api.terminate()
            api.wait(60)


def mixed(states: list[State], outcome: Outcome) -> Counter[str]:
    """Answers that no build left: documents, and pages whose lines are of no one build."""
    left = {(show_id, tag) for state in states for show_id, (_, tag) in state.items()}
    wrong = Counter({"a document that no build left": len(outcome.documents - left)})
    for lines in outcome.pages:
        if not any(_stands(lines, state) for state in states):
            wrong["a page of no one build"] += 1
    return +wrong


def _stands(lines: tuple[Line, ...], state: State) -> bool:
    return all(state.get(show_id, ("",))[0] == name for show_id, name in lines)


def told(what: str, outcome: Outcome) -> None:
    """One line of times and statuses."""
    times = ", ".join(f"{name} {ms:.1f} ms" for name, ms in outcome.percentiles().items())
    statuses = Counter(status for _, _, status in outcome.requests)
    counts = ", ".join(f"{count:,} of {status}" for status, count in sorted(statuses.items()))
    print(f"{what}: {outcome.per_second():,.0f}/s; {times}; {counts}", flush=True)


def verdicts(outcome: Outcome, outage: Outage, busy: Outcome, share: float) -> list[Figure]:
    """What was wanted."""
    for what, times in outcome.wrong.items():
        if times:
            print(f"    wrong: {times:,} times {what}")
    count, p99 = len(outcome.requests), outcome.percentiles()["p99"]
    flat_out = busy.percentiles()["p99"]
    wrong, stray = outcome.wrong.total(), outage.stray(outcome)
    back = max(0.0, *outage.refusals(outcome), 0.0)
    peer, due = "answers", count + outcome.unsent
    return [
        Figure("answered of what was due", count, "", "due", due, count / due, at_least=1),
        Figure("wrong answers under load", wrong, "", peer, count, wrong / count, at_most=0),
        Figure("refused with Postgres there", stray, "", peer, count, stray / count, at_most=0),
        Figure(
            "served again after the restart",
            *(back, "s", "limit", LONGEST_OUTAGE, back / LONGEST_OUTAGE),
            at_most=1,
        ),
        Figure(f"p99 at {share:.0%} of capacity", p99, "ms", "flat out", flat_out, p99 / flat_out),
    ]


if __name__ == "__main__":
    sys.exit(main())
