"""Asking for one thing, whole or not at all: what goes wrong becomes a failure or a reject.

What fails half-way lands nothing, so the books say no more than that the thing failed, and the next
run asks again for all of it. A bug that one answer brings to light is that thing's failure as well:
the others land.
"""

from collections.abc import Awaitable
from datetime import datetime

from extract.documents import Batch, Failure
from extract.errors import (
    BodyTooLarge,
    HostNotAllowed,
    RequestRejected,
    ShowhouseError,
    SourceUnavailable,
    Unfit,
)
from extract.http.client import Client
from extract.sources.tmdb.bodies import complaint
from extract.sources.tmdb.taking import Request, refused
from extract.unforeseen import unforeseen


async def whole_or_failed(client: Client, request: Request, asking: Awaitable[Batch]) -> Batch:
    """Give what the asking of `client` brings, or that it failed.

    Raises AuthenticationRejected, GateUnusable, and nothing else that a source may do.
    """
    try:
        return await asking
    except (SourceUnavailable, RequestRejected, BodyTooLarge, HostNotAllowed) as error:
        failed_at = client.now()
        if isinstance(error, SourceUnavailable) and error.status == 200:
            unfit = Unfit(complaint(error.body) or "not_json", f"in {error.attempts} attempts")
            return refused(request, unfit, error.body, failed_at)
        return _failed(request, str(error), failed_at)
    except ShowhouseError:
        raise
    except Exception as error:
        return _failed(request, unforeseen(f"GET {request.path}", error), client.now())


def _failed(request: Request, why: str, at: datetime) -> Batch:
    return Batch(failures=[Failure(request.details.name, request.key, why, at)])
