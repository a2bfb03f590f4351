"""How TMDb answers on an ordinary day: how long an answer takes, and its bursts of 502.

Measured [L]: half of all answers take 0.2 s, nine in ten at most 0.3 to 0.4 s; 2 of 43 requests in
nine minutes were answered with 502, in bursts, without `Retry-After`, and all were fine when they
were tried again. Beliefs: the shape of the times (log-normal), and the length of a burst.
"""

from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist

_NORMAL = NormalDist()
_P90 = _NORMAL.inv_cdf(0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long answers take, in seconds: half of them at most `p50`, nine in ten at most `p90`."""

    p50: float
    p90: float

    def at(self, share: float) -> float:
        """Give the seconds that this share of all answers, in [0, 1), takes at most."""
        spread = log(self.p90 / self.p50) / _P90
        return self.p50 * exp(spread * _NORMAL.inv_cdf(min(max(share, 1e-6), 1 - 1e-6)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bursts:
    """Of so many requests to the API, the last `length` in a row are answered with 502."""

    every: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a server answers; None: at once, and without bursts."""

    latency: Latency | None = None
    bursts: Bursts | None = None


AT_ONCE = Manner()
REAL = Manner(latency=Latency(p50=0.2, p90=0.35), bursts=Bursts(every=215, length=10))
"""As it was measured: 10 of 215 are 2 of 43."""


class Outages:
    """Decides which requests fall into a burst, by their number alone and not by the clock."""

    def __init__(self, bursts: Bursts | None) -> None:
        self._bursts = bursts
        self._count = 0
        self._failed: set[str] = set()

    def hits(self, target: str) -> bool:
        """Count a request, and say whether it fails; one that failed is fine when tried again."""
        if self._bursts is None:
            return False
        if target in self._failed:
            self._failed.discard(target)
            return False
        place = self._count % self._bursts.every
        self._count += 1
        is_hit = place >= self._bursts.every - self._bursts.length
        if is_hit:
            self._failed.add(target)
        return is_hit
