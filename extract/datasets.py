"""Lands IMDb's daily datasets: what is wanted of each file, and never a whole file in memory.

    file → disk → rows wanted → staged → compared with what is held → landed

A file is asked for where it is new, or where more is wanted of it than when it was read last; a
file that is none (a page, other columns, cut short) or has lost too many rows is refused as a
whole; a bad row alone is refused alone. What was read is told by a receipt in `raw.imdb_files`.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from uuid import UUID, uuid4

from psycopg import Connection

from extract.canonical import canonical, content_hash
from extract.documents import Batch, Failure, Reject, document
from extract.errors import ListShrank, SourceError, Unfit
from extract.http.answers import Answer, Verdict
from extract.http.client import Client, Gate, OpenGate, Version, host_of
from extract.landing import Landed, books, land
from extract.landing.files import RowFile, Staged, land_staged, stage_rows
from extract.landing.lists import is_believed
from extract.postgres import clock
from extract.postgres.connections import connect, database_url
from extract.run import Extracted, NotLanded
from extract.sample import answer_file
from extract.settings import Settings
from extract.sources.imdb.datasets import DATASETS, FILES, IMDB, Dataset
from extract.sources.imdb.wanted import Wanted

if TYPE_CHECKING:
    from extract.sources.imdb.rows import Rows

GROUP = "imdb_datasets"
"""What all of them are called together."""
MAX_FILE_BYTES = 8 * 1024 * 1024 * 1024
DEADLINE = 3_600.0  # seconds; the largest has some 750 MB
REQUESTS_PER_SECOND = 1.0
SOON = timedelta(hours=4)
"""A run that comes a little earlier each day still finds the files of the day due."""
_NOTHING_WANTED = (
    "of no series that is held or tracked the IMDb id is known, so nothing is wanted of the files; "
    "run `showhouse extract` first, or read all of television with --catalogue"
)

_log = logging.getLogger(__name__)


def open_datasets(settings: Settings, database: str, *, sample: bool = False) -> Client:
    """Make the client for the host of the datasets, which asks for no credentials.

    `sample` answers with a few bundled rows, without a network.
    """
    base_url = settings.imdb_datasets_base_url
    gate = Gate(database, host_of(base_url), REQUESTS_PER_SECOND)
    return Client(
        source=IMDB.title,
        base_url=base_url,
        gate=OpenGate() if sample else gate,
        user_agent=settings.showhouse_user_agent,
        classify=classify,
        max_connections=1,
        max_body_bytes=MAX_FILE_BYTES,
        deadline=DEADLINE,
        answerer=answer_file if sample else None,
    )


def classify(status: int, body: bytes) -> Verdict:
    """Say what an answer of the datasets' host means: 304 is one, 416 asks for all of the file."""
    if status in (200, 304):
        return Verdict.OK
    if status in (403, 404):
        return Verdict.GONE
    return Verdict.RETRY if status in (408, 416, 425, 429) or status >= 500 else Verdict.BUG


async def extract_datasets(
    settings: Settings,
    names: Sequence[str] = (),
    *,
    catalogue: bool = False,
    accept_shrink: bool = False,
    only_due: bool = False,
    force: bool = False,
    sample: bool = False,
    run_id: UUID | None = None,
) -> Extracted:
    """Land the datasets of these names, all without names; `only_due`: once a day at most.

    Wanted is what belongs to the series that are held, or, with `catalogue`, all of television. A
    file that fails is listed and stops nothing. With `force` a file is read although it is not new.
    Raises SettingsError and PostgresError.
    """
    started, done, url = time.monotonic(), Extracted(), database_url(settings)
    landed, run_id = Landed(), run_id or uuid4()
    with connect(url, application="showhouse datasets") as connection, _alone(connection):
        chosen = [each for name, each in DATASETS.items() if not names or name in names]
        if only_due:
            chosen = [each for each in chosen if _is_due(connection, each)]
        wanted = Wanted(connection, catalogue=catalogue)
        if not wanted.is_anything and not only_due:
            done.failures.append(NotLanded(GROUP, "none", _NOTHING_WANTED))
        done.due_counts["IMDb files"] = len(chosen) if wanted.is_anything else 0
        if not done.due_counts["IMDb files"]:
            return done
        async with open_datasets(settings, url, sample=sample) as client:
            for dataset in chosen:
                reading = _Reading(connection, dataset, wanted, run_id, accept_shrink, force)
                try:
                    landed += await reading.read(client)
                except (SourceError, Unfit, ListShrank) as error:
                    landed += reading.fail(error)
                    done.failures.append(NotLanded(GROUP, dataset.file, str(error)))
            done.requests = client.statistics.requests
    done.by_resource, done.load_id = dict(landed.by_resource), landed.load_id
    done.seconds = time.monotonic() - started
    for line in done.lines():
        _log.info(line)
    return done


@contextmanager
def _alone(connection: Connection[Any]) -> Iterator[None]:
    # Who waits finds the files landed: two who read one would each miss what the other brings.
    connection.execute("select pg_advisory_lock(hashtextextended('showhouse: imdb', 0))")
    try:
        yield
    finally:
        connection.execute("select pg_advisory_unlock(hashtextextended('showhouse: imdb', 0))")


def _is_due(connection: Connection[Any], dataset: Dataset) -> bool:
    row = connection.execute(
        "select next_due_at <= %s from raw.fetches where resource = %s and key = %s",
        (clock.now(connection) + SOON, dataset.resource.name, dataset.file),
    ).fetchone()
    return row is None or bool(row[0])


@dataclass(slots=True)
class _Reading:
    """One file on its way."""

    connection: Connection[Any]
    dataset: Dataset
    wanted: Wanted
    run_id: UUID
    accept_shrink: bool
    force: bool
    fetched_at: datetime | None = None

    async def read(self, client: Client) -> Landed:
        """Ask for the file, and land what is wanted of it."""
        fingerprint, receipt = self.wanted.fingerprint(self.dataset), self._receipt()
        is_read = receipt.get("wanted") == fingerprint and not self.force and self._is_entered()
        held = Version(receipt.get("etag", ""), receipt.get("last_modified", ""))
        with NamedTemporaryFile(prefix="showhouse-") as content:
            answer = await client.download(
                f"/{self.dataset.file}", cast(BinaryIO, content), held if is_read else None
            )
            self.fetched_at = answer.fetched_at
            if answer.verdict is Verdict.GONE:
                raise Unfit("missing", "there is no such file")
            if answer.status == 304:
                self._enter(has_changed=False)
                return Landed()
            return self._land(Path(content.name), answer, fingerprint, receipt)

    def fail(self, error: Exception) -> Landed:
        """Enter into the books that the file did not land."""
        at = self.fetched_at or clock.now(self.connection)
        name, file = self.dataset.resource.name, self.dataset.file
        batch = Batch(failures=[Failure(name, file, str(error), at)])
        if isinstance(error, Unfit) and error.reason != "missing":
            batch = Batch(rejects=[self._reject(error.reason, error.detail, b"", at)])
        return land(self.connection, batch, run_id=self.run_id)

    def _land(
        self, path: Path, answer: Answer, fingerprint: str, receipt: dict[str, Any]
    ) -> Landed:
        from extract.sources.imdb.rows import Rows

        rows = Rows(path, self.dataset, self.wanted.numbers(self.dataset))
        staged, repeated = stage_rows(self.connection, self._staged(rows))
        before = int(receipt.get("row_count", 0))
        if not self.accept_shrink and not is_believed(rows.row_count, before):
            raise ListShrank(self.dataset.resource.name, rows.row_count, before)
        file = RowFile(
            resource=self.dataset.resource,
            request=self._request,
            fetched_at=answer.fetched_at,
            scope=self.wanted.scope(self.dataset),
            unread=rows.unread,
        )
        landed = land_staged(
            self.connection, file, staged, run_id=self.run_id, accept_shrink=self.accept_shrink
        )
        version = Version.of(answer.headers)
        told = {
            "file": self.dataset.file,
            "etag": version.etag,
            "last_modified": version.last_modified,
            "wanted": fingerprint,
            "row_count": rows.row_count,
            "refused_count": rows.refused_count + repeated,
            "held_count": staged,
        }
        return landed + self._conclude(rows, repeated, told, has_changed=landed.landed > 0)

    def _staged(self, rows: "Rows") -> Iterator[Staged]:
        for row in rows:
            payload = canonical(row)
            yield self.dataset.key(row), content_hash(row, payload, ()), payload

    def _conclude(
        self, rows: "Rows", repeated: int, told: dict[str, Any], *, has_changed: bool
    ) -> Landed:
        """Land what was refused and the receipt, and enter the file: it is read to its end."""
        assert self.fetched_at
        refused = [self._reject(*each, self.fetched_at) for each in rows.refused]
        if repeated:
            why = f"{repeated:,} rows have the key of an earlier one"
            refused.append(self._reject("repeated", why, b"", self.fetched_at))
        receipt = document(
            FILES, self.dataset.file, told, request=self._request, fetched_at=self.fetched_at
        )
        landed = land(self.connection, Batch([receipt], refused), run_id=self.run_id)
        self._enter(has_changed=has_changed)
        return landed

    def _enter(self, *, has_changed: bool) -> None:
        assert self.fetched_at
        due_at = self.fetched_at + self.dataset.resource.max_age
        names, file = [self.dataset.resource.name], self.dataset.file
        books.enter_file(self.connection, names, file, self.fetched_at, due_at, has_changed)

    def _receipt(self) -> dict[str, Any]:
        row = self.connection.execute(
            "select payload from raw.imdb_files where key = %s and superseded_by is null",
            (self.dataset.file,),
        ).fetchone()
        return row[0] if row else {}

    def _is_entered(self) -> bool:
        """Whether the books know the file: not when rows of it were taken back since."""
        row = self.connection.execute(
            "select last_checked_at is not null from raw.fetches where resource = %s and key = %s",
            (self.dataset.resource.name, self.dataset.file),
        ).fetchone()
        return row == (True,)

    def _reject(self, reason: str, detail: str, body: bytes, at: datetime) -> Reject:
        name, file = self.dataset.resource.name, self.dataset.file
        return Reject(name, file, reason, detail, body, self._request, at)

    @property
    def _request(self) -> str:
        return f"GET /{self.dataset.file}"
