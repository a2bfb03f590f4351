"""An error that nobody raises on purpose: a bug of ours, which one thing met and others may not."""

import logging

_log = logging.getLogger(__name__)


def unforeseen(what: str, error: Exception) -> str:
    """Log the traceback, and give the sentence that stands for it where `what` is reported.

    The error's own text stays in the log: nobody knows what it holds.
    """
    _log.error("%s met an error that is not expected", what, exc_info=error)
    name = type(error).__name__
    return f"A bug of Showhouse ended it (`{name}`; the log has more): please report it."
