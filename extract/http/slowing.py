"""Which statuses ask for fewer requests, and how far they are believed.

Each source has its own table: 429 and 503 mean it everywhere, 403 and 428 with some hosts only.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowdown:
    """What a status does beside slowing the rate gate down."""

    counts_requests: bool = False
    """The source counts our requests: all pause for a moment, and the request has more attempts."""
    is_doubtful: bool = False
    """The status may be about one request alone: repeated for it, it slows the gate no further."""
    meaning: str = ""
    """What the status means with this source, as a clause for the error's text."""
    most_in_a_row: int = 0
    """After so many failures by it in a row the source is taken to refuse this client; 0: never."""


SLOWDOWNS: Mapping[int, Slowdown] = {429: Slowdown(counts_requests=True), 503: Slowdown()}
"""What holds for every source."""
