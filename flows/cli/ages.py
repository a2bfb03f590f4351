"""Moments as people tell them: how long ago, in how long."""

from datetime import UTC, datetime


def age(moment: datetime | None) -> str | None:
    """How long ago, in the largest unit that fits: `3 d`."""
    return None if moment is None else _length((datetime.now(UTC) - moment).total_seconds())


def until(moment: datetime | None) -> str | None:
    """`in 3 d`, or `since 3 d` for what is due already."""
    if moment is None:
        return None
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return f"in {_length(seconds)}" if seconds > 0 else f"since {_length(-seconds)}"


def _length(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
