"""What a build costs: the first one, one with nothing new, one with 1 % of the series touched.

So many made-up series are landed and built with `dbt build`, tests included; then built again with
nothing new; then, several times, 1 % of them are edited upstream and landed (only what changed
becomes a version), and built. Shown are seconds, rows written, and for each model its seconds; the
first build is the limit that an incremental one is held against.

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


@dataclass(frozen=True, slots=True)
class Built:
    """One build."""

    seconds: float
    nodes: Sequence[Node]

    @property
    def rows(self) -> int:
        """How many rows its models wrote."""
        return sum(node.rows for node in self.nodes if node.kind == "model" and node.rows > 0)

    def seconds_of(self, kind: str) -> float:
        """Sum of the nodes of one kind; several run at once."""
        return sum(node.seconds for node in self.nodes if node.kind == kind)


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
    """Run `dbt build`."""
    started = time.perf_counter()
    nodes = run_dbt(url, place.folder / "dbt", "build")
    built = Built(time.perf_counter() - started, nodes)
    models, tests = built.seconds_of("model"), built.seconds_of("test")
    print(
        f"{said}: {built.seconds:.1f} s (over all threads: models {models:.1f} s, tests "
        f"{tests:.1f} s), {built.rows:,} rows",
        flush=True,
    )
    return built


def show_models(builds: dict[str, list[Built]]) -> None:
    """Print what the slowest models took: medians of seconds, and rows written."""
    tables = {
        state: {node.name: node for node in built[-1].nodes if node.kind == "model"}
        for state, built in builds.items()
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
    for name in slowest[:MODELS_SHOWN]:
        cells = (
            f"{seconds[state][name]:>12.2f} {max(tables[state][name].rows, 0):>8,}"
            for state in tables
        )
        print(f"{name:36}" + "".join(cells))
    print()


def compare(builds: dict[str, list[Built]], series_count: int, share: float) -> list[Figure]:
    """Hold the small builds against the full one."""
    full = builds["full"][0]
    peer = f"first build, {series_count:,} series"
    figures = []
    for state, name in (("idle", "nothing new"), ("touched", f"{share:.0%} touched")):
        seconds = median(each.seconds for each in builds[state])
        rows = median(each.rows for each in builds[state])
        figures += [
            Figure(f"dbt build, {name}", seconds, "s", peer, full.seconds, seconds / full.seconds),
            Figure(f"rows written, {name}", rows, "rows", peer, full.rows, rows / full.rows),
        ]
    return figures


if __name__ == "__main__":
    sys.exit(main())
