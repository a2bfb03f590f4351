"""What goes wrong upstream: a chosen share of answers fails, the same ones for the same seed.

With `sticky` a series that fails, fails always (all its requests, every attempt): what remains
unhealthy after any number of retries is known beforehand. Without, every attempt at every path is
drawn anew. Statuses and codes are documented ([D]); bodies gone wrong are the edge's, some measured
([L] May 2026), the others imagined: no rule of TMDb's.
"""

from dataclasses import dataclass

from tests.tmdb.chance import mix, tag

STATUS_FAULTS = {
    "500": (500, 11, "Internal error: Something went wrong, contact TMDb."),
    "500-15": (500, 15, "Failed."),
    "502": (502, 43, "Couldn't connect to the backend server."),
    "503": (503, 9, "Service offline: This service is temporarily offline, try again later."),
    "503-46": (503, 46, "The API is undergoing maintenance. Try again later."),
    "504": (504, 24, "Your request to the backend server timed out. Try again."),
    "429": (429, 25, "Your request count (#) is over the allowed limit of (40)."),
}
"""Error answers with TMDb's own codes: fault → HTTP status, status code, message."""

BODY_FAULTS = (
    "reset",
    "truncated",
    "cut_json",
    "html",
    "unsuccessful",
    "wrong_id",
    "not_object",
    "slow",
    "stall",
)
"""reset: connection dropped; truncated: fewer bytes than promised; cut_json: half a document;
html: a page with 200; unsuccessful: ``success: false`` with 200; wrong_id: another series;
not_object: a list; slow: late but right; stall: headers, half the body, then silence."""

DEFAULT_KINDS = (
    "500",
    "503",
    "reset",
    "truncated",
    "html",
    "unsuccessful",
    "wrong_id",
    "slow",
)
FAULTS = (*STATUS_FAULTS, *BODY_FAULTS)

_FAULT = tag("fault")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How much goes wrong, and how."""

    share: float = 0.0
    kinds: tuple[str, ...] = DEFAULT_KINDS
    seed: int = 1
    sticky: bool = False
    slow_seconds: float = 0.5
    stall_seconds: float = 60.0

    def __post_init__(self) -> None:
        unknown = [kind for kind in self.kinds if kind not in FAULTS]
        if unknown or not self.kinds:
            raise ValueError(f"Unknown faults {unknown}; choose some of {', '.join(FAULTS)}.")

    def at(self, subject: str, attempt: int) -> str | None:
        """Say what goes wrong with this attempt at ``tv/1396`` or an image path; None: nothing."""
        if not self.share:
            return None
        bits = mix(self.seed, _FAULT, tag(subject), 0 if self.sticky else attempt)
        if bits % 1_000_000 >= self.share * 1_000_000:
            return None
        return self.kinds[(bits >> 24) % len(self.kinds)]


class Attempts:
    """Counts the attempts at each subject while faults are drawn per attempt."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def next(self, subject: str) -> int:
        """Count one more attempt."""
        count = self._counts[subject] = self._counts.get(subject, 0) + 1
        return count
