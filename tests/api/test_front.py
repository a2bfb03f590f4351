"""Every answer's headers, its request id, its line in the log."""

import json
import logging

import httpx
import pytest

from tests.api.conftest import logged

PATHS = ["/health", "/shows", "/shows/tmdb:1396", "/shows/tmdb:1", "/shows?limit=0", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_forbids_sniffing_framing_and_script(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_request_id_is_taken_over_or_made(client: httpx.Client) -> None:
    given = client.get("/health", headers={"X-Request-Id": "abc-123"})
    assert given.headers["x-request-id"] == "abc-123"
    made = [client.get("/health").headers["x-request-id"] for _ in range(2)]
    assert made[0] != made[1]


@pytest.mark.parametrize("forged", ["a b", "a" * 65, "{}", "(x)"])
def test_an_odd_request_id_is_replaced(client: httpx.Client, forged: str) -> None:
    answer = client.get("/health", headers={"X-Request-Id": forged})
    assert answer.headers["x-request-id"].isalnum()
    assert len(answer.headers["x-request-id"]) == 16


def test_each_request_is_one_json_line_in_the_log(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "showhouse.api.access"):
        answer = client.get('/shows?q=a"b%0Ac', headers={"X-Request-Id": "log-me"})
        client.head("/shows/tmdb:1", headers={"X-Request-Id": "log-me-too"})
        first = json.loads(logged(caplog, "log-me"))
        second = json.loads(logged(caplog, "log-me-too"))
    assert (first["method"], first["path"], first["status"]) == ("GET", "/shows", 200)
    assert first["bytes"] == len(answer.content)
    assert first["milliseconds"] > 0
    assert (second["method"], second["status"], second["bytes"]) == ("HEAD", 404, 0)


def test_a_page_of_an_allowed_origin_may_read(client: httpx.Client) -> None:
    answer = client.get("/health", headers={"Origin": "https://showhouse.test"})
    assert answer.headers["access-control-allow-origin"] == "https://showhouse.test"
    assert "ETag" in answer.headers["access-control-expose-headers"]
    other = client.get("/health", headers={"Origin": "https://elsewhere.test"})
    assert "access-control-allow-origin" not in other.headers


def test_a_browser_that_asks_first_is_answered(client: httpx.Client) -> None:
    asked = {
        "Origin": "https://showhouse.test",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    assert client.options("/shows", headers=asked).status_code == 200
    for wrong in ({"Origin": "https://elsewhere.test"}, {"Access-Control-Request-Method": "POST"}):
        refused = client.options("/shows", headers=asked | wrong)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"


def test_prometheus_is_told_of_requests_by_path_and_status(client: httpx.Client) -> None:
    def figure(line: str) -> float:
        told = client.get("/metrics")
        assert told.headers["content-type"].startswith("text/plain")
        assert told.headers["cache-control"] == "no-store"
        found = [x for x in told.text.splitlines() if x.startswith(f"showhouse_api_{line} ")]
        return float(found[0].split()[-1]) if found else 0

    lines = [
        'requests_total{method="GET",path="/shows/{id}",status="200"}',
        'requests_total{method="HEAD",path="/shows/{id}",status="404"}',
        'requests_total{method="GET",path="other",status="404"}',
        'request_seconds_count{path="/shows/{id}"}',
    ]
    before = [figure(line) for line in lines]
    client.get("/shows/tmdb:1396")
    client.head("/shows/tmdb:1")
    client.get("/nowhere/of/ours")
    grown = [figure(line) - was for line, was in zip(lines, before, strict=True)]
    assert grown == [1, 1, 1, 2]
    assert "/nowhere" not in client.get("/metrics").text
    assert figure("requests_under_way") == 1
