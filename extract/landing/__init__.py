"""The only writer of `raw.*`: documents become versions, checks become book entries, once each.

A batch is staged without any lock: hashes, and the payloads of what looks new. Then, under one
lock for all writers and in READ COMMITTED, so that every statement sees what the writer before has
committed: decide what is new, draw the load's number, supersede, insert, enter the books, commit.
So the order of `load_id` is the order of commits, and a reader who has seen a load never meets a
lower one later.
"""

from extract.documents import Batch, Document, Failure, Reject, document, tombstone
from extract.landing.lander import Lander
from extract.landing.outcome import Counts, Landed
from extract.landing.transaction import land

__all__ = [
    "Batch",
    "Counts",
    "Document",
    "Failure",
    "Landed",
    "Lander",
    "Reject",
    "document",
    "land",
    "tombstone",
]
