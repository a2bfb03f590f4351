"""The client of a host of images: its own gate, its own bounds, no other host."""

import threading

from extract import sample as bundled
from extract.http.client import Client, Gate, OpenGate, Verdict, host_of
from extract.http.threads import GateForThreads, ThreadedClient
from extract.mirror.kinds import ImageSource
from extract.settings import Settings

TIMEOUT_SECONDS = 30


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
    rate = settings.mirror_requests_per_second or settings.tmdb_requests_per_second
    gate = Gate(url, host_of(base_url), rate)
    client = Client(
        source=source.title,
        base_url=base_url,
        gate=OpenGate() if sample else GateForThreads(gate, stop),
        classify=classify,
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
    return Verdict.RETRY if status in (408, 429) or status >= 500 else Verdict.BUG
