"""All that we believe of the upstreams: the list that docs, probe and test servers go by.

Each has a line in `docs/sources.md`, and a question that asks for it or a reason why none can.
"""

from extract.probe.belief import UNMEASURED, Asked, Belief
from extract.probe.other_beliefs import FANDOM_BELIEFS, IMDB_BELIEFS, STORE_BELIEFS
from extract.probe.tmdb_beliefs import APPEND_BELIEFS, CONTENT_BELIEFS
from extract.probe.tmdb_manners import MANNER_BELIEFS

__all__ = ["BELIEFS", "UNMEASURED", "Asked", "Belief"]

BELIEFS: tuple[Belief, ...] = (
    *APPEND_BELIEFS,
    *CONTENT_BELIEFS,
    *MANNER_BELIEFS,
    *IMDB_BELIEFS,
    *FANDOM_BELIEFS,
    *STORE_BELIEFS,
)
