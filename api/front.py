"""The door that every request passes: request id, access log, HEAD, security headers, last resort.

Plain ASGI: it touches neither bodies nor exceptions of the application that the handlers know.
"""

import logging
import re
import secrets
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Broken

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_LONGEST_LOGGED = 500
_SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-frame-options", b"DENY"),
]
_CONTENT_SECURITY_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; frame-ancestors 'none'",
)

access_log = logging.getLogger("showhouse.api.access")
_log = logging.getLogger("showhouse.api")


class Front:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, whatever happens in it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        if exchange.is_head:
            scope = {**scope, "method": "GET"}
        try:
            await self._app(scope, receive, exchange.send)
        except Exception:
            _log.exception("request %s failed", exchange.request_id.decode())
            if exchange.status is not None:
                raise
            detail = (
                f"Request `{exchange.request_id.decode()}` failed by our own fault. "
                "Report that id; `/ready` says whether the warehouse can be read."
            )
            await Broken(detail).response()(scope, receive, exchange.send)
        finally:
            exchange.log()


class _Exchange:
    """One request and what was sent for it."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._started = perf_counter()
        self._bytes = 0
        self.is_head = scope["method"] == "HEAD"
        self.status: int | None = None
        self.request_id = _given_request_id(scope) or secrets.token_hex(8).encode()

    async def send(self, message: Message) -> None:
        """Pass a message on: headers added to its start, a body withheld from HEAD."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message.setdefault("headers", [])
            headers.append((b"x-request-id", self.request_id))
            headers.extend(_SECURITY_HEADERS)
            if not any(name == b"content-security-policy" for name, _ in headers):
                headers.append(_CONTENT_SECURITY_POLICY)
        elif message["type"] == "http.response.body":
            if self.is_head:
                message = {**message, "body": b""}
            self._bytes += len(message.get("body", b""))
        await self._send(message)

    def log(self) -> None:
        """One JSON line; a status of 499 means that the client left before an answer began."""
        if not access_log.isEnabledFor(logging.INFO):
            return
        client = self._scope.get("client")
        line: dict[str, Any] = {
            "at": datetime.now(UTC),
            "request_id": self.request_id.decode(),
            "client": client[0] if client else None,
            "method": self._scope["method"],
            "path": self._scope["path"][:_LONGEST_LOGGED],
            "query": self._scope["query_string"][:_LONGEST_LOGGED].decode("ascii", "replace"),
            "status": self.status or 499,
            "bytes": self._bytes,
            "milliseconds": round((perf_counter() - self._started) * 1000, 2),
        }
        access_log.info(orjson.dumps(line, default=str).decode())


def _given_request_id(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return bytes(value) if _REQUEST_ID.fullmatch(value) else None
    return None
