"""The OpenAPI document: what FastAPI derives, with errors, headers and conditions told.

Routers say what they answer with `answers(...)`; the shared parts are components.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.access import OPEN_PATHS
from api.problems import MEDIA_TYPE, ProblemDocument, TmdbStatus, is_tmdb

DESCRIPTION = """\
TV series, their seasons, episodes, networks and where to watch them, read from a warehouse.

- **Conditional requests.** Documents carry an `ETag`; send it back as `If-None-Match` and an
  unchanged document is answered 304, without a body.
- **Pages.** A list is `{items, next}`; send `next` as `cursor` for the next page.
- **Errors** are `application/problem+json`; `detail` says what to call instead.
- **TMDb's clients** find under `/3` what TMDb answered, told as TMDb tells it, errors too.
- **HEAD** works wherever GET does. Keys may be added to documents; none is renamed or retyped.
- `/meta` tells how fresh the data is, and the attribution that showing it requires.
"""
_TMDB_CONTENT = {"application/json": {"schema": {"$ref": "#/components/schemas/TmdbStatus"}}}
_TEXT = {"schema": {"type": "string"}}
REQUEST_ID = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
_ETAG = {"ETag": {"$ref": "#/components/headers/ETag"}, **REQUEST_ID}

_HAVE_ALIASES = ("/shows/{id}", "/people/{id}")
_MOVED = {
    "description": "The id is one that it stood under before; `Location` has the present one.",
    "headers": {"Location": {"required": True, **_TEXT}, **REQUEST_ID},
}


def program_version() -> str:
    """The version of the installed package."""
    try:
        return version("showhouse")
    except PackageNotFoundError:
        return "0"


def answers(*, missing: str | None = None, reads: bool = True) -> dict[int | str, dict[str, Any]]:
    """The responses of a path beside its body: `missing` is what a 404 means; `reads` the marts."""
    told: dict[int | str, dict[str, Any]] = {200: {"headers": _ETAG}}
    told[304] = {"description": "What the client holds is current.", "headers": _ETAG}
    if missing is not None:
        told[404] = problem_answer(missing)
    told[422] = problem_answer(
        "A parameter cannot be used; `detail` says which, and what would do."
    )
    told[500] = problem_answer("Our own fault; `detail` has the request id to report.")
    if reads:
        told[503] = unavailable()
    return told


def unavailable() -> dict[str, Any]:
    """The 503 of whatever needs Postgres."""
    told = problem_answer("Postgres or the marts are not there (yet).")
    told["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}, **REQUEST_ID}
    return told


def problem_answer(description: str) -> dict[str, Any]:
    """An answer that is an error: what it means."""
    return {
        "description": description,
        "headers": REQUEST_ID,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def tmdb_answers(
    *, missing: str | None = None, refused: tuple[int, ...] = (422,), reads: bool = True
) -> dict[int | str, dict[str, Any]]:
    """The responses of a path under `/3`, whose errors are as TMDb's; `refused` of 400 and 422."""
    told = answers(missing=missing, reads=reads)
    told[200]["headers"] = _ETAG | {
        "X-Attribution": {"$ref": "#/components/headers/Attribution"},
        "Link": {"$ref": "#/components/headers/Licence"},
    }
    told[400] = problem_answer("Too many names to append, or a page that TMDb would not have.")
    for unheard_of in {400, 422} - set(refused):
        del told[unheard_of]
    for status, answer in told.items():
        if status not in (200, 304):
            answer["content"] = _TMDB_CONTENT
    return told


def describe(app: FastAPI, *, asks_for_keys: bool) -> dict[str, Any]:
    """The whole document, for `/openapi.json`."""
    told = get_openapi(
        title="Showhouse",
        version=program_version(),
        summary="Everything public about TV series.",
        description=DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        routes=app.routes,
    )
    components = told.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = ProblemDocument.model_json_schema() | {
        "title": "Problem"
    }
    components["schemas"]["TmdbStatus"] = TmdbStatus.model_json_schema()
    components["headers"] = {
        "ETag": {"description": "Tag of this very answer, to send as `If-None-Match`.", **_TEXT},
        "RequestId": {
            "description": "The request's id in our log; yours, if you sent one.",
            **_TEXT,
        },
        "Attribution": {"description": "The lines to show with the data.", **_TEXT},
        "Licence": {"description": "Where the terms of the sources stand.", **_TEXT},
        "RetryAfter": {
            "description": "Seconds to wait before the next try.",
            "schema": {"type": "integer", "minimum": 1},
        },
    }
    components["parameters"] = {
        "IfNoneMatch": {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": "Tags of what the client holds, or `*`.",
            **_TEXT,
        }
    }
    for path, operations in told["paths"].items():
        for operation in operations.values():
            if "304" in operation["responses"]:
                reference = {"$ref": "#/components/parameters/IfNoneMatch"}
                operation.setdefault("parameters", []).append(reference)
            if path.startswith(_HAVE_ALIASES):
                operation["responses"]["308"] = _MOVED
    if asks_for_keys:
        _tell_of_keys(told)
    return told


def _tell_of_keys(told: dict[str, Any]) -> None:
    told["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
        "tmdb": {"type": "apiKey", "in": "query", "name": "api_key"},
    }
    retry = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}, **REQUEST_ID}
    for path, operations in told["paths"].items():
        if path in OPEN_PATHS:
            continue
        for operation in operations.values():
            operation["security"] = [{"bearer": []}, {"key": []}]
            responses = operation["responses"]
            responses["401"] = problem_answer(
                "A key is asked for, and none that is known was sent."
            )
            responses["403"] = problem_answer("The key's role may not.")
            responses["429"] = problem_answer("The key has asked too often.") | {"headers": retry}
            if is_tmdb(path):
                operation["security"].append({"tmdb": []})
                for status in ("401", "403", "429"):
                    responses[status]["content"] = _TMDB_CONTENT
