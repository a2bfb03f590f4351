"""What an answer of TMDb means: by its `status_code` where it gives one, else by the HTTP status.

The codes are described at https://developer.themoviedb.org/docs/errors. The content delivery
network in front of TMDb (the edge) answers by itself, too, and knows nothing of tokens or ids: its
403 is refused to a country, an address or a pace, and may pass.
"""

from collections.abc import Mapping

import orjson

from extract.http.answers import Verdict
from extract.http.slowing import SLOWDOWNS, Slowdown
from extract.sources.tmdb.bodies import complaint

RETRY, GONE, FATAL, BUG = Verdict.RETRY, Verdict.GONE, Verdict.FATAL, Verdict.BUG

PRIVATE = 39
"""Comes with status 401: to us it is not there, and the credentials are good."""
BY_CODE: Mapping[int, Verdict] = {
    6: GONE,  # invalid id
    34: GONE,  # not found
    PRIVATE: GONE,
    44: GONE,  # the id is invalid, with status 500
    25: RETRY,  # over the limit
    **dict.fromkeys((9, 11, 15, 24, 43, 46), RETRY),  # offline, internal, failed, timeout, backend
    **dict.fromkeys((3, 7, 10, 35, 45), FATAL),  # credentials refused, suspended
    **dict.fromkeys((20, 22, 23, 27), BUG),  # dates, page, appends
}

TMDB_SLOWDOWNS: Mapping[int, Slowdown] = {
    **SLOWDOWNS,
    403: Slowdown(
        is_doubtful=True,
        meaning="the edge in front of TMDb refused the request, not the token",
        most_in_a_row=20,
    ),
}


def classify(status: int, body: bytes) -> Verdict:
    """Say what to do with an answer to a request for one object.

    A 200 that is no such object (HTML, cut short, an error whatever its code) may be right the next
    time; only a refusal of the credentials is believed with any status. A 403 without one is the
    edge's. A 404 without TMDb's own code comes from something else on the way and says nothing of
    the id.
    """
    if status == 200 and complaint(body) is None:
        return Verdict.OK
    code = _status_code(body)
    verdict = BY_CODE.get(code) if code is not None else None
    if status == 401:
        return GONE if code == PRIVATE else FATAL
    if verdict is FATAL:
        return FATAL
    if status in (200, 403):
        return RETRY
    if verdict is not None:
        return verdict if status >= 400 else RETRY
    return RETRY if status in (408, 425, 429) or status >= 500 else BUG


def _status_code(body: bytes) -> int | None:
    try:
        value = orjson.loads(body) if len(body) < 20_000 else None
    except orjson.JSONDecodeError:
        return None
    code = value.get("status_code") if isinstance(value, dict) else None
    return code if isinstance(code, int) else None
