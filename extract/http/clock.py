"""The database's clock, read from here."""

import time
from dataclasses import dataclass


@dataclass(slots=True)
class DatabaseClock:
    """How far our monotonic clock is from the database's; both in seconds.

    Each statement that returns the database's time bounds the difference: the time was read after
    sending and before receiving. The estimate moves only as far as the newest bounds force it to.
    So it follows drift and steps of either clock, and a stall of ours, which gives wide bounds,
    does not shift it: that is how a late slot is known to be late.
    """

    _difference: float | None = None

    def observe(self, sent: float, database_time: float, received: float) -> None:
        """Take in one statement's times: ours, the database's, ours."""
        least, most = sent - database_time, received - database_time
        if self._difference is None:
            self._difference = (least + most) / 2
        self._difference = min(max(self._difference, least), most)

    def here(self, database_time: float) -> float:
        """When that is on our monotonic clock."""
        return database_time + (self._difference or 0.0)

    def there(self, at: float) -> float:
        """What the database's clock says at a time of our monotonic clock.

        Our own wall clock stands in as long as the database's was never read.
        """
        if self._difference is None:
            return time.time() + at - time.monotonic()
        return at - self._difference
