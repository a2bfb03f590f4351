"""One series, from its first request to all its documents: whole or not at all.

What fails half-way lands nothing, so the books say no more than that the series failed, and the
next run asks again for all of it.
"""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime

from extract.documents import Batch, Failure
from extract.errors import (
    BodyTooLarge,
    HostNotAllowed,
    RequestRejected,
    SourceUnavailable,
    Unfit,
)
from extract.http.answers import Verdict
from extract.http.client import Client
from extract.sources.tmdb import splitting
from extract.sources.tmdb.bodies import complaint
from extract.sources.tmdb.requests import SeriesRequest, first_request, further_requests
from extract.sources.tmdb.resources import DETAILS


async def fetch_series(
    client: Client, series_id: int, held_seasons: Collection[int], resources: Collection[str] = ()
) -> Batch:
    """Ask for a series and all its seasons; gives what to land, rejects and failures included.

    Raises AuthenticationRejected, and nothing else that a source may do.
    """
    request = first_request(series_id, held_seasons, resources)
    try:
        return await _fetch(client, request, held_seasons)
    except (SourceUnavailable, RequestRejected, BodyTooLarge, HostNotAllowed) as error:
        failed_at = datetime.now(UTC)
        if isinstance(error, SourceUnavailable) and error.status == 200:
            unfit = Unfit(complaint(error.body) or "not_json", f"in {error.attempts} attempts")
            return splitting.refused(request, unfit, error.body, failed_at)
        failure = Failure(DETAILS.name, str(series_id), str(error), failed_at)
        return Batch(failures=[failure])


async def _fetch(client: Client, request: SeriesRequest, held_seasons: Collection[int]) -> Batch:
    answer = await client.get(request.path, request.params)
    if answer.verdict is Verdict.GONE:
        return splitting.gone(request, answer.fetched_at)
    # Out of the event loop: a large series takes tens of milliseconds, and slots would be missed.
    split = await asyncio.to_thread(
        splitting.split, request, answer.body, answer.fetched_at, held_seasons
    )
    for further in further_requests(request.series_id, split.missing_seasons):
        answer = await client.get(further.path, further.params)
        if answer.verdict is Verdict.GONE:  # between two requests
            return splitting.gone(request, answer.fetched_at)
        try:
            split.batch.extend(
                await asyncio.to_thread(
                    splitting.split_further, further, answer.body, answer.fetched_at
                )
            )
        except Unfit as unfit:
            return splitting.refused(further, unfit, answer.body, answer.fetched_at)
    return split.batch
