"""Asking for one thing: what goes wrong becomes a failure or a reject, of no more than it concerns.

Without the first answer, which holds the details, nothing of the thing lands, and the next run asks
again for all of it. A further request that fails costs what it asked for. A bug that one answer
brings to light is that thing's failure as well: the others land.
"""

from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from extract.documents import Batch, Failure
from extract.errors import (
    BodyTooLarge,
    HostNotAllowed,
    RequestRejected,
    ShowhouseError,
    SourceUnavailable,
    Unfit,
)
from extract.http.answers import Answer, Verdict
from extract.sources.tmdb.bodies import complaint
from extract.sources.tmdb.taking import Request, refused
from extract.unforeseen import unforeseen

if TYPE_CHECKING:
    from extract.http.client import Client

_FAULTS = (SourceUnavailable, RequestRejected, BodyTooLarge, HostNotAllowed)


async def whole_or_failed(client: "Client", request: Request, asking: Awaitable[Batch]) -> Batch:
    """Give what the asking of `client` brings, or that it failed.

    Raises what ends the run, and nothing else: AuthenticationRejected, ClientRefused, GateUnusable.
    """
    try:
        return await asking
    except _FAULTS as error:
        failed_at = client.now()
        if isinstance(error, SourceUnavailable) and error.status == 200:
            unfit = Unfit(complaint(error.body) or "not_json", f"in {error.attempts} attempts")
            return refused(request, unfit, error.body, failed_at)
        return _failed(request, str(error), failed_at)
    except ShowhouseError:
        raise
    except Exception as error:
        return _failed(request, unforeseen(f"GET {request.path}", error), client.now())


async def further_answer(client: "Client", request: Request) -> Answer | str:
    """Ask for more of a thing whose details came; gives the answer, or why there is none.

    Raises what ends the run: AuthenticationRejected, ClientRefused, GateUnusable.
    """
    answer = await answer_or_why(client, request.path, request.params)
    if isinstance(answer, Answer) and answer.verdict is Verdict.GONE:
        return f"{client.source} answered {answer.status} to {request}, after it gave the details"
    return answer


async def answer_or_why(
    client: "Client", path: str, params: Mapping[str, str] | None = None
) -> Answer | str:
    """Ask for a path; gives the answer, which may be GONE, or the reason why there is none."""
    try:
        return await client.get(path, params)
    except _FAULTS as error:
        return str(error)


def _failed(request: Request, why: str, at: datetime) -> Batch:
    return Batch(failures=[Failure(request.details.name, request.key, why, at)])
