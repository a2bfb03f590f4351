"""What people write for a series, and what it names: ids, addresses, lists, titles.

1396   tmdb:1396   https://www.themoviedb.org/tv/1396-breaking-bad
tt0903747   https://www.imdb.com/title/tt0903747/
5d0a2f0c-…   the id that the warehouse gives it
tmdb-list:5   list/5   https://www.themoviedb.org/list/5-favourites
Breaking Bad   Survivor (2000)
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

_TMDB_ID = re.compile(r"(?:tmdb:)?0*([1-9][0-9]{0,8})")
_IMDB_ID = re.compile(r"(?:imdb:)?(tt[0-9]{5,10})")
_SHOW_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LIST = re.compile(r"(?:tmdb-)?list[:/]0*([1-9][0-9]{0,8})")
_HOST = re.compile(r"https?://(?:www\.|m\.)?(themoviedb\.org|imdb\.com)(/[^?#]*)", re.IGNORECASE)
_PAGES = (
    (re.compile(r"/(?:[a-z-]+/)?tv/0*([1-9][0-9]{0,8})(?:[-/].*)?"), "themoviedb.org", "tmdb"),
    (re.compile(r"/(?:[a-z-]+/)?list/0*([1-9][0-9]{0,8})(?:[-/].*)?"), "themoviedb.org", "list"),
    (re.compile(r"/(?:[a-z-]+/)?title/(tt[0-9]{5,10})(?:/.*)?"), "imdb.com", "imdb"),
)
_TITLE = re.compile(r"(.+?)(?:\s*\(((?:18|19|20)[0-9]{2})\))?")
_ARTICLE = re.compile(r"^(?:the|an?|der|die|das|le|la|les|el|los|las|il)\s+(?=\S)")


class Kind(Enum):
    """What a reference names a series by."""

    TMDB = "tmdb"
    IMDB = "imdb"
    SHOW = "show"
    LIST = "list"
    TITLE = "title"


ASKED = frozenset({Kind.IMDB, Kind.LIST, Kind.TITLE})
"""What only TMDb can tell."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing that somebody wrote: `value` is the id or the title."""

    kind: Kind
    value: str
    year: int | None = None
    """The year of a title, where one is written."""
    name: str | None = None
    """What the series is called, where that is known beside an id."""

    def __str__(self) -> str:
        return f"{self.value} ({self.year})" if self.year else self.value


def parse(text: str) -> Reference:
    """Say what a text names. Raises ValueError for nothing, or an address of something else."""
    text = " ".join(text.split())
    if found := _HOST.fullmatch(text.partition("?")[0].partition("#")[0]):
        for pattern, host, kind in _PAGES:
            page = pattern.fullmatch(found[2])
            if page and host == found[1].lower():
                return Reference(Kind(kind), page[1])
    if not text or "://" in text:
        raise ValueError(
            f"`{text}` is no address of a series or a list. There are "
            "https://www.themoviedb.org/tv/1396, https://www.themoviedb.org/list/5 and "
            "https://www.imdb.com/title/tt0903747."
        )
    for pattern, of in ((_TMDB_ID, Kind.TMDB), (_IMDB_ID, Kind.IMDB), (_LIST, Kind.LIST)):
        if whole := pattern.fullmatch(text):
            return Reference(of, whole[1])
    if _SHOW_ID.fullmatch(text):
        return Reference(Kind.SHOW, text.lower())
    title = _TITLE.fullmatch(text)
    assert title, "a text that is not empty is a title"
    return Reference(Kind.TITLE, title[1], int(title[2]) if title[2] else None)


def normalised(title: str) -> str:
    """Write a title so that equal ones are equal: no case, accent, punctuation, leading article."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = " ".join(re.sub(r"[^\w\s]|_", " ", plain.replace("&", " and ")).split())
    return _ARTICLE.sub("", plain)
