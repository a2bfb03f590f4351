"""Figures: what was measured, beside its peer or limit in the same run, and what was wanted."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "BENCHMARK_FIGURES"
"""Names the file that figures are added to, for whoever runs several benchmarks."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement; `ratio` is better when it is high, but where `at_most` bounds it."""

    name: str
    value: float
    unit: str
    peer: str
    """Another program, a bare form of the same work, or a limit."""
    peer_value: float
    ratio: float
    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the ratio is within its bounds."""
        return (self.at_least is None or self.ratio >= self.at_least) and (
            self.at_most is None or self.ratio <= self.at_most
        )

    @property
    def target(self) -> str:
        """The bounds in words."""
        bounds = [
            *([f"≥ {self.at_least:g}"] if self.at_least is not None else []),
            *([f"≤ {self.at_most:g}"] if self.at_most is not None else []),
            *([f"aim {self.aim:g}"] if self.aim is not None else []),
        ]
        return ", ".join(bounds) or "none"


def report(*figures: Figure) -> int:
    """Show figures, and keep them where FILE says; the exit code: 1 where a bound is broken."""
    print(table(figures))
    if file := os.environ.get(FILE):
        with Path(file).open("a") as kept:
            kept.writelines(json.dumps(asdict(figure)) + "\n" for figure in figures)
    return 0 if all(figure.is_kept for figure in figures) else 1


def kept_in(file: Path) -> list[Figure]:
    """Read figures that `report` kept."""
    return [Figure(**json.loads(line)) for line in file.read_text().splitlines()]


def table(figures: Iterable[Figure]) -> str:
    """Put figures into columns."""
    rows = [("figure", "measured", "peer or limit", "its", "ratio", "target", "")]
    for each in figures:
        rows.append(
            (
                each.name,
                f"{_shown(each.value)} {each.unit}",
                each.peer,
                _shown(each.peer_value),
                f"{each.ratio:.2f}",
                each.target,
                "" if each.is_kept else "missed",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
