"""Telling what TMDb means to give from errors and wreckage, which come with status 200 too."""

import json
from collections.abc import Mapping
from typing import Any

import orjson


def complaint(body: bytes) -> str | None:
    """Say, in one word for counting, why a body is not an object that TMDb means to give.

    What orjson cannot read, but the standard library can (a number like 1e400), is no wreckage.
    """
    start = body[:64].lstrip()[:1]
    if start == b"<":
        return "html"
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = _read_slowly(body)
        if value is None:
            return "truncated" if start == b"{" else "not_json"
    if not isinstance(value, dict):
        return "not_an_object"
    return "error_body" if is_error(value) else None


def is_error(value: Mapping[str, Any]) -> bool:
    """Say whether an object, or an appended part, is one of TMDb's errors."""
    return value.get("success") is False or ("status_code" in value and "status_message" in value)


def _read_slowly(body: bytes) -> Any:
    try:
        return json.loads(body, parse_int=float)  # whole numbers of any length are whole bodies
    except RecursionError:
        return {}  # whole, it seems; that it cannot be landed is for who reads it to say
    except ValueError:
        return None
