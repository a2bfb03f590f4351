"""Answers: a ready document with its strong ETag, or 304 for a client that holds it already.

The ETag of a compressed answer ends in `-gzip`: its bytes differ, so its strong tag must.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

_SMALLEST_WORTH_COMPRESSING = 1_000
_COMPRESSION_LEVEL = 4
_LARGEST_COMPRESSED_IN_THE_LOOP = 64_000
_MOST_TAGS = 100
_TAG = re.compile(r'(?:W/)?"([0-9a-f]{32,64})(-gzip)?"')
_REFUSED = re.compile(r"q=0(\.0*)?")
_REVALIDATE = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Held:
    """What the client says it holds (If-None-Match): tags, or anything at all."""

    tags: list[str]
    anything: bool
    compressed: frozenset[str]

    def has(self, tag: str) -> bool:
        """Whether the client holds the document of this tag (weak comparison)."""
        return self.anything or tag in self.tags


NOTHING_HELD = Held([], False, frozenset())


def held(request: Request) -> Held:
    """Read If-None-Match: lists, weak tags, `*`; what is not one of our tags is passed over."""
    lines = request.headers.getlist("if-none-match")
    if not lines:
        return NOTHING_HELD
    if any(line.strip() == "*" for line in lines):
        return Held([], True, frozenset())
    found = _TAG.findall(",".join(lines))[:_MOST_TAGS]
    return Held([tag for tag, _ in found], False, frozenset(t for t, gzipped in found if gzipped))


def digest(body: bytes) -> str:
    """A tag for bytes that come without one."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def not_modified(request: Request, tag: str, holds: Held) -> Response:
    """304, with the tag the client holds its copy under."""
    gzipped = tag in holds.compressed or (holds.anything and accepts_gzip(request))
    return Response(None, 304, _headers(tag, gzipped))


async def document(request: Request, body: bytes, tag: str, cache: str = _REVALIDATE) -> Response:
    """200 with a JSON document as it is, compressed where the client can and it pays."""
    gzipped = len(body) >= _SMALLEST_WORTH_COMPRESSING and accepts_gzip(request)
    if gzipped and len(body) > _LARGEST_COMPRESSED_IN_THE_LOOP:
        body = await to_thread.run_sync(_compress, body)
    elif gzipped:
        body = _compress(body)
    return Response(body, 200, _headers(tag, gzipped, cache), "application/json")


async def conditional(request: Request, body: bytes, cache: str = _REVALIDATE) -> Response:
    """200 or 304 for a body that had to be made anyway; its tag is its digest."""
    holds = held(request)
    tag = digest(body)
    if holds.has(tag):
        return not_modified(request, tag, holds)
    return await document(request, body, tag, cache)


def items(
    documents: bytes, following: str | None = None, attribution: bytes | None = None
) -> bytes:
    """The envelope of a list: `documents` is a JSON array or the inside of one.

    `attribution` is a JSON array of the lines to show with them, where they have some of their own.
    """
    array = documents if documents.startswith(b"[") else b"[" + documents + b"]"
    end = b"null" if following is None else b'"' + following.encode("ascii") + b'"'
    lines = b"" if attribution is None else b',"attribution":' + attribution
    return b'{"items":' + array + b',"next":' + end + lines + b"}"


def accepts_gzip(request: Request) -> bool:
    """Whether Accept-Encoding names gzip (or `*`) and does not rule it out with q=0."""
    header = request.headers.get("accept-encoding")
    if header is None:
        return False
    offers = {}
    for offer in header.lower().split(","):
        coding, _, quality = offer.partition(";")
        offers[coding.strip()] = _REFUSED.fullmatch(quality.replace(" ", "")) is None
    return offers.get("gzip", offers.get("*", False))


def _compress(body: bytes) -> bytes:
    return gzip.compress(body, _COMPRESSION_LEVEL, mtime=0)


def _headers(tag: str, gzipped: bool, cache: str = _REVALIDATE) -> dict[str, str]:
    headers = {
        "ETag": f'"{tag}-gzip"' if gzipped else f'"{tag}"',
        "Cache-Control": cache,
        "Vary": "Accept-Encoding",
    }
    if gzipped:
        headers["Content-Encoding"] = "gzip"
    return headers
