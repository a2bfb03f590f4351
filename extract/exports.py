"""Lands TMDb's daily exports: all ids of a kind, in seconds, and never a whole file in memory.

    file → disk → looked through → compared with what is held → landed line by line

A file that is no such list (HTML, a torn gzip stream, nothing in it) or is far shorter than the
last one is refused as a whole; a bad line alone is refused alone. A file is landed once: when its
entry is in the books, nothing of it is asked for again.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import UUID

from psycopg import Connection

from extract.documents import Batch, Failure, Reject
from extract.errors import ListShrank, SourceError, Unfit
from extract.http.answers import Verdict
from extract.http.client import Client, Gate, host_of
from extract.landing import Landed, land
from extract.landing.lists import ListedFile, land_list, refuse_shrunk
from extract.postgres import clock
from extract.settings import Settings
from extract.sources.tmdb.catalogue import Export, newest_day, ready_after
from extract.sources.tmdb.lines import Lines
from extract.sources.tmdb.resources import TMDB

MAX_FILE_BYTES = 1024 * 1024 * 1024
DEADLINE = 1_800.0  # seconds; the list of all people has some 70 MB

_log = logging.getLogger(__name__)
_KEYS = "select key from raw.fetches where resource = %s and status = 'ok'"


@dataclass(slots=True)
class Listed:
    """What landing the exports did."""

    landed: Landed = field(default_factory=Landed)
    requests: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Files that did not land, and why."""


def open_exports(settings: Settings, database: str) -> Client:
    """Make the client for the host of the exports, which asks for no credentials."""
    return Client(
        source=TMDB.title,
        base_url=settings.tmdb_exports_base_url,
        gate=Gate(
            database, host_of(settings.tmdb_exports_base_url), settings.tmdb_requests_per_second
        ),
        user_agent=settings.showhouse_user_agent,
        classify=classify,
        max_connections=2,
        max_body_bytes=MAX_FILE_BYTES,
        deadline=DEADLINE,
    )


def classify(status: int, body: bytes) -> Verdict:
    """Say what an answer of the exports' host means: it refuses what is not there, or not yet."""
    if status == 200:
        return Verdict.OK
    if status in (403, 404):
        return Verdict.GONE
    return Verdict.RETRY if status in (408, 425, 429) or status >= 500 else Verdict.BUG


async def land_exports(
    client: Client,
    connection: Connection[Any],
    exports: Sequence[Export],
    *,
    run_id: UUID,
    accept_shrink: bool = False,
    at: datetime | None = None,
) -> Listed:
    """Land the newest file of each export where it is not landed yet; `client` is entered.

    A file that fails is listed and stops nothing. The connection must be idle, and is kept busy:
    it must not be another task's.
    """
    done = Listed()
    for export in exports:
        with _alone(connection, export):
            try:
                landing = _Landing(client, connection, export, run_id, accept_shrink)
                done.landed += await landing.land_newest(at or clock.now(connection))
            except (SourceError, Unfit, ListShrank) as error:
                done.landed += landing.fail(error)
                done.failures.append((landing.file, str(error)))
    done.requests = client.statistics.requests
    return done


@contextmanager
def _alone(connection: Connection[Any], export: Export) -> Iterator[None]:
    # Who waits finds the file landed. Two lists at once would each note absences of the other.
    name = f"showhouse: {export.ids.name}"
    connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (name,))
    try:
        yield
    finally:
        connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", (name,))


class _Landing:
    """One export on its way; `file` is the one at hand."""

    def __init__(
        self,
        client: Client,
        connection: Connection[Any],
        export: Export,
        run_id: UUID,
        accept_shrink: bool,
    ) -> None:
        self.file = ""
        self._client, self._connection = client, connection
        self._export, self._run_id = export, run_id
        self._accept_shrink = accept_shrink

    async def land_newest(self, now: datetime) -> Landed:
        """Land the newest file, or, where it is late, the one before."""
        last = self._last_day()
        newest = newest_day(now)
        for day in (newest, date.fromordinal(newest.toordinal() - 1)):
            self.file = self._export.file(day) if day == newest else self.file
            if last is not None and day <= last:
                return Landed()
            with TemporaryFile() as content:
                answer = await self._client.download(f"/{self._export.file(day)}", content)
                if answer.verdict is Verdict.OK:
                    self.file = self._export.file(day)
                    return self._land(content, day, answer.fetched_at)
        raise Unfit("missing", "there is no such file yet")

    def fail(self, error: Exception) -> Landed:
        """Enter into the books that the file did not land."""
        failed_at = clock.now(self._connection)
        batch = Batch(failures=[Failure(self._export.ids.name, self.file, str(error), failed_at)])
        if isinstance(error, Unfit) and error.reason != "missing":
            batch = Batch(rejects=[self._reject(error, failed_at)])
        return land(self._connection, batch, run_id=self._run_id)

    def _land(self, content: BinaryIO, day: date, fetched_at: datetime) -> Landed:
        file = ListedFile(
            resource=self._export.ids,
            name=self.file,
            day=day,
            request=self._request,
            fetched_at=fetched_at,
            due_at=ready_after(day),
        )
        lines = Lines(content, self._export, file)
        listed = lines.count()
        if not self._accept_shrink:
            refuse_shrunk(self._connection, file.resource, listed)
        landed = land_list(
            self._connection, file, lines.documents(), lines.rejects, run_id=self._run_id
        )
        _log.info("%s  %s ids listed  %s new", self.file, f"{listed:,}", f"{landed.landed:,}")
        return landed

    def _last_day(self) -> date | None:
        rows = self._connection.execute(_KEYS, (self._export.ids.name,))
        return max((self._export.day_of(key) for (key,) in rows), default=None)

    def _reject(self, unfit: Unfit, at: datetime) -> Reject:
        return Reject(
            resource=self._export.ids.name,
            key=self.file,
            reason=unfit.reason,
            detail=unfit.detail,
            body=b"",
            request=self._request,
            fetched_at=at,
        )

    @property
    def _request(self) -> str:
        return f"GET /{self.file}"
