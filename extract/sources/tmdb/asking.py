"""Asking for one thing, whole or not at all: what goes wrong becomes a failure or a reject.

What fails half-way lands nothing, so the books say no more than that the thing failed, and the next
run asks again for all of it.
"""

from collections.abc import Awaitable

from extract.documents import Batch, Failure
from extract.errors import (
    BodyTooLarge,
    HostNotAllowed,
    RequestRejected,
    SourceUnavailable,
    Unfit,
)
from extract.http.client import Client
from extract.sources.tmdb.bodies import complaint
from extract.sources.tmdb.taking import Request, refused


async def whole_or_failed(client: Client, request: Request, asking: Awaitable[Batch]) -> Batch:
    """Give what the asking of `client` brings, or that it failed.

    Raises AuthenticationRejected, and nothing else that a source may do.
    """
    try:
        return await asking
    except (SourceUnavailable, RequestRejected, BodyTooLarge, HostNotAllowed) as error:
        failed_at = client.now()
        if isinstance(error, SourceUnavailable) and error.status == 200:
            unfit = Unfit(complaint(error.body) or "not_json", f"in {error.attempts} attempts")
            return refused(request, unfit, error.body, failed_at)
        return Batch(failures=[Failure(request.details.name, request.key, str(error), failed_at)])
