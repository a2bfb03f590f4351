"""What backups raise, and what becomes of Postgres' own errors where a command ends with one.

PostgresError
├── BackupFailed    a backup was not written, or not restored
├── RestoreRefused  a backup would go over what is held
├── DatabaseLost    Postgres went away in the middle of the work
└── NoRoomLeft      Postgres has no disk, memory or connection left
"""

from dataclasses import dataclass
from pathlib import Path

import psycopg

from extract.errors import PostgresError

_LOST = ("08", "57P")
_NO_ROOM = "53"
"""The classes of SQLSTATE: connection exception, operator intervention; insufficient resources."""


def understood(error: BaseException) -> BaseException:
    """Say it in our words, where it is an error of Postgres' that is nobody's bug."""
    told = getattr(error, "orig", None) or error  # SQLAlchemy wraps what migrations meet
    if not isinstance(told, psycopg.OperationalError):
        return error
    why = (str(told).strip() or type(told).__name__).splitlines()[0][:200]
    if told.sqlstate is None or told.sqlstate.startswith(_LOST):
        return DatabaseLost(why)
    return NoRoomLeft(why) if told.sqlstate.startswith(_NO_ROOM) else error


@dataclass(eq=False)
class BackupFailed(PostgresError):
    """The backup `file` was not written, or not restored: `why`."""

    file: Path
    why: str

    def __str__(self) -> str:
        return f"Nothing was done with the backup `{self.file}`: {self.why}."


@dataclass(eq=False)
class RestoreRefused(PostgresError):
    """The backup `file` would go into a database that holds something."""

    file: Path

    def __str__(self) -> str:
        return (
            f"`{self.file}` was not restored, because the database holds something already. "
            "Restore into an empty one: set `DATABASE_URL`, or another `SHOWHOUSE_HOME`."
        )


@dataclass(eq=False)
class DatabaseLost(PostgresError):
    """Postgres went away in the middle of the work; `why` is what it said."""

    why: str

    def __str__(self) -> str:
        return (
            f"Postgres went away in the middle of the work: {self.why}. "
            "What was committed stays; run the same command again to go on."
        )


@dataclass(eq=False)
class NoRoomLeft(PostgresError):
    """Postgres could not go on for want of disk, memory or connections; `why` is what it said."""

    why: str

    def __str__(self) -> str:
        return (
            f"Postgres has no room left: {self.why}. What was committed stays; make room and run "
            "the same command again to go on."
        )
