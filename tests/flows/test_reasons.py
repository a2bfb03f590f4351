"""Why something failed is said wherever it is told, however long its request was."""

from collections.abc import Iterator

import pytest

from extract.run import NotLanded
from flows.alerts import send
from flows.report import Report
from tests.extract.http.faulty_server import FaultyServer, Reply, faulty_server
from tests.flows.conftest import Showhouse
from tests.flows.webhook import receiver, telling

REASON = "the reason that somebody needs"


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyServer]:
    with faulty_server() as source:
        monkeypatch.setenv("TMDB_BASE_URL", source.url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        yield source


@pytest.mark.parametrize(("status", "code"), [(500, 11), (400, 22)])
def test_the_screen_the_status_and_the_alert_say_why_a_series_failed(
    showhouse: Showhouse,
    source: FaultyServer,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    code: int,
) -> None:
    monkeypatch.setattr("extract.http.patience.LONGEST_BACKOFF", 0.05)
    body = b'{"status_code":%d,"status_message":"%b"}' % (code, REASON.encode())
    source.script("/tv/8", Reply(status, body))
    extracted = showhouse("extract", "--tmdb-id", "8")
    assert extracted.code == 1
    assert "append_to_response" in source.asked[0].target and len(source.asked[0].target) > 250
    (told,) = (line for line in extracted.out.splitlines() if "failed: series 8" in line)
    assert REASON in told and len(told) < 500
    (row,) = (line for line in showhouse("status", "8").out.splitlines() if "details" in line)
    assert REASON in row
    report = Report(failures=[NotLanded("series", "8", told.partition(" — ")[2])])
    with receiver() as (url, received):
        assert send(telling(url), "a run failed", report.problems(), "here")
    assert REASON in received[0]["problems"][0]
