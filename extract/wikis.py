"""Lands the pages that wikis have of the people of tracked series, and of the series themselves.

    names → search → pages found → their revisions, 50 at once → the pages that changed → profiles

One wiki after the other, one request at a time: a lock for each wiki holds over all processes. Each
answer lands at once, so that whatever ends the run, the next one goes on from there. A hit of a
search counts where its title is the name that was searched for; the first is often somebody else.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection

from extract.alone import why_failed
from extract.documents import Batch, Failure
from extract.errors import BodyTooLarge, HostNotAllowed, RequestRejected, SourceUnavailable
from extract.http.answers import Answer
from extract.http.client import Client
from extract.landing import land
from extract.postgres.connections import connect, database_url
from extract.run import Extracted, NotLanded
from extract.sample import WIKI as SAMPLE_WIKI
from extract.settings import Settings
from extract.sources.fandom import asking, taking
from extract.sources.fandom.held import (
    due_names,
    due_pages,
    found_pages,
    held_payload,
    unread_pages,
    wikis_of_tracked,
)
from extract.sources.fandom.resources import FANDOM, PAGES, SEARCHES, WIKI

SUBJECT = "wiki pages"
_FAULTS = (SourceUnavailable, RequestRejected, BodyTooLarge, HostNotAllowed)
_log = logging.getLogger(__name__)


async def extract_wikis(
    settings: Settings,
    *,
    force: bool = False,
    limit: int | None = None,
    sample: bool = False,
    run_id: UUID | None = None,
) -> Extracted:
    """Read what is due of every wiki that a tracked series is tagged with.

    `force` asks for what is not due as well; `limit` bounds the names and the pages of each wiki. A
    wiki that fails is listed and stops nothing; one that another process reads is left to it. The
    bundled wiki is read with `sample`, and then alone.
    """
    done, started = Extracted(), time.monotonic()
    run_id, url = run_id or uuid4(), database_url(settings)
    with connect(url, application="showhouse extract") as connection:
        for wiki in wikis_of_tracked(connection):
            if (wiki == SAMPLE_WIKI) != sample:
                continue
            if not WIKI.fullmatch(wiki):
                why = "its name is not one that a wiki of Fandom can have: correct the tag"
                done.failures.append(NotLanded(SUBJECT, wiki, why))
                continue
            with _alone(connection, wiki) as is_ours:
                if not is_ours:
                    _log.info("%s is read by another process", wiki)
                    continue
                async with asking.open_client(settings, url, wiki, sample=sample) as client:
                    site = asking.address(settings, wiki)
                    reading = _Reading(client, connection, wiki, site, run_id, done)
                    failed = await why_failed(f"the wiki {wiki}", reading.read(force, limit))
                    done.failures += [NotLanded(SUBJECT, wiki, failed)] if failed else []
                    done.requests += client.statistics.requests
    done.seconds = time.monotonic() - started
    return done


@contextmanager
def _alone(connection: Connection[Any], wiki: str) -> Iterator[bool]:
    name = f"showhouse: {FANDOM.name} {wiki}"
    taken = connection.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", (name,))
    row = taken.fetchone()
    is_ours = bool(row and row[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", (name,))


@dataclass(slots=True)
class _Reading:
    """One wiki, from its names to its profiles."""

    client: Client
    connection: Connection[Any]
    wiki: str
    site: str
    run_id: UUID
    done: Extracted
    kinds: dict[int, list[str]] = field(default_factory=dict)
    """What each page was searched for as: a person, a show."""

    async def read(self, force: bool, limit: int | None) -> None:
        names = due_names(self.connection, self.wiki, force=force)[:limit]
        for key in names:
            await self._search(key)
        self.kinds = found_pages(self.connection, self.wiki)
        pages = due_pages(self.connection, self.wiki, self.kinds, force=force)[:limit]
        self.done.due_counts[SUBJECT] = self.done.due_counts.get(SUBJECT, 0) + len(pages)
        for start in range(0, len(pages), asking.MOST_PAGES_AT_ONCE):
            await self._pages(pages[start : start + asking.MOST_PAGES_AT_ONCE])
        for key, fetched_at in unread_pages(self.connection, self.wiki):
            self._read_again(key, fetched_at)

    async def _search(self, key: str) -> None:
        answer = await self._ask(SEARCHES.name, key, asking.search(key.split("/", 2)[2]))
        if answer:
            self._land(taking.take_search(key, answer))

    async def _pages(self, pages: Sequence[tuple[int, int | None]]) -> None:
        """Ask for the revisions of pages, then for those pages whose revision is not held."""
        held, key = dict(pages), taking.page_key(self.wiki, pages[0][0])
        answer = await self._ask(PAGES.name, key, asking.revisions(list(held)))
        if answer is None:
            return
        told = taking.revisions_of(answer)
        for page_id, revision in held.items():
            key = taking.page_key(self.wiki, page_id)
            if page_id in told and told[page_id] is None:
                self._land(taking.gone(key, answer))
            elif revision is not None and told.get(page_id) == revision:
                payload = held_payload(self.connection, key)
                self._land(taking.unchanged(key, payload, answer))
            else:
                await self._page(key, page_id)

    async def _page(self, key: str, page_id: int) -> None:
        answer = await self._ask(PAGES.name, key, asking.page(page_id))
        if answer:
            self._land(taking.take_page(key, self.site, self.kinds.get(page_id, []), answer))

    def _read_again(self, key: str, fetched_at: datetime) -> None:
        kinds = self.kinds.get(int(key.rpartition("/")[2]), [])
        payload = held_payload(self.connection, key)
        self._land(taking.profile(key, self.site, kinds, payload, fetched_at))

    async def _ask(self, resource: str, key: str, params: Any) -> Answer | None:
        try:
            return await self.client.get(asking.API, params)
        except _FAULTS as error:
            self.done.failures.append(NotLanded(SUBJECT, key, str(error)))
            failure = Failure(resource, key, str(error), self.client.now())
            self._land(Batch(failures=[failure]))
            return None

    def _land(self, batch: Batch) -> None:
        landed = land(self.connection, batch, run_id=self.run_id)
        for name, counts in landed.by_resource.items():
            self.done.by_resource.setdefault(name, type(counts)()).add(counts)
        self.done.load_id = landed.load_id or self.done.load_id
