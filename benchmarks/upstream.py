"""Answers of a made-up TMDb, prepared while no clock runs, and a client that gives them.

What is measured with them is a run without its network: the requests are those that a run makes,
further ones for series of many seasons included, and so are the answers.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Protocol, cast
from uuid import uuid4

from extract.documents import Batch
from extract.http.answers import Answer, Verdict
from extract.http.client import Client
from extract.landing import Landed, Lander
from extract.sources.tmdb.requests import SeriesRequest, first_request
from extract.sources.tmdb.series import fetch_series
from extract.sources.tmdb.splitting import SeriesAnswers
from tests.tmdb.documents import Documents
from tests.tmdb.generator import GeneratedWorld
from tests.tmdb.languages import Languages
from tests.tmdb.upstream import Upstream

SEED = 1
WINDOW = 40
"""Series under way at once, as many as a run has with 20 connections."""

PART = 500
"""Series made up at a time, where all of them would not fit into memory."""

Place = tuple[int, int]
"""Where an answer begins in a file, and its size."""


class Answers(Protocol):
    """Bodies by request: `GET /tv/7?append_to_response=…`."""

    def __getitem__(self, request: str, /) -> bytes:
        """Give the body of an answer."""


def made_up(series_count: int) -> Upstream:
    """So many series, the same ones each time."""
    return Upstream(GeneratedWorld(SEED, series_count))


def answers(upstream: Upstream, series_ids: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """Answer what a run with nothing held asks for: each request, and the body of its answer."""
    documents = Documents(upstream, cache_bytes=0)
    for series_id in series_ids:
        taken = SeriesAnswers(first_request(series_id, {}), datetime.now(UTC))
        for request, body in exchange(documents, taken):
            yield str(request), body


def exchange(documents: Documents, taken: SeriesAnswers) -> Iterator[tuple[SeriesRequest, bytes]]:
    """Ask for a series as a run does, until nothing is missing: each request, and its answer.

    `taken` has them all afterwards. Raises LookupError where there is no such series.
    """

    def answer(request: SeriesRequest) -> bytes:
        body = documents.details(request.series_id, request.appends, Languages())
        if body is None:
            raise LookupError(f"there is no series `{request.series_id}`")
        return body

    body = answer(taken.first)
    yield taken.first, body
    taken.take_first(body)
    while requests := taken.next_requests():
        for request in requests:
            body = answer(request)
            yield request, body
            taken.take_further(request, body, datetime.now(UTC))


class PreparedClient:
    """In the client's place: gives what was prepared, at once."""

    def __init__(self, prepared: Answers) -> None:
        self._prepared = prepared

    async def get(self, path: str, params: Mapping[str, str]) -> Answer:
        """Give the answer to a series' request."""
        request = f"GET {path}?append_to_response={params['append_to_response']}"
        body = self._prepared[request]
        return Answer(200, body, {}, request, datetime.now(UTC), Verdict.OK)


async def fetched(prepared: Answers, series_ids: Sequence[int]) -> AsyncIterator[Batch]:
    """Ask for series and take their answers apart, as many at once as a run does."""
    client = cast(Client, PreparedClient(prepared))
    for start in range(0, len(series_ids), WINDOW):
        chunk = series_ids[start : start + WINDOW]
        for batch in await asyncio.gather(
            *(fetch_series(client, (), first_request(each, {})) for each in chunk)
        ):
            yield batch


async def land_all(url: str, prepared: Answers, series_ids: Sequence[int]) -> Landed:
    """Split and land everything as `showhouse extract` does."""
    async with Lander(url, uuid4()) as lander:
        async for batch in fetched(prepared, series_ids):
            if batch.failures or batch.rejects:
                raise RuntimeError(f"a prepared answer did not land: {batch.failures[:1]}")
            await lander.take(batch)
    return lander.landed


@dataclass(frozen=True, slots=True)
class Spooled:
    """Answers in a file, each read when it is asked for, as from a network."""

    file: BinaryIO
    places: Mapping[str, Place]

    def __getitem__(self, request: str) -> bytes:
        """Read the body of an answer."""
        start, size = self.places[request]
        return os.pread(self.file.fileno(), size, start)


def land_in_parts(url: str, upstream: Upstream, series_ids: Sequence[int]) -> tuple[float, int]:
    """Land any number of series in bounded memory: the seconds of landing alone, and versions.

    Answers are made up in a process of their own, into a file, so that what this process holds is
    what landing needs. It waits for each part of them before the clock goes on.
    """
    seconds, versions = 0.0, 0
    with ProcessPoolExecutor(1) as maker, TemporaryDirectory() as folder:
        for start in range(0, len(series_ids), PART):
            part = series_ids[start : start + PART]
            spool = Path(folder) / "answers"
            places = maker.submit(spool_answers, spool, upstream, part).result()
            with spool.open("rb") as file:
                started = time.perf_counter()
                versions += asyncio.run(land_all(url, Spooled(file, places), part)).landed
                seconds += time.perf_counter() - started
    return seconds, versions


def spool_answers(
    spool: Path, upstream: Upstream, series_ids: Sequence[int]
) -> Mapping[str, Place]:
    """Write what a run asks for into a file; where each answer stands there."""
    places = {}
    with spool.open("wb") as file:
        for request, body in answers(upstream, series_ids):
            places[request] = (file.tell(), len(body))
            file.write(body)
    return places
