"""Who is to be told is told, once, and nothing that goes wrong with it touches the run."""

import json
import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from extract.errors import SettingsError
from extract.postgres.connections import connect
from extract.settings import ROOT, Settings, load_settings
from extract.tracking import track_titles
from flows import alerts
from tests.flows.conftest import Showhouse
from tests.flows.webhook import receiver, telling

TOKEN = "token-that-must-be-seen-nowhere"


def test_what_is_overdue_is_told_and_ends_with_1(
    showhouse: Showhouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert showhouse("track", "add", "1396").code == 0
    with connect(settings.database_url or "") as connection:
        track_titles(connection, ["tt0000777"])  # which is no series of TMDb's to be fetched
    with receiver() as (url, received):
        monkeypatch.setenv("SHOWHOUSE_ALERT_WEBHOOK_URL", url)
        checked = showhouse("status", "--check")
        assert checked.code == 1
        assert checked.out.splitlines() == received[0]["problems"]
        assert "1 tracked series were never fetched" in checked.out
        assert "Nothing was ever built" in checked.out
        with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
            connection.execute(
                "insert into raw.fetches (resource, key, status, next_due_at)"
                " values ('tmdb_tv_details', '1396', 'ok', now() - interval '2 days')"
            )
            connection.execute("create schema staging")
            connection.execute(
                "create table staging.builds as select now() - interval '3 days' as finished_at"
            )
            late = showhouse("status", "--check").out
            assert "1 tracked series are due for more than a day" in late
            assert "The last build ended 3 days ago" in late
            assert "feed" not in late and "more series" not in late, "nobody follows the feed here"
            connection.execute(
                "insert into raw.fetches (resource, key, status, last_checked_at, next_due_at)"
                " values ('tmdb_tv_details', '7', 'ok', null, now() - interval '2 days'),"
                " ('tmdb_tv_details', '8', 'gone', null, now() - interval '2 days'),"
                " ('tmdb_tv_details', '9', 'known', null, now() - interval '2 days'),"
                " ('tmdb_tv_changes', '-', 'ok', now() - interval '3 days', now())"
            )
            late = showhouse("status", "--check").out
            assert "1 more series that are held are due for more than a day" in late
            assert "TMDb's change feed was read 3 days ago" in late
            connection.execute(
                "update raw.fetches set next_due_at = now(), last_checked_at = now()"
            )
            connection.execute("update staging.builds set finished_at = now()")
        ended = showhouse("status", "--check")
        assert (ended.code, ended.out) == (0, "Nothing is overdue.\n")
        assert len(received) == 3


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SettingsError("X", "is missing", "set it"), "Setting `X` is missing: set it."),
        (RuntimeError("hunter2"), "It ended with RuntimeError; the log says more."),
        (KeyboardInterrupt(), "It ended with KeyboardInterrupt; the log says more."),
    ],
)
def test_a_plain_run_that_ends_with_an_error_is_told_once(error: BaseException, told: str) -> None:
    with receiver() as (url, received):
        with pytest.raises(type(error)), alerts.on_plain_failure(telling(url), "refresh"):
            raise error
        with alerts.on_plain_failure(telling(url), "refresh"):
            pass
    [alert] = received
    assert (alert["what"], alert["problems"]) == ("the run `refresh` failed", [told])


def test_a_plain_run_that_is_terminated_is_told_once_and_ends_by_the_signal() -> None:
    program = """
import sys, time
from extract.settings import load_settings
from flows.alerts import on_plain_failure
with on_plain_failure(load_settings(), "refresh"):
    print("under way", flush=True)
    time.sleep(600)
"""
    with receiver() as (url, received):
        with subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"SHOWHOUSE_ALERT_WEBHOOK_URL": url},
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"under way\n"
            process.terminate()
        assert process.returncode == -signal.SIGTERM
    assert [alert["problems"] for alert in received] == [
        ["It ended with Terminated; the log says more."]
    ]


def test_an_alert_is_bounded_however_much_went_wrong() -> None:
    with receiver() as (url, received):
        assert alerts.send(telling(url), "all failed", ["x" * 10_000] * 1_000, "nowhere")
    assert received[0]["problem_count"] == 1_000
    assert len(json.dumps(received[0])) < 10_000


@pytest.mark.parametrize("status", [404, 500, 302])
def test_a_webhook_that_refuses_is_no_failure(status: int) -> None:
    with receiver(status) as (url, _):
        assert not alerts.send(telling(url), "it failed", [], "nowhere")


@pytest.mark.clock
def test_a_webhook_that_is_not_there_or_never_answers_costs_seconds_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alerts, "SECONDS", 0.2)
    assert not alerts.send(telling("http://127.0.0.1:1/"), "it failed", [], "nowhere")
    with receiver(delay=1.0) as (url, _):
        began = time.monotonic()
        assert not alerts.send(telling(url), "it failed", [], "nowhere")
        assert time.monotonic() - began < 0.9


def test_an_error_that_is_not_ours_is_told_by_its_kind_alone() -> None:
    [told] = alerts.problems_of(RuntimeError("password=hunter2"))
    assert "RuntimeError" in told
    assert "hunter2" not in told


def test_without_a_webhook_nobody_is_told_and_a_wrong_one_is_named_without_its_value() -> None:
    assert not alerts.send(load_settings(), "it failed", [], "nowhere")
    with pytest.raises(SettingsError, match="`SHOWHOUSE_ALERT_WEBHOOK_URL` is not an http") as told:
        telling("file:///etc/passwd")
    assert "passwd" not in str(told.value)


def test_a_check_of_a_warehouse_that_cannot_be_asked_is_told_and_ends_with_1(
    showhouse: Showhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:s3cret@127.0.0.1:1/nowhere")
    with receiver() as (url, received):
        monkeypatch.setenv("SHOWHOUSE_ALERT_WEBHOOK_URL", url)
        checked = showhouse("status", "--check")
    assert checked.code == 1
    [alert] = received
    assert alert["what"] == "what is overdue cannot be told"
    assert alert["problems"][0].startswith("Postgres at `127.0.0.1:1/nowhere` cannot be used")
    assert alert["problems"][0] in checked.err
    assert "s3cret" not in str(alert) + checked.err
