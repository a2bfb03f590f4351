"""What one belief about an upstream is made of."""

from dataclasses import dataclass
from typing import Literal

Source = Literal["tmdb", "imdb", "fandom", "store"]

UNMEASURED = "none"
"""The evidence of what nobody measured and no document says."""


@dataclass(frozen=True, slots=True)
class Belief:
    """Something that our code takes for granted of an upstream that it cannot see.

    `evidence` begins with `[L]` (measured against the live service), `[D]` (documented by the
    upstream), `[P]` (reported by others) or `recording`, or is `none`. `otherwise` says what happens
    where the belief is wrong; data is lost in no case.
    """

    name: str
    source: Source
    statement: str
    evidence: str
    otherwise: str
