"""The whole of extraction: what is due is asked for, taken apart and landed, in bounded batches.

    for each subject:  due keys → client → split → land

Series come first, then what was found in them. It all overlaps, and each step waits where the next
one is full, so memory stays flat. Batches commit as they go: to resume after any end is to run
again.
"""

import asyncio
import logging
import time
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from extract.documents import Batch
from extract.keys import Due, Selection, due, selected
from extract.landing import Counts, Lander
from extract.postgres.connections import connect, database_url
from extract.settings import Settings
from extract.sources.tmdb.connection import open_client
from extract.subject import Subject

__all__ = ["Extracted", "Selection", "extract"]

Progress = Callable[[str, int, int], None]
"""Called with the subject, how many of it are answered so far, and how many were due."""

_log = logging.getLogger(__name__)
_KEYS_AT_ONCE = 500


class NotLanded(NamedTuple):
    """Something of which nothing landed, and why."""

    subject: str
    key: str
    why: str


@dataclass(slots=True)
class Extracted:
    """What a run did."""

    by_resource: dict[str, Counts] = field(default_factory=dict)
    due_counts: dict[str, int] = field(default_factory=dict)
    """By subject, how many were due."""
    requests: int = 0
    """Sent, retries included."""
    failures: list[NotLanded] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """Sentences about what landed that somebody should read, though nothing failed."""
    load_id: int | None = None
    """The last load; None when nothing was new."""
    seconds: float = 0.0
    planned: tuple[str, ...] = ()
    """The first requests that a dry run would have sent, one for each key that is known by now."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing failed and nothing was rejected."""
        return not any(count.failed or count.rejected for count in self.by_resource.values())

    def lines(self) -> list[str]:
        """One line per resource: `tmdb_tv_details  1,204 checked  37 new  0 rejected  12 s`."""
        return [
            f"{name}  {count.checked:,} checked  {count.landed:,} new  "
            f"{count.rejected:,} rejected  {self.seconds:.0f} s"
            for name, count in sorted(self.by_resource.items())
        ]


async def extract(
    settings: Settings,
    selection: Selection,
    *,
    on_progress: Progress | None = None,
    run_id: UUID | None = None,
    sample: bool = False,
) -> Extracted:
    """Ask for what is due and land what comes; `sample` asks the bundled responses.

    A key that fails is listed and stops nothing. Raises AuthenticationRejected and ClientRefused at
    once (what was not landed by then is dropped, and due again), SettingsError and PostgresError.
    """
    started, done, url = time.monotonic(), Extracted(), database_url(settings)
    selection, window = selected(selection, sample=sample), 2 * settings.tmdb_max_connections
    if selection.dry_run:
        return _plan(url, selection, done)
    async with (
        open_client(settings, url, sample=sample) as client,
        Lander(url, run_id or uuid4()) as lander,
    ):
        with connect(url, application="showhouse extract") as connection:
            for subject in selection.subjects:
                requests_for = partial(subject.requests, connection, selection.resources)
                fetch = partial(subject.fetch, client, selection.withheld)
                with closing(due(connection, subject, selection)) as keys:
                    done.due_counts[subject.name], answered = len(keys), 0
                    fetched = _fetched(keys, requests_for, fetch, window)
                    async for batch in fetched:
                        await lander.take(batch)
                        done.failures += _not_landed(subject, batch)
                        answered += 1
                        if on_progress:
                            on_progress(subject.name, answered, len(keys))
                await lander.flush()  # what was found is in the books before the next are listed
    done.by_resource, done.load_id = dict(lander.landed.by_resource), lander.landed.load_id
    done.requests, done.seconds = client.statistics.requests, time.monotonic() - started
    for line in done.lines():
        _log.info(line)
    return done


async def _fetched(
    keys: Due,
    requests_for: Callable[[Sequence[str]], list[Any]],
    fetch: Callable[[Any], Awaitable[Batch]],
    window: int,
) -> AsyncIterator[Batch]:
    """Ask for the keys, `window` of them under way at once, and give what to land as it comes."""
    running: set[asyncio.Future[Batch]] = set()
    try:
        for chunk in keys.chunks(_KEYS_AT_ONCE):
            for request in await asyncio.to_thread(requests_for, chunk):
                if len(running) >= window:
                    ended, running = await asyncio.wait(running, return_when=FIRST_COMPLETED)
                    for task in ended:
                        yield task.result()
                running.add(asyncio.ensure_future(fetch(request)))
        for ending in asyncio.as_completed(running):
            yield await ending
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _not_landed(subject: Subject, batch: Batch) -> list[NotLanded]:
    failed = [
        NotLanded(subject.name, each.key, each.error)
        for each in batch.failures
        if each.due_after is None
    ]
    refused = [
        NotLanded(subject.name, reject.key, f"{reject.reason}: {reject.detail}")
        for reject in batch.rejects
        if reject.resource == subject.details.name
    ]
    return failed + refused


def _plan(url: str, selection: Selection, done: Extracted) -> Extracted:
    """Say what would be asked for by what is known now: more may be found on the way."""
    planned: list[str] = []
    with connect(url, application="showhouse extract") as connection:
        for subject in selection.subjects:
            keys = due(connection, subject, selection)
            done.due_counts[subject.name] = len(keys)
            planned += map(str, subject.requests(connection, selection.resources, list(keys)))
    done.planned = tuple(planned)
    return done
