"""Wikis on a real local HTTP server: searches, revisions, pages, lag and errors.

A request is answered as `api.php` answers it with `formatversion=2`: errors come with status 200.
How many requests a wiki has under way at once is counted, since one is all that it asks for.
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

ANSWER_SECONDS = 0.02


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
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, kind: str) -> list[dict[str, str]]:
        """Give the requests of a kind, `search`, `info` or `parse`."""
        return [asked for _, asked in self.requests if kind in asked.values()]

    def answer(self, wiki: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Answer one request."""
        with self.lock:
            self.requests.append((wiki, asked))
            if self.lagging:
                self.lagging -= 1
                return _json(_error("maxlag", "Waiting for a replica: 6 s lagged."), retry="0")
        pages = self.pages.get(wiki, {})
        if asked.get("maxlag") != "5":
            return _json(_error("impolite", "Say `maxlag`."))
        if asked.get("list") == "search":
            return _json(_found(pages, asked["srsearch"]))
        if asked.get("prop") == "info":
            return _json(_revisions(pages, [int(each) for each in asked["pageids"].split("|")]))
        number = int(asked["pageid"])
        if number in self.broken:
            return 200, {"content-type": "text/html"}, b"<html>Just a moment ...</html>"
        if number not in pages:
            return _json(_error("nosuchpageid", f"There is no page with ID {number}."))
        return _json(_parsed(number, pages[number]))


@contextmanager
def wikis() -> Iterator[Wikis]:
    """Run a server whose wikis are below `base_url`: set `FANDOM_BASE_URL` to it."""
    state = Wikis()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            wiki = parts.path.split("/")[1]
            with state.lock:
                state.at_once[wiki] += 1
                state.most_at_once[wiki] = max(state.most_at_once[wiki], state.at_once[wiki])
            time.sleep(ANSWER_SECONDS)
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


def _found(pages: dict[int, Page], asked: str) -> Any:
    words = asked.strip('"').casefold().split()
    hits = [
        {"ns": 0, "title": page.title, "pageid": number, "size": len(page.text), "wordcount": 9}
        for number, page in sorted(pages.items())
        if any(word in f"{page.title} {page.text}".casefold() for word in words)
    ]
    return {"batchcomplete": True, "query": {"search": hits[:5]}}


def _revisions(pages: dict[int, Page], numbers: list[int]) -> Any:
    told = [
        {"pageid": number, "title": pages[number].title, "lastrevid": pages[number].revision}
        if number in pages
        else {"pageid": number, "missing": True}
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


def _error(code: str, info: str) -> Any:
    return {"error": {"code": code, "info": info}}


def _json(value: Any, *, retry: str | None = None) -> tuple[int, dict[str, str], bytes]:
    headers = {"content-type": "application/json"} | ({"retry-after": retry} if retry else {})
    return 200, headers, json.dumps(value).encode()
