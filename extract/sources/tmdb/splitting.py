"""How the answers about a series fall apart: details, metrics, parts, seasons and their credits.

Left out is not absent: TMDb leaves a part out, with status 200 and without a word, where its own
sub-request fails. So what exists and did not come is asked for once more, and then is a failure.
Each part exists, and each season that the details list, with its credits. A season that they do not
list, and that does not come, does not exist: one that is known is gone then, if the list can be
believed (`ListedSeasons`). If not, it exists, too; and where it failed in an earlier run as well,
its own endpoint is asked, whose 404 is proof. Credits of a season that does not exist are no
document, whatever stands under their name; those of one that came, and did not come with it, are
asked for at their own endpoint.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from extract.documents import Batch, tombstone
from extract.errors import Unfit
from extract.http.answers import Answer as Received
from extract.http.answers import Verdict
from extract.resource import Resource
from extract.sources.tmdb.requests import (
    SeriesRequest,
    further_requests,
    season_name,
    season_piece,
)
from extract.sources.tmdb.resources import DETAILS, METRICS, PARTS, SEASON_CREDITS, SEASONS
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
    it has as many numbered seasons as `number_of_seasons` says."""

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
        count = details.get("number_of_seasons")
        numbered = sum(1 for number in ids if number > 0)
        is_enough = isinstance(count, int | float) and numbered >= count
        return cls(ids, bool(ids) and len(ids) == len(entries) and is_enough)


@dataclass(slots=True)
class SeriesAnswers:
    """The answers to the requests for one series: what they brought, and what did not come.

    `withheld` names the resources that arrive for nobody: of those nothing is asked for twice.
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
    _existing: set[int] = field(default_factory=set)
    """The seasons that exist: those, and all that are known if the list is not to be believed."""

    def __post_init__(self) -> None:
        self._answer = Answer(self.first, self.fetched_at)

    @property
    def batch(self) -> Batch:
        """What came so far."""
        return self._answer.batch

    @property
    def _wanted(self) -> list[Resource]:
        """What is asked for of each season."""
        return list(dict.fromkeys(resource for resource, _ in self.first.by_season))

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
        known = self.first.known_seasons.keys()
        self._existing = set(listed.ids) if listed.is_complete else listed.ids.keys() | known
        self._take_pieces(self._answer, self.first, appended)
        for resource in self._wanted:
            asked = {number for each, number in self.first.by_season if each is resource}
            for number in sorted(self._existing - asked):
                self._miss(resource, number)
            # Credits alone prove no season gone: one that is not listed may still come.
            for number in sorted(known - self._existing if SEASONS in self._wanted else ()):
                if season_name(number, resource) not in self._came:
                    self._take_gone(resource, number, self._answer.named(""), self.fetched_at)

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

    def doubtful_seasons(self) -> list[int]:
        """The seasons of which only their own endpoint can tell whether they exist.

        No list names them, they failed in an earlier run, and did not come in this one either.
        """
        unlisted = self.first.failing_seasons - self._season_ids.keys()
        return [number for number in sorted(unlisted) if season_name(number) in self._missing]

    def missing_credits(self) -> list[int]:
        """The seasons that came without their credits: those have an endpoint of their own.

        Where seasons are not asked for, those that are listed count as come. That credits may be
        appended to the series is a belief, measured for few.
        """
        if SEASON_CREDITS.name in self.withheld:
            return []
        listed = () if SEASONS in self._wanted else self._season_ids
        pieces = [piece for piece in map(season_piece, self._missing) if piece]
        numbers = sorted(number for resource, number in pieces if resource is SEASON_CREDITS)
        return [each for each in numbers if each in listed or season_name(each) in self._came]

    def take_alone(self, number: int, found: Received | str) -> None:
        """Take the answer of a season's own endpoint, or why there is none; 404: it is gone."""
        if isinstance(found, Received) and found.verdict is Verdict.GONE:
            for resource in self._wanted:
                self._missing.pop(season_name(number, resource), None)
                self._take_gone(resource, number, found.request, found.fetched_at)
        else:
            self._take_received(SEASONS, number, found)

    def take_credits_alone(self, number: int, found: Received | str) -> None:
        """Take the answer of the endpoint of a season's credits, or why there is none."""
        if isinstance(found, Received) and found.verdict is Verdict.GONE:
            missing = self._missing[season_name(number, SEASON_CREDITS)]
            missing.why, missing.is_absent = f"{found.request} was answered {found.status}", True
        else:
            self._take_received(SEASON_CREDITS, number, found)

    def _take_received(self, resource: Resource, number: int, found: Received | str) -> None:
        missing = self._missing[season_name(number, resource)]
        if isinstance(found, str):
            missing.why = found
            return
        try:
            value = read_object(found.body)
        except Unfit as unfit:
            missing.why = f"{unfit.reason}: {unfit.detail}"
            return
        take = self._take_season_credits if resource is SEASON_CREDITS else self._take_season
        take(Answer(self.first, found.fetched_at, self.batch), number, value, found.request)

    def conclude(self) -> Batch:
        """Count what was asked for and came, tell what did not; gives all that is to land."""
        missing = list(self._missing.values())
        came = Counter(_resource(name).name for name in self._came)
        self.batch.arrived.update(came)
        self.batch.asked.update(came)
        self.batch.asked.update(each.resource.name for each in missing)
        for each in missing:
            each.asked = self._asked[each.name]
        conclude(self._answer, missing, self.withheld)
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
        for resource, number in request.by_season:
            name = season_name(number, resource)
            exists = number in self._existing or season_name(number) in self._came
            is_credits = resource is SEASON_CREDITS
            if has_come(value := appended.get(name)) and (exists or not is_credits):
                take = self._take_season_credits if is_credits else self._take_season
                take(answer, number, value)
            elif exists:
                self._miss(resource, number, error=value)

    def _take_season(self, answer: Answer, number: int, value: Any, request: str = "") -> None:
        """Take a season, with its id: by the list, else as it was when it came the last time."""
        named = request or answer.named(season_name(number))
        known = {"id": self._season_id(number), "season_number": number}
        answer.take(SEASONS, self._season_key(number), value, request=named, lacking=known)
        if self._season_id(number) is None and isinstance(value, dict):
            identity = value.get("id")
            self._season_ids[number] = identity if type(identity) is int else None
        self._has_come(season_name(number))

    def _take_season_credits(
        self, answer: Answer, number: int, value: Any, request: str = ""
    ) -> None:
        """Take a season's credits, with the season's id, as their own endpoint answers them."""
        name = season_name(number, SEASON_CREDITS)
        key, known = self._season_key(number), {"id": self._season_id(number)}
        named = request or answer.named(name)
        answer.take(SEASON_CREDITS, key, value, request=named, lacking=known)
        self._has_come(name)

    def _season_id(self, number: int) -> int | None:
        return self._season_ids.get(number) or self.first.known_seasons.get(number)

    def _season_key(self, number: int) -> str:
        return f"{self.first.key}/{season_name(number)}"

    def _has_come(self, name: str) -> None:
        self._came.add(name)
        self._missing.pop(name, None)

    def _miss(self, resource: Resource, number: int, error: Any = None) -> None:
        name = season_name(number, resource)
        self._missing[name] = Missing(resource, self._season_key(number), name, error=error)

    def _take_gone(self, resource: Resource, number: int, request: str, at: datetime) -> None:
        key = self._season_key(number)
        self.batch.documents.append(tombstone(resource, key, request=request, fetched_at=at))


def _resource(name: str) -> Resource:
    piece = season_piece(name)
    return piece[0] if piece else _PARTS[name]
