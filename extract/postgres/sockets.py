"""The directory of the server's socket.

It lies in /tmp, since a socket's path has at most 107 bytes; it is named after SHOWHOUSE_HOME, so
that profiles.yml can derive it as well; and it is made sure that it is nobody else's.
"""

import contextlib
import hashlib
import os
import stat
from pathlib import Path

PORT = 5432
_PREFIX = "/tmp/showhouse-"


def directory_for(home: str) -> Path:
    """Where the server of this home listens; profiles.example.yml holds the same formula."""
    digest = hashlib.md5(home.encode(), usedforsecurity=False).hexdigest()
    return Path(_PREFIX + digest[:12])


def prepare(directory: Path, group: int | None) -> None:
    """Make the directory ours alone, or writable by `group` for a server under another account.

    Raises PermissionError where somebody else has taken the name.
    """
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"`{directory}` belongs to somebody else; ask them to remove it")
    if group is None:
        directory.chmod(0o700)
    else:
        os.chown(directory, -1, group, follow_symlinks=False)
        directory.chmod(0o770)


def alias(other_spelling: str, directory: Path) -> None:
    """Let the home under another spelling (through a link) lead to the same socket."""
    name = directory_for(other_spelling)
    if name == directory:
        return
    with contextlib.suppress(FileExistsError):
        name.symlink_to(directory)
    found = name.lstat()
    if found.st_uid != os.geteuid():
        raise PermissionError(f"`{name}` belongs to somebody else; ask them to remove it")
    if stat.S_ISLNK(found.st_mode) and name.readlink() != directory:
        name.unlink()
        name.symlink_to(directory)


def spellings(home: Path) -> set[str]:
    """Every way in which SHOWHOUSE_HOME, or PWD as profiles.yml reads it, may now name `home`."""
    working = os.environ.get("PWD") or os.getcwd()  # noqa: PTH109 - as the shell spells it
    named = os.environ.get("SHOWHOUSE_HOME") or ".showhouse"
    as_in_profile = named if named.startswith("/") else f"{working}/{named}"
    real = os.path.realpath(home)
    candidates = {str(home), as_in_profile}
    return {spelling for spelling in candidates if os.path.realpath(spelling) == real}


def owner_of(directory: Path) -> tuple[int, str] | None:
    """The postmaster's pid and data directory, as the socket's lock file tells."""
    try:
        lines = (directory / f".s.PGSQL.{PORT}.lock").read_text().splitlines()
        return int(lines[0]), lines[1]
    except (OSError, ValueError, IndexError):
        return None
