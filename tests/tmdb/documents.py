"""Series as bytes: parts serialised once, kept within a bound, put together per request."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping

import orjson

from tests.tmdb.upstream import Upstream
from tests.tmdb.world import APPENDABLE, DETAILS, Part, season_number

Languages = frozenset[str] | None
"""Image languages to answer, ``null`` for images without one; None for all."""


class Documents:
    """Answers of the series endpoints as JSON text."""

    def __init__(self, upstream: Upstream, cache_bytes: int) -> None:
        self._upstream = upstream
        self._room = cache_bytes
        self._held = 0
        self._version = upstream.version
        self._cache: OrderedDict[tuple[int, str, Languages], bytes | None] = OrderedDict()

    def details(
        self, series_id: int, appended: Iterable[str], languages: Languages
    ) -> bytes | None:
        """Give details with appended parts; unknown names and absent parts are left out."""
        reader = _Reader(self, series_id, languages)
        details = reader.text(DETAILS)
        if details is None:
            return None
        pieces = [details[:-1]]
        for name in dict.fromkeys(appended):
            if name in APPENDABLE or season_number(name) is not None:
                text = reader.text(name)
                if text is not None:
                    pieces.append(b',"' + name.encode() + b'":' + text)
        pieces.append(b"}")
        return b"".join(pieces)

    def part(self, series_id: int, name: str, languages: Languages) -> bytes | None:
        """Give a part as its own endpoint does: with the series' id, a season with its own."""
        text = _Reader(self, series_id, languages).text(name)
        if text is None or name == DETAILS or season_number(name) is not None:
            return text
        return b'{"id":%d%s%s' % (series_id, b"" if text == b"{}" else b",", text[1:])

    def recall(self, series_id: int, name: str, languages: Languages) -> tuple[bool, bytes | None]:
        """Look a text up: whether it is known, and what it is."""
        if self._version != self._upstream.version:
            self._cache.clear()
            self._held, self._version = 0, self._upstream.version
        key = (series_id, name, languages)
        if key not in self._cache:
            return False, None
        self._cache.move_to_end(key)
        return True, self._cache[key]

    def keep(self, series_id: int, name: str, languages: Languages, text: bytes | None) -> None:
        """Keep a text, dropping what was not asked for longest."""
        self._cache[series_id, name, languages] = text
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

    def text(self, name: str) -> bytes | None:
        """Give a part as JSON text, None where there is none."""
        languages = self._languages if name == "images" else None
        known, text = self._documents.recall(self._series_id, name, languages)
        if not known:
            text = self._serialise(name)
            self._documents.keep(self._series_id, name, languages, text)
        return text

    def _serialise(self, name: str) -> bytes | None:
        if not self._looked:
            self._parts, self._looked = self._documents.parts(self._series_id), True
        if self._parts is None:
            return None
        part = self._documents.current(self._series_id, self._parts, name)
        if part is None:
            return None
        if name == "images" and self._languages is not None:
            part = _in_languages(part, self._languages)
        return orjson.dumps(part)


def _weight(text: bytes | None) -> int:
    return 200 + len(text or b"")


def _in_languages(part: Part, languages: frozenset[str]) -> Part:
    return {
        field: [image for image in value if _language(image) in languages]
        if isinstance(value, list)
        else value
        for field, value in part.items()
    }


def _language(image: object) -> str:
    language = image.get("iso_639_1") if isinstance(image, dict) else None
    return language if isinstance(language, str) else "null"
