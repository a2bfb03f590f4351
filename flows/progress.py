"""Who is told how far a run has come.

A flow's parameters are written to Prefect's database, so a callback cannot be one of them: whoever
runs a flow in its own process and wants to follow it sets a listener around the call.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Progress = Callable[[str, int, int | None], None]
"""Called with the step ("Extracting"), what is done, and of how much (None: not known)."""


def silent(step: str, done: int, total: int | None) -> None:
    """Nobody listens."""


_expected: dict[str, tuple[int, int]] = {}

_listener: ContextVar[Progress] = ContextVar("showhouse_progress", default=silent)


def listener() -> Progress:
    """Whoever listens, for work that goes on in other threads: they do not inherit it."""
    return _listener.get()


def expect(step: str, before: int, total: int) -> None:
    """Say that the next reports of a step are of a part: so much was done before it, of so much."""
    _expected[step] = before, total


def tell(step: str, done: int = 0, total: int | None = None) -> None:
    """Report to whoever listens; of a part of a step, where the whole stands."""
    before, whole = _expected.get(step, (0, total))
    _listener.get()(step, before + done, whole)


@contextmanager
def listening(progress: Progress) -> Iterator[None]:
    """Within, `progress` is told."""
    token = _listener.set(progress)
    _expected.clear()
    try:
        yield
    finally:
        _listener.reset(token)
