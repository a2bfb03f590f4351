"""How the answer about a series falls apart into details, metrics, parts and seasons.

A season that is held and no longer in fresh details is gone. Without details that can be believed
nothing of the answer lands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extract.documents import Batch, Document, tombstone
from extract.errors import Unfit
from extract.sources.tmdb.bodies import is_error
from extract.sources.tmdb.requests import SeriesRequest
from extract.sources.tmdb.resources import DETAILS, METRICS, SEASONS
from extract.sources.tmdb.taking import Answer, read_object, refused, verify


@dataclass(frozen=True, slots=True)
class Split:
    """What an answer holds: documents, and the seasons that it names and was not asked for."""

    batch: Batch
    missing_seasons: frozenset[int] = frozenset()


def split(request: SeriesRequest, body: bytes, fetched_at: datetime) -> Split:
    """Take the answer to a first request apart, into details, metrics, parts and seasons."""
    answer = Answer(request, fetched_at)
    try:
        whole = read_object(body)
    except Unfit as unfit:
        return Split(refused(request, unfit, body, fetched_at))
    appended = {name: whole.pop(name) for name in request.appends if name in whole}
    if not answer.take_details(whole, METRICS):
        return Split(answer.batch)
    for part in request.parts:
        answer.take_part(part, appended.get(part.appended_as or ""))
    arrived = _take_seasons(answer, request, appended)
    if request.seasons and (listed := _listed_seasons(whole)) is not None:
        gone = sorted(request.held_seasons - listed - arrived)
        answer.batch.documents += (_gone_season(answer, request, number) for number in gone)
        # A season that was asked for and left out has no document: asking again brings no more.
        return Split(answer.batch, frozenset(listed - set(request.seasons)))
    return Split(answer.batch)


def split_further(request: SeriesRequest, body: bytes, fetched_at: datetime) -> Batch:
    """Take the seasons out of the answer to a further request. Raises Unfit for a whole answer.

    Its copy of the details is left alone: the first answer's is as fresh to within seconds, and
    what else lands follows from it. Should the two differ, the next check finds it.
    """
    answer = Answer(request, fetched_at)
    whole = read_object(body)
    verify(DETAILS, request.key, whole)
    _take_seasons(answer, request, {name: whole[name] for name in request.appends if name in whole})
    return answer.batch


def season_key(series_id: int, number: int) -> str:
    """Name a season among the documents: `1396/season/1`."""
    return f"{series_id}/season/{number}"


def _take_seasons(answer: Answer, request: SeriesRequest, appended: Mapping[str, Any]) -> set[int]:
    """Take what came under `season/…`; gives the numbers that came, fit or not."""
    arrived = set()
    for number in request.seasons:
        value = appended.get(f"season/{number}")
        if value is None or (isinstance(value, dict) and is_error(value)):
            continue
        arrived.add(number)
        key = season_key(request.series_id, number)
        answer.take(SEASONS, key, value, f"season/{number}")
    return arrived


def _listed_seasons(details: Mapping[str, Any]) -> set[int] | None:
    seasons = details.get("seasons")
    if not isinstance(seasons, list):
        return None  # older payloads have none: that says nothing
    numbers = (season.get("season_number") for season in seasons if isinstance(season, dict))
    return {number for number in numbers if type(number) is int and 0 <= number < 100_000}


def _gone_season(answer: Answer, request: SeriesRequest, number: int) -> Document:
    return tombstone(
        SEASONS,
        season_key(request.series_id, number),
        request=answer.named(""),
        fetched_at=answer.fetched_at,
    )
