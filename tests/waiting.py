"""Waiting for a state, however slow the machine is. A limit in time only guards against hanging."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from extract.postgres.connections import connect

PATIENCE_SECONDS = 1_500
"""Less than pytest's own limit, so that what was waited for is told."""
_SESSIONS = """
    select application_name from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend'
        and pid <> pg_backend_pid() and pid <> all(%s)
"""


def wait_until(
    holds: Callable[[], object], why: str | Callable[[], str], every: float = 0.02
) -> None:
    """Ask again and again until something holds; `why` says what did not come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, why if isinstance(why, str) else why()
        time.sleep(every)


def wait_until_left_alone(url: str, *but_for: int) -> None:
    """Until no session is in the database at `url` but those of these backends.

    A process that was killed may still commit: Postgres learns of its end only after that.
    """
    with connect(url) as connection:
        wait_until(
            lambda: connection.execute(_SESSIONS, [list(but_for)]).fetchone() is None,
            "a killed process's session does not end",
        )


@contextmanager
def within_cpu_seconds(limit: float) -> Iterator[None]:
    """Fail where the block takes this process more, however long it takes by the clock."""
    started = time.process_time()
    yield
    assert time.process_time() - started < limit


def in_a_quiet_moment(attempt: Callable[[], None], attempts: int = 10) -> None:
    """Let one of several attempts be quick enough: a busy machine disturbs some, a fault all."""
    for _ in range(attempts - 1):
        with suppress(AssertionError):
            return attempt()
    return attempt()
