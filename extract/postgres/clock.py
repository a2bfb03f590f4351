"""What time it is: the database's clock says so, the same to every process on every machine.

What is written into `raw` and what is due are dated by it, so a process whose own clock is wrong
does no harm. A time that lies in its future means that it was set back, and is not believed.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import Connection


def now(connection: Connection[Any]) -> datetime:
    """The database's time, in UTC."""
    row = connection.execute("select clock_timestamp()").fetchone()
    moment: datetime = row[0]  # type: ignore[index]  # it gives a row
    return moment.astimezone(UTC)


def steady(connection: Connection[Any]) -> Callable[[], datetime]:
    """Read the database's time once; what this gives tells it from then on, in any thread."""
    at, here = now(connection), time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - here)
