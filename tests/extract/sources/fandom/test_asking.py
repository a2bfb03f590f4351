"""What an answer means: MediaWiki's own errors, and what refuses a client before MediaWiki."""

import pytest

from extract.http.answers import Verdict
from extract.sources.fandom.asking import classify
from tests.fandom.server import REFUSALS

OUTAGE = b"<html><head><title>503 Backend fetch failed</title></head></html>"


@pytest.mark.parametrize("name", REFUSALS)
def test_a_page_instead_of_an_answer_is_a_refusal(name: str) -> None:
    status, _, body = REFUSALS[name]
    assert classify(status, body) is Verdict.REFUSED


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, b'{"query": {"pages": []}}', Verdict.OK),
        (200, b'{"error": {"code": "nosuchpageid"}}', Verdict.GONE),
        (200, b'{"error": {"code": "badvalue"}}', Verdict.BUG),
        (200, b'{"error": {"code": "maxlag"}}', Verdict.RETRY),
        (200, b'{"query": {"pa', Verdict.RETRY),
        (200, b"", Verdict.RETRY),
        (403, b'{"error": {"code": "ratelimited"}}', Verdict.RETRY),
        (403, b'{"error": {"code": "readapidenied"}}', Verdict.RETRY),
        (404, OUTAGE, Verdict.BUG),
        (429, OUTAGE, Verdict.RETRY),
        (503, OUTAGE, Verdict.RETRY),
        (503, b"", Verdict.RETRY),
    ],
)
def test_an_answer_of_mediawikis_own_or_an_outage_is_no_refusal(
    status: int, body: bytes, verdict: Verdict
) -> None:
    assert classify(status, body) is verdict
