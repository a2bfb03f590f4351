"""Wikis on a real local HTTP server: titles, revisions, pages, lag, errors and refusals.

A request is answered as `api.php` answers it with `formatversion=2`: errors come with status 200.
How many requests a wiki has under way at once is counted, since one is all that it asks for.

Where the rules come from: those of titles stand in `tests.fandom.titles`. [D] by MediaWiki: errors
with status 200, `maxlag` with `Retry-After`, `lastrevid`, what `action=parse` has. [L] 2026: 402
and 403 with a page, and a page of a challenge with status 200. How these
look, and that 503 has such a page too, is part of the belief `wikis_answer_this_client`; 414 beyond
8 kB is `long_urls_are_refused`.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fandom.otherwise import otherwise_parsed, otherwise_told
from tests.fandom.titles import answer_titles
from tests.otherwise import Otherwise

ANSWER_SECONDS = 0.02
LONGEST_URL = 8_192

Reply = tuple[int, dict[str, str], bytes]

_HTML = {"content-type": "text/html; charset=UTF-8"}
_CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
    b"<body><script>window._cf_chl_opt={}</script></body></html>"
)
REFUSALS: Mapping[str, Reply] = {
    "402": (402, _HTML, b"<html><body>Payment Required</body></html>"),
    "403": (403, _HTML, b"<html><body>Forbidden: this agent is not allowed.</body></html>"),
    "403 in JSON": (403, {"content-type": "application/json"}, b'{"detail": "Forbidden"}'),
    "challenge": (200, _HTML, _CHALLENGE),
    "challenge with 503": (503, _HTML, _CHALLENGE),
}
"""How something before MediaWiki refuses a client, by name."""


@dataclass
class Page:
    """One page of a wiki as it stands."""

    title: str
    revision: int
    text: str
    told: Mapping[str, Any] = field(default_factory=dict)
    """Fields of its answer that are others than they should be."""


@dataclass
class Wikis:
    """The state of all wikis of one server, and what they were asked."""

    base_url: str = ""
    pages: dict[str, dict[int, Page]] = field(default_factory=dict)
    lagging: int = 0
    """So many requests from now on are answered that the database lags."""
    broken: set[int] = field(default_factory=set)
    """Pages that are answered with a page of HTML."""
    redirects: dict[str, dict[str, str]] = field(default_factory=dict)
    """By wiki: from a title to another, `Season 1#Cast`."""
    forgetful: set[str] = field(default_factory=set)
    """Titles that answers say nothing of, though they were asked for."""
    refusals: dict[str, list[Reply]] = field(default_factory=dict)
    """By wiki: how the next requests are answered instead."""
    otherwise: Otherwise = field(default_factory=lambda: Otherwise((), "fandom"))
    """The beliefs about Fandom that these wikis contradict."""
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, kind: str) -> list[dict[str, str]]:
        """Give the requests of a kind: `titles`, `pageids` (of revisions), or `page`."""
        return [asked for _, asked in self.requests if kind == _kind(asked)]

    def answer(self, wiki: str, asked: dict[str, str]) -> Reply:
        """Answer one request."""
        with self.lock:
            self.requests.append((wiki, asked))
            if self.refusals.get(wiki):
                return self.refusals[wiki].pop(0)
            if self.lagging:
                self.lagging -= 1
                return self._error(self._lag, "Waiting for a replica: 6 s lagged.", retry="0")
        pages = self.pages.get(wiki, {})
        if asked.get("maxlag") == "-1":  # [D] no database lags less: so one can see what it says
            return self._error(self._lag, "Waiting for a replica: 0 s lagged.", retry="1")
        if asked.get("maxlag") != "5":
            return self._error("impolite", "Say `maxlag`.")
        if "titles" in asked:
            return _json(self._titled(wiki, asked["titles"]))
        if "pageids" in asked:
            answer = _revisions(pages, [int(each) for each in asked["pageids"].split("|")])
            return _json(self._told(answer))
        number = int(asked["pageid"])
        if number in self.broken:
            return REFUSALS["challenge"]
        if number not in pages:
            return self._error(self._no_such_page, f"There is no page with ID {number}.")
        return _json(otherwise_parsed(_parsed(number, pages[number]), self.otherwise))

    def _titled(self, wiki: str, asked: str) -> Any:
        pages = self.pages.get(wiki, {}).items()
        by_title = {page.title: _info(number, page) for number, page in pages}
        answer = answer_titles(by_title, self.redirects.get(wiki, {}), asked, self.otherwise)
        return self._told(answer)

    def _told(self, answer: Any) -> Any:
        told = answer.get("query", {})
        told["pages"] = [
            each for each in told.get("pages", ()) if each.get("title") not in self.forgetful
        ]
        return otherwise_told(answer, self.otherwise)

    @property
    def _lag(self) -> str:
        return "readonly" if "lag_is_told_as_maxlag" in self.otherwise else "maxlag"

    @property
    def _no_such_page(self) -> str:
        is_other = "absent_page_is_nosuchpageid" in self.otherwise
        return "pagecannotexist" if is_other else "nosuchpageid"

    def _error(self, code: str, info: str, *, retry: str | None = None) -> Reply:
        status, headers, body = _json({"error": {"code": code, "info": info}}, retry=retry)
        if "wiki_errors_come_with_200" in self.otherwise:
            status = 503 if retry else 400
        return status, headers, body


@contextmanager
def wikis(*otherwise: str) -> Iterator[Wikis]:
    """Run a server whose wikis are below `base_url`: set `FANDOM_BASE_URL` to it.

    They contradict the beliefs that are named.
    """
    state = Wikis(otherwise=Otherwise(otherwise, "fandom"))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            wiki = parts.path.split("/")[1]
            with state.lock:
                state.at_once[wiki] += 1
                state.most_at_once[wiki] = max(state.most_at_once[wiki], state.at_once[wiki])
            time.sleep(ANSWER_SECONDS)
            is_bounded = "long_urls_are_refused" not in state.otherwise
            if is_bounded and len(self.path) > LONGEST_URL:
                status, headers, body = 414, _HTML, b"<html>URI too long</html>"
            else:
                status, headers, body = state.answer(wiki, dict(parse_qsl(parts.query)))
            with state.lock:
                state.at_once[wiki] -= 1
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.base_url = f"http://127.0.0.1:{server.server_address[1]}/{{wiki}}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _kind(asked: Mapping[str, str]) -> str:
    return next((name for name in ("titles", "pageids") if name in asked), "page")


def _info(number: int, page: Page) -> dict[str, Any]:
    namespace = 6 if page.title.startswith("File:") else 0
    told = {"pageid": number, "ns": namespace, "title": page.title, "contentmodel": "wikitext"}
    times = {"touched": "2026-05-04T01:02:03Z", "lastrevid": page.revision}
    return told | times | {"length": len(page.text)}


def _revisions(pages: dict[int, Page], numbers: list[int]) -> Any:
    told = [
        _info(number, pages[number]) if number in pages else {"pageid": number, "missing": True}
        for number in numbers
    ]
    return {"batchcomplete": True, "query": {"pages": told}}


def _parsed(number: int, page: Page) -> Any:
    text = f"{page.text}<!-- made in {time.perf_counter()} s -->"
    return {
        "parse": {
            "title": page.title,
            "pageid": number,
            "revid": page.revision,
            "text": text,
            "displaytitle": page.title,
            "categories": [{"category": "Cast_Members", "sortkey": ""}],
            **page.told,
        }
    }


def _json(value: Any, *, retry: str | None = None) -> Reply:
    headers = {"content-type": "application/json"} | ({"retry-after": retry} if retry else {})
    return 200, headers, json.dumps(value).encode()
