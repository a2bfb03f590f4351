"""A small bundled set of series and people, answered as TMDb would: no key and no network needed.

`answer(path, params)` gives `(status, headers, body)`; `SERIES_IDS` lists the series held, `KEYS`
all that is, by subject.
README.md beside this file says what is fact, what is made up, and how to add a series.
"""

from extract.sample.replay import KEYS, SERIES_IDS, answer

__all__ = ["KEYS", "SERIES_IDS", "answer"]
