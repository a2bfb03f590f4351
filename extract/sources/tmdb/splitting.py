"""How one answer falls apart into documents, each as its own endpoint would have answered it.

Appended parts lack the `id` that their endpoints answer with: it is put back before hashing. A part
that is missing or an error was not checked. A season that is held and no longer in fresh details is
gone. Without details that can be believed nothing of the answer lands.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extract.canonical import read
from extract.documents import Batch, Document, Reject, document, tombstone
from extract.errors import Unfit
from extract.resource import Resource
from extract.sources.tmdb.bodies import complaint, is_error
from extract.sources.tmdb.requests import SeriesRequest
from extract.sources.tmdb.resources import DETAILS, MEASURES, METRICS, SEASONS


@dataclass(frozen=True, slots=True)
class Split:
    """What an answer holds: documents, and the seasons that it names and was not asked for."""

    batch: Batch
    missing_seasons: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer being taken apart: the request, when it was answered, what is found so far."""

    request: SeriesRequest
    fetched_at: datetime
    batch: Batch

    def take(self, resource: Resource, key: str, value: Any, appended_as: str = "") -> bool:
        """Make a document of a value, or a reject that says what is wrong with it."""
        try:
            _verify(resource, key, value)
            self.batch.documents.append(
                document(
                    resource,
                    key,
                    value,
                    request=self.named(appended_as),
                    fetched_at=self.fetched_at,
                )
            )
        except Unfit as unfit:
            self.refuse(resource, key, unfit, _shown(value), appended_as)
            return False
        return True

    def refuse(
        self, resource: Resource, key: str, unfit: Unfit, body: bytes, appended_as: str = ""
    ) -> None:
        self.batch.rejects.append(
            Reject(
                resource=resource.name,
                key=key,
                reason=unfit.reason,
                detail=unfit.detail,
                body=body,
                request=self.named(appended_as),
                fetched_at=self.fetched_at,
            )
        )

    def named(self, appended_as: str) -> str:
        # The piece of the request that brought a document; the whole is a kilobyte of languages.
        query = f"?append_to_response={appended_as}" if appended_as else ""
        return f"GET {self.request.path}{query}"


def split(
    request: SeriesRequest, body: bytes, fetched_at: datetime, held_seasons: Collection[int]
) -> Split:
    """Take the answer to a first request apart, into details, metrics, parts and seasons.

    `held_seasons` are the numbers of the seasons that are held and not gone.
    """
    answer = _Answer(request, fetched_at, Batch())
    key = str(request.series_id)
    try:
        whole = _read_object(body)
    except Unfit as unfit:
        return Split(refused(request, unfit, body, fetched_at))
    appended = {name: whole.pop(name) for name in request.appends if name in whole}
    if not answer.take(DETAILS, key, whole):
        return Split(answer.batch)
    answer.take(METRICS, key, {name: whole[name] for name in ("id", *MEASURES) if name in whole})
    for part in request.parts:
        _take_part(answer, part, key, appended.get(part.appended_as or ""))
    arrived = _take_seasons(answer, appended)
    if request.seasons and (listed := _listed_seasons(whole)) is not None:
        gone = sorted(set(held_seasons) - listed - arrived)
        answer.batch.documents += (_gone_season(answer, number) for number in gone)
        # A season that was asked for and left out has no document: asking again brings no more.
        return Split(answer.batch, frozenset(listed - set(request.seasons)))
    return Split(answer.batch)


def split_further(request: SeriesRequest, body: bytes, fetched_at: datetime) -> Batch:
    """Take the seasons out of the answer to a further request. Raises Unfit for a whole answer.

    Its copy of the details is left alone: the first answer's is as fresh to within seconds, and
    what else lands follows from it. Should the two differ, the next check finds it.
    """
    answer = _Answer(request, fetched_at, Batch())
    whole = _read_object(body)
    _verify(DETAILS, str(request.series_id), whole)
    _take_seasons(answer, {name: whole[name] for name in request.appends if name in whole})
    return answer.batch


def refused(request: SeriesRequest, unfit: Unfit, body: bytes, fetched_at: datetime) -> Batch:
    """Refuse a whole answer: a reject of the details, since nothing of the series lands then."""
    answer = _Answer(request, fetched_at, Batch())
    answer.refuse(DETAILS, str(request.series_id), unfit, body)
    return answer.batch


def gone(request: SeriesRequest, fetched_at: datetime) -> Batch:
    """Say that TMDb has no such series (any more): its tombstone, and nothing of its parts."""
    return Batch(
        [
            tombstone(
                DETAILS,
                str(request.series_id),
                request=f"GET {request.path}",
                fetched_at=fetched_at,
            )
        ]
    )


def season_key(series_id: int, number: int) -> str:
    """Name a season among the documents: `1396/season/1`."""
    return f"{series_id}/season/{number}"


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        whole = read(body)
    except Unfit as unfit:
        raise Unfit(complaint(body) or unfit.reason, unfit.detail) from None
    if not isinstance(whole, dict):
        raise Unfit("not_an_object", f"it is a {type(whole).__name__}")
    if is_error(whole):
        raise Unfit("error_body", "it is an error, with status 200")
    return whole


def _verify(resource: Resource, key: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise Unfit("not_an_object", f"it is a {type(value).__name__}")
    if wrong := resource.check(key, value):
        raise Unfit("wrong_shape", wrong)


def _take_part(answer: _Answer, part: Resource, key: str, value: Any) -> None:
    if value is None or (isinstance(value, dict) and is_error(value)):
        return
    if isinstance(value, dict):
        value.setdefault("id", answer.request.series_id)
    answer.take(part, key, value, part.appended_as or "")


def _take_seasons(answer: _Answer, appended: Mapping[str, Any]) -> set[int]:
    """Take what came under `season/…`; gives the numbers that came, fit or not."""
    arrived = set()
    for number in answer.request.seasons:
        value = appended.get(f"season/{number}")
        if value is None or (isinstance(value, dict) and is_error(value)):
            continue
        arrived.add(number)
        key = season_key(answer.request.series_id, number)
        answer.take(SEASONS, key, value, f"season/{number}")
    return arrived


def _listed_seasons(details: Mapping[str, Any]) -> set[int] | None:
    seasons = details.get("seasons")
    if not isinstance(seasons, list):
        return None  # older payloads have none: that says nothing
    numbers = (season.get("season_number") for season in seasons if isinstance(season, dict))
    return {number for number in numbers if type(number) is int and 0 <= number < 100_000}


def _gone_season(answer: _Answer, number: int) -> Document:
    return tombstone(
        SEASONS,
        season_key(answer.request.series_id, number),
        request=answer.named(""),
        fetched_at=answer.fetched_at,
    )


def _shown(value: Any) -> bytes:
    """Something of a value that may be beyond writing as JSON."""
    try:
        return repr(value)[:10_000].encode(errors="replace")
    except RecursionError:
        return b"(nested too deep to show)"
