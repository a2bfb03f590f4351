"""What a command prints: results to stdout, progress and remarks to stderr.

On a terminal, long work has one live line; elsewhere a plain line every few seconds, fit for a log.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from flows.progress import Progress

SECONDS_BETWEEN_LINES = 5.0
SECONDS_TO_ESTIMATE = 3.0


def say(text: str) -> None:
    """A remark, which is not the result."""
    click.echo(text, err=True)


def show(text: str) -> None:
    """A part of the result."""
    click.echo(text)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under headings, in columns: numbers to the right, `None` as a dash."""
    cells = [["-" if cell is None else _text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *cells, strict=True)]
    is_number = [
        bool(rows) and all(isinstance(row[i], (int, float)) or row[i] is None for row in rows)
        for i in range(len(headings))
    ]
    lines = [list(headings), ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, is_number, strict=True)
        ).rstrip()
        for line in lines
    )


def _text(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)


@contextmanager
def progress() -> Iterator[Progress]:
    """What long work reports to: a live line on a terminal, a plain line now and then elsewhere."""
    if not sys.stderr.isatty():
        yield _plain_lines()
        return
    from rich.console import Console

    pace = _Pace()
    with Console(stderr=True).status("Starting …") as status:
        yield lambda step, done, total: status.update(_line(step, done, total, pace))


def _plain_lines() -> Progress:
    last: dict[str, float] = {}
    pace = _Pace()

    def tell(step: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        is_over = total is not None and done >= total
        if step not in last or is_over or now - last[step] >= SECONDS_BETWEEN_LINES:
            last[step] = now
            say(_line(step, done, total, pace))

    return tell


class _Pace:
    """How fast steps go, from their first report on."""

    def __init__(self) -> None:
        self._begun: dict[str, tuple[float, int]] = {}

    def left(self, step: str, done: int, total: int | None) -> float | None:
        """Seconds that a step will still take at its pace; None while that is a guess."""
        now = time.monotonic()
        begun, at_first = self._begun.setdefault(step, (now, done))
        if total is None or done >= total or done <= at_first or now - begun < SECONDS_TO_ESTIMATE:
            return None
        return (now - begun) / (done - at_first) * (total - done)


def _line(step: str, done: int, total: int | None, pace: _Pace) -> str:
    of = f" of {total:,}" if total is not None else ""
    left = pace.left(step, done, total)
    about = f", about {duration(left)} left" if left is not None else ""
    return f"{step} … {done:,}{of}{about}" if done or total else f"{step} …"


def duration(seconds: float) -> str:
    """A time in words that are short and true enough: `40 s`, `12 min`, `3 h 20 min`, `5 d`."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // (24 * 60)} d"
