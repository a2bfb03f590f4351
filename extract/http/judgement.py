"""From what was received to what it means, by the source's own table."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from extract.errors import AuthenticationRejected, RequestRejected
from extract.http.answers import Answer, Classify, Fault, Received, Verdict
from extract.http.errors import ClientRefused
from extract.http.patience import retry_after
from extract.http.redact import Redactor
from extract.http.slowing import Slowdown


@dataclass(frozen=True, slots=True)
class Judge:
    """Applies `classify`; with `expects_json`, a body that cannot be parsed is a fault.

    `slowdowns` say which faults ask for patience, and what a status means.
    """

    source: str
    classify: Classify
    slowdowns: Mapping[int, Slowdown]
    redactor: Redactor
    expects_json: bool

    def judge(self, request: str, received: Received) -> Answer | Fault:
        """The answer, or a fault that may pass.

        Raises AuthenticationRejected, ClientRefused, RequestRejected.
        """
        status, body = received.status, self.redactor.body(received.body)
        verdict = self.classify(status, body)
        if verdict is Verdict.OK and self.expects_json and not _is_json(body):
            verdict = Verdict.RETRY
        if verdict in (Verdict.OK, Verdict.GONE):
            headers = self.redactor.headers(received.headers)
            return Answer(status, body, headers, request, received.fetched_at, verdict)
        if verdict is Verdict.FATAL:
            raise AuthenticationRejected(self.source, status, request)
        excerpt = self.redactor.excerpt(body)
        if verdict is Verdict.REFUSED:
            raise ClientRefused(self.source, status, request, excerpt)
        if verdict is Verdict.BUG:
            raise RequestRejected(self.source, status, request, excerpt)
        return self._fault(received, excerpt)

    def _fault(self, received: Received, excerpt: str) -> Fault:
        status, slowdown = received.status, self.slowdowns.get(received.status, Slowdown())
        meaning = f" ({slowdown.meaning})" if slowdown.meaning else ""
        told = f"with `{excerpt}`" if received.body else "without a body"
        return Fault(
            why=f"status {status}{meaning} {told}",
            status=status,
            body=self.redactor.body(received.body),
            retry_after=retry_after(received.headers),
            is_throttling=slowdown.counts_requests,
        )


def _is_json(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return True
