"""A small bundled set of series and people, answered as TMDb would: no key and no network needed.

Of one series there are rows of IMDb's datasets as well (`answer_file`), and of another a wiki with
one page (`answer_wiki`).

`answer(path, params)` gives `(status, headers, body)`; `SERIES_IDS` lists the series held, `KEYS`
all that is, by subject.
README.md beside this file says what is fact, what is made up, and how to add a series.
"""

from extract.sample.files import answer_file
from extract.sample.replay import KEYS, SERIES_IDS, answer
from extract.sample.wiki import WIKI, WIKI_SERIES, answer_wiki

__all__ = [
    "KEYS",
    "SERIES_IDS",
    "WIKI",
    "WIKI_SERIES",
    "answer",
    "answer_file",
    "answer_wiki",
]
