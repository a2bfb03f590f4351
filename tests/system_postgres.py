"""A Postgres that the machine has, run for the time of the tests: the oldest version we promise."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from extract.postgres.accounts import own_name, server_account

_PLACES = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/opt/homebrew/opt/postgresql@{}/bin")


@dataclass(frozen=True)
class SystemPostgres:
    """A throw-away cluster served by the programs in `programs`."""

    programs: Path
    place: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="showhouse-pg-")))

    @classmethod
    def find(cls, version: int) -> "SystemPostgres | None":
        """The installed Postgres of this major version, if any."""
        for pattern in _PLACES:
            folder = Path(pattern.format(version))
            if (folder / "pg_ctl").is_file():
                return cls(folder)
        return None

    def url(self, database: str) -> str:
        """The address of a database on this server."""
        return f"postgresql://showhouse@/{database}?host={self.place}"

    def start(self) -> None:
        """Make the cluster and start it."""
        account = server_account()
        if account.lent:
            shutil.chown(self.place, account.uid, account.gid)
        self.place.chmod(0o755)
        data = f"--pgdata={self.place / 'data'}"
        self._run("initdb", data, "--username=showhouse", "--encoding=UTF8", "--no-sync")
        (self.place / "data" / "pg_hba.conf").write_text("local all all peer map=showhouse\n")
        (self.place / "data" / "pg_ident.conf").write_text(f'showhouse "{own_name()}" showhouse\n')
        options = f"--options=-k {self.place} -c listen_addresses= -c fsync=off"
        self._run("pg_ctl", "start", "--wait", data, f"--log={self.place / 'log'}", options)

    def remove(self) -> None:
        """Stop the server and delete the cluster."""
        self._run("pg_ctl", "stop", "--wait", "--mode=fast", f"--pgdata={self.place / 'data'}")
        shutil.rmtree(self.place)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        done = server_account().run(command, {"LC_ALL": "C.UTF-8"})
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
