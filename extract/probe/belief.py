"""What one belief about an upstream is made of."""

from dataclasses import dataclass
from typing import Literal

Asked = Literal["tmdb", "imdb", "fandom", "store"]
"""Who can be asked: three sources, and the store of images."""

UNMEASURED = "none"
"""The evidence of what nobody measured and no document says."""


@dataclass(frozen=True, slots=True)
class Belief:
    """Something that our code takes for granted of an upstream that it cannot see.

    `evidence` begins with `[L]` (measured against the live service), `[D]` (documented by the
    upstream), `[P]` (reported by others), `recording` or `none`. `otherwise` says what happens
    where the belief is wrong; data is lost in no case.
    """

    name: str
    source: Asked
    statement: str
    evidence: str
    otherwise: str
