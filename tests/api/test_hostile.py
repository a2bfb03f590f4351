"""What was tried against the API and what came back; `docs/api.md` shows the same as a table."""

import json
import socket
import time
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api import serving
from tests.api.test_problems import INSIDES, problem

MEGABYTE = 1_000_000
INJECTIONS = [
    "' or '1'='1",
    "'; drop table marts.show_documents; --",
    "\\'; select pg_sleep(9); --",
    "$$ select 1 $$",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%s %(wanted)s %n",
    "\r\nSet-Cookie: a=b",
    "\u202ex",
    "\ud7ff\uffff",
    "a" * 200,
]
TEXTS = ["/shows?q", "/shows?genre", "/shows?status", "/networks?q"]


@pytest.mark.parametrize("place", TEXTS)
@pytest.mark.parametrize("text", INJECTIONS)
def test_an_injection_is_a_text_like_any_other(client: httpx.Client, place: str, text: str) -> None:
    path, _, name = place.partition("?")
    answer = client.get(path, params={name: text})
    if name in ("genre", "status") and len(text) > 100:
        assert answer.status_code == 422
        problem(answer)
        return
    assert answer.status_code == 200
    assert answer.json()["items"] == []
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("place", ["/shows/{}", "/networks/{}", "/media/{}", "/{}"])
def test_an_injection_in_a_path_is_refused(client: httpx.Client, place: str, text: str) -> None:
    answer = client.get(place.format(quote(text, safe="")))
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "set-cookie" not in answer.headers
    echoed = json.dumps(text, ensure_ascii=False)[1:-1]
    of_ours = (
        answer.json()["detail"]
        .replace(text, "")
        .replace(echoed, "")
        .replace(text.replace("\\", "%5C"), "")
    )
    assert not INSIDES.search(of_ours.replace("/openapi.json", "")), of_ours
    assert "49" not in of_ours


def _say(api: str, *pieces: bytes, patience: float = 20) -> bytes:
    """Send bytes as they are; whatever comes back until the server closes."""
    url = httpx.URL(api)
    answer = b""
    with socket.create_connection((url.host, url.port or 80), timeout=patience) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            while part := connection.recv(65_536):
                answer += part
        except (ConnectionResetError, BrokenPipeError):
            pass
    return answer


HEAD = b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
# What is sent as it is, and how the answers may begin; none: the connection is cut.
RAW: dict[str, tuple[list[bytes], list[bytes]]] = {
    "10 MB in one header": ([HEAD, b"X: ", b"a" * 10 * MEGABYTE, b"\r\n\r\n"], [b"431", b""]),
    "10 MB in a million headers": ([HEAD, b"X: a\r\n" * 1_700_000, b"\r\n"], [b"431", b""]),
    "10 MB in the query": (
        [b"GET /shows?q=", b"a" * 10 * MEGABYTE, b" HTTP/1.1\r\nHost: a\r\n\r\n"],
        [b"431", b""],
    ),
    "headers of 40 KB": ([HEAD, b"X: ", b"a" * 40_000, b"\r\n\r\n"], [b"431"]),
    "a query of 20 KB": (
        [b"GET /shows?q=", b"a" * 20_000, b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
        [b"414"],
    ),
    "a body announced of 10 TB": ([HEAD, b"Content-Length: 10000000000000\r\n\r\n"], [b"413"]),
    "a body without end": (
        [HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\naaaaa\r\n" * 1_000],
        [b"413"],
    ),
    "two lengths": ([HEAD, b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"], [b"400"]),
    "length and chunks": (
        [HEAD, b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
        [b"400"],
    ),
    "no HTTP": ([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"], [b"400"]),
    "an unknown method": ([HEAD.replace(b"GET", b"BREW") + b"\r\n"], [b"400"]),
    "a null in a header": ([HEAD + b"X: a\x00b\r\n\r\n"], [b"400", b"200"]),
    "a header split by a bare return": ([HEAD + b"X: a\rSet-Cookie: b\r\n\r\n"], [b"400"]),
    "an absolute address of another host": (
        [HEAD.replace(b"/health", b"http://127.0.0.1:22/") + b"\r\n"],
        [b"404"],
    ),
    "a path that climbs": ([HEAD.replace(b"/health", b"/../../etc/passwd") + b"\r\n"], [b"404"]),
    "bytes that are no UTF-8": (
        [HEAD.replace(b"/health", b"/shows/%ff%fe?q=%c3%28") + b"\r\n"],
        [b"422", b"404"],
    ),
    "an upgrade": (
        [
            HEAD.replace(b"close", b"close, upgrade")
            + b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ],
        [b"200"],
    ),
}


@pytest.mark.parametrize(("pieces", "statuses"), RAW.values(), ids=RAW)
def test_what_is_no_request_of_ours_is_refused_and_nothing_breaks(
    api: str, pieces: list[bytes], statuses: list[bytes]
) -> None:
    answer = _say(api, *pieces)
    assert answer.removeprefix(b"HTTP/1.1 ")[:3] in statuses, answer[:300]
    assert b"Set-Cookie" not in answer
    assert not INSIDES.search(answer.decode("latin-1")), answer
    assert httpx.get(f"{api}/health").status_code == 200


def test_a_client_that_never_ends_its_head_is_cut(
    api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.5)
    url = httpx.URL(api)
    started = time.monotonic()
    with socket.create_connection((url.host, url.port or 80), timeout=10) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\n")
        cut = False
        while not cut and time.monotonic() - started < 8:
            time.sleep(0.1)
            try:
                connection.sendall(b"X: a\r\n")
            except OSError:
                cut = True
    assert cut


def test_a_connection_that_says_nothing_is_cut(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.5)
    assert _say(api, patience=8) == b""


def test_a_connection_may_ask_again_after_each_head(
    api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patience is for one head, not for a connection."""
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.5)
    with httpx.Client(base_url=api) as client:
        for _ in range(4):
            assert client.get("/health").status_code == 200
            time.sleep(0.3)


CURSORS: dict[str, Any] = {
    "4,001 letters": "A" * 4_001,
    "10,000 letters": "A" * 10_000,
    "no alphabet of ours": "a b",
    "padded": "AAAA====",
    "no JSON": "AAAA",
    "a JSON of another shape": "e30",
    "deep JSON": "W1tb" * 900,
    "nulls": "W251bGwsbnVsbCxudWxsXQ",
    "no UTF-8": "__79",
}


@pytest.mark.parametrize("cursor", CURSORS.values(), ids=CURSORS)
@pytest.mark.parametrize("path", ["/shows", "/networks"])
def test_a_made_up_cursor_is_refused(client: httpx.Client, path: str, cursor: str) -> None:
    answer = client.get(path, params={"cursor": cursor})
    assert answer.status_code == 422
    assert "`cursor`" in problem(answer).detail
