"""TMDb's error table."""

import orjson
import pytest

from extract.http.answers import Verdict
from extract.sources.tmdb.bodies import complaint
from extract.sources.tmdb.verdicts import classify

TABLE = {
    Verdict.RETRY: [
        (429, 25), (500, 11), (500, 15), (502, 43), (503, 9), (503, 46), (504, 24),
    ],
    Verdict.GONE: [(404, 34), (404, 6), (500, 44), (401, 39)],
    Verdict.FATAL: [(401, 7), (401, 3), (401, 10), (401, 35), (403, 45)],
    Verdict.BUG: [(400, 22), (400, 23), (400, 27), (422, 20)],
}  # fmt: skip


def _error(code: int) -> bytes:
    return orjson.dumps({"success": False, "status_code": code, "status_message": "No."})


@pytest.mark.parametrize(
    ("status", "code", "verdict"),
    [(*pair, verdict) for verdict, pairs in TABLE.items() for pair in pairs],
)
def test_an_error_means_what_the_table_says(status: int, code: int, verdict: Verdict) -> None:
    assert classify(status, _error(code)) is verdict


@pytest.mark.parametrize("code", [11, 25, 20, 22, 23, 27, 999])
def test_an_error_with_status_200_is_retried(code: int) -> None:
    assert classify(200, _error(code)) is Verdict.RETRY


@pytest.mark.parametrize("code", [6, 34, 39, 44])
@pytest.mark.parametrize("status", [200, 204, 304])
def test_an_error_below_status_400_never_says_that_a_series_is_gone(status: int, code: int) -> None:
    assert classify(status, _error(code)) is Verdict.RETRY


@pytest.mark.parametrize("code", [3, 7, 10, 35, 45])
@pytest.mark.parametrize("status", [200, 401, 403, 500])
def test_tmdbs_own_refusal_of_the_credentials_is_believed_with_any_status(
    status: int, code: int
) -> None:
    assert classify(status, _error(code)) is Verdict.FATAL


@pytest.mark.parametrize(
    "body",
    [
        b"<HTML><H1>403 ERROR</H1>The request could not be satisfied.</HTML>",
        b"",
        b'{"message":"Forbidden"}',
        b'{"status_code":"7"}',
        _error(34),
        _error(25),
    ],
)
def test_a_403_is_the_edges_unless_tmdb_refuses_the_credentials(body: bytes) -> None:
    assert classify(403, body) is Verdict.RETRY


@pytest.mark.parametrize("body", [b"<html>", b"", b"{}", _error(34), _error(25)])
def test_a_401_refuses_the_credentials_whatever_its_body(body: bytes) -> None:
    assert classify(401, body) is Verdict.FATAL


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE html><html></html>", "html"),
        (b"\n <html>", "html"),
        (b"", "not_json"),
        (b"Try again later.", "not_json"),
        (b'{"id":1,"name":"cut', "truncated"),
        (b'{"id":1,"networks":[{"id":5}', "truncated"),
        (b'{"id":1,"networks":[{"id":5},{"id":6}', "truncated"),
        (b"[]", "not_an_object"),
        (b'{"success":false}', "error_body"),
        (b'{"success":false,"page":"' + b"x" * 5_000 + b'"}', "error_body"),
    ],
)
def test_wreckage_with_status_200_is_retried_and_has_a_name(body: bytes, reason: str) -> None:
    assert classify(200, body) is Verdict.RETRY
    assert complaint(body) == reason


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":1}',
        b' {"id":1, "popularity":1e400}\n',
        b'{"id":1,"success":true}',
        rb'{"id":1,"tagline":"\ud800"}',
        b'{"id":1,"number":' + b"9" * 5_000 + b"}",
        b'{"id":1,"deep":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_a_whole_object_is_an_answer_whatever_it_holds(body: bytes) -> None:
    assert classify(200, body) is Verdict.OK


@pytest.mark.parametrize("body", [b"<html>Not found</html>", b"{}", b""])
def test_a_404_that_is_not_tmdbs_own_never_says_that_a_series_is_gone(body: bytes) -> None:
    assert classify(404, body) is Verdict.BUG


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (401, Verdict.FATAL), (403, Verdict.RETRY), (408, Verdict.RETRY), (429, Verdict.RETRY),
        (500, Verdict.RETRY), (502, Verdict.RETRY), (520, Verdict.RETRY), (400, Verdict.BUG),
        (405, Verdict.BUG), (204, Verdict.BUG),
    ],
)  # fmt: skip
def test_without_a_code_the_status_decides(status: int, verdict: Verdict) -> None:
    assert classify(status, b"") is verdict
    assert classify(status, b"<html>" * 10_000) is verdict


def test_a_422_may_list_its_errors() -> None:
    assert classify(422, b'{"errors":["page must be less than 500"]}') is Verdict.BUG
