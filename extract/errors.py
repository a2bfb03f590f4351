"""Everything that Showhouse raises on purpose.

ShowhouseError
├── SettingsError               a setting is missing or wrong
├── PostgresError
│   ├── ServerNotStarted        the embedded server did not come up
│   ├── ServerNotStopped        the embedded server did not go down
│   ├── DatabaseUnreachable     nothing usable answers at the database address
│   ├── SchemaIsNewer           the raw schema was migrated by newer code
│   ├── SchemaIsOlder           the raw schema is to be migrated, and we may not
│   ├── GateUnusable            the rate gate in the database cannot be asked
│   └── …                       of backups, of a lost server: `extract.postgres.errors`
├── SourceError                 a source did not give what was asked for
│   ├── AuthenticationRejected  the credentials were refused; the run stops
│   ├── RequestRejected         the request itself was wrong: our bug
│   ├── SourceUnavailable       every attempt failed
│   ├── BodyTooLarge            the answer is longer than the bound
│   ├── ClientRefused           it answers no client like ours: `extract.http.errors`
│   ├── HostNotAllowed          a URL leads to a host that is not on the list
│   └── FolderUnreadable        a folder of saved pages has none
├── LandingError                documents were not landed
│   ├── Unfit                   one document cannot be landed; it becomes a reject
│   ├── LoadNotTakenBack        a load cannot be taken back
│   └── ListShrank              a full list lost too many of its ids
└── MirrorError                 images were not mirrored; its kinds: `extract.mirror.errors`

Exceptions carry fields and build their own text: what happened, to which thing, why, what to do.
Never a secret, never a whole body.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

E = TypeVar("E", bound="ShowhouseError")


def _rebuild(kind: type[E], fields: dict[str, Any]) -> E:
    error = kind.__new__(kind)
    error.__dict__.update(fields)
    return error


class ShowhouseError(Exception):
    """The root: catch this to catch all of them."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Fields passed by keyword are lost by Exception's own pickling, as used between processes.
        return _rebuild, (type(self), dict(self.__dict__))


@dataclass(eq=False)
class SettingsError(ShowhouseError):
    """`setting` cannot be used: `why` ("is missing"), and the `remedy`, an imperative sentence."""

    setting: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"Setting `{self.setting}` {self.why}: {self.remedy}."


class PostgresError(ShowhouseError):
    """Something about the database, the embedded server or the raw schema."""


@dataclass(eq=False)
class ServerNotStarted(PostgresError):
    """The embedded server under `home` did not come up; `log` is where it says more."""

    home: Path
    why: str
    log: Path | None = None

    def __str__(self) -> str:
        more = f" See `{self.log}`." if self.log else ""
        return (
            f"The embedded Postgres under `{self.home}` did not start: {self.why}.{more} "
            "To use another Postgres (15 or later), set `DATABASE_URL`."
        )


@dataclass(eq=False)
class ServerNotStopped(PostgresError):
    """The embedded server under `home` did not go down."""

    home: Path
    why: str

    def __str__(self) -> str:
        return (
            f"The embedded Postgres under `{self.home}` did not stop: {self.why}. "
            "Close what is connected to it and run `showhouse db stop` again."
        )


@dataclass(eq=False)
class DatabaseUnreachable(PostgresError):
    """Nothing usable answers at `address` (without its password)."""

    address: str
    why: str

    def __str__(self) -> str:
        return (
            f"Postgres at `{self.address}` cannot be used: {self.why}. "
            "Correct `DATABASE_URL`, or unset it to use the embedded server."
        )


@dataclass(eq=False)
class SchemaIsNewer(PostgresError):
    """The database stands at revision `found`; this code knows revisions up to `known`."""

    found: str
    known: str

    def __str__(self) -> str:
        return (
            f"The raw schema is at revision `{self.found}`, which this version of Showhouse "
            f"(revision `{self.known}`) does not know: a newer one migrated it. "
            "Update this checkout and try again."
        )


@dataclass(eq=False)
class SchemaIsOlder(PostgresError):
    """The database stands at revision `found`, and its user may not migrate it."""

    found: str

    def __str__(self) -> str:
        return (
            f"The raw schema, at revision `{self.found}`, lacks what this version of Showhouse "
            "needs, and the user of `DATABASE_URL` may not change it. "
            "Let its owner run `showhouse db migrate`."
        )


@dataclass(eq=False)
class GateUnusable(PostgresError):
    """The row of `host` in `raw.rate_gates` cannot be used."""

    host: str
    why: str

    def __str__(self) -> str:
        return (
            f"The rate gate of `{self.host}` in Postgres cannot be used: {self.why}. Nothing is "
            "asked of it without the gate; see that Postgres runs and that "
            "`showhouse db migrate` was done, and run again."
        )


class SourceError(ShowhouseError):
    """A source did not give what was asked for."""


@dataclass(eq=False)
class AuthenticationRejected(SourceError):
    """`source` refused the credentials; `request` is the redacted request."""

    source: str
    status: int
    request: str

    def __str__(self) -> str:
        return (
            f"{self.source} answered {self.status} to {self.request}: the credentials were "
            "rejected. Retrying will not help; check the token in `.env`."
        )


@dataclass(eq=False)
class RequestRejected(SourceError):
    """`source` calls the request wrong, which is a bug of ours; `detail` is what it said, cut."""

    source: str
    status: int
    request: str
    detail: str

    def __str__(self) -> str:
        return (
            f"{self.source} answered {self.status} to {self.request}: `{self.detail}`. "
            "Retrying will not help; the request is built wrongly, please report it."
        )


@dataclass(eq=False)
class SourceUnavailable(SourceError):
    """`attempts` tries of `request` all failed, the last one by `why`.

    `status` and `body` are those of the last answer, if one came whole; the body is for
    `raw.rejects`, never for a text.
    """

    source: str
    request: str
    attempts: int
    why: str
    status: int | None = None
    body: bytes = field(default=b"", repr=False)

    def __str__(self) -> str:
        return (
            f"{self.source} did not answer {self.request} in {self.attempts} attempt(s); the last: "
            f"{self.why}. It will be due again at the next run."
        )


@dataclass(eq=False)
class BodyTooLarge(SourceError):
    """The answer to `request` is longer than `limit_bytes` and was not read further."""

    source: str
    request: str
    limit_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.source} answered {self.request} with more than {self.limit_bytes:,} bytes: "
            "not read. If such an answer is right, raise the bound where the source is declared."
        )


@dataclass(eq=False)
class HostNotAllowed(SourceError):
    """`request` leads to `host`, which is not on the list of `allowed` hosts."""

    host: str
    request: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        allowed = ", ".join(f"`{host}`" for host in self.allowed) or "none"
        return (
            f"{self.request} leads to `{self.host}`, which is not an allowed host ({allowed}): "
            "refused. If it is right, add it where the source is declared."
        )


@dataclass(eq=False)
class FolderUnreadable(SourceError):
    """No page can be taken from `folder`: `why`."""

    folder: Path
    why: str
    is_usage = True

    def __str__(self) -> str:
        return f"No page is in `{self.folder}`: {self.why}. Save some there with your browser."


class LandingError(ShowhouseError):
    """Documents were not landed."""


@dataclass(eq=False)
class Unfit(LandingError):
    """A payload that cannot be landed: `reason` is one word for counting, `detail` says more."""

    reason: str
    detail: str

    def __str__(self) -> str:
        return f"The payload cannot be landed ({self.reason}): {self.detail}."


@dataclass(eq=False)
class ListShrank(LandingError):
    """A full list of `resource` names `listed` ids where the last good one named `before`."""

    resource: str
    listed: int
    before: int

    def __str__(self) -> str:
        return (
            f"{self.resource}: {self.listed:,} ids listed, {self.before:,} at the last good run. "
            "Refused as a full list; rerun with --accept-shrink if it is true."
        )


@dataclass(eq=False)
class LoadNotTakenBack(LandingError):
    """The load `load_id` cannot be taken back: `why`."""

    load_id: int
    why: str
    is_usage = True

    def __str__(self) -> str:
        why = f"Load {self.load_id} was not taken back: {self.why}."
        return f"{why} `showhouse loads` lists those that can be."


class MirrorError(ShowhouseError):
    """Images were not mirrored, or not pruned."""
