"""Series: one request for the details, all parts and the likely seasons, then the other seasons."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any, LiteralString

from psycopg import Connection

from extract.documents import Batch
from extract.errors import Unfit
from extract.http.answers import Verdict
from extract.http.client import Client
from extract.sources.tmdb import splitting
from extract.sources.tmdb.asking import whole_or_failed
from extract.sources.tmdb.requests import (
    FIRST_SEASONS,
    SeriesRequest,
    first_request,
    further_count,
    further_requests,
)
from extract.sources.tmdb.taking import gone, refused

_HELD: LiteralString = """
    select
        split_part(key, '/', 1)::integer as series_id,
        array_agg(split_part(key, '/', 3)::integer) as numbers
    from raw.tmdb_tv_seasons
    where
        superseded_by is null
        and not is_tombstone
        and md5('tmdb:tv:' || split_part(key, '/', 1))::uuid = any(
            select md5('tmdb:tv:' || series_id)::uuid from unnest(%(ids)s::integer[]) as series_id
        )
    group by 1
"""

# Those of the books: an index holds all that is asked, and no document is looked at.
_LARGE: LiteralString = """
    select split_part(key, '/', 1), count(*)
    from raw.fetches
    where resource = 'tmdb_tv_seasons' and status = 'ok'
    group by 1
    having count(*) > %(room)s
"""


def series_requests(
    connection: Connection[Any], wanted: Collection[str], keys: Sequence[str]
) -> list[SeriesRequest]:
    """Make the first request for each series: which seasons it asks for depends on those held."""
    ids = [int(key) for key in keys]
    held = held_seasons(connection, ids)
    return [first_request(series_id, held[series_id], wanted) for series_id in ids]


def held_seasons(
    connection: Connection[Any], series_ids: Sequence[int]
) -> dict[int, frozenset[int]]:
    """Give the numbers of the seasons that are held and not gone, for each of the series."""
    rows = connection.execute(_HELD, {"ids": list(series_ids)})
    held = {series_id: frozenset(numbers) for series_id, numbers in rows}
    return {series_id: held.get(series_id, frozenset()) for series_id in series_ids}


def further_series_requests(connection: Connection[Any]) -> Mapping[str, int]:
    """Give the requests that a series takes after its first, for those with many seasons."""
    rows = connection.execute(_LARGE, {"room": FIRST_SEASONS})
    return {key: further_count(seasons) for key, seasons in rows}


async def fetch_series(client: Client, request: SeriesRequest) -> Batch:
    """Ask for a series and all its seasons; gives what to land, rejects and failures included.

    Raises AuthenticationRejected, and nothing else that a source may do.
    """
    return await whole_or_failed(client, request, _fetch(client, request))


async def _fetch(client: Client, request: SeriesRequest) -> Batch:
    answer = await client.get(request.path, request.params)
    if answer.verdict is Verdict.GONE:
        return gone(request, answer.fetched_at)
    # Out of the event loop: a large series takes tens of milliseconds, and slots would be missed.
    split = await asyncio.to_thread(splitting.split, request, answer.body, answer.fetched_at)
    for further in further_requests(request.series_id, split.missing_seasons):
        answer = await client.get(further.path, further.params)
        if answer.verdict is Verdict.GONE:  # between two requests
            return gone(request, answer.fetched_at)
        try:
            split.batch.extend(
                await asyncio.to_thread(
                    splitting.split_further, further, answer.body, answer.fetched_at
                )
            )
        except Unfit as unfit:
            return refused(further, unfit, answer.body, answer.fetched_at)
    return split.batch
