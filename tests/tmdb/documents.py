"""Series as bytes: parts serialised once, kept within a bound, put together per request.

An appended season lacks the `id` that it has alone, though not its `_id`; but for that the two are
equal field by field ([L]: 306 seasons of 14 series, and two further studies). Appended credits of a
season hold the same cast as alone ([L]: 8 of 8 seasons); that they lack the season's `id`, which
their own endpoint answers with (recorded), is taken from the other parts: the belief
`appended_parts_lack_id`, as appended answers were recorded.
"""

from collections import OrderedDict
from collections.abc import Container, Iterable, Mapping

import orjson

from tests.tmdb.languages import DEPENDENT, Languages, in_languages
from tests.tmdb.upstream import Upstream
from tests.tmdb.world import APPENDABLE, DETAILS, Part, credited_season, season_number

WITHOUT_ID = ("recommendations", "similar")

_Key = tuple[int, str, frozenset[str] | None, bool]
"""A series, a part, the languages of its entries (None: all), and whether it is appended."""


class Documents:
    """Answers of the series endpoints as JSON text."""

    def __init__(self, upstream: Upstream, cache_bytes: int) -> None:
        self._upstream = upstream
        self._room = cache_bytes
        self._held = 0
        self._version = upstream.version
        self._cache: OrderedDict[_Key, bytes | None] = OrderedDict()

    def details(
        self,
        series_id: int,
        appended: Iterable[str],
        languages: Languages,
        left_out: Container[str] = (),
    ) -> bytes | None:
        """Give details with appended parts; unknown names and absent parts are missing keys."""
        reader = _Reader(self, series_id, languages)
        details = reader.text(DETAILS)
        if details is None:
            return None
        pieces = [details[:-1]]
        for name in dict.fromkeys(appended):
            is_known = name in APPENDABLE or _has_own_id(name)
            if is_known and name not in left_out:
                text = reader.text(name, appended=True)
                if text is not None:
                    pieces.append(b',"' + name.encode() + b'":' + text)
        pieces.append(b"}")
        return b"".join(pieces)

    def part(self, series_id: int, name: str, languages: Languages) -> bytes | None:
        """Give a part as its own endpoint does: with the series' id, a season with its own.

        Pages have none, as recorded.
        """
        text = _Reader(self, series_id, languages).text(name)
        if text is None or name in (DETAILS, *WITHOUT_ID) or _has_own_id(name):
            return text
        return b'{"id":%d%s%s' % (series_id, b"" if text == b"{}" else b",", text[1:])

    def recall(self, key: _Key) -> tuple[bool, bytes | None]:
        """Look a text up: whether it is known, and what it is."""
        if self._version != self._upstream.version:
            self._cache.clear()
            self._held, self._version = 0, self._upstream.version
        if key not in self._cache:
            return False, None
        self._cache.move_to_end(key)
        return True, self._cache[key]

    def keep(self, key: _Key, text: bytes | None) -> None:
        """Keep a text, dropping what was not asked for longest."""
        self._cache[key] = text
        self._held += _weight(text)
        while self._held > self._room and self._cache:
            self._held -= _weight(self._cache.popitem(last=False)[1])

    def parts(self, series_id: int) -> Mapping[str, Part] | None:
        """Give the series' parts, unserialised."""
        return self._upstream.parts(series_id)

    def current(self, series_id: int, parts: Mapping[str, Part], name: str) -> Part | None:
        """Give one part as it stands now, unserialised."""
        return self._upstream.part(series_id, parts, name)


class _Reader:
    """Reads the parts of one series for one request, laying the series out once at most."""

    def __init__(self, documents: Documents, series_id: int, languages: Languages) -> None:
        self._documents = documents
        self._series_id = series_id
        self._languages = languages
        self._parts: Mapping[str, Part] | None = None
        self._looked = False

    def text(self, name: str, *, appended: bool = False) -> bytes | None:
        """Give a part as JSON text, None where there is none."""
        without_id = appended and _has_own_id(name)
        key = (self._series_id, name, self._languages.of(name), without_id)
        known, text = self._documents.recall(key)
        if not known:
            text = self._serialise(name, without_id)
            self._documents.keep(key, text)
        return text

    def _serialise(self, name: str, without_id: bool) -> bytes | None:
        if not self._looked:
            self._parts, self._looked = self._documents.parts(self._series_id), True
        if self._parts is None:
            return None
        part = self._documents.current(self._series_id, self._parts, name)
        if part is None:
            return None
        languages = self._languages.of(name)
        if name in DEPENDENT and languages is not None:
            part = in_languages(part, languages)
        if without_id:
            part = {field: value for field, value in part.items() if field != "id"}
        return orjson.dumps(part)


def _has_own_id(name: str) -> bool:
    return season_number(name) is not None or credited_season(name) is not None


def _weight(text: bytes | None) -> int:
    return 200 + len(text or b"")
