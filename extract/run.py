"""The whole of extraction: what is due is asked for, taken apart and landed, in bounded batches.

    due keys → client → split → land

It all overlaps, and each step waits where the next one is full, so memory stays flat. Batches
commit as they go: to resume after any end is to run again.
"""

import asyncio
import logging
import time
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection

from extract.documents import Batch
from extract.http.client import Client
from extract.keys import Selection, due, held_seasons
from extract.landing import Counts, Lander
from extract.postgres.connections import connect, database_url
from extract.sample import SERIES_IDS
from extract.settings import Settings
from extract.sources.tmdb.connection import open_client
from extract.sources.tmdb.requests import first_request
from extract.sources.tmdb.resources import DETAILS
from extract.sources.tmdb.series import fetch_series

__all__ = ["Extracted", "Selection", "extract", "selected"]

Progress = Callable[[int, int], None]
"""Called with the series answered so far, and all that were due."""

_log = logging.getLogger(__name__)
_KEYS_AT_ONCE = 500


@dataclass(slots=True)
class Extracted:
    """What a run did."""

    by_resource: dict[str, Counts] = field(default_factory=dict)
    series_count: int = 0
    """Series that were due."""
    requests: int = 0
    """Sent, retries included."""
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Series of which nothing landed: the key, and why."""
    load_id: int | None = None
    """The last load; None when nothing was new."""
    seconds: float = 0.0
    planned: tuple[str, ...] = ()
    """The first requests that a dry run would have sent, one per series."""

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
    """Ask for the series that are due and land what comes; `sample` asks the bundled responses.

    A series that fails is listed and stops nothing. Raises AuthenticationRejected at once (what was
    not landed by then is dropped, and due again), SettingsError and PostgresError.
    """
    started = time.monotonic()
    url = database_url(settings)
    with connect(url, application="showhouse extract") as connection:
        series_ids = due(connection, selected(selection, sample=sample))
        done = Extracted(series_count=len(series_ids))
        if selection.dry_run:
            done.planned = tuple(_planned(connection, series_ids, selection))
            print(*done.planned, sep="\n")
            return done
        async with (
            open_client(settings, url, sample=sample) as client,
            Lander(url, run_id or uuid4()) as lander,
        ):
            answered, window = 0, 2 * settings.tmdb_max_connections
            fetched = _fetched(client, connection, series_ids, selection.resources, window)
            async for batch in fetched:
                await lander.take(batch)
                done.failures += _not_landed(batch)
                answered += 1
                if on_progress:
                    on_progress(answered, len(series_ids))
    done.by_resource, done.load_id = dict(lander.landed.by_resource), lander.landed.load_id
    done.requests, done.seconds = client.statistics.requests, time.monotonic() - started
    for line in done.lines():
        _log.info(line)
    return done


def selected(selection: Selection, *, sample: bool) -> Selection:
    """Say which series are meant: without ids those of the sample, where that is what is asked."""
    if sample and not selection.tmdb_ids:
        return replace(selection, tmdb_ids=SERIES_IDS, tracked=False)
    return selection


async def _fetched(
    client: Client,
    connection: Connection[Any],
    series_ids: Sequence[int],
    resources: Sequence[str],
    window: int,
) -> AsyncIterator[Batch]:
    """Ask for the series, `window` of them under way at once, and give them as they come."""
    running: set[asyncio.Task[Batch]] = set()
    try:
        for start in range(0, len(series_ids), _KEYS_AT_ONCE):
            chunk = series_ids[start : start + _KEYS_AT_ONCE]
            held = await asyncio.to_thread(held_seasons, connection, chunk)
            for series_id in chunk:
                if len(running) >= window:
                    ended, running = await asyncio.wait(running, return_when=FIRST_COMPLETED)
                    for task in ended:
                        yield task.result()
                fetching = fetch_series(client, series_id, held[series_id], resources)
                running.add(asyncio.create_task(fetching))
        for ending in asyncio.as_completed(running):
            yield await ending
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _not_landed(batch: Batch) -> list[tuple[str, str]]:
    failed = [(failure.key, failure.error) for failure in batch.failures]
    refused = [
        (reject.key, f"{reject.reason}: {reject.detail}")
        for reject in batch.rejects
        if reject.resource == DETAILS.name
    ]
    return failed + refused


def _planned(
    connection: Connection[Any], series_ids: Sequence[int], selection: Selection
) -> list[str]:
    held = held_seasons(connection, series_ids)
    return [str(first_request(number, held[number], selection.resources)) for number in series_ids]
