"""Run benchmarks, each in a process of its own, and put all figures into one table."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import __doc__ as described
from benchmarks.figures import FILE, kept_in, table

SECONDS = {
    "requests": 300,
    "landing": 300,
    "elt": 5_400,
    "rest": 2_400,
    "build": 600,
    "scale": 900,
    "rate_gate": 300,
    "imdb": 900,
    "mirror": 300,
    "renditions": 120,
    "api": 120,
    "search": 1_800,
    "load": 1_500,
}
"""The longest that each may take; on a quiet machine all take a fraction of it."""


def main() -> int:
    """Run what is asked for; 1 where a bound is broken or a benchmark fails."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=described,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SECONDS)}")
    parser.add_argument("--patience", type=float, default=1.0, help="times the usual time limits")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(SECONDS)):
        parser.error(f"`{unknown[0]}` is no benchmark. There are {', '.join(SECONDS)}.")
    print(shape(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures"
        file.touch()
        names = asked.names or list(SECONDS)
        failed = [name for name in names if not run(name, file, asked.patience)]
        print(f"\n{shape()}\n{table(kept_in(file))}")
    if failed:
        print(f"Failed, or missed a target: {', '.join(failed)}.")
    return 1 if failed else 0


def run(name: str, file: Path, patience: float) -> bool:
    """Run one benchmark, which adds its figures to the file; whether it went well."""
    print(f"\n== {name}", flush=True)
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    process = subprocess.Popen(command, env=os.environ | {FILE: str(file)})
    try:
        return process.wait(SECONDS[name] * patience) == 0
    except subprocess.TimeoutExpired:
        print(f"{name} takes longer than {SECONDS[name] * patience:.0f} s and is given up.")
        process.terminate()
        return False
    finally:
        process.wait(60)  # told to end, by us or from the terminal, it removes its server first


def shape() -> str:
    """The machine, as far as it matters."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {memory:.0f} GB, load {load:.1f} over the last minute"


if __name__ == "__main__":
    sys.exit(main())
