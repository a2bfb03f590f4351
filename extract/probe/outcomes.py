"""What asking for a belief brought: as believed, otherwise, or not asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from extract.probe.belief import Asked, Belief

LONGEST = 200
"""Characters of what came, as it is shown."""


class Outcome(Enum):
    """How a belief fared."""

    AS_BELIEVED = "as believed"
    OTHERWISE = "otherwise"
    NOT_ASKED = "not asked"
    """It could not be asked for now, which is no surprise; the reason is told."""


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome, and in a few words what came, or why nothing was asked."""

    outcome: Outcome
    came: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A belief and what asking for it brought."""

    belief: Belief
    told: Told


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one request as it came, whatever its status; nothing in it tells a secret."""

    request: str
    """As it may be shown: `GET /tv/1396`."""
    status: int | None = None
    """None: no whole answer came, and `problem` says why."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""
    value: Any = None
    """What the body holds, read; None where it is no JSON."""
    problem: str = ""

    @property
    def fields(self) -> Mapping[str, Any]:
        """The answer as an object; empty where it is none."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def came(self) -> str:
        """The answer in a few words."""
        if self.status is None:
            return self.problem
        code = self.fields.get("status_code")
        if isinstance(code, int):
            return f"{self.status} with `status_code` {code}"
        return f"{self.status} with {kind_of(self.value, self.body)}"


Replies = Mapping[str, Reply]
"""The answers of one source, by the name of their request."""
Check = Callable[[Replies], Told]


@dataclass(frozen=True, slots=True)
class Question:
    """How a belief is asked for.

    `how` says it for people; `needs` names the requests without whose answers `check` cannot be
    made.
    """

    belief: str
    how: str
    needs: tuple[str, ...]
    check: Check


@dataclass(frozen=True, slots=True)
class Unasked:
    """Why a belief cannot be asked for."""

    belief: str
    how: str


@dataclass(frozen=True, slots=True)
class Report:
    """What probing one source brought; `trouble`: why it could not be asked at all, or no more."""

    source: Asked
    findings: tuple[Finding, ...]
    replies: tuple[Reply, ...]
    trouble: str = ""

    @property
    def is_surprise(self) -> bool:
        """Whether anything is not as believed."""
        return bool(self.trouble) or any(
            each.told.outcome is Outcome.OTHERWISE for each in self.findings
        )


def judged(is_so: bool, came: str) -> Told:
    """Give the outcome of a check, with what came."""
    return Told(Outcome.AS_BELIEVED if is_so else Outcome.OTHERWISE, came)


def otherwise(came: str) -> Told:
    """Say that a belief is wrong."""
    return Told(Outcome.OTHERWISE, came)


def not_asked(why: str) -> Told:
    """Say that a belief could not be asked for now."""
    return Told(Outcome.NOT_ASKED, why)


def shown(text: str) -> str:
    """Give a text as it may be shown: one line, printable, at most 200 characters."""
    start = text[: 4 * LONGEST]
    line = " ".join("".join(c if c.isprintable() else " " for c in start).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def kind_of(value: Any, body: bytes = b"") -> str:
    """Say in a word what a value is; of None, what the body is instead."""
    if isinstance(value, dict):
        return "an object"
    if value is None and body:
        return "a page of HTML" if body.lstrip()[:1] == b"<" else "what is no JSON"
    names = {list: "a list", str: "a text", bool: "a boolean", type(None): "nothing"}
    return names.get(type(value), "a number")


def mapping(value: Any) -> Mapping[str, Any]:
    """Give an object as it is, anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """Give the objects of a list; none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
