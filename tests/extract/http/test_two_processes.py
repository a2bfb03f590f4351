"""Two processes share one rate, as the server counts; benchmarks/rate_gate.py runs for longer."""

import time

import pytest

from tests.extract.http.asking import finish, start
from tests.tmdb.journal import Request, most_in_window
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_process
from tests.waiting import in_a_quiet_moment

pytestmark = pytest.mark.clock

LIMIT = 40
MOST = 44


def between(requests: list[Request], start: float, end: float) -> list[Request]:
    return [request for request in requests if start <= request.at < end]


def test_together_they_keep_the_limit_and_use_it(database: str) -> None:
    in_a_quiet_moment(lambda: _keep_the_limit_and_use_it(database))


def _keep_the_limit_and_use_it(database: str) -> None:
    """Let two processes ask for six seconds, of which four are judged."""
    with tmdb_process(Options(series_count=200, per_second=MOST, latency_seconds=0.08)) as tmdb:
        asking = [start(database, tmdb.base_url, LIMIT, 6.0, 1 + 100 * k) for k in range(2)]
        done = finish(asking)
        requests = tmdb.requests()
    assert {request.status for request in requests} <= {200, 404}
    assert most_in_window(request.at for request in requests) <= MOST
    begun = max(min(r.at for r in requests), min(r.at for r in requests if r.connection > 1))
    shares = [one["client"]["requests"] for one in done]
    assert min(shares) >= 0.3 * sum(shares)
    assert [one["unavailable"] for one in done] == [0, 0]
    assert len(between(requests, begun + 0.5, begun + 4.5)) >= 0.95 * LIMIT * 4.0


def test_when_the_server_says_429_both_slow_down_and_recover(database: str) -> None:
    in_a_quiet_moment(lambda: _slow_down_and_recover(database), attempts=5)


def _slow_down_and_recover(database: str) -> None:
    with tmdb_process(Options(series_count=200, latency_seconds=0.08)) as tmdb:
        asking = [start(database, tmdb.base_url, LIMIT, 13.0, 1 + 100 * k) for k in range(2)]
        while len(tmdb.requests()) < LIMIT:
            time.sleep(0.05)
        tmdb.limit(15)
        limited = time.monotonic()
        time.sleep(6)
        lifted = time.monotonic()
        tmdb.limit(None)
        done = finish(asking)
        requests = tmdb.requests()
    slowed = between(requests, limited + 3, lifted)
    assert len(slowed) / (lifted - limited - 3) <= 17
    refused = [request for request in requests if request.status == 429]
    assert 1 <= len(refused) <= 60
    last = max(request.at for request in requests)
    assert all(one["gate"]["slots"] > 0 for one in done)
    assert [one["unavailable"] for one in done] == [0, 0]
    first_second = len(between(requests, lifted, lifted + 1.5))
    last_second = len(between(requests, last - 2.0, last - 0.5))
    assert last_second >= first_second + 1
    assert sum(one["gate"]["cuts"] for one in done) == pytest.approx(3, abs=2)
