"""What one request brings whole: a person, a network, a company, an episode group.

A part that does not come with it is asked for at its own endpoint: that networks and companies take
`append_to_response` is a belief, measured nowhere. Where that endpoint answers 404, there is none
to come: nothing is told, and what is held of it stays.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from extract.documents import Batch
from extract.errors import Unfit
from extract.http.answers import Answer as Received
from extract.http.answers import Verdict
from extract.resource import Resource
from extract.sources.tmdb.asking import answer_or_why, whole_or_failed
from extract.sources.tmdb.taking import (
    Answer,
    Missing,
    conclude,
    gone,
    has_come,
    read_object,
    refused,
)

if TYPE_CHECKING:
    from extract.http.client import Client

_DIGITS_OF_A_GROUP = 24


@dataclass(frozen=True, slots=True)
class SingleRequest:
    """The one request for a thing: its details, with parts of it appended."""

    details: Resource
    key: str
    parts: tuple[Resource, ...] = ()
    metrics: Resource | None = None

    @property
    def identity(self) -> int | str:
        """The `id` of the thing's documents: a number, or the text that an episode group has."""
        return int(self.key) if len(self.key) < _DIGITS_OF_A_GROUP else self.key

    @property
    def path(self) -> str:
        """The path below the base URL: `/person/287`."""
        return (self.details.path or "").replace("{key}", self.key)

    @property
    def params(self) -> dict[str, str]:
        """The query."""
        names = ",".join(part.appended_as or "" for part in self.parts)
        return {"append_to_response": names} if names else {}

    def __str__(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.params.items())
        return f"GET {self.path}{'?' if query else ''}{query}"


def single_requests(
    resources: Sequence[Resource], wanted: Collection[str], keys: Sequence[str]
) -> list[SingleRequest]:
    """Make the request for each key: the details first, of the parts those that are wanted."""
    details, *others = resources
    chosen = tuple(
        each for each in others if each.appended_to and (not wanted or each.name in wanted)
    )
    metrics = next((each for each in others if each.cut_out), None)
    return [SingleRequest(details, key, chosen, metrics) for key in keys]


async def fetch_single(
    client: "Client", withheld: Collection[str], request: SingleRequest
) -> Batch:
    """Ask for it; gives what to land, rejects and failures included.

    A part that does not come is asked for alone, unless its resource is `withheld`: answered to
    nobody. Raises AuthenticationRejected, ClientRefused, and nothing else that a source may do.
    """
    return await whole_or_failed(client, request, _fetch(client, withheld, request))


async def _fetch(client: "Client", withheld: Collection[str], request: SingleRequest) -> Batch:
    answer = await client.get(request.path, request.params)
    if answer.verdict is Verdict.GONE:
        return gone(request, answer.fetched_at)
    answers = SingleAnswers(request, answer.fetched_at)
    answers.take_first(answer.body)
    for part in answers.missing_parts:
        if part.name not in withheld:
            path = (part.path or "").replace("{key}", request.key)
            answers.take_alone(part, await answer_or_why(client, path))
    return answers.conclude(withheld)


@dataclass(slots=True)
class SingleAnswers:
    """The answers about one thing: what they brought, and which parts did not come."""

    request: SingleRequest
    fetched_at: datetime
    _answer: Answer = field(init=False)
    _missing: dict[str, Missing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._answer = Answer(self.request, self.fetched_at)

    @property
    def missing_parts(self) -> list[Resource]:
        """The parts that did not come with the details."""
        return [each.resource for each in self._missing.values()]

    def take_first(self, body: bytes) -> None:
        """Take the answer apart, into details, metrics and parts."""
        try:
            whole = read_object(body)
        except Unfit as unfit:
            batch = refused(self.request, unfit, body, self.fetched_at)
            self._answer.batch.extend(batch)
            return
        parts = self.request.parts
        appended = {part.name: whole.pop(part.appended_as or "", None) for part in parts}
        if not self._answer.take_details(whole, self.request.metrics):
            return
        for part in parts:
            value, name = appended[part.name], part.appended_as or ""
            if has_come(value):
                self._answer.take_part(part, value)
            else:
                self._missing[part.name] = Missing(part, self.request.key, name, 1, error=value)

    def take_alone(self, part: Resource, found: Received | str) -> None:
        """Take the answer of a part's own endpoint, or why there is none."""
        missing = self._missing[part.name]
        missing.asked = 2
        if isinstance(found, str):
            missing.why = found
            return
        if found.verdict is Verdict.GONE:
            missing.why, missing.is_absent = f"{found.request} was answered {found.status}", True
            return
        try:
            value = read_object(found.body)
        except Unfit as unfit:
            missing.why = f"{unfit.reason}: {unfit.detail}"
            return
        answer = Answer(self.request, found.fetched_at, self._answer.batch)
        answer.take_part(part, value, found.request)
        del self._missing[part.name]

    def conclude(self, withheld: Collection[str] = ()) -> Batch:
        """Count what came, tell what did not; gives all that is to land."""
        batch, missing = self._answer.batch, self._missing
        if any(each.resource == self.request.details.name for each in batch.documents):
            batch.asked.update(part.name for part in self.request.parts)
            batch.arrived.update(
                part.name for part in self.request.parts if part.name not in missing
            )
        conclude(self._answer, missing.values(), withheld)
        return batch
