"""How long to wait before asking again."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from extract.http.answers import Fault

LONGEST_BACKOFF = 30.0
LONGEST_PAUSE = 3_600.0


def backoff(failures: int, first: float, *, throttled: bool = False) -> float:
    """Seconds to wait after so many failures (from 1): full jitter up to 1, 2, 4 … times `first`.

    Where the source asked for patience the wait is at least half of that: none would be impolite.
    """
    most = min(first * 2 ** min(failures - 1, 10), LONGEST_BACKOFF)
    return random.uniform(most / 2 if throttled else 0.0, most)


def wait_after(fault: Fault, faults: int, refusals: int, first: float) -> float:
    """Seconds to wait after `fault`, with so many faults and so many requests for patience."""
    failures = refusals if fault.is_throttling else faults
    return (fault.retry_after or 0.0) + backoff(failures, first, throttled=fault.is_throttling)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that `Retry-After` asks for, as a number or a date; None without a usable one.

    A date is taken against the answer's own `Date`, since it is the source's clock that wrote both;
    `now` stands in where there is none. An hour at most: a typo must not stop us for a year.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.replace(".", "", 1).isdecimal() and value.isascii():
        seconds = float(value)
    elif (then := _date(value)) is not None:
        reference = _date(headers.get("date", "")) or now or datetime.now(UTC)
        seconds = (then - reference).total_seconds()
    else:
        return None
    return min(max(seconds, 0.0), LONGEST_PAUSE)


def _date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
