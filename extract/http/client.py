"""Asks one source over HTTP, politely and within bounds.

Each request waits for the source's rate gate. What fails in a way that passes (no connection, a
timeout, 429, 5xx, a damaged body, whatever the source's table calls RETRY) is asked again with full
jitter; what does not is an error at once, and after a refusal of the credentials nothing more is
asked at all. A request to be patient (429) is not held against the request: it has more attempts.
Which statuses slow the gate down is the source's own table too (`extract.http.slowing`).
"""

import logging
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO, Self

import httpx

from extract.errors import AuthenticationRejected, BodyTooLarge, HostNotAllowed
from extract.http.addresses import escaped, host_of
from extract.http.answers import (
    Answer,
    Answerer,
    Classify,
    Fault,
    Received,
    Statistics,
    Verdict,
)
from extract.http.bodies import ACCEPTED, Body, Broken, TooLong
from extract.http.credentials import Credentials
from extract.http.downloads import Download, Version
from extract.http.errors import ClientRefused
from extract.http.gate import Gate, OpenGate, RateGate, Turn
from extract.http.gate_row import Slot
from extract.http.judgement import Judge
from extract.http.patience import retry_after, wait_after
from extract.http.redact import Redactor, hush, shortened
from extract.http.slowing import SLOWDOWNS, Slowdown
from extract.http.wire import LoopWire, Terms, ThreadWire, Wire

__all__ = ["SLOWDOWNS", "Answer", "Answerer", "Client", "Credentials", "Gate", "OpenGate"]
__all__ += ["Slowdown", "Statistics", "Verdict", "Version", "host_of"]

REDIRECTS_AT_MOST = 3
PATIENT_ATTEMPTS = 10
"""How often a request is made that is answered each time by a request to be patient (429)."""
ASKED_NO_MORE = "nothing more was asked; try again later, or from another address"

_REDIRECTS = (301, 302, 303, 307, 308)

_logger = logging.getLogger("extract.http")
hush()


@dataclass(frozen=True, slots=True)
class _Target:
    url: httpx.URL
    request: str
    """As it may be stored."""
    shown: str
    """The same, short enough that an error has room for its reason."""
    credentials: Credentials
    download: Download | None = None


class Client:
    """One source at `base_url`; `async with` it. `source` is its name in errors.

    `user_agent` tells the source who asks. `classify` is the source's table of what answers mean,
    `slowdowns` of the statuses that ask for fewer requests. With `expects_json` a body that cannot
    be parsed is asked for again. `allowed_hosts` is what `get` may ask where it is given whole URLs
    (default: the host of `base_url`). Credentials go to the base URL's host and port only.
    `timeout` is for connecting and for each silence, `deadline` for an attempt as a whole,
    `backoff_seconds` the first wait. An `answerer` takes the place of the network. With `stop` it
    is for threads: see ThreadedClient.
    """

    def __init__(
        self,
        *,
        source: str,
        base_url: str,
        gate: RateGate,
        user_agent: str,
        classify: Classify,
        slowdowns: Mapping[int, Slowdown] = SLOWDOWNS,
        credentials: Credentials | None = None,
        headers: Mapping[str, str] | None = None,
        allowed_hosts: Collection[str] | None = None,
        max_connections: int = 20,
        max_body_bytes: int = 32 * 1024 * 1024,
        timeout: float = 30.0,
        deadline: float = 120.0,
        attempts: int = 5,
        backoff_seconds: float = 1.0,
        expects_json: bool = False,
        answerer: Answerer | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self.source = source
        self.statistics = Statistics()
        self.now = gate.now
        """What time it is by the clock that answers are dated by."""
        self._base_url = httpx.URL(base_url.rstrip("/"))
        self._gate = gate
        self._credentials = credentials or Credentials()
        self._redactor = Redactor(self._credentials.secrets)
        self._judge = Judge(source, classify, slowdowns, self._redactor, expects_json)
        self._slowdowns = slowdowns
        self._allowed_hosts = tuple(allowed_hosts or (self._base_url.host,))
        self._max_body_bytes = max_body_bytes
        self._attempts = attempts
        self._backoff_seconds = backoff_seconds
        self._refusal: AuthenticationRejected | ClientRefused | None = None
        self._refused_in_a_row = 0
        self._terms = Terms(
            headers={"user-agent": user_agent, "accept-encoding": ACCEPTED, **(headers or {})},
            connections=max_connections,
            timeout=timeout,
            deadline=deadline,
            base_path=self._base_url.path,
            answerer=answerer,
        )
        self._wire: Wire = ThreadWire(self._terms, stop) if stop else LoopWire(self._terms)

    async def __aenter__(self) -> Self:
        await self._gate.__aenter__()
        await self._wire.open()
        return self

    async def __aexit__(self, *raised: object) -> None:
        try:
            await self._wire.close()
        finally:
            await self._gate.__aexit__(*raised)

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Ask for a path below the base URL, or a whole URL on an allowed host; both as plain text.

        The answer's verdict is OK or GONE. Raises AuthenticationRejected (nothing will be answered
        any more), ClientRefused, RequestRejected, SourceUnavailable, BodyTooLarge, HostNotAllowed.
        """
        return await self._answer(self._target(path, params or {}))

    async def download(
        self, path: str, into: BinaryIO, held: Version | None = None, first_bytes: int = 0
    ) -> Answer:
        """As `get`, but a body of status 200 goes into a file as it comes, and none of it stays.

        An attempt goes on where the last one broke off, if the server can; `classify` sees no body.
        Where a version is `held`, it may be 304; of `first_bytes`, no more than those are asked.
        """
        download = Download(into, held or Version(), first_bytes)
        return await self._answer(replace(self._target(path, {}), download=download))

    async def _answer(self, target: _Target) -> Answer:
        faults = refusals = 0
        before: int | None = None
        while True:
            outcome = await self._attempt(target, before)
            if isinstance(outcome, Answer):
                self._refused_in_a_row = 0
                return outcome
            before = outcome.status
            refusals += outcome.is_throttling
            faults += not outcome.is_throttling
            if faults >= self._attempts or refusals >= PATIENT_ATTEMPTS:
                self._count_refusal(target, outcome)
                raise outcome.error(self.source, target.shown, faults + refusals)
            self.statistics.retries += 1
            wait = wait_after(outcome, faults, refusals, self._backoff_seconds)
            await self._wire.sleep(wait)

    def _count_refusal(self, target: _Target, fault: Fault) -> None:
        """Count a request that failed by a status. Raises ClientRefused if it is one too many."""
        slowdown = self._slowdowns.get(fault.status or 0, Slowdown())
        self._refused_in_a_row += slowdown.most_in_a_row > 0
        if 0 < slowdown.most_in_a_row == self._refused_in_a_row:
            why = f"{self._refused_in_a_row} requests in a row: {slowdown.meaning}"
            about = (self.source, fault.status or 0, target.shown)
            self._refusal = ClientRefused(*about, why, ASKED_NO_MORE)
        if self._refusal is not None:
            raise replace(self._refusal)

    def _target(self, path: str, params: Mapping[str, str]) -> _Target:
        if path.startswith(("https://", "http://")):
            url = httpx.URL(path)
        else:
            url = self._base_url.copy_with(path=self._base_url.path.rstrip("/") + escaped(path))
        request = self._redactor.request(path, params)
        shown = shortened(request)
        if url.host not in self._allowed_hosts:
            raise HostNotAllowed(url.host, shown, self._allowed_hosts)
        at_home = _origin(url) == _origin(self._base_url)
        credentials = self._credentials if at_home else Credentials()
        return _Target(url.copy_merge_params(dict(params)), request, shown, credentials)

    async def _attempt(self, target: _Target, before: int | None) -> Answer | Fault:
        """One attempt, after another that was answered with the status `before`."""
        url = target.url
        for _ in range(REDIRECTS_AT_MOST + 1):
            received = await self._exchange(url, target, before)
            if isinstance(received, Fault):
                return received
            if received.status not in _REDIRECTS or "location" not in received.headers:
                return self._judged(target, received)
            onward = self._onward(url, received, target)
            if isinstance(onward, HostNotAllowed):
                raise onward
            url = onward
        endless = Fault(f"it redirects more than {REDIRECTS_AT_MOST} times")
        raise endless.error(self.source, target.shown, 1)

    async def _exchange(
        self, url: httpx.URL, target: _Target, before: int | None
    ) -> Received | Fault:
        """One request, when the gate lets it through, and one answer or what became of it."""
        async with self._wire.seats:
            turn = Turn(self._gate, await self._gate.slot())
            if self._refusal is not None:
                # A new one each time: one raised in twenty tasks collects all their tracebacks.
                raise replace(self._refusal)
            begun = time.monotonic()
            self.statistics.requests += 1
            received = await self._send(url, target, turn)
        seconds = time.monotonic() - begun
        if isinstance(received, Fault):
            _logger.debug("%s: %s, %.3f s", target.request, received.why, seconds)
            return received
        self.statistics.bytes += (size := len(received.body))
        _logger.debug("%s: %s, %s bytes, %.3f s", target.request, received.status, size, seconds)
        await self._slow_down(turn.slot, received, before)
        return received

    async def _slow_down(self, slot: Slot, received: Received, before: int | None) -> None:
        slowdown = self._slowdowns.get(received.status)
        if slowdown is None or (slowdown.is_doubtful and before == received.status):
            return
        self.statistics.throttled += slowdown.counts_requests
        pause = retry_after(received.headers)
        await self._gate.throttled(slot, pause, refused=slowdown.counts_requests)

    async def _send(self, url: httpx.URL, target: _Target, turn: Turn) -> Received | Fault:
        # Nothing is raised within `except`: an error of httpx holds the request with its secrets,
        # and would travel along as the context of ours.
        try:
            return await self._receive(url, target, turn)
        except TimeoutError:
            why = f"no whole answer within {self._terms.deadline:g} s"
        except httpx.TimeoutException as error:
            what = "no connection" if isinstance(error, httpx.ConnectTimeout) else "silence"
            why = f"{what} for {self._terms.timeout:g} s"
        except httpx.TransportError as error:
            is_connected = not isinstance(error, httpx.ConnectError)
            what = "the connection broke" if is_connected else "no connection"
            why = self._redactor.text(f"{what}: {error}")[:200].rstrip(" :.")
        except Broken as error:
            why = f"the body is unusable: {error}"
        except TooLong:
            why = ""
        if not why:
            raise BodyTooLarge(self.source, target.shown, self._max_body_bytes)
        return Fault(why)

    async def _receive(self, url: httpx.URL, target: _Target, turn: Turn) -> Received:
        credentials = target.credentials
        url = url.copy_merge_params(credentials.params) if credentials.params else url
        file = target.download
        headers = credentials.headers | (file.headers if file else {})
        async with self._wire.stream(url, headers, turn.keep) as response:
            fetched_at, told = self.now(), dict(response.headers)
            taken = file and file.body(response.status, told, self._max_body_bytes)
            body = taken or Body(told.get("content-encoding", ""), self._max_body_bytes)
            async for part in response.parts:
                body.take(part)
            # The rest of a file makes it whole: nobody further up has to know of parts.
            return Received(200 if taken else response.status, told, body.whole(), fetched_at)

    def _judged(self, target: _Target, received: Received) -> Answer | Fault:
        try:
            judged = self._judge.judge(target.shown, received)
            return replace(judged, request=target.request) if isinstance(judged, Answer) else judged
        except AuthenticationRejected as refusal:
            self._refusal = refusal
            raise

    def _onward(
        self, url: httpx.URL, received: Received, target: _Target
    ) -> httpx.URL | HostNotAllowed:
        to = url.join(received.headers["location"]).copy_with(userinfo=b"")
        is_safer = (url.scheme, to.scheme) == ("http", "https") and not (url.port or to.port)
        if to.host != url.host or not (is_safer or _origin(to) == _origin(url)):
            where = self._redactor.text(f"{to.scheme}://{to.netloc.decode('ascii')}")
            return HostNotAllowed(where, f"{target.shown}, redirected,", (url.host,))
        return to


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
