"""Backup and restore of what cannot be fetched or built again.

That is `raw`, and the history tables of `core`: they hold what versions told whose payloads were
purged since. All else is built from them. The programs are the embedded server's, which read every
Postgres from 15 on; so a backup is also the way from one major version to the next.
"""

import os
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from extract.postgres import binaries
from extract.postgres.cluster import installation_for
from extract.postgres.connections import connect, database_url
from extract.postgres.errors import BackupFailed, RestoreRefused
from extract.settings import Settings

KEPT_OF_CORE = "%\\_history"

_BUILT = """
    select format('%%I.%%I', schemas.nspname, relations.relname)
    from pg_class as relations
    inner join pg_namespace as schemas on relations.relnamespace = schemas.oid
    where
        schemas.nspname = 'core'
        and relations.relkind in ('r', 'p', 'v', 'm')
        and not (relations.relkind in ('r', 'p') and relations.relname like %s)
"""
_HELD = """
    select to_regnamespace('core') is not null
        or coalesce(pg_relation_size(to_regclass('raw.loads')), 0) > 0
        or coalesce(pg_relation_size(to_regclass('raw.fetches')), 0) > 0
"""


def backup(settings: Settings, file: Path) -> None:
    """Write `file`, which must not exist; it appears when it is whole. Raises BackupFailed."""
    url = database_url(settings)
    if file.exists():
        raise BackupFailed(file, "it is there already; a backup never overwrites another")
    with connect(url) as connection:
        excluded = [name for (name,) in connection.execute(_BUILT, [KEPT_OF_CORE])]
    draft = file.with_name(f"{file.name}.unfinished")
    try:
        _run(
            settings,
            "pg_dump",
            *("--format=custom", "--compress=lz4", f"--file={draft}"),
            *("--schema=raw", "--schema=core"),
            *(f"--exclude-table={name}" for name in excluded),
            file=file,
            url=url,
        )
        _run(settings, "pg_restore", "--list", str(draft), file=file)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)


def restore(settings: Settings, file: Path) -> None:
    """Bring a backup into a database that holds nothing, as a whole or not at all.

    Raises RestoreRefused where there is something, BackupFailed.
    """
    url = database_url(settings)
    _run(settings, "pg_restore", "--list", str(file), file=file)
    with connect(url) as connection:
        if connection.execute(_HELD).fetchone() != (False,):
            raise RestoreRefused(file)
        connection.execute("drop schema if exists raw cascade")  # as migrated, and still empty
    _run(
        settings,
        "pg_restore",
        *("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"),
        str(file),
        file=file,
        url=url,
    )


def _run(
    settings: Settings, program: str, *arguments: str, file: Path, url: str | None = None
) -> None:
    installation = installation_for(settings.showhouse_home)
    environment = dict(os.environ)
    environment["LD_LIBRARY_PATH"] = binaries.environment(installation)["LD_LIBRARY_PATH"]
    command = [str(installation / "bin" / program), *arguments]
    if url is not None:
        # The password goes by the environment: arguments are for every user to read.
        fields = conninfo_to_dict(url)
        if password := fields.pop("password", None):
            environment["PGPASSWORD"] = str(password)
        command.append(f"--dbname={make_conninfo('', **fields)}")
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        complaint = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise BackupFailed(file, f"{program} failed: {complaint[0][:200]}")
