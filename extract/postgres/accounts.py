"""Who the server runs as. Postgres refuses root, so root lends it an unprivileged account."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

_FIRST_CHOICE = "nobody"


@dataclass(frozen=True)
class Account:
    """An OS account; `lent` when it is not the one this process runs as."""

    name: str
    uid: int
    gid: int
    lent: bool

    def run(
        self, command: list[str], environment: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` as this account from `/`, with nothing of our own environment (secrets)."""
        return subprocess.run(
            command,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=self.uid if self.lent else None,
            group=self.gid if self.lent else None,
            extra_groups=[] if self.lent else None,
        )


def own_name() -> str:
    """The name Postgres sees us by; a LookupError where this uid has none (Postgres wants one)."""
    return pwd.getpwuid(os.geteuid()).pw_name


def server_account(owner_uid: int | None = None) -> Account:
    """The account to run as: ours, or for root the `owner_uid` of existing data, else a lent one.

    Raises LookupError where there is none.
    """
    if os.geteuid() != 0:
        return Account(own_name(), os.geteuid(), os.getegid(), lent=False)
    entries = [pwd.getpwuid(owner_uid)] if owner_uid else list(_unprivileged())
    for entry in entries:
        account = Account(entry.pw_name, entry.pw_uid, entry.pw_gid, lent=True)
        if _may_be_lent(account):
            return account
    raise LookupError("root has no unprivileged account to run it as")


def _unprivileged() -> Iterator[pwd.struct_passwd]:
    entries = [entry for entry in pwd.getpwall() if entry.pw_uid and entry.pw_gid]
    yield from sorted(entries, key=lambda entry: entry.pw_name != _FIRST_CHOICE)


def _may_be_lent(account: Account) -> bool:
    # A container without the right capabilities, or with few mapped ids, has accounts in name only.
    try:
        return account.run(["/bin/true"], {}).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
