"""How the answers about a series fall apart into details, metrics, parts and seasons.

Left out is not absent: TMDb leaves a part out, with status 200 and without a word, where its own
sub-request fails. So a part, or a season that the details list, which did not come is asked for
once more, and then is a failure. A season that the details do not list, and that does not come,
does not exist: one that is held is gone then, if the list can be believed (`ListedSeasons`).
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from extract.documents import Batch, tombstone
from extract.errors import Unfit
from extract.resource import Resource
from extract.sources.tmdb.requests import (
    SeriesRequest,
    further_requests,
    season_name,
)
from extract.sources.tmdb.resources import DETAILS, METRICS, PARTS, SEASONS
from extract.sources.tmdb.taking import (
    Answer,
    Missing,
    conclude,
    has_come,
    read_object,
    refused,
    verify,
)

MOST_TIMES = 2
"""So often is asked for what exists and is left out of an answer."""
MOST_SEASONS = 100_000

_PARTS = {part.appended_as or "": part for part in PARTS}


@dataclass(frozen=True, slots=True)
class ListedSeasons:
    """The seasons that details list."""

    ids: Mapping[int, int | None]
    """By number; None where the list does not tell the id."""
    is_complete: bool
    """Whether a season that is not listed is none: the list is there, all of it can be read, and
    it has as many numbered seasons as the details count."""

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> "ListedSeasons":
        """Read them; whatever stands there instead of a list says nothing."""
        seasons = details.get("seasons")
        entries = seasons if isinstance(seasons, list) else []
        ids: dict[int, int | None] = {}
        for entry in entries:
            number = entry.get("season_number") if isinstance(entry, dict) else None
            if type(number) is int and 0 <= number < MOST_SEASONS:
                identity = entry.get("id")
                ids[number] = identity if type(identity) is int else None
        counted = details.get("number_of_seasons")
        count = counted if isinstance(counted, int | float) else 0
        numbered = sum(1 for number in ids if number > 0)
        return cls(ids, bool(ids) and len(ids) == len(entries) and numbered >= count)


@dataclass(slots=True)
class SeriesAnswers:
    """The answers to the requests for one series: what they brought, and what did not come.

    `withheld` names the resources that TMDb answers to nobody any more: of those nothing is asked
    for twice, and none is told as a failure.
    """

    first: SeriesRequest
    fetched_at: datetime
    """When the first of them came."""
    withheld: Collection[str] = ()
    _answer: Answer = field(init=False)
    _asked: Counter[str] = field(default_factory=Counter)
    """How often each appended name was asked for."""
    _came: set[str] = field(default_factory=set)
    _missing: dict[str, Missing] = field(default_factory=dict)
    _season_ids: dict[int, int | None] = field(default_factory=dict)
    """The seasons that details list."""

    def __post_init__(self) -> None:
        self._answer = Answer(self.first, self.fetched_at)

    @property
    def batch(self) -> Batch:
        """What came so far."""
        return self._answer.batch

    def take_first(self, body: bytes) -> None:
        """Take the first answer apart; nothing of it lands if its details cannot be believed."""
        try:
            whole = read_object(body)
        except Unfit as unfit:
            self.batch.extend(refused(self.first, unfit, body, self.fetched_at))
            return
        appended = {name: whole.pop(name) for name in self.first.appends if name in whole}
        if not self._answer.take_details(whole, METRICS):
            return
        listed = ListedSeasons.of(whole)
        self._season_ids.update(listed.ids)
        self._take_pieces(self._answer, self.first, appended)
        if self.first.seasons:
            announced = sorted(listed.ids.keys() - set(self.first.seasons))
            self._missing |= {season_name(each): self._season(each) for each in announced}
            if listed.is_complete:
                self._take_gone(self.first.held_seasons - listed.ids.keys())

    def take_further(self, request: SeriesRequest, body: bytes, fetched_at: datetime) -> None:
        """Take the parts and seasons out of a further answer; one that is unfit brought nothing.

        Its copy of the details is left alone: the first answer's is as fresh to within seconds, and
        what else lands follows from it. Should the two differ, the next check finds it.
        """
        try:
            whole = read_object(body)
            verify(DETAILS, request.key, whole)
        except Unfit as unfit:
            self.fail(request, f"{unfit.reason}: {unfit.detail}")
            return
        ids = ListedSeasons.of(whole).ids
        self._season_ids.update({number: each for number, each in ids.items() if each is not None})
        appended = {name: whole[name] for name in request.appends if name in whole}
        self._take_pieces(Answer(request, fetched_at, self.batch), request, appended)

    def fail(self, request: SeriesRequest, why: str) -> None:
        """Note that a further request brought nothing; it is not made again in this run."""
        for name in request.appends:
            self._asked[name] = MOST_TIMES
            self._missing[name].why = why

    def next_requests(self) -> list[SeriesRequest]:
        """Ask for what exists and did not come: seasons not asked for yet, and all else once more.

        Empty when there is nothing left to ask for.
        """
        names = (
            name
            for name, each in self._missing.items()
            if not self._asked[name]
            or (self._asked[name] < MOST_TIMES and each.resource.name not in self.withheld)
        )
        return further_requests(self.first.series_id, names)

    def conclude(self) -> Batch:
        """Count what was asked for and came, tell what did not; gives all that is to land."""
        missing = list(self._missing.values())
        came = Counter(_resource(name).name for name in self._came)
        self.batch.arrived.update(came)
        self.batch.asked.update(came)
        self.batch.asked.update(each.resource.name for each in missing)
        for each in missing:
            each.asked = self._asked[each.name]
        conclude(
            self._answer, [each for each in missing if each.resource.name not in self.withheld]
        )
        return self.batch

    def _take_pieces(
        self, answer: Answer, request: SeriesRequest, appended: Mapping[str, Any]
    ) -> None:
        """Take what came under each appended name; what exists and did not come is missing."""
        self._asked.update(request.appends)
        for part in request.parts:
            name = part.appended_as or ""
            if has_come(value := appended.get(name)):
                answer.take_part(part, value)
                self._has_come(name)
            else:
                self._missing[name] = Missing(part, request.key, name, error=value)
        for number in request.seasons:
            name = season_name(number)
            if has_come(value := appended.get(name)):
                known = {"id": self._season_ids.get(number), "season_number": number}
                answer.take(SEASONS, f"{request.key}/{name}", value, name, lacking=known)
                self._has_come(name)
            elif number in self._season_ids:
                self._missing[name] = self._season(number, error=value)

    def _has_come(self, name: str) -> None:
        self._came.add(name)
        self._missing.pop(name, None)

    def _season(self, number: int, error: Any = None) -> Missing:
        name = season_name(number)
        return Missing(SEASONS, f"{self.first.key}/{name}", name, error=error)

    def _take_gone(self, numbers: Collection[int]) -> None:
        for name in map(season_name, sorted(numbers)):
            if name not in self._came:
                key, request = f"{self.first.key}/{name}", self._answer.named("")
                gone = tombstone(SEASONS, key, request=request, fetched_at=self.fetched_at)
                self.batch.documents.append(gone)


def _resource(name: str) -> Resource:
    return _PARTS.get(name, SEASONS)
