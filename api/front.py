"""The door that every request passes: bounds, request id, log, HEAD, security headers, last resort.

Plain ASGI: it touches neither bodies nor exceptions of the application that the handlers know.
"""

import logging
import re
import secrets
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import metrics
from api.problems import Broken, LargeBody, LargeHead, LongAddress, Problem

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_LONGEST_LOGGED = 500
_LONGEST_ADDRESS = 16_384
_LARGEST_HEAD = 32_768
_LARGEST_BODY = 16_384
# What is encoded still when it was decoded may be any name.
_SECRET = re.compile(rb"key|token|session|%", re.IGNORECASE)
_HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")
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
        if scope["type"] == "websocket":
            scope["query_string"] = b""  # none is served, and uvicorn logs whole what it refuses
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        if exchange.is_head:
            scope = {**scope, "method": "GET"}
            exchange.follow(scope)
        metrics.begin()
        try:
            refusal = _refusal(scope)
            if refusal is not None:
                await refusal.response(scope["path"])(scope, receive, exchange.send)
                return
            await self._app(scope, receive, exchange.send)
        except Exception:
            _log.exception("request %s failed", exchange.request_id.decode())
            if exchange.status is not None:
                raise
            detail = (
                f"Request `{exchange.request_id.decode()}` failed by our own fault. "
                "Report that id; `/ready` says whether the warehouse can be read."
            )
            await Broken(detail).response(scope["path"])(scope, receive, exchange.send)
        finally:
            exchange.end()


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

    def follow(self, scope: Scope) -> None:
        """Learn of route and key from this scope, which stands for the request from now on."""
        self._scope = scope

    async def send(self, message: Message) -> None:
        """Pass a message on: headers added to its start, a body withheld from HEAD."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message.setdefault("headers", [])
            headers.append((b"x-request-id", self.request_id))
            headers.extend(_SECURITY_HEADERS)
            if self._scope.get("scheme") == "https":
                headers.append(_HTTPS_ONLY)
            if not any(name == b"content-security-policy" for name, _ in headers):
                headers.append(_CONTENT_SECURITY_POLICY)
        elif message["type"] == "http.response.body":
            if self.is_head:
                message = {**message, "body": b""}
            self._bytes += len(message.get("body", b""))
        await self._send(message)

    def end(self) -> None:
        """Count and log it; a status of 499 means that the client left before an answer began."""
        status, seconds = self.status or 499, perf_counter() - self._started
        method = "HEAD" if self.is_head else self._scope["method"]
        metrics.end(self._scope, method, status, seconds, self._bytes)
        if not access_log.isEnabledFor(logging.INFO):
            return
        client = self._scope.get("client")
        line: dict[str, Any] = {
            "at": datetime.now(UTC),
            "request_id": self.request_id.decode(),
            "client": client[0] if client else None,
            "key": self._scope.get("showhouse.key"),
            "method": method,
            "path": self._scope["path"][:_LONGEST_LOGGED],
            "query": _without_secrets(self._scope["query_string"]).decode("ascii", "replace"),
            "status": status,
            "bytes": self._bytes,
            "milliseconds": round(seconds * 1000, 2),
        }
        access_log.info(orjson.dumps(line, default=str).decode())


def _refusal(scope: Scope) -> Problem | None:
    """What is too large to be looked at."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _LONGEST_ADDRESS:
        return LongAddress(f"Path and query may have {_LONGEST_ADDRESS:,} bytes together.")
    size = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name == b"transfer-encoding" or (
            name == b"content-length" and (len(value) > 9 or int(value) > _LARGEST_BODY)
        ):
            return LargeBody("No path of this API takes a body. Send the request without one.")
    if size > _LARGEST_HEAD:
        return LargeHead(f"The headers may have {_LARGEST_HEAD:,} bytes together.")
    return None


def _without_secrets(query: bytes) -> bytes:
    """The query with `***` for each value whose name, decoded, may be a secret's."""
    pairs = (pair.partition(b"=") for pair in query[: 4 * _LONGEST_LOGGED].split(b"&"))
    told = (
        name + equals + (b"***" if value and _SECRET.search(unquote_to_bytes(name)) else value)
        for name, equals, value in pairs
    )
    return b"&".join(told)[:_LONGEST_LOGGED]


def _given_request_id(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return bytes(value) if _REQUEST_ID.fullmatch(value) else None
    return None
