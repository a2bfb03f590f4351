"""What an answer of TMDb means: by its `status_code` where it gives one, else by the HTTP status.

The codes are described at https://developer.themoviedb.org/docs/errors.
"""

from collections.abc import Mapping

import orjson

from extract.http.answers import Verdict
from extract.sources.tmdb.bodies import complaint

RETRY, GONE, FATAL, BUG = Verdict.RETRY, Verdict.GONE, Verdict.FATAL, Verdict.BUG

BY_CODE: Mapping[int, Verdict] = {
    6: GONE,  # invalid id
    34: GONE,  # not found
    39: GONE,  # private, with status 401: to us it is not there, and the credentials are good
    44: GONE,  # the id is invalid, with status 500
    25: RETRY,  # over the limit
    **dict.fromkeys((9, 11, 15, 24, 43, 46), RETRY),  # offline, internal, failed, timeout, backend
    **dict.fromkeys((3, 7, 10, 35, 45), FATAL),  # credentials refused, suspended
    **dict.fromkeys((20, 22, 23, 27), BUG),  # dates, page, appends
}


def classify(status: int, body: bytes) -> Verdict:
    """Say what to do with an answer to a request for one object.

    A 200 that is no such object (HTML, cut short, `success: false`) may be right the next time.
    A 404 without TMDb's own code comes from something else on the way and says nothing of the id.
    """
    if status == 200 and complaint(body) is None:
        return Verdict.OK
    code = _status_code(body)
    if code is not None and code in BY_CODE:
        return BY_CODE[code]
    if status in (401, 403):
        return FATAL
    if status in (200, 408, 425, 429) or status >= 500:
        return RETRY
    return BUG


def _status_code(body: bytes) -> int | None:
    try:
        value = orjson.loads(body) if len(body) < 20_000 else None
    except orjson.JSONDecodeError:
        return None
    code = value.get("status_code") if isinstance(value, dict) else None
    return code if isinstance(code, int) else None
