"""The embedded Postgres of one SHOWHOUSE_HOME: durable, over a socket only, for this OS user only.

Any number of processes may call `start` at once. After a kill -9, of the server or of whoever
started it, the next `start` recovers. `python -m extract.postgres.server` starts it and prints
its address.
"""

import contextlib
import fcntl
import os
import shlex
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.pq import PGconn, Ping

from extract.errors import ServerNotStarted, ServerNotStopped
from extract.postgres import binaries, processes, sockets
from extract.postgres.cluster import OWNER, Cluster, configure, find_place, open_cluster

DATABASE = "showhouse"
_PATIENCE_SECONDS = 60
_ATTEMPTS = 5


class Server:
    """The server of `home`, an absolute SHOWHOUSE_HOME, which may be spelled through links."""

    def __init__(self, home: Path) -> None:
        self.home = Path(os.path.realpath(home))
        self.socket_directory = sockets.directory_for(str(self.home))
        self._spelled = home

    def url(self, database: str = DATABASE) -> str:
        """The address, whether the server runs or not."""
        return f"postgresql://{OWNER}@/{quote(database)}?host={quote(str(self.socket_directory))}"

    def is_running(self) -> bool:
        """Whether the server answers, and is the one of this home as the home is now."""
        place = find_place(self.home)
        owner = sockets.owner_of(self.socket_directory)
        if place is None or owner is None or not (place / "database-made").exists():
            return False
        ours = (_postmaster_of(place / "data"), str(place / "data"))
        return owner == ours and self._ping() is Ping.OK

    def start(self) -> None:
        """Make sure that the server runs and holds the database. Raises ServerNotStarted."""
        try:
            if not self.is_running():
                with self._lock():
                    if not self.is_running():
                        self._dismiss_predecessor()
                        self._start(open_cluster(self.home))
            for spelling in sockets.spellings(self._spelled):
                sockets.alias(spelling, self.socket_directory)
        except (OSError, LookupError) as error:
            raise ServerNotStarted(self.home, str(error)) from error

    def stop(self) -> bool:
        """Stop the server and its connections; whether it ran. Raises ServerNotStopped."""
        place = find_place(self.home)
        if place is None or _postmaster_of(place / "data") is None:
            return False
        with self._lock():
            opened = open_cluster(self.home)
            if not processes.working_in(opened.data) and self._ping() is Ping.NO_RESPONSE:
                return False
            complaint = _pg_ctl(opened, "stop", "--mode=fast")
            if complaint is not None and self._ping() is not Ping.NO_RESPONSE:
                raise ServerNotStopped(self.home, complaint.splitlines()[-1])
        return True

    def remove(self) -> None:
        """Stop the server and delete its data for good."""
        self.stop()
        place = find_place(self.home)
        if place is not None:
            shutil.rmtree(place)
        shutil.rmtree(self.home / "postgres", ignore_errors=True)
        for spelling in sockets.spellings(self._spelled):
            with contextlib.suppress(OSError):
                sockets.directory_for(spelling).unlink()
        shutil.rmtree(self.socket_directory, ignore_errors=True)

    def psql(self) -> tuple[list[str], dict[str, str]]:
        """The command that opens psql on the database, and what its environment needs besides."""
        with self._lock():
            installation = open_cluster(self.home).installation
        command = [str(installation / "bin" / "psql"), self.url()]
        return command, {"LD_LIBRARY_PATH": binaries.environment(installation)["LD_LIBRARY_PATH"]}

    def _start(self, opened: Cluster) -> None:
        group = opened.account.gid if opened.account.lent else None
        sockets.prepare(self.socket_directory, group)
        if processes.working_in(opened.data) and not processes.wait_for(self._is_up, 5):
            # Alive but deaf: somebody removed its socket, or its postmaster was killed.
            _pg_ctl(opened, "stop", "--mode=fast")
            processes.wait_for(lambda: not processes.working_in(opened.data), _PATIENCE_SECONDS)
        configure(opened)
        complaint: str | None = None
        for _ in range(_ATTEMPTS):
            if self._is_up():
                break
            self._forget_the_dead(opened)
            options = f"-c config_file={shlex.quote(str(opened.place / 'postgresql.conf'))}"
            log = f"--log={opened.log}"
            complaint = _pg_ctl(opened, "start", log, f"--options={options}")
            processes.wait_for(self._is_up, 1)
        if not self._is_up():
            why = (complaint or "it does not answer").splitlines()[0]
            raise ServerNotStarted(self.home, why, opened.log)
        _create_database(self.url("postgres"))
        opened.database_made.touch()

    def _is_up(self) -> bool:
        # "Starting up" is an answer too: recovery after a crash takes what it takes.
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (answer := self._ping()) is Ping.REJECT and time.monotonic() < deadline:
            time.sleep(0.05)
        return answer is Ping.OK

    def _ping(self) -> Ping:
        where = f"host={self.socket_directory} port={sockets.PORT} user={OWNER} dbname=postgres"
        return Ping(PGconn.ping(where.encode()))

    def _dismiss_predecessor(self) -> None:
        """End a server that still runs for a cluster that this home no longer has."""
        place = find_place(self.home)
        processes.end_deserted((place or self.home / "postgres") / "data")
        owner = sockets.owner_of(self.socket_directory)
        if owner is None or (place is not None and owner[1] == str(place / "data")):
            return
        pid, data = owner
        for how in (signal.SIGINT, signal.SIGQUIT):
            if pid not in processes.working_in(Path(data)):
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
            processes.wait_for(lambda: pid not in processes.working_in(Path(data)), 10)

    def _forget_the_dead(self, opened: Cluster) -> None:
        # Postgres takes any process with the pid in the file for its predecessor; in a container,
        # where pids are small, it often is another one. No process works here: it is dead.
        if processes.known() and not processes.working_in(opened.data):
            (opened.data / "postmaster.pid").unlink(missing_ok=True)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        folder = self.home / "postgres"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _pg_ctl(opened: Cluster, action: str, *arguments: str) -> str | None:
    timeout = f"--timeout={_PATIENCE_SECONDS}"
    return opened.run("pg_ctl", action, "--wait", timeout, f"--pgdata={opened.data}", *arguments)


def _create_database(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("select from pg_database where datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(f"create database {DATABASE}")


def _postmaster_of(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().partition("\n")[0])
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    from extract.settings import load_settings

    server = Server(load_settings().showhouse_home)
    server.start()
    print(server.url())
