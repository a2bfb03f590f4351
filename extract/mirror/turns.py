"""Mirrors run side by side, a sweep runs alone: advisory locks, which end with their session.

Between finding that an object is held already and landing its receipt, a mirror relies on an object
that nothing refers to yet. A sweep in that moment would delete what is about to be referenced.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection, errors

from extract.mirror.errors import MirrorBusy

MIRROR_WAITS_SECONDS = 600
SWEEP_WAITS_SECONDS = 60


@contextmanager
def mirroring(connection: Connection) -> Iterator[None]:
    """Hold off sweeps; raises MirrorBusy if one does not end."""
    wait = _limited(connection, MIRROR_WAITS_SECONDS)
    with wait, _explained("A prune", MIRROR_WAITS_SECONDS):
        connection.execute(
            "select pg_advisory_lock_shared(hashtextextended('showhouse.mirror', 0))"
        )
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute(
                "select pg_advisory_unlock_shared(hashtextextended('showhouse.mirror', 0))"
            )


@contextmanager
def sweeping(connection: Connection) -> Iterator[None]:
    """Be alone; raises MirrorBusy if a mirror does not end."""
    wait = _limited(connection, SWEEP_WAITS_SECONDS)
    with wait, _explained("A mirror", SWEEP_WAITS_SECONDS):
        connection.execute("select pg_advisory_lock(hashtextextended('showhouse.mirror', 0))")
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("select pg_advisory_unlock(hashtextextended('showhouse.mirror', 0))")


@contextmanager
def _limited(connection: Connection, seconds: int) -> Iterator[None]:
    connection.execute("select set_config('lock_timeout', %s, false)", (f"{seconds}s",))
    try:
        yield
    finally:
        connection.execute("reset lock_timeout")


@contextmanager
def _explained(other: str, seconds: int) -> Iterator[None]:
    try:
        yield
    except errors.LockNotAvailable as error:
        raise MirrorBusy(other, seconds) from error
