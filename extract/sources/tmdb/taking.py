"""Taking an answer apart into documents, each as its own endpoint would have answered it.

Appended parts lack the `id` that their endpoints answer with: it is put back before hashing. A part
that is missing or an error was not checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from extract.canonical import read
from extract.documents import Batch, Reject, document, tombstone
from extract.errors import Unfit
from extract.resource import Resource
from extract.sources.tmdb.bodies import complaint, is_error


class Request(Protocol):
    """A request for one thing and parts of it."""

    @property
    def details(self) -> Resource:
        """The resource that is asked for; the parts are appended to it."""

    @property
    def key(self) -> str:
        """The thing's key."""

    @property
    def path(self) -> str:
        """The path below the base URL."""

    @property
    def params(self) -> dict[str, str]:
        """The query."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer being taken apart: the request, when it was answered, what is found so far."""

    request: Request
    fetched_at: datetime
    batch: Batch = field(default_factory=Batch)

    def take(self, resource: Resource, key: str, value: Any, appended_as: str = "") -> bool:
        """Make a document of a value, or a reject that says what is wrong with it."""
        try:
            verify(resource, key, value)
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

    def take_details(self, whole: Mapping[str, Any], metrics: Resource | None) -> bool:
        """Take the details, and what is cut out of them into a table of its own."""
        key = self.request.key
        if not self.take(self.request.details, key, whole):
            return False
        if metrics:
            measures = {name: whole[name] for name in ("id", *metrics.cut_out) if name in whole}
            self.take(metrics, key, measures)
        return True

    def take_part(self, part: Resource, value: Any) -> None:
        """Take a part that came, with the id put back."""
        if value is None or (isinstance(value, dict) and is_error(value)):
            return
        if isinstance(value, dict):
            value.setdefault("id", int(self.request.key))
        self.take(part, self.request.key, value, part.appended_as or "")

    def refuse(
        self, resource: Resource, key: str, unfit: Unfit, body: bytes, appended_as: str = ""
    ) -> None:
        """Note that an answer, or a piece of one, must not land."""
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
        """Name the piece of the request that brought a document; the whole is a kilobyte long."""
        query = f"?append_to_response={appended_as}" if appended_as else ""
        return f"GET {self.request.path}{query}"


def read_object(body: bytes) -> dict[str, Any]:
    """Read a body that is to be one object, and no error. Raises Unfit."""
    try:
        whole = read(body)
    except Unfit as unfit:
        raise Unfit(complaint(body) or unfit.reason, unfit.detail) from None
    if not isinstance(whole, dict):
        raise Unfit("not_an_object", f"it is a {type(whole).__name__}")
    if is_error(whole):
        raise Unfit("error_body", "it is an error, with status 200")
    return whole


def verify(resource: Resource, key: str, value: Any) -> None:
    """Check that a value may be a resource's document. Raises Unfit."""
    if not isinstance(value, dict):
        raise Unfit("not_an_object", f"it is a {type(value).__name__}")
    if wrong := resource.check(key, value):
        raise Unfit("wrong_shape", wrong)


def refused(request: Request, unfit: Unfit, body: bytes, fetched_at: datetime) -> Batch:
    """Refuse a whole answer: a reject of the details, since nothing of the thing lands then."""
    answer = Answer(request, fetched_at)
    answer.refuse(request.details, request.key, unfit, body)
    return answer.batch


def gone(request: Request, fetched_at: datetime) -> Batch:
    """Say that there is no such thing (any more): its tombstone, and nothing of its parts."""
    named = f"GET {request.path}"
    return Batch([tombstone(request.details, request.key, request=named, fetched_at=fetched_at)])


def _shown(value: Any) -> bytes:
    """Something of a value that may be beyond writing as JSON."""
    try:
        return repr(value)[:10_000].encode(errors="replace")
    except RecursionError:
        return b"(nested too deep to show)"
