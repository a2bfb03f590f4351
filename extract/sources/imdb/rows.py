"""The rows of one dataset file that are wanted, read from disk in blocks: memory stays flat.

A row of more or fewer fields, or with bytes that are no text, is refused and the file goes on. What
is no such file at all (a page, other columns, cut short) is refused as a whole, before anything of
it lands.
"""

import codecs
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from extract.errors import Unfit
from extract.packed_files import layers_of, unpacked
from extract.sources.imdb.datasets import Dataset

MOST_REJECTS = 1_000
"""So many refused rows are kept; of a file with more, the others are only counted."""
MOST_REFUSED = 100_000
"""With more, a file is none: it is not read to its end."""
MOST_UNPACKED = 100
"""So many times what it is packed a file may be, and 64 MB; IMDb's are up to ten times."""
BLOCK_BYTES = 1024 * 1024
"""A block is parsed at once; a row that fills one is refused."""

_ID = "^[tn][tm][0-9]{7,9}$"
_ANY_ID = re.compile(r"\b[tn][tm][0-9]{7,9}\b")
_ORDERING = re.compile(r"[1-9][0-9]{0,5}")
_TELEVISION = b"tv"
# More fields than any row has: in the place of what is too long to be a row, it is refused as one.
_TOO_LONG = b"\t" * 32
_WITHIN = bytes(range(0x80, 0xC0))  # what a character goes on with

# No character, so that no text has it: it stands where bytes were that are no text either.
_NO_TEXT = "\uffff"
codecs.register_error("no_text", lambda error: (_NO_TEXT, getattr(error, "end", 0)))

Row = dict[str, str | None]
Refuse = Callable[[str, str, bytes], None]


class Numbers:
    """A set of ids by their numbers, a bit each: as fast to ask with ten million as with ten."""

    def __init__(self, ids: Iterator[str]) -> None:
        bits = bytearray()
        for text in ids:
            number = int(text[2:])
            if number >> 3 >= len(bits):
                bits.extend(bytes((number >> 3) + 1 - len(bits) + 65_536))
            bits[number >> 3] |= 1 << (number & 7)
        self._size = len(bits) * 8
        self._bits = pa.Array.from_buffers(pa.bool_(), self._size, [None, pa.py_buffer(bits)])

    def hold(self, ids: Any) -> Any:
        """Say of each of an array of ids (bytes) whether it is in the set; bad ids are not."""
        is_id = pc.match_substring_regex(ids, _ID)
        digits = pc.binary_replace_slice(pc.if_else(is_id, ids, b"tt0"), 0, 2, b"")
        numbers = pc.cast(pc.cast(digits, pa.string()), pa.int64())
        is_within = pc.less(numbers, self._size)
        held = pc.take(self._bits, pc.if_else(is_within, numbers, 0)) if self._size else is_within
        return pc.fill_null(pc.and_(pc.and_(is_id, is_within), held), False)


class _Text(io.RawIOBase):
    """A stream as UTF-8, whatever it is: the reader would refuse a file for one bad row's bytes.

    Each block but the last is full and has the end of a row: for one without, be it of three bytes
    that a character left over, the reader would refuse the file as well.
    """

    def __init__(self, source: Any, most: int) -> None:
        self._source, self._rest, self._left = source, b"", most
        self._decoder = codecs.getincrementaldecoder("utf-8")("no_text")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        is_more = True
        while is_more and len(self._rest) < size:
            packed: bytes = self._source.read(size - len(self._rest))
            is_more, self._left = bool(packed), self._left - len(packed)
            if self._left < 0:
                raise Unfit("too_large", f"it unpacks to more than {MOST_UNPACKED} times its size")
            if not packed.isascii() or self._decoder.getstate()[0]:
                packed = self._decoder.decode(packed, not is_more).encode()
            self._rest = self._rest + packed if self._rest else packed
            if len(self._rest) >= size and not _has_end(self._rest, size):
                self._rest = _without(self._rest, size)
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def _without(text: bytes, size: int) -> bytes:
    # No character is torn: the reader could not tell which row it refused.
    begun = len(text) - len(text.lstrip(_WITHIN))
    return text[:begun] + _TOO_LONG + text[size:].lstrip(_WITHIN)


def _has_end(block: bytes, size: int) -> bool:
    return block.find(b"\n", 0, size) >= 0 or block.find(b"\r", 0, size) >= 0


@dataclass(slots=True)
class Rows:
    """One file: go through it once, then ask what was refused and how many rows there were."""

    path: Path
    dataset: Dataset
    wanted: Numbers | None
    """None: all of television."""
    refused: list[tuple[str, str, bytes]] = field(default_factory=list)
    """The first refused rows: reason, detail, the row."""
    refused_count: int = 0
    unread: set[str] = field(default_factory=set)
    """Whose rows were refused: what is held of these is not gone."""
    row_count: int = 0
    """All rows of the file, refused ones too."""

    def __iter__(self) -> Iterator[Row]:
        """Give the wanted rows. Raises Unfit where the file is none, at its end at the latest."""
        try:
            for block in self._blocks():
                self.row_count += block.num_rows
                yield from self._texts(block.filter(self._is_wanted(block)))
                if self._is_none:
                    break
        except (ValueError, OSError, EOFError, zlib.error) as error:
            # Of the library, of the packing, or names that are no text.
            if not self._is_none:
                raise Unfit(*self._told(str(error))) from None
        if self._is_none:
            raise Unfit("refused_rows", f"more than {MOST_REFUSED:,} of its rows are to be refused")
        self.row_count += self.refused_count
        if not self.row_count:
            raise Unfit("empty", "it has no row")

    def _blocks(self) -> Iterator[Any]:
        with self.path.open("rb") as content:
            yield from self._tables(content)

    def _tables(self, content: BinaryIO) -> Iterator[Any]:
        most = 64 * 2**20 + MOST_UNPACKED * self.path.stat().st_size
        is_usual = layers_of(content) == 1
        # Usually opened by the library: it reads ahead in threads that need not wait for Python.
        source = (
            pa.CompressedInputStream(pa.OSFile(str(self.path)), "gzip")
            if is_usual
            else unpacked(content, most)
        )
        columns = self.dataset.columns
        reader = csv.open_csv(
            pa.PythonFile(_Text(source, most), "r"),
            read_options=csv.ReadOptions(block_size=BLOCK_BYTES),
            parse_options=csv.ParseOptions(
                delimiter="\t",
                quote_char=False,
                double_quote=False,
                escape_char=False,
                newlines_in_values=False,
                invalid_row_handler=self._refuse_row,
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.binary()),
                null_values=["\\N"],
                strings_can_be_null=True,
            ),
        )
        if tuple(reader.schema.names) != columns:
            names = ", ".join(reader.schema.names)
            raise Unfit(*self._told(f"its columns are {names[:200]}", "wrong_columns"))
        yield from reader

    def _is_wanted(self, block: Any) -> Any:
        if self.wanted is not None:
            return self.wanted.hold(block.column(self.dataset.wanted_by))
        if "titleType" in self.dataset.columns:
            kinds = block.column("titleType")
            return pc.fill_null(pc.starts_with(kinds, _TELEVISION), False)
        return pa.array([True] * block.num_rows)

    def _texts(self, block: Any) -> Iterator[Row]:
        names = self.dataset.columns
        columns = (pc.cast(block.column(name), pa.string()).to_pylist() for name in names)
        for values in zip(*columns, strict=True):
            row: Row = dict(zip(names, values, strict=True))
            if any(value and _NO_TEXT in value for value in values):
                self._refuse("not_utf8", "it holds bytes that are no text", _line(values))
            elif not self._has_key(row):
                self._refuse("bad_key", "its first fields are no key", _line(values))
            else:
                yield row

    def _has_key(self, row: Row) -> bool:
        if self.dataset.is_ordered and not _ORDERING.fullmatch(row["ordering"] or ""):
            return False
        return bool(re.match(_ID, row[self.dataset.columns[0]] or ""))

    def _refuse_row(self, row: Any) -> str:
        why = f"it has {row.actual_columns} fields, not {row.expected_columns}"
        self._refuse("wrong_fields", why, row.text[:1_000])
        return "error" if self._is_none else "skip"

    def _refuse(self, reason: str, detail: str, line: str) -> None:
        self.refused_count += 1
        if len(self.refused) < MOST_REJECTS:
            self.refused.append((reason, detail, line.encode(errors="replace")[:1_000]))
        if found := _ANY_ID.search(line):
            self.unread.add(found[0])

    @property
    def _is_none(self) -> bool:
        return self.refused_count > MOST_REFUSED

    def _told(self, why: str, reason: str = "unreadable") -> tuple[str, str]:
        with self.path.open("rb") as content:
            start = content.read(64).lstrip()
        if start[:1] == b"<":
            return "html", "it is a page"
        if start[:2] != b"\x1f\x8b":
            return "not_gzip", f"it is not packed, and unpacked it is no such file: {why}"
        is_cut = "runcated" in why or "nexpected end" in why or "end-of-stream" in why
        return ("truncated", why) if is_cut else (reason, why)


def _line(values: tuple[str | None, ...]) -> str:
    return "\t".join(r"\N" if value is None else value for value in values)
