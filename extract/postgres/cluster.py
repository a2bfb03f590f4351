"""One cluster on disk: where it lies, how it is made, how it is configured.

    <place>/postgresql.conf, pg_hba.conf, pg_ident.conf    ours, written anew before each start
    <place>/server.log                                     the server's
    <place>/data                                           the server's; there only when complete

`<place>` is SHOWHOUSE_HOME/postgres. The account that root lends to the server can look neither
into a private home nor into a checkout there, so for root it is /var/lib/showhouse/<random id>,
and SHOWHOUSE_HOME/postgres/place names it: without SHOWHOUSE_HOME there is a new cluster.
"""

import logging
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from extract.errors import ServerNotStarted
from extract.postgres import binaries, sockets
from extract.postgres.accounts import Account, own_name, server_account
from extract.postgres.tuning import memory_bytes, tuned_settings

OWNER = "showhouse"
_FOR_ROOT = Path("/var/lib/showhouse")
_LOG_LIMIT_BYTES = 10_000_000
_UNQUOTED = frozenset('"$\\`')  # Postgres's programs call each other through a shell

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cluster:
    """A cluster's place, the Postgres that serves it and the account it runs as."""

    home: Path
    place: Path
    installation: Path
    account: Account
    socket_directory: Path

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.place / "data"

    @property
    def database_made(self) -> Path:
        """There once the cluster holds our database."""
        return self.place / "database-made"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.place / "server.log"

    def run(self, program: str, *arguments: str) -> str | None:
        """Run a program of Postgres as the server's account; its complaint, or None."""
        command = [str(self.installation / "bin" / program), *arguments]
        done = self.account.run(command, binaries.environment(self.installation))
        return (done.stderr or done.stdout).strip() if done.returncode else None


def find_place(home: Path) -> Path | None:
    """Where the cluster of `home` lies, if one was ever made."""
    if os.geteuid() != 0:
        place = home / "postgres"
        return place if (place / "data").is_dir() else None
    try:
        place = Path((home / "postgres" / "place").read_text().strip())
    except FileNotFoundError:
        return None
    return place if (place / "data").is_dir() and _belongs(place, home) else None


def open_cluster(home: Path) -> Cluster:
    """The cluster of `home`, made if there is none; the caller holds the lock of the home.

    The path must be the real one: the cluster knows its home by it.
    """
    place = find_place(home) or _new_place(home)
    data = place / "data"
    account = server_account(data.stat().st_uid if data.is_dir() else None)
    installation = installation_for(home)
    if not account.lent and set(str(home)) & _UNQUOTED:
        why = 'Postgres does not run from a path with `"`, `$`, a backslash or a backtick in it'
        raise ServerNotStarted(home, why)
    cluster = Cluster(home, place, installation, account, sockets.directory_for(str(home)))
    if not data.is_dir():
        _initialise(cluster)
    _refuse_other_version(cluster)
    return cluster


def installation_for(home: Path) -> Path:
    """The embedded Postgres's programs, unpacked where the server of `home` may run them."""
    place = _FOR_ROOT if os.geteuid() == 0 else home / "postgres"
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    return binaries.install(place)


def _belongs(place: Path, home: Path) -> bool:
    # A copied checkout brings a copy of the record: the cluster stays with the home that it knows,
    # as long as that one is there and still names it; a home that was moved keeps its cluster.
    named = place / "home"
    known = Path(named.read_text()) if named.is_file() else home
    if known == home:
        return True
    record = known / "postgres" / "place"
    if record.is_file() and record.read_text().strip() == str(place):
        return False
    named.write_text(str(home))
    return True


def _new_place(home: Path) -> Path:
    if os.geteuid() != 0:
        return home / "postgres"
    _FOR_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    place = _FOR_ROOT / secrets.token_hex(6)
    place.mkdir()
    place.chmod(0o755)
    (place / "home").write_text(str(home))
    _replace(home / "postgres" / "place", f"{place}\n")
    return place


def _initialise(cluster: Cluster) -> None:
    unfinished = cluster.place / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if cluster.account.lent:
        os.chown(unfinished, cluster.account.uid, cluster.account.gid)
    complaint = cluster.run(
        "initdb",
        f"--pgdata={unfinished}",
        f"--username={OWNER}",
        "--auth=peer",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
    )
    if complaint is not None:
        raise ServerNotStarted(cluster.home, f"initdb failed: {complaint.splitlines()[-1]}")
    unfinished.rename(cluster.data)
    log.info("made a Postgres cluster in %s", cluster.place)


def _refuse_other_version(cluster: Cluster) -> None:
    made_by = int((cluster.data / "PG_VERSION").read_text())
    have = binaries.major_version(cluster.installation)
    if made_by != have:
        why = (
            f"its data was written by Postgres {made_by}, and this is {have}; go back to the "
            "lock file it was made with and `showhouse db backup FILE`, then come back, move "
            f"`{cluster.place}` away and `showhouse db restore FILE`"
        )
        raise ServerNotStarted(cluster.home, why)


def configure(cluster: Cluster) -> None:
    """Write the configuration for this machine as it is now, and bound the log."""
    settings = {
        "data_directory": str(cluster.data),
        "hba_file": str(cluster.place / "pg_hba.conf"),
        "ident_file": str(cluster.place / "pg_ident.conf"),
        "listen_addresses": "",
        "port": str(sockets.PORT),
        "unix_socket_directories": f'"{cluster.socket_directory}"',
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %a ",
        **tuned_settings(memory_bytes()),
    }
    quoted = ((name, value.replace("'", "''")) for name, value in settings.items())
    _replace(cluster.place / "postgresql.conf", "".join(f"{n} = '{v}'\n" for n, v in quoted))
    _replace(cluster.place / "pg_hba.conf", "local all all peer map=showhouse\n")
    users = dict.fromkeys([own_name(), "root"])
    idents = "".join(f'showhouse "{user}" {OWNER}\n' for user in users)
    _replace(cluster.place / "pg_ident.conf", idents)
    with cluster.log.open("a") as file:
        if file.tell() > _LOG_LIMIT_BYTES:
            file.truncate(0)
    cluster.log.chmod(0o600)
    if cluster.account.lent:
        os.chown(cluster.log, cluster.account.uid, cluster.account.gid)


def _replace(file: Path, text: str) -> None:
    scratch = file.with_name(file.name + ".new")
    scratch.write_text(text)
    scratch.chmod(0o644)
    scratch.replace(file)
