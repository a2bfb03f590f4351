"""Lands the pages that wikis have of the people of tracked series, and of the series themselves.

    names, 50 at once → pages of that title → their revisions, 50 at once → those that changed →
    profiles

One wiki after the other, one request at a time: a lock for each wiki holds over all processes. Each
answer lands at once, so that whatever ends the run, the next one goes on from there. A page counts
where its title is the name that was asked for; a redirect often leads to something else. A wiki
that refuses this client twice in a row is asked nothing more in the run.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from extract.http.errors import ClientRefused
from extract.landing import land
from extract.postgres.connections import connect, database_url
from extract.run import Extracted, NotLanded
from extract.sample import WIKI as SAMPLE_WIKI
from extract.settings import Settings
from extract.sources.fandom import asking, names, taking
from extract.sources.fandom.held import (
    due_names,
    due_pages,
    found_pages,
    held_payload,
    unread_pages,
    wikis_of_tracked,
)
from extract.sources.fandom.refusals import Refusals, WikiRefused
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
                    refusals = Refusals(wiki)
                    reading = _Reading(client, connection, wiki, site, run_id, done, refusals)
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
    refusals: Refusals
    kinds: dict[int, list[str]] = field(default_factory=dict)
    """What each page was asked for as: a person, a show."""
    told: dict[int, tuple[int | None, Answer]] = field(default_factory=dict)
    """The latest revision of each page that was told of in this run, None: it is gone."""

    async def read(self, force: bool, limit: int | None) -> None:
        """Ask for what is due, then read the held pages that the parser has not read."""
        refused = None
        try:
            await self._ask_for_due(force, limit)
        except WikiRefused as error:
            refused = error
        self.kinds = found_pages(self.connection, self.wiki)
        for key, fetched_at in unread_pages(self.connection, self.wiki):
            self._read_again(key, fetched_at)
        if refused:
            raise refused

    async def _ask_for_due(self, force: bool, limit: int | None) -> None:
        keys = due_names(self.connection, self.wiki, force=force)[:limit]
        for batch in names.batches(keys):
            await self._names(batch)
        self.kinds = found_pages(self.connection, self.wiki)
        pages = due_pages(self.connection, self.wiki, self.kinds, force=force)[:limit]
        self.done.due_counts[SUBJECT] = self.done.due_counts.get(SUBJECT, 0) + len(pages)
        for start in range(0, len(pages), asking.MOST_AT_ONCE):
            await self._pages(pages[start : start + asking.MOST_AT_ONCE])
        self._tell(self.refusals.ended())

    async def _names(self, keys: Sequence[str]) -> None:
        answer = await self._ask(SEARCHES.name, keys, asking.titles(names.titles_of(keys)))
        if answer:
            batch = names.take_names(keys, answer)
            self._land(batch)
            self._tell((failure.key, failure.error) for failure in batch.failures)
            self.told |= taking.revisions_of(answer)

    async def _pages(self, pages: Sequence[tuple[int, int | None]]) -> None:
        """Ask for the revisions of pages, then for those pages whose revision is not held.

        Those of pages that were found in this run came with their names.
        """
        unknown = [page_id for page_id, _ in pages if page_id not in self.told]
        if unknown:
            key = taking.page_key(self.wiki, unknown[0])
            answer = await self._ask(PAGES.name, [key], asking.revisions(unknown))
            if answer is None:
                return
            self.told |= taking.revisions_of(answer)
        for page_id, held in pages:
            key = taking.page_key(self.wiki, page_id)
            revision, answer = self.told.get(page_id, (0, None))
            if answer and revision is None:
                self._land(taking.gone(key, answer))
            elif answer and revision == held:
                payload = held_payload(self.connection, key)
                self._land(taking.unchanged(key, payload, answer))
            else:
                await self._page(key, page_id)

    async def _page(self, key: str, page_id: int) -> None:
        answer = await self._ask(PAGES.name, [key], asking.page(page_id))
        if answer:
            self._land(taking.take_page(key, self.site, self.kinds.get(page_id, []), answer))

    def _read_again(self, key: str, fetched_at: datetime) -> None:
        kinds = self.kinds.get(int(key.rpartition("/")[2]), [])
        payload = held_payload(self.connection, key)
        self._land(taking.profile(key, self.site, kinds, payload, fetched_at))

    async def _ask(
        self, resource: str, keys: Sequence[str], params: Mapping[str, str]
    ) -> Answer | None:
        """Ask for these keys; None where no answer came, which is told. Raises WikiRefused."""
        try:
            answer = await self.client.get(asking.API, params)
        except (*_FAULTS, ClientRefused) as error:
            now = self.client.now()
            self._land(Batch(failures=[Failure(resource, key, str(error), now) for key in keys]))
            if isinstance(error, ClientRefused):
                self.refusals.add(keys[0], error)
            else:
                more = f" {len(keys) - 1:,} more names were in the request." if keys[1:] else ""
                self._tell([(keys[0], f"{error}{more}")])
            return None
        self._tell(self.refusals.answered())
        return answer

    def _tell(self, failed: Iterable[tuple[str, str]]) -> None:
        self.done.failures += [NotLanded(SUBJECT, key, why) for key, why in failed]

    def _land(self, batch: Batch) -> None:
        landed = land(self.connection, batch, run_id=self.run_id)
        for name, counts in landed.by_resource.items():
            self.done.by_resource.setdefault(name, type(counts)()).add(counts)
        self.done.load_id = landed.load_id or self.done.load_id
