"""Lands TMDb's change feeds: which ids were edited, window by window, up to today.

A window is two days, `start_date` to `end_date`, and ends a day later than the one before: whether
the feed's dates are inclusive is not written anywhere, and so it does not matter. Its changes land
a row for each id that it names; then, when all its pages are read, the window itself. So how far
the feed was read follows from what is landed, and whatever is killed is read again.

Today's window grows: each run reads it again, and the one before once more. An id keeps the time at
which a window first named it; edited again on that day it is named by the next window as well.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection

from extract.canonical import read
from extract.documents import Batch, Document, Failure, Reject, document
from extract.errors import (
    BodyTooLarge,
    HostNotAllowed,
    RequestRejected,
    SourceUnavailable,
    Unfit,
)
from extract.http.client import Client
from extract.landing import Landed, books, land
from extract.postgres import clock
from extract.sources.tmdb.catalogue import CHANGE_WINDOWS, MAX_ID, Feed

MOST_DAYS = 14
"""How far back the feed is read; what was not checked since is due by itself."""
MOST_PAGES = 500
FRESH = timedelta(minutes=10)
"""A window read by another process less long ago is not read again."""

_DAY = timedelta(days=1)
_FAULTS = (SourceUnavailable, RequestRejected, BodyTooLarge, HostNotAllowed, Unfit)
_log = logging.getLogger(__name__)

# One whose changes were taken back is not in the books, and is read again.
_LAST: LiteralString = """
    select max(split_part(key, '/', 2))::date
    from raw.tmdb_change_windows
    where
        superseded_by is null and not is_tombstone and starts_with(key, %(kind)s || '/')
        and split_part(key, '/', 2)::date <= %(today)s
        and exists (
            select from raw.fetches
            where fetches.resource = %(windows)s and fetches.key = tmdb_change_windows.key
        )
"""
_OLDEST_CHECK: LiteralString = """
    select min(last_checked_at) from raw.fetches where resource = %(concerns)s
"""
_CHECKED: LiteralString = """
    select last_checked_at from raw.fetches where resource = %(resource)s and key = %(key)s
"""


@dataclass(slots=True)
class Told:
    """What reading the feeds did."""

    landed: Landed = field(default_factory=Landed)
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Windows that were not read, and why."""


async def land_changes(
    client: Client,
    connection: Connection[Any],
    feed: Feed,
    *,
    run_id: UUID,
    at: datetime | None = None,
) -> Told:
    """Read a feed from where it was left to now and land it; `client` is entered.

    A window that fails ends it: those after it are read by the next run, in order. Raises
    AuthenticationRejected. The connection must be idle, and is kept busy.
    """
    now, done = at or clock.now(connection), Told()
    with _alone(connection, feed):
        for end in _windows(connection, feed, now):
            try:
                done.landed += await _land_window(client, connection, feed, end, run_id)
            except _FAULTS as error:
                done.landed += _fail(connection, feed, end, error, run_id)
                done.failures.append((feed.window(end), str(error)))
                break
    return done


@contextmanager
def _alone(connection: Connection[Any], feed: Feed) -> Iterator[None]:
    name = f"showhouse: {feed.changes.name}"
    connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (name,))
    try:
        yield
    finally:
        connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", (name,))


def _windows(connection: Connection[Any], feed: Feed, now: datetime) -> list[date]:
    """The days on which the windows to read end: from the last one landed, that again, to today.

    Before there is any, from the oldest check of what it concerns: nothing before matters.
    """
    today = now.astimezone(UTC).date()
    windows = CHANGE_WINDOWS.name
    last = _one(connection, _LAST, kind=feed.kind, today=today, windows=windows)
    checked = _one(connection, _CHECKED, resource=feed.changes.name, key=feed.window(today))
    if last == today and checked and checked <= now < checked + FRESH:
        return []
    if last is None:
        oldest = _one(connection, _OLDEST_CHECK, concerns=feed.concerns)
        last = oldest.astimezone(UTC).date() if oldest else today
    first = min(max(last, today - (MOST_DAYS - 1) * _DAY), today)
    return [first + number * _DAY for number in range((today - first).days + 1)]


def _one(connection: Connection[Any], query: LiteralString, **values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


async def _land_window(
    client: Client, connection: Connection[Any], feed: Feed, end: date, run_id: UUID
) -> Landed:
    window = _Window(client, feed, end)
    await window.read()
    landed = land(connection, window.batch, run_id=run_id, by_key=False)
    landed += land(connection, Batch([window.mark()]), run_id=run_id, by_key=False)
    names, key = [feed.changes.name, CHANGE_WINDOWS.name], feed.window(end)
    due_at = window.fetched_at + _DAY
    books.enter_file(connection, names, key, window.fetched_at, due_at, landed.landed > 0)
    _log.info("%s  %s changes  %s new", key, f"{len(window.named):,}", f"{landed.landed:,}")
    return landed


def _fail(
    connection: Connection[Any], feed: Feed, end: date, error: Exception, run_id: UUID
) -> Landed:
    key, failed_at = feed.window(end), clock.now(connection)
    batch = Batch(failures=[Failure(feed.changes.name, key, str(error), failed_at)])
    if isinstance(error, Unfit):
        request = f"GET /{feed.kind}/changes"
        batch = Batch(rejects=[_reject(feed, key, error, request, failed_at)])
    return land(connection, batch, run_id=run_id)


def _reject(feed: Feed, key: str, unfit: Unfit, request: str, at: datetime) -> Reject:
    return Reject(
        resource=feed.changes.name,
        key=key,
        reason=unfit.reason,
        detail=unfit.detail,
        body=b"",
        request=request,
        fetched_at=at,
    )


class _Window:
    """One window while it is read; `batch` holds the changes, once for each id."""

    def __init__(self, client: Client, feed: Feed, end: date) -> None:
        self.batch = Batch()
        self.named: set[int] = set()
        self.fetched_at = datetime.min.replace(tzinfo=UTC)
        self._client, self._feed, self._end = client, feed, end
        self._pages = self._read_pages = 0

    async def read(self) -> None:
        """Read all pages: the first says how many there are, and a later one that there are more.

        Raises Unfit for a page that is none, and what the client raises.
        """
        await self._read_page(1)
        while self._read_pages < min(self._pages, MOST_PAGES):
            numbers = range(self._read_pages + 1, min(self._pages, MOST_PAGES) + 1)
            await asyncio.gather(*map(self._read_page, numbers))
        if self._pages > MOST_PAGES:
            _log.warning("%s names more than can be read; the rest comes by age", self._end)

    def mark(self) -> Document:
        """Say that all of the window is landed."""
        payload = {
            "kind": self._feed.kind,
            "start_date": (self._end - _DAY).isoformat(),
            "end_date": self._end.isoformat(),
            "page_count": self._pages,
            "named_count": len(self.named),
        }
        key = self._feed.window(self._end)
        return document(
            CHANGE_WINDOWS, key, payload, request=self._request, fetched_at=self.fetched_at
        )

    async def _read_page(self, number: int) -> None:
        params = {
            "start_date": (self._end - _DAY).isoformat(),
            "end_date": self._end.isoformat(),
            "page": str(number),
        }
        answer = await self._client.get(f"/{self._feed.kind}/changes", params)
        page = read(answer.body)
        results, pages = page.get("results"), page.get("total_pages")
        if not isinstance(results, list):
            raise Unfit("wrong_shape", f"page {number:,} has no results")
        if type(pages) is not int:  # then the first empty page is the last
            pages = number + bool(results)
        self._read_pages += 1
        self._pages = max(self._pages, pages)
        self.fetched_at = max(self.fetched_at, answer.fetched_at)
        for entry in results:
            self._take(entry, answer.fetched_at)

    def _take(self, entry: Any, fetched_at: datetime) -> None:
        number = entry.get("id") if isinstance(entry, dict) else None
        if type(number) is not int or not 0 < number <= MAX_ID or number in self.named:
            return  # null ids are in it, and a page may shift while it is read
        self.named.add(number)
        key = f"{number}/{self._end.isoformat()}"
        about = (self._request, fetched_at)
        try:
            each = document(
                self._feed.changes, key, entry, request=self._request, fetched_at=fetched_at
            )
            self.batch.documents.append(each)
        except Unfit as unfit:
            window = self._feed.window(self._end)
            self.batch.rejects.append(_reject(self._feed, window, unfit, *about))

    @property
    def _request(self) -> str:
        dates = f"start_date={self._end - _DAY}&end_date={self._end}"
        return f"GET /{self._feed.kind}/changes?{dates}"
