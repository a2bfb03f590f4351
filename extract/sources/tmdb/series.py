"""Series: one request for the details, all parts and the likely seasons, then what is missing."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg import Connection

from extract.documents import Batch
from extract.http.answers import Answer, Verdict
from extract.sources.tmdb.asking import answer_or_why, further_answer, whole_or_failed
from extract.sources.tmdb.requests import (
    FIRST_SEASONS,
    SeriesRequest,
    first_request,
    further_count,
    season_path,
)
from extract.sources.tmdb.resources import SEASON_CREDITS
from extract.sources.tmdb.splitting import SeriesAnswers
from extract.sources.tmdb.taking import gone

if TYPE_CHECKING:
    from extract.http.client import Client

# Those of which the credits alone are held, too: a run for seasons alone makes no tombstone of
# credits, so the next one for both does.
_HELD: LiteralString = """
    select
        split_part(held.key, '/', 1)::integer as series_id,
        split_part(held.key, '/', 3)::integer as season_number,
        case
            when held.payload ->> 'id' ~ '^[1-9][0-9]{0,9}$' then (held.payload ->> 'id')::bigint
        end as season_id
    from (
        select key, payload, superseded_by, is_tombstone from raw.tmdb_tv_seasons
        union all
        select key, payload, superseded_by, is_tombstone from raw.tmdb_tv_season_credits
    ) as held
    where
        held.superseded_by is null
        and not held.is_tombstone
        and md5('tmdb:tv:' || split_part(held.key, '/', 1))::uuid = any(
            select md5('tmdb:tv:' || series_id)::uuid from unnest(%(ids)s::integer[]) as series_id
        )
"""

# By the books: they exist, and did not come the last time that they were asked for.
_FAILING: LiteralString = """
    select
        split_part(key, '/', 1)::integer as series_id,
        split_part(key, '/', 3)::integer as season_number
    from raw.fetches
    where
        resource = 'tmdb_tv_seasons'
        and status = 'failed'
        and split_part(key, '/', 1) = any(%(ids)s::text[])
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
    held, failing = held_seasons(connection, ids), failing_seasons(connection, ids)
    return [
        first_request(
            series_id,
            dict.fromkeys(failing[series_id]) | held[series_id],
            wanted,
            failing[series_id],
        )
        for series_id in ids
    ]


def held_seasons(
    connection: Connection[Any], series_ids: Sequence[int]
) -> dict[int, dict[int, int | None]]:
    """Give for each series the seasons that are held and not gone: TMDb's id by number."""
    held: dict[int, dict[int, int | None]] = {series_id: {} for series_id in series_ids}
    for series_id, number, season_id in connection.execute(_HELD, {"ids": list(series_ids)}):
        held[series_id][number] = season_id or held[series_id].get(number)
    return held


def failing_seasons(
    connection: Connection[Any], series_ids: Sequence[int]
) -> dict[int, frozenset[int]]:
    """Give for each series the numbers of the seasons that did not come the last time."""
    failing: dict[int, frozenset[int]] = dict.fromkeys(series_ids, frozenset())
    rows = connection.execute(_FAILING, {"ids": list(map(str, series_ids))})
    for series_id, number in rows:
        failing[series_id] |= {number}
    return failing


def further_series_requests(connection: Connection[Any]) -> Mapping[str, int]:
    """Give the requests that a series takes after its first, for those with many seasons."""
    rows = connection.execute(_LARGE, {"room": FIRST_SEASONS})
    return {key: further_count(seasons) for key, seasons in rows}


async def fetch_series(
    client: "Client", withheld: Collection[str], request: SeriesRequest
) -> Batch:
    """Ask for a series and all its seasons; gives what to land, rejects and failures included.

    What exists and is left out is asked for once more, unless its resource is `withheld`: answered
    to nobody. Raises AuthenticationRejected, ClientRefused, and nothing else that a source may do.
    """
    return await whole_or_failed(client, request, _fetch(client, withheld, request))


async def _fetch(client: "Client", withheld: Collection[str], request: SeriesRequest) -> Batch:
    answer = await client.get(request.path, request.params)
    if answer.verdict is Verdict.GONE:
        return gone(request, answer.fetched_at)
    answers = SeriesAnswers(request, answer.fetched_at, withheld)
    # Out of the event loop: a large series takes tens of milliseconds, and slots would be missed.
    await asyncio.to_thread(answers.take_first, answer.body)
    while requests := answers.next_requests():
        for further in requests:
            found = await further_answer(client, further)
            if isinstance(found, Answer):
                await asyncio.to_thread(answers.take_further, further, found.body, found.fetched_at)
            else:
                answers.fail(further, found)
    for number in answers.doubtful_seasons():
        path = season_path(request.series_id, number)
        answers.take_alone(number, await answer_or_why(client, path))
    for number in answers.missing_credits():
        path = season_path(request.series_id, number, SEASON_CREDITS)
        answers.take_credits_alone(number, await answer_or_why(client, path))
    return answers.conclude()
