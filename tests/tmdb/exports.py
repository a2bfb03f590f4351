"""The daily exports: all ids of a kind, one JSON object a line, gzipped, without credentials.

A file stands as it was made, at its first request; the next day's tells what changed since. Names,
packing, lines, no credentials and 90 days are documented ([D]); that a file which is not there is
404 with S3's words is seen in practice ([P]), and 403 is taken alike. Beliefs of the list:
`exports_are_named_by_day`, `exports_are_ready_at_eight` (here a day's file is there from midnight
on), `exports_list_an_object_a_line`. The wrecks are faults: no rule of TMDb's.
"""

import gzip
import re
from collections.abc import Container, Iterable, Iterator
from datetime import date, timedelta

import orjson

from tests.tmdb.chance import tag
from tests.tmdb.pools import COMPANY_COUNT, NETWORK_COUNT, PEOPLE_COUNT, drifted
from tests.tmdb.upstream import Upstream
from tests.tmdb.vocabulary import PEOPLE, TITLES
from tests.tmdb.wire import Outgoing

EXPORTS = "/p/exports/"
KEPT = timedelta(days=90)
WRECKS = ("torn", "html", "plain", "twice", "garbage", "empty", "lines", "short", "missing")
"""torn: the gzip stream ends early; html: a page with 200; plain: not packed; twice: packed twice;
garbage: bytes of no known form; empty: no line; lines: bad lines among the good; short: the first
ten ids only; missing: there is no file."""

_FILE = re.compile(EXPORTS + r"([a-z_]+)_ids_(\d\d)_(\d\d)_(\d{4})\.json\.gz")
_HTML = b"<!DOCTYPE html><html><head><title>Attention</title></head><body>One moment.</body></html>"
BAD_LINES = (
    b'{"id":null,"original_name":"Nobody"}',
    b'{"id":"12","original_name":"A text"}',
    b'{"id":-3,"original_name":"Below zero"}',
    b'{"id":99999999999,"original_name":"Beyond an integer"}',
    b'{"id":77,"original_name":',
    b"[1, 2]",
    b"\xff\xfe",
    b'{"id":1999999999,"original_name":"Popular","popularity":1e99999999999999999999}',
    b'{"id":1,"original_name":"Twice \\u0000","popularity":"high"}',
)
_SHARED = {
    "person": (PEOPLE_COUNT, 1000, 3, PEOPLE),
    "tv_network": (NETWORK_COUNT, 2, 11, TITLES),
    "production_company": (COMPANY_COUNT, 5, 13, TITLES),
}


class Exports:
    """Answers for the host of the exports."""

    def __init__(self, upstream: Upstream, otherwise: Container[str] = ()) -> None:
        self._upstream, self._otherwise = upstream, otherwise
        self._files: dict[tuple[str, date], bytes] = {}
        self._wrecks: dict[str, str] = {}

    def spoil(self, kind: str, how: str | None) -> None:
        """Let the exports of a kind (`tv_series`) go wrong, None to heal them."""
        if how is None:
            self._wrecks.pop(kind, None)
        elif how in WRECKS:
            self._wrecks[kind] = how
        else:
            raise ValueError(f"`{how}` is no wreck; choose one of {', '.join(WRECKS)}.")

    def answer(self, path: str) -> tuple[str | None, Outgoing]:
        """Give a file, or what a spoilt one looks like, and what was done to it."""
        named = _FILE.fullmatch(path)
        kind, day = (named[1], _date(*map(int, named.groups()[1:]))) if named else ("", None)
        today = self._upstream.now().date()
        is_there = kind in ("tv_series", *_SHARED) and day and today - KEPT <= day <= today
        wreck = self._wrecks.get(kind)
        is_late = day == today and "exports_are_ready_at_eight" in self._otherwise
        if is_late:
            return wreck, Outgoing(403, b"<Error><Code>AccessDenied</Code></Error>")
        if not is_there or day is None or wreck == "missing":
            return wreck, Outgoing(404, b"<Error><Code>NoSuchKey</Code></Error>", "application/xml")
        if wreck == "html":
            return wreck, Outgoing(200, _HTML, "text/html; charset=utf-8")
        return wreck, Outgoing(200, self._packed(kind, day, wreck), "application/gzip")

    def _packed(self, kind: str, day: date, wreck: str | None) -> bytes:
        if (kind, day) not in self._files:
            self._files[kind, day] = gzip.compress(_joined(self._lines(kind, day)), 1)
        whole = self._files[kind, day]
        if wreck is None and "exports_list_an_object_a_line" in self._otherwise:
            return gzip.decompress(whole)
        if wreck in (None, "torn"):
            return whole[: len(whole) * 2 // 3] if wreck else whole
        if wreck in ("twice", "garbage"):
            return gzip.compress(whole, 1) if wreck == "twice" else whole[1:]
        lines = gzip.decompress(whole).splitlines()
        if wreck == "lines":
            lines = [*lines[:3], *BAD_LINES, b"", *lines[3:]]
        elif wreck == "short":
            lines = lines[:10]
        elif wreck == "empty":
            lines = []
        return _joined(lines) if wreck == "plain" else gzip.compress(_joined(lines), 1)

    def _lines(self, kind: str, day: date) -> Iterator[bytes]:
        if kind == "tv_series":
            ids: Iterable[int] = self._upstream.ids()
            names = TITLES
        else:
            count, first, step, names = _SHARED[kind]
            ids = range(first, first + step * count, step)
        number = self._upstream.world.day and day.toordinal()
        for each in ids:
            name = names[each % len(names)]
            popularity = drifted((each * 7_919 + tag(kind)) % 90_000 / 10_000, number, each)
            if kind == "tv_series":
                line = {"id": each, "original_name": name, "popularity": popularity}
            elif kind == "person":
                line = {"adult": False, "id": each, "name": name, "popularity": popularity}
            else:
                line = {"id": each, "name": name}
            yield orjson.dumps(line)


def _date(month: int, day: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)
