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


_listener: ContextVar[Progress] = ContextVar("showhouse_progress", default=silent)


def listener() -> Progress:
    """Whoever listens, for work that goes on in other threads: they do not inherit it."""
    return _listener.get()


def tell(step: str, done: int = 0, total: int | None = None) -> None:
    """Report to whoever listens."""
    _listener.get()(step, done, total)


@contextmanager
def listening(progress: Progress) -> Iterator[None]:
    """Within, `progress` is told."""
    token = _listener.set(progress)
    try:
        yield
    finally:
        _listener.reset(token)
