"""Every error of the API, as `application/problem+json` (RFC 9457).

    Problem
    ├── Unauthorized     401  a key is asked for, and none that is known was sent
    ├── Forbidden        403  the key's role may not
    ├── NotFound         404  nothing by that id or path
    ├── NotAllowed       405  the path does not answer that method
    ├── Forgotten        409  the feed of changes does not reach back so far
    ├── InvalidPage      400  under `/3`: a page that TMDb would not have
    ├── ManyAppended     400  under `/3`: more names to append than TMDb takes
    ├── LargeBody        413  a body, where no path takes one
    ├── LongAddress      414  path and query are too long
    ├── Invalid          422  a parameter that cannot be used
    ├── TooManyRequests  429  the key has asked too often; Retry-After says when it may again
    ├── LargeHead        431  the headers are too large
    ├── Broken           500  our own fault; the log has the request id
    └── Unavailable      503  Postgres or the marts are not there; Retry-After, too

A detail says what to call instead. It never holds SQL, a traceback, a file's path or a secret.
Under `/3` each is told as TMDb tells its own errors (`TmdbStatus`), with TMDb's code for it.
"""

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
_LONGEST_ECHO = 100
_MOST_ERRORS = 5


class ProblemDocument(BaseModel):
    """What an error looks like, whatever the path."""

    type: str = Field(
        description="Which kind of problem; stable, for programs.",
        examples=["urn:problem-type:showhouse:not-found"],
    )
    title: str = Field(description="The kind in words.", examples=["Not found"])
    status: int = Field(description="The HTTP status, repeated.", examples=[404])
    detail: str = Field(
        description="What happened, and what to call instead.",
        examples=["No show is `tmdb:1`; `/shows?q=` searches by title."],
    )


class TmdbStatus(BaseModel):
    """What an error looks like under `/3`: as TMDb's own."""

    success: Literal[False] = Field(description="That it is one.", examples=[False])
    status_code: int = Field(description="TMDb's code of the error.", examples=[34])
    status_message: str = Field(
        description="What happened.", examples=["No document of TMDb's at `/3/tv/1` is held here."]
    )


class Problem(Exception):
    """An answer that is an error. Subclasses fix status, kind and title, and TMDb's code for it."""

    status: ClassVar[int]
    kind: ClassVar[str]
    title: ClassVar[str]
    tmdb_code: ClassVar[int] = 47  # the input is not valid

    def __init__(self, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.detail = detail
        self.headers = {"Cache-Control": "no-store", **(headers or {})}
        super().__init__(detail)

    def response(self, path: str = "") -> Response:
        """The problem as it goes over the wire in answer to that path."""
        if is_tmdb(path):
            told = TmdbStatus(success=False, status_code=self.tmdb_code, status_message=self.detail)
            body = told.model_dump_json().encode()
            return Response(body, self.status, self.headers, "application/json")
        problem = {
            "type": f"urn:problem-type:showhouse:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return Response(orjson.dumps(problem), self.status, self.headers, MEDIA_TYPE)


class Unauthorized(Problem):
    """A key is asked for, and none that is known was sent."""

    status, kind, title = 401, "unauthorized", "Unauthorized"
    tmdb_code = 7

    def __init__(self, detail: str) -> None:
        super().__init__(detail, {"WWW-Authenticate": 'Bearer realm="showhouse"'})


class Forbidden(Problem):
    """The key is known, and its role may not."""

    status, kind, title = 403, "forbidden", "Forbidden"
    tmdb_code = 14


class NotFound(Problem):
    """Nothing by that id or path."""

    status, kind, title = 404, "not-found", "Not found"
    tmdb_code = 34


class NotAllowed(Problem):
    """The path does not answer that method."""

    status, kind, title = 405, "method-not-allowed", "Method not allowed"
    tmdb_code = 42


class Forgotten(Problem):
    """The feed of changes does not reach back so far."""

    status, kind, title = 409, "changes-forgotten", "Changes forgotten"


class LargeBody(Problem):
    """A body, where no path takes one; the connection is closed."""

    status, kind, title = 413, "body-too-large", "Body too large"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, {"Connection": "close"})


class LongAddress(Problem):
    """Path and query are too long."""

    status, kind, title = 414, "address-too-long", "Address too long"


class Invalid(Problem):
    """A parameter that cannot be used."""

    status, kind, title = 422, "invalid-parameter", "Invalid parameter"
    tmdb_code = 5


class TooManyRequests(Problem):
    """The key has asked too often; `wait` in seconds until it may again."""

    status, kind, title = 429, "too-many-requests", "Too many requests"
    tmdb_code = 25

    def __init__(self, detail: str, wait: float) -> None:
        super().__init__(detail, {"Retry-After": str(max(1, math.ceil(wait)))})


class LargeHead(Problem):
    """The headers are too large."""

    status, kind, title = 431, "headers-too-large", "Headers too large"


class Broken(Problem):
    """Our own fault; the log has the request id."""

    status, kind, title = 500, "internal-error", "Internal error"
    tmdb_code = 11


class Unavailable(Problem):
    """Postgres or the marts are not there (yet); `retry_after` in seconds."""

    status, kind, title = 503, "unavailable", "Unavailable"
    tmdb_code = 9

    def __init__(self, detail: str, retry_after: int = 5) -> None:
        self.retry_after = retry_after
        super().__init__(detail, {"Retry-After": str(retry_after)})


class InvalidPage(Problem):
    """Under `/3`: a page of a search that TMDb would not have."""

    status, kind, title = 400, "invalid-page", "Invalid page"
    tmdb_code = 22


class ManyAppended(Problem):
    """Under `/3`: more names in `append_to_response` than TMDb takes."""

    status, kind, title = 400, "many-appended", "Too many appended"
    tmdb_code = 27


def not_held(path: str) -> NotFound:
    """The 404 of what TMDb may have and this warehouse does not."""
    return NotFound(f"No document of TMDb's at {echo(path)} is held here.")


def is_tmdb(path: str) -> bool:
    """Whether TMDb's clients ask there."""
    return path.startswith("/3/") or path == "/3"


def echo(value: str) -> str:
    """What the client sent, short enough to be said back, in backticks."""
    shown = value if len(value) <= _LONGEST_ECHO else f"{value[:_LONGEST_ECHO]}…"
    return f"`{shown.replace('`', chr(39))}`"


async def answer_problem(request: Request, error: Exception) -> Response:
    """Exception handler for Problem."""
    assert isinstance(error, Problem)
    return error.response(request.url.path)


async def answer_http_exception(request: Request, error: Exception) -> Response:
    """Exception handler for what the router itself refuses: unknown paths and methods."""
    assert isinstance(error, HTTPException)
    return _refusal(error.status_code, request).response(request.url.path)


def _refusal(status: int, request: Request) -> Problem:
    path = echo(request.url.path)
    if status == 404 and is_tmdb(request.url.path):
        return not_held(request.url.path)
    if status == 404:
        return NotFound(f"{path} is no path of this API; `/openapi.json` lists them.")
    if status == 405:
        detail = f"{path} answers GET and HEAD, not {echo(request.method)}."
        return NotAllowed(detail, {"Allow": "GET, HEAD"})
    return Invalid(f"The request to {path} cannot be read; `/openapi.json` says how.")


async def answer_invalid_request(request: Request, error: Exception) -> Response:
    """Exception handler for parameters that do not hold to the OpenAPI."""
    assert isinstance(error, RequestValidationError)
    path, problem = request.url.path, Invalid(_explain(error))
    if is_tmdb(path):
        return _as_tmdb_refuses(path, error, problem).response(path)
    return problem.response(path)


def _as_tmdb_refuses(path: str, error: RequestValidationError, problem: Invalid) -> Problem:
    """To TMDb an id that cannot be is one that is not there."""
    places = [fault["loc"] for fault in error.errors()]
    if any(place[0] == "path" for place in places):
        return not_held(path)
    return InvalidPage(problem.detail) if ("query", "page") in places else problem


def _explain(error: RequestValidationError) -> str:
    sentences: dict[str, str] = {}
    for fault in error.errors():
        name = echo(str(fault["loc"][1 if len(fault["loc"]) > 1 else 0]))
        if fault["type"] == "extra_forbidden":
            sentences[name] = f"{name} is no parameter of this path."
        else:
            # Of an optional parameter's faults the first is its own, the next that it is not null.
            sentences.setdefault(name, f"{name}: {str(fault['msg']).rstrip('.')}.")
    shown = list(sentences.values())[:_MOST_ERRORS]
    return " ".join([*shown, "`/openapi.json` lists the parameters."])
