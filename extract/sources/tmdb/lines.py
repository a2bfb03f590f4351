"""The lines of an export, read twice from disk: looked through first, then made into documents.

Nothing is held but one line and which ids came already, a bit each. A line that is no object with
an id of its own is refused; so is a second line for an id.
"""

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from gzip import BadGzipFile
from typing import TYPE_CHECKING, Any, BinaryIO

from extract.canonical import read
from extract.documents import Document, Reject, document
from extract.errors import Unfit
from extract.packed_files import layers_of, unpacked
from extract.sources.tmdb.catalogue import MAX_ID, Export

if TYPE_CHECKING:
    from extract.landing.lists import ListedFile

MOST_REJECTS = 1_000
"""So many refused lines are kept; of a file with more, the others are only counted."""
LONGEST_LINE = 64 * 1024
LARGEST_FILE = 8 * 1024 * 1024 * 1024

Refuse = Callable[[int, bytes, Unfit], None]
"""Called with a bad line's number, the line, and what is wrong with it."""

_PAGE_BITS = 1 << 16


class Lines:
    """One file of an export; count it before asking for its documents."""

    def __init__(self, content: BinaryIO, export: Export, file: "ListedFile") -> None:
        self.rejects: list[Reject] = []
        """Bad lines; complete when both readings are over."""
        self.rejected_count = 0
        self._content, self._export, self._file = content, export, file

    def count(self) -> int:
        """Look the file through to its end; gives how many ids it lists. Raises Unfit."""
        try:
            listed = sum(1 for _ in self._objects(self._refuse))
        except (EOFError, BadGzipFile, zlib.error) as error:
            reason = "truncated" if isinstance(error, EOFError) else "not_gzip"
            raise Unfit(*self._told(reason, str(error))) from None
        if not listed:
            is_packed = layers_of(self._content) > 0
            why = f"it lists no id in {self.rejected_count:,} lines"
            raise Unfit(*self._told("empty" if is_packed else "not_gzip", why))
        return listed

    def documents(self) -> Iterator[Document]:
        """Give the documents of all good lines: the ids, and what popularity is told."""
        make = partial(document, request=self._file.request, fetched_at=self._file.fetched_at)
        popularity = self._export.popularity
        for number, line, found in self._objects(lambda *_: None):
            key = str(found["id"])
            try:
                yield make(self._export.ids, key, found)
            except Unfit as unfit:  # what only writing it shows: half a character, a key twice
                self._refuse(number, line, unfit)
                continue
            measured = {name: found[name] for name in ("id", "popularity") if name in found}
            if popularity and popularity.check(key, measured) is None:
                yield make(popularity, key, measured)

    def _objects(self, refuse: Refuse) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
        seen = _Seen()
        for number, line in enumerate(self._lines(), 1):
            if not line.strip():
                continue
            try:
                found = self._object(line, seen)
            except Unfit as unfit:
                refuse(number, line, unfit)
            else:
                yield number, line, found

    def _object(self, line: bytes, seen: "_Seen") -> dict[str, Any]:
        if len(line) > LONGEST_LINE:
            raise Unfit("too_large", f"it has more than {LONGEST_LINE:,} bytes")
        found = read(line.strip())
        identity = found.get("id") if isinstance(found, dict) else None
        if type(identity) is not int or not 0 < identity <= MAX_ID:
            raise Unfit("wrong_shape", f"its id is `{str(identity)[:40]}`")
        if seen.already(identity):
            raise Unfit("repeated", f"{identity} was listed before")
        return found  # type: ignore[no-any-return]  # an object, as its id shows

    def _lines(self) -> Iterator[bytes]:
        content, size = unpacked(self._content, LARGEST_FILE), 0
        while line := content.readline(LONGEST_LINE + 1):
            rest = line
            while not rest.endswith(b"\n") and (rest := content.readline(LONGEST_LINE + 1)):
                size += len(rest)
            size += len(line)
            if size > LARGEST_FILE:
                raise Unfit("too_large", f"it unpacks to more than {LARGEST_FILE:,} bytes")
            yield line

    def _refuse(self, number: int, line: bytes, unfit: Unfit) -> None:
        self.rejected_count += 1
        if len(self.rejects) < MOST_REJECTS:
            self.rejects.append(
                Reject(
                    resource=self._export.ids.name,
                    key=self._file.name,
                    reason=unfit.reason,
                    detail=f"line {number:,}: {unfit.detail}",
                    body=line,
                    request=self._file.request,
                    fetched_at=self._file.fetched_at,
                )
            )

    def _told(self, reason: str, why: str) -> tuple[str, str]:
        self._content.seek(0)
        start = self._content.read(64).lstrip()[:1]
        return ("html", "it is a page") if start == b"<" else (reason, why)


class _Seen:
    """A set of ids, a bit each, in pages that exist where ids do: one far off costs one page."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def already(self, number: int) -> bool:
        """Say whether the number was added before, and add it."""
        page_number, place = divmod(number, _PAGE_BITS)
        page = self._pages.get(page_number)
        if page is None:
            page = self._pages[page_number] = bytearray(_PAGE_BITS // 8)
        mask = 1 << (place & 7)
        if page[place >> 3] & mask:
            return True
        page[place >> 3] |= mask
        return False
