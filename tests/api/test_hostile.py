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
from tests.waiting import wait_until

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
    "\u202exyzzy",  # a sign that is not shown: the word beside it is looked for
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


TMDB_PATHS = ["tv/{}", "tv/1396/{}", "tv/1396/season/{}", "tv/episode_group/{}", "person/{}", "{}"]
NUMBERS = ["99999999999999", "-1", "0", "1e3", "1.0", "+1", "%00", "1%00", "%ff", "1396%2Fcredits"]


@pytest.mark.parametrize("text", [*(quote(text, safe="") for text in INJECTIONS), *NUMBERS])
@pytest.mark.parametrize("place", TMDB_PATHS)
def test_to_a_client_of_tmdbs_what_cannot_be_there_is_not_there(
    client: httpx.Client, place: str, text: str
) -> None:
    answer = client.get(f"/3/{place.format(text)}")
    if "1396%2F" in text and place == "tv/{}":
        assert answer.status_code == 200  # a path may be written so
        return
    _refused_as_tmdb_does(answer, 404, 34)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("tv/1396?append_to_response=" + ",".join(f"name{n}" for n in range(1_000)), 400, 27),
        ("tv/1396?append_to_response=" + ",".join(f"season/{n}" for n in range(21)), 400, 27),
        ("search/tv?query=a&page=0", 400, 22),
        ("search/tv?query=a&page=501", 400, 22),
        ("search/tv?query=a&page=two", 400, 22),
        ("search/tv?query=%00", 422, 5),
        ("search/tv?query=" + "a" * 5_000, 422, 5),
        ("search/tv?query=" + "a" * 20_000, 414, 47),
        ("search/tv?query=a&include_adult=perhaps", 422, 5),
        ("search/tv", 422, 5),
        ("find/tt1?external_source=freebase_id'", 422, 5),
        ("find/%00?external_source=imdb_id", 404, 34),
        ("find/" + "t" * 1_000 + "?external_source=imdb_id", 404, 34),
    ],
)
def test_a_query_that_tmdb_refuses_is_refused_as_tmdb_does(
    client: httpx.Client, query: str, status: int, code: int
) -> None:
    _refused_as_tmdb_does(client.get(f"/3/{query}"), status, code)


@pytest.mark.parametrize("text", INJECTIONS)
def test_an_injection_into_what_tmdbs_clients_ask_is_a_text_like_any_other(
    client: httpx.Client, text: str
) -> None:
    plain = client.get("/3/tv/1396").content
    answer = client.get("/3/tv/1396", params={"append_to_response": text, text: text})
    assert (answer.status_code, answer.content) == (200, plain)
    answer = client.get("/3/search/tv", params={"query": text})
    assert (answer.status_code, answer.json()["total_results"]) == (200, 0)


@pytest.mark.parametrize(
    "names", ["", ",", "season/abc", "season/01", "season/-1", "season/99999999999", "\0", "a,,b"]
)
def test_names_that_are_no_parts_are_passed_over(client: httpx.Client, names: str) -> None:
    asked = {"append_to_response": f"{names},credits,season/1,season/9,credits"}
    told = client.get("/3/tv/1396", params=asked).json()
    assert told.keys() - client.get("/3/tv/1396").json().keys() == {"credits", "season/1"}
    assert "id" not in told["credits"] and "id" not in told["season/1"]
    assert client.get("/3/tv/1396/season/1").json()["id"] == 3572


def test_another_method_is_refused_as_tmdb_does(client: httpx.Client) -> None:
    _refused_as_tmdb_does(client.post("/3/tv/1396"), 405, 42)


def _refused_as_tmdb_does(answer: httpx.Response, status: int, code: int) -> None:
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    assert (told["success"], told["status_code"]) == (False, code)
    assert told.keys() == {"success", "status_code", "status_message"}
    of_ours = told["status_message"].replace(answer.request.url.path, "")
    assert "select " not in of_ours or "select " in answer.request.url.path
    assert "Traceback" not in of_ours


def _say(api: str, *pieces: bytes, patience: float = 300) -> bytes:
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
    assert httpx.get(f"{api}/health", timeout=300).status_code == 200


def test_a_client_that_never_ends_its_head_is_cut(
    api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.5)
    url = httpx.URL(api)
    with socket.create_connection((url.host, url.port or 80), timeout=300) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\n")

        def is_cut() -> bool:
            try:
                connection.sendall(b"X: a\r\n")
            except OSError:
                return True
            return False

        wait_until(is_cut, "it may go on for ever", every=0.1)


def test_a_connection_that_says_nothing_is_cut(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.5)
    assert _say(api) == b""


def test_a_connection_may_ask_again_after_each_head(
    api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patience is for one head, not for a connection."""
    monkeypatch.setattr(serving, "HEAD_SECONDS", 3.0)
    with httpx.Client(base_url=api, timeout=300) as client:
        for _ in range(4):
            assert client.get("/health").status_code == 200
            time.sleep(1.0)


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
