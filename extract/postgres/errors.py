"""What backups raise.

PostgresError
├── BackupFailed    a backup was not written, or not restored
└── RestoreRefused  a backup would go over what is held
"""

from dataclasses import dataclass
from pathlib import Path

from extract.errors import PostgresError


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
