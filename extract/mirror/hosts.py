"""The client of a host of images: its own gate, its own bounds, no other host."""

import threading
from collections.abc import Mapping

from extract import sample as bundled
from extract.http.client import SLOWDOWNS, Client, Gate, OpenGate, Slowdown, Verdict, host_of
from extract.http.threads import GateForThreads, ThreadedClient
from extract.mirror.kinds import ImageSource
from extract.settings import Settings

TIMEOUT_SECONDS = 30
IMAGE_SLOWDOWNS: Mapping[int, Slowdown] = {
    **SLOWDOWNS,
    403: Slowdown(is_doubtful=True, meaning="too many requests, or no such image"),
    428: Slowdown(counts_requests=True),
}
"""TMDb's host has answered 428 and 429 to a page of posters; a store of objects also says 403 of
one that it does not have, so that only the first 403 to a path slows down the others."""


def client(
    settings: Settings,
    source: ImageSource,
    url: str,
    max_bytes: int,
    stop: threading.Event,
    *,
    sample: bool,
) -> ThreadedClient:
    """A client for the images of `source`; the gate's slots are kept in the database at `url`.

    No host of images states a limit of its own. Each has a gate of its own, whose rate is a setting
    of ours: shared by all processes, it slows down when the host says so.
    """
    base_url = source.base_url(settings)
    gate = Gate(url, host_of(base_url), settings.mirror_requests_per_second)
    client = Client(
        source=source.title,
        base_url=base_url,
        gate=OpenGate() if sample else GateForThreads(gate, stop),
        user_agent=settings.showhouse_user_agent,
        classify=classify,
        slowdowns=IMAGE_SLOWDOWNS,
        max_connections=settings.tmdb_max_connections,
        max_body_bytes=max_bytes,
        timeout=TIMEOUT_SECONDS,
        answerer=bundled.answer if sample else None,
        stop=stop,
    )
    return ThreadedClient(client)


def classify(status: int, body: bytes) -> Verdict:
    """What an answer of a host of images means; no body of it is looked at."""
    if status == 200:
        return Verdict.OK
    if status in (404, 410):
        return Verdict.GONE
    return Verdict.RETRY if status in (403, 408, 428, 429) or status >= 500 else Verdict.BUG
