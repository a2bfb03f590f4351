"""What one request brings whole: a person, a network, a company, an episode group."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from extract.documents import Batch
from extract.errors import Unfit
from extract.http.answers import Verdict
from extract.http.client import Client
from extract.resource import Resource
from extract.sources.tmdb.asking import whole_or_failed
from extract.sources.tmdb.taking import Answer, gone, read_object, refused


@dataclass(frozen=True, slots=True)
class SingleRequest:
    """The one request for a thing: its details, with parts of it appended."""

    details: Resource
    key: str
    parts: tuple[Resource, ...] = ()
    metrics: Resource | None = None

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


async def fetch_single(client: Client, request: SingleRequest) -> Batch:
    """Ask for it; gives what to land, rejects and failures included.

    Raises AuthenticationRejected, and nothing else that a source may do.
    """
    return await whole_or_failed(client, request, _fetch(client, request))


async def _fetch(client: Client, request: SingleRequest) -> Batch:
    answer = await client.get(request.path, request.params)
    if answer.verdict is Verdict.GONE:
        return gone(request, answer.fetched_at)
    return split_single(request, answer.body, answer.fetched_at)


def split_single(request: SingleRequest, body: bytes, fetched_at: datetime) -> Batch:
    """Take the answer apart, into details, metrics and parts."""
    answer = Answer(request, fetched_at)
    try:
        whole = read_object(body)
    except Unfit as unfit:
        return refused(request, unfit, body, fetched_at)
    appended = {part.name: whole.pop(part.appended_as or "", None) for part in request.parts}
    if answer.take_details(whole, request.metrics):
        for part in request.parts:
            answer.take_part(part, appended[part.name])
    return answer.batch
