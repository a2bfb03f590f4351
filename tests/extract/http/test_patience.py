from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.http.patience import LONGEST_PAUSE, backoff, retry_after

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@given(failures=st.integers(1, 1_000))
def test_waits_double_up_to_half_a_minute(failures: int) -> None:
    most = min(2.0 ** (failures - 1), 30.0)
    assert 0 <= backoff(failures, 1.0) <= most
    assert most / 2 <= backoff(failures, 1.0, throttled=True) <= most


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 1.5 ", 1.5),
        ("86400", LONGEST_PAUSE),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0),
        ("Fri, 20 Nov 2026 12:00:05 -0000", 5),
        ("soon", None),
        ("-3", None),
        ("", None),
        ("٣", None),
        ("Mon, 01 Jan 2024 00:00:00 +999999999999999", None),
        ("Mon, 01 Jan 999999999999999999999 00:00:00 GMT", None),
        ("9" * 400, LONGEST_PAUSE),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


@given(value=st.text() | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,9} Jan [0-9]+ [0-9:]+ [+-][0-9]+"))
def test_no_header_whatever_is_more_than_an_hour_or_an_error(value: str) -> None:
    seconds = retry_after({"retry-after": value, "date": value}, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_PAUSE


def test_a_date_is_taken_against_the_clock_that_wrote_it() -> None:
    theirs = NOW + timedelta(hours=5)
    headers = {
        "date": format_datetime(theirs, usegmt=True),
        "retry-after": format_datetime(theirs + timedelta(seconds=3), usegmt=True),
    }
    assert retry_after(headers, NOW) == 3


def test_without_the_header_no_time_is_named() -> None:
    assert retry_after({}) is None
