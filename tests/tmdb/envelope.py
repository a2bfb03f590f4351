"""What surrounds an answer, whatever was asked: headers, bodies of errors, refusals in passing.

An `ETag` on each answer is a belief (`api_answers_carry_an_etag`); that no answer names a time to
wait is measured ([L]); that an error is an object with a `status_code` is documented ([D]), and
that none comes with status 200 is measured ([L]).
"""

import zlib
from dataclasses import replace

from tests.otherwise import Otherwise
from tests.tmdb.chance import share, tag
from tests.tmdb.faults import STATUS_FAULTS, Attempts
from tests.tmdb.spoiling import HTML, error_body
from tests.tmdb.wire import Outgoing

REFUSED_SHARE = 0.03
"""Of all paths, where some are refused in passing: at the first attempt, and no more."""
RETRY_AFTER = "1"
_SLOW_DOWN, _ERROR = tag("slow down"), tag("error with 200")


class Envelope:
    """What surrounds the answers of one server, otherwise where its options say so."""

    def __init__(self, otherwise: Otherwise) -> None:
        self._otherwise = otherwise
        self._attempts = Attempts()

    def refusal(self, target: str) -> Outgoing | None:
        """Refuse some first attempts, where the upstream is one that does so."""
        if not self._otherwise or self._attempts.next(target) > 1:
            return None
        if "forty_a_second_are_answered" in self._otherwise and _is_drawn(_SLOW_DOWN, target):
            status, code, message = STATUS_FAULTS["429"]
            return Outgoing(status, error_body(code, message))
        if "no_error_comes_with_200" in self._otherwise and _is_drawn(_ERROR, target):
            return Outgoing(200, error_body(11, STATUS_FAULTS["500"][2]))
        return None

    def dressed(self, outgoing: Outgoing) -> Outgoing:
        """Give an answer its headers, and an error its body."""
        headers, body, kind = outgoing.headers, outgoing.body, outgoing.content_type
        if outgoing.status == 200 and "api_answers_carry_an_etag" not in self._otherwise:
            headers = (*headers, ("etag", f'W/"{zlib.crc32(body):08x}"'))
        if outgoing.status == 429 and "no_time_to_wait_is_named" in self._otherwise:
            headers = (*headers, ("retry-after", RETRY_AFTER))
        if outgoing.status >= 400 and "error_bodies_carry_a_status_code" in self._otherwise:
            body, kind = HTML, "text/html; charset=utf-8"
        return replace(outgoing, headers=headers, body=body, content_type=kind)


def _is_drawn(kind: int, target: str) -> bool:
    return share(kind, tag(target)) < REFUSED_SHARE
