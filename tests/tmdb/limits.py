"""The rate limit as the server enforces it: so many answers in any sliding second."""

from collections import deque


class SlidingLimit:
    """Admits at most `per_second` requests in any second that ends now; None admits all."""

    def __init__(self, per_second: int | None = None) -> None:
        self.per_second = per_second
        self._admitted: deque[float] = deque()

    def admits(self, now: float) -> bool:
        """Say whether a request at this instant is within the limit; refused ones do not count."""
        if self.per_second is None:
            return True
        while self._admitted and now - self._admitted[0] >= 1.0:
            self._admitted.popleft()
        if len(self._admitted) >= self.per_second:
            return False
        self._admitted.append(now)
        return True
