"""One warehouse as one user has it: a database, a home, credentials; and the command, called.

The command runs in processes of its own, as from a shell. All that it ever said is kept in files,
so that a secret can be looked for in the whole of it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from psycopg import sql
from psycopg.rows import TupleRow

from extract.postgres.connections import connect, database_url
from extract.settings import ROOT, load_settings
from tests.tmdb.handle import Tmdb
from tests.waiting import PATIENCE_SECONDS

TOKEN = "a-token-that-is-to-be-seen-nowhere"
_FOREIGN = ("TMDB_", "AWS_", "IMDB_", "FANDOM_", "SHOWHOUSE_", "DATABASE_URL", "PG", "DBT_")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass
class House:
    """A warehouse under `root`, filled from `tmdb`; without `url` on an embedded server.

    `variables` are set in the environment of every command. The token stands there too, or, with
    `token_in_file`, in the .env file only.
    """

    root: Path
    tmdb: Tmdb
    url: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    token: str = TOKEN
    token_in_file: bool = False
    _calls: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        """Lay out the folders, the profile and the .env file."""
        for folder in ("user", "profile", "said"):
            (self.root / folder).mkdir(parents=True)
        profile = (ROOT / "profiles.example.yml").read_text()
        (self.root / "profile" / "profiles.yml").write_text(profile)
        line = f"TMDB_BEARER_TOKEN={self.token}\n" if self.token_in_file else ""
        self._env_file.write_text(line)

    @property
    def home(self) -> Path:
        """The SHOWHOUSE_HOME."""
        return self.root / "home"

    @property
    def _env_file(self) -> Path:
        return self.root / "dotenv"

    def call(self, *arguments: str, seconds: float = PATIENCE_SECONDS, **variables: str) -> Ended:
        """Run the command to its end."""
        with self.start(*arguments, **variables) as process:
            code = process.wait(seconds)
        out, err = sorted(self._said_last())
        return Ended(code, out.read_text(), err.read_text())

    def start(self, *arguments: str, **variables: str) -> "subprocess.Popen[bytes]":
        """Start the command as the leader of a process group of its own."""
        self._number = next(self._calls)
        name = self.root / "said" / f"{self._number:03d}"
        with (
            name.with_suffix(".1-out").open("wb") as out,
            name.with_suffix(".2-err").open("wb") as err,
        ):
            return subprocess.Popen(
                [sys.executable, "-m", "flows.cli", *arguments],
                cwd=ROOT,
                env=self._environment() | variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def _said_last(self) -> list[Path]:
        return list((self.root / "said").glob(f"{self._number:03d}.*"))

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        given = {
            "HOME": str(self.root / "user"),
            "PYTHONPATH": str(ROOT),
            "SHOWHOUSE_HOME": str(self.home),
            "SHOWHOUSE_ENV_FILE": str(self._env_file),
            "DBT_PROFILES_DIR": str(self.root / "profile"),
            "TMDB_BASE_URL": self.tmdb.base_url,
            "TMDB_IMAGE_BASE_URL": self.tmdb.image_base_url,
            "TMDB_EXPORTS_BASE_URL": self.tmdb.exports_base_url,
            "DATABASE_URL": self.url or "",
        }
        if not self.token_in_file:
            given["TMDB_BEARER_TOKEN"] = self.token  # empty counts as unset
        return kept | given | self.variables

    @property
    def database(self) -> str:
        """The address of the database; the embedded server is started."""
        return self.url or database_url(load_settings(showhouse_home=self.home, database_url=None))

    def rows(self, query: "sql.Composed | str", *values: Any) -> list[TupleRow]:
        """Ask the database."""
        statement = query.encode() if isinstance(query, str) else query
        with connect(self.database) as connection:
            return connection.execute(statement, values or None).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """Ask the database for one value."""
        [(value,)] = self.rows(query, *values)
        return value

    def tables(self, *schemas: str) -> list[tuple[str, str]]:
        """Name the tables of the schemas; without names of all but Postgres' own."""
        found = self.rows(
            "select schemaname, tablename from pg_tables where schemaname <> all"
            " ('{pg_catalog,information_schema}') order by 1, 2"
        )
        return [(schema, name) for schema, name in found if not schemas or schema in schemas]

    def mentions(self, secret: str) -> list[str]:
        """Where a text occurs: in tables, in files under the home, in what the commands said."""
        tables = [table for table in self.tables() if self._holds(*table, secret)]
        found = [f"{schema}.{name}" for schema, name in tables]
        return found + files_with(
            secret, self.home, self.root / "said", self.root / "user", self.root / "profile"
        )

    def _holds(self, schema: str, name: str, secret: str) -> bool:
        query = sql.SQL("select exists (select from {} as t where strpos(t::text, %s) > 0)")
        [(found,)] = self.rows(query.format(sql.Identifier(schema, name)), secret)
        return bool(found)


def files_with(secret: str, *folders: Path) -> list[str]:
    """The files under some folders that hold a text."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [str(path) for path in files if secret.encode() in path.read_bytes()]
