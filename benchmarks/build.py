"""What a build costs: the first one, one with nothing new, one with 1 % of the series touched.

So many made-up series are landed and built with `dbt run`; then built again with nothing new; then,
several times, 1 % of them are edited upstream and landed (only what changed becomes a version), and
built. Shown are seconds, rows written, and for each model its seconds, those apart that are built
as wholes by their nature. What 1 % costs beyond a build with nothing new, which is dbt's own time,
is held against a twentieth of the first build, from 20,000 series on.

`python -m benchmarks.build [--series 2000] [--touches 3] [--share 0.01]`.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.figures import Figure, report
from benchmarks.upstream import land_in_parts, made_up
from benchmarks.warehouse import Node, Scratch, run_dbt, scratch

MODELS_SHOWN = 15
MEANT_FOR = 20_000
MOST = 0.05
"""How much of the first build one of 1 % may take, beyond what one with nothing new does."""


@dataclass(frozen=True, slots=True)
class Built:
    """One build."""

    seconds: float
    nodes: Sequence[Node]

    @property
    def rows(self) -> int:
        """How many rows its models wrote."""
        return sum(node.rows for node in self.nodes if node.rows > 0)


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--series", type=int, default=2_000)
    parser.add_argument("--touches", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.01, help="of the series, touched at once")
    options = parser.parse_args()
    with scratch() as place:
        builds = measure(place, options.series, options.touches, options.share)
    show_models(builds)
    return report(*compare(builds, options.series, options.share))


def measure(
    place: Scratch, series_count: int, touches: int, share: float
) -> dict[str, list[Built]]:
    """Build in each state."""
    upstream = made_up(series_count)
    run_dbt(place.migrated(), place.folder / "dbt", "parse")
    url = place.migrated()
    land_in_parts(url, upstream, upstream.ids())
    builds: dict[str, list[Built]] = {
        "full": [build(place, url, "full")],
        "idle": [],
        "touched": [],
    }
    for _ in range(touches):
        builds["idle"].append(build(place, url, "nothing new"))
        touched = list(upstream.touch_share(share))
        _, versions = land_in_parts(url, upstream, touched)
        said = f"{len(touched)} series touched, {versions} versions"
        builds["touched"].append(build(place, url, said))
    return builds


def build(place: Scratch, url: str, said: str) -> Built:
    """Run all models."""
    started = time.perf_counter()
    nodes = [node for node in run_dbt(url, place.folder / "dbt", "run") if node.kind == "model"]
    built = Built(time.perf_counter() - started, nodes)
    over_all = sum(node.seconds for node in nodes)
    print(
        f"{said}: {built.seconds:.1f} s (over all threads {over_all:.1f} s), {built.rows:,} rows",
        flush=True,
    )
    return built


def show_models(builds: dict[str, list[Built]]) -> None:
    """Print what the slowest models took, wholes last: medians of seconds, and rows written."""
    tables = {
        state: {node.name: node for node in built[-1].nodes} for state, built in builds.items()
    }
    seconds = {
        state: {
            name: median(node.seconds for each in built for node in each.nodes if node.name == name)
            for name in tables[state]
        }
        for state, built in builds.items()
    }
    print(f"\n{'model':36}" + "".join(f"{state:>10} s {'rows':>8}" for state in tables))
    slowest = sorted(seconds["full"], key=seconds["full"].__getitem__, reverse=True)
    wholes = [name for name in slowest if tables["full"][name].is_whole]
    by_key = [name for name in slowest if name not in wholes]
    for name in (*by_key[:MODELS_SHOWN], *wholes):
        shown = f"{name} (whole)" if name in wholes else name
        cells = (
            f"{seconds[state][name]:>12.2f} {max(tables[state][name].rows, 0):>8,}"
            for state in tables
        )
        print(f"{shown:36}" + "".join(cells))
    print()


def compare(builds: dict[str, list[Built]], series_count: int, share: float) -> list[Figure]:
    """Hold the small builds against the full one."""
    full, idle = builds["full"][0], median(each.seconds for each in builds["idle"])
    peer = f"first build, {series_count:,} series"
    beyond = median(each.seconds for each in builds["touched"]) - idle
    name = f"{share:.0%} touched, beyond nothing new"
    # Of few series a first build takes little more than dbt itself, and so is no measure.
    most = MOST if series_count >= MEANT_FOR else None
    figures = [Figure(name, beyond, "s", peer, full.seconds, beyond / full.seconds, at_most=most)]
    for state, name in (("idle", "nothing new"), ("touched", f"{share:.0%} touched")):
        seconds = median(each.seconds for each in builds[state])
        rows = median(each.rows for each in builds[state])
        figures += [
            Figure(f"dbt run, {name}", seconds, "s", peer, full.seconds, seconds / full.seconds),
            Figure(f"rows written, {name}", rows, "rows", peer, full.rows, rows / full.rows),
        ]
    return figures


if __name__ == "__main__":
    sys.exit(main())
