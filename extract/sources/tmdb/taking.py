"""Taking an answer apart into documents, each as its own endpoint would have answered it.

Appended parts lack the `id` that their endpoints answer with: it is put back before hashing, but
where the part's own endpoint has none either. A part
that an answer leaves out, or that is an error, was not checked: `conclude` tells it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from extract.canonical import read
from extract.documents import Batch, Failure, Reject, document, tombstone
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
    def identity(self) -> int | str:
        """The `id` of the thing's documents."""

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

    def take(
        self,
        resource: Resource,
        key: str,
        value: Any,
        *,
        request: str,
        lacking: Mapping[str, Any],
    ) -> bool:
        """Make a document of a value, or a reject that says what is wrong with it.

        `request` brought it. `lacking` is put in where the value lacks it: its id, which the
        request or the enclosing answer knows.
        """
        try:
            verify(resource, key, value)
            known = {name: each for name, each in lacking.items() if each is not None}
            self.batch.documents.append(
                document(
                    resource,
                    key,
                    value | {name: known[name] for name in known if value.get(name) is None},
                    request=request,
                    fetched_at=self.fetched_at,
                )
            )
        except Unfit as unfit:
            self.refuse(resource, key, unfit, shown(value), request=request)
            return False
        return True

    def take_details(self, whole: Mapping[str, Any], metrics: Resource | None) -> bool:
        """Take the details, and what is cut out of them into a table of its own."""
        key, lacking = self.request.key, {"id": self.request.identity}
        request = self.named("")
        if not self.take(self.request.details, key, whole, request=request, lacking=lacking):
            return False
        if metrics:
            measures = {name: whole[name] for name in ("id", *metrics.cut_out) if name in whole}
            self.take(metrics, key, measures, request=request, lacking=lacking)
        return True

    def take_part(self, part: Resource, value: Any, request: str = "") -> None:
        """Take a part that came, with the id put back; `request` where it was not appended."""
        named = request or self.named(part.appended_as or "")
        lacking = {"id": self.request.identity} if part.has_id else {}
        self.take(part, self.request.key, value, request=named, lacking=lacking)

    def refuse(
        self, resource: Resource, key: str, unfit: Unfit, body: bytes, *, request: str
    ) -> None:
        """Note that an answer, or a piece of one, must not land."""
        self.batch.rejects.append(
            Reject(
                resource=resource.name,
                key=key,
                reason=unfit.reason,
                detail=unfit.detail,
                body=body,
                request=request,
                fetched_at=self.fetched_at,
            )
        )

    def named(self, appended_as: str) -> str:
        """Name the piece of the request that brought a document; the whole is a kilobyte long."""
        query = f"?append_to_response={appended_as}" if appended_as else ""
        return f"GET {self.request.path}{query}"


@dataclass(slots=True)
class Missing:
    """A part, or a season, that exists upstream and did not come."""

    resource: Resource
    key: str
    name: str
    """As it is appended: `keywords`, `season/1`."""
    asked: int = 0
    """How often it was asked for."""
    why: str = ""
    """Why it did not come, where it was not merely left out."""
    is_absent: bool = False
    """Its own endpoint says that there is none."""
    error: Any = None
    """What came in its place: an error, `{}`, nothing."""


def conclude(answer: Answer, missing: Iterable[Missing], withheld: Collection[str]) -> None:
    """Tell what did not come: a failure for each, a reject where an error came in its place.

    Either makes its thing due soon (`extract.sources.tmdb.subjects`). What is absent, and what is
    `withheld` from everybody, is due by its age, as if it had come: nobody is told of each.
    """
    for each in missing:
        is_due_by_age = each.is_absent or each.resource.name in withheld
        if is_error_object(each.error) and not is_due_by_age:
            unfit = Unfit("error_body", "an error came in its place, with status 200")
            named = answer.named(each.name)
            answer.refuse(each.resource, each.key, unfit, shown(each.error), request=named)
        else:
            times = "once" if each.asked == 1 else f"{each.asked} times"
            why = each.why or f"it was asked for {times} and left out of the answer"
            told = f"`{each.name}` did not come: {why}"
            due_after = each.resource.max_age if is_due_by_age else None
            answer.batch.failures.append(
                Failure(each.resource.name, each.key, told, answer.fetched_at, due_after)
            )


def has_come(value: Any) -> bool:
    """Whether something came under an appended name, fit or not.

    An error is nothing; nor is `{}`, which would take the place of all that is held.
    """
    return value is not None and value != {} and not is_error_object(value)


def is_error_object(value: Any) -> bool:
    """Whether a value is one of TMDb's errors."""
    return isinstance(value, dict) and is_error(value)


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
    answer.refuse(request.details, request.key, unfit, body, request=answer.named(""))
    return answer.batch


def gone(request: Request, fetched_at: datetime) -> Batch:
    """Say that there is no such thing (any more): its tombstone, and nothing of its parts."""
    named = f"GET {request.path}"
    return Batch([tombstone(request.details, request.key, request=named, fetched_at=fetched_at)])


def shown(value: Any) -> bytes:
    """Something of a value that may be beyond writing as JSON."""
    try:
        return repr(value)[:10_000].encode(errors="replace")
    except RecursionError:
        return b"(nested too deep to show)"
