"""Good answers that go wrong on the way, in the manners of `tests.tmdb.faults.BODY_FAULTS`."""

import orjson

from tests.tmdb.faults import STATUS_FAULTS, Faults
from tests.tmdb.wire import Outgoing

HTML = b"<!DOCTYPE html><html><head><title>Attention</title></head><body>One moment.</body></html>"


def error_body(code: int, message: str) -> bytes:
    """Write an error as TMDb does ([D]; recorded of 6, 7, 20, 22 and 34)."""
    return orjson.dumps({"success": False, "status_code": code, "status_message": message})


def late(outgoing: Outgoing, delay: float) -> Outgoing:
    """Let an answer take longer, by so many seconds in all."""
    return Outgoing(
        outgoing.status,
        outgoing.body,
        outgoing.content_type,
        outgoing.headers,
        delay,
        outgoing.ending,
        outgoing.patience,
    )


def spoilt(fault: str, outgoing: Outgoing, faults: Faults) -> Outgoing:
    """Let a good answer go wrong in the way that the fault names."""
    body, kind = outgoing.body, outgoing.content_type
    match fault:
        case "reset":
            return Outgoing(outgoing.status, b"", ending="reset")
        case "truncated":
            return Outgoing(outgoing.status, body, kind, ending="truncated")
        case "stall":
            return Outgoing(
                outgoing.status, body, kind, ending="stall", patience=faults.stall_seconds
            )
        case "slow":
            return late(outgoing, faults.slow_seconds)
        case "cut_json":
            return Outgoing(outgoing.status, body[: len(body) * 2 // 3], kind)
        case "html":
            return Outgoing(200, HTML, "text/html; charset=utf-8")
        case "unsuccessful":
            return Outgoing(200, error_body(11, STATUS_FAULTS["500"][2]))
        case "not_object":
            return Outgoing(200, b"[" + body + b"]")
        case _:
            return Outgoing(outgoing.status, _another_id(body), kind)


def _another_id(body: bytes) -> bytes:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return b'{"id":0}'
    if isinstance(document, dict) and isinstance(document.get("id"), int):
        document["id"] += 1
    return orjson.dumps(document)
