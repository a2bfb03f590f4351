"""Keeps secrets out of logs, tables, files and exceptions.

Twice over: what is known to be secret is found wherever it stands, however it is written; what
stands where secrets stand (`api_key=…`, `Authorization: …`, `user:password@`) is hidden unseen.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

HIDDEN = "***"

_SHORTEST_SECRET = 8
_LONGEST_VALUE = 300
_LONGEST_NAME = 120

# How they end: what stands before it does not matter, and looking for where it begins would take a
# long value with many hyphens for ever.
_SECRET_NAMES = (
    r"(?:api[_-]?key|token|secret|password|passwd|signature|session[_-]?id"
    r"|\b(?:authorization|cookie))"
)
_SECRET_NAME = re.compile(rf"(?:[a-z_-]*{_SECRET_NAMES})", re.IGNORECASE)
_PLACES = (
    # api_key=…, "token": "…", 'Authorization': 'Bearer …', b'authorization', b'Bearer …'
    (
        re.compile(
            rf"(?i)({_SECRET_NAMES}['\"]?\s*(?:[=:]\s*(?:b?['\"])?|,\s*b?['\"])"
            rf"(?:(?:bearer|basic|token)\s+)?)[^\s&'\"<>`]+"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)[\w.~+/=-]{8,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(//)[^/\s@]+@"), rf"\1{HIDDEN}@"),
)

# Below a warning these log whole requests: URLs with their keys (httpx), headers with their tokens
# (hpack). The client logs a line of its own instead. A filter holds whatever level is set.
_TALKATIVE = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
    "hpack.hpack",
    "hpack.table",
)


class Redactor:
    """Hides these secrets; the places where secrets stand are always hidden."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Something shorter would be found in every other word; it is hidden by its place alone.
        known = sorted({s for s in secrets if len(s) >= _SHORTEST_SECRET}, key=len, reverse=True)
        self._text = _pattern(known)
        self._bodies = tuple(secret.encode() for secret in known)

    def text(self, text: str) -> str:
        """The same text without secrets."""
        if self._text:
            text = self._text.sub(HIDDEN, text)
        for place, replacement in _PLACES:
            text = place.sub(replacement, text)
        return text

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The same headers, names in lower case, without secrets."""
        return {
            name.lower(): HIDDEN if _SECRET_NAME.fullmatch(name) else self.text(value)
            for name, value in headers.items()
        }

    def body(self, body: bytes) -> bytes:
        """The same body; a source that echoes our secret must not carry it into a table."""
        for secret in self._bodies:
            if secret in body:
                body = body.replace(secret, HIDDEN.encode())
        return body

    def request(self, path: str, params: Mapping[str, str]) -> str:
        """A GET as it may be stored and shown; very long values are cut."""
        shown = (
            f"{name}={HIDDEN if _SECRET_NAME.fullmatch(name) else _cut(quote(value, safe=',/:'))}"
            for name, value in params.items()
        )
        return f"GET {self.text('?'.join(filter(None, (path, '&'.join(shown)))))}"

    def excerpt(self, body: bytes, length: int = 200) -> str:
        """The beginning of a body as one line, marked where it is cut."""
        text = self.body(body[: 4 * length + 4_096]).decode("utf-8", "replace")
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return _cut(self.text(line).replace("`", "'"), length)


def shortened(request: str) -> str:
    """A request as an error names it: the whole is a kilobyte long, and the reason comes after."""
    return _cut(request, _LONGEST_NAME)


def hush() -> None:
    """Keep the HTTP libraries from logging whole requests; once is enough, more does no harm."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_is_warning)


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def _pattern(secrets: list[str]) -> re.Pattern[str] | None:
    anyhow_written = ("".join(map(_character, secret)) for secret in secrets)
    return re.compile("|".join(anyhow_written), re.IGNORECASE) if secrets else None


def _character(character: str) -> str:
    encoded = "".join(f"%{byte:02x}" for byte in character.encode())
    space = r"|\+" if character == " " else ""
    return rf"(?:\\?{re.escape(character)}|{encoded}{space})"


def _cut(text: str, length: int = _LONGEST_VALUE) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
