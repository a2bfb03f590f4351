"""Bodies taken in up to a bound: into memory, whatever they are packed in, or into a file.

httpx would unpack a gzip bomb before anyone can look at it, and takes a gzip stream that was cut
short for a whole one: so it is unpacked here.
"""

import re
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

ACCEPTED = "gzip"

_NAME = re.compile(r"[a-z-]{1,12}")
_GZIP = 16 + zlib.MAX_WBITS


class TooLong(Exception):
    """There is more than the bound."""


class Broken(Exception):
    """The packing is damaged or was cut short; the text says which."""


@dataclass(slots=True)
class Body:
    """Takes the bytes of one answer in; `encoding` is its content-encoding, `limit` in bytes."""

    encoding: str
    limit: int
    _parts: list[bytes] = field(default_factory=list)
    _received: int = 0
    _size: int = 0
    _member: "zlib._Decompress | None" = None
    _began: bool = False

    def __post_init__(self) -> None:
        self.encoding = self.encoding.strip().lower()
        if self.encoding not in ("", "identity", "gzip", "x-gzip"):
            name = self.encoding if _NAME.fullmatch(self.encoding) else "…"
            raise Broken(f"its content-encoding is `{name}`, only gzip was asked for")

    def take(self, received: bytes) -> None:
        """Take in what was received; raises TooLong and Broken."""
        self._received += len(received)
        if self._received > self.limit:
            raise TooLong
        if "gzip" not in self.encoding:
            self._keep(received)
            return
        while received := self._unpack(received):
            pass

    def whole(self) -> bytes:
        """All of it, unpacked; raises Broken where the end is missing."""
        if self._member is not None:
            raise Broken("its gzip stream was cut short")
        return b"".join(self._parts)

    def _unpack(self, packed: bytes) -> bytes:
        if self._member is None:
            # Between members, and after the last, zeros are padding.
            packed = packed.lstrip(b"\0") if self._began else packed
            if not packed:
                return b""
            self._member, self._began = zlib.decompressobj(_GZIP), True
        try:
            part = self._member.decompress(packed, self.limit - self._size + 1)
        except zlib.error:
            raise Broken("its gzip stream is damaged") from None
        self._keep(part)
        if not self._member.eof:
            return self._member.unconsumed_tail
        rest, self._member = self._member.unused_data, None
        return rest

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self.limit:
            raise TooLong
        self._parts.append(part)


@dataclass(slots=True)
class FileBody:
    """Takes the bytes of a file in as they come; what was in it before is dropped."""

    into: BinaryIO
    limit: int
    size: int = 0
    """How many bytes there are by now."""
    whole_size: int | None = None
    """How many there will be, where that was announced."""

    def __post_init__(self) -> None:
        self.into.seek(0)
        self.into.truncate()

    def take(self, received: bytes) -> None:
        """Write what was received; raises TooLong."""
        self.size += len(received)
        if self.size > self.limit:
            raise TooLong
        self.into.write(received)

    def whole(self) -> bytes:
        """Nothing: it is in the file. Raises Broken where some of it is missing."""
        self.into.flush()
        if self.whole_size not in (None, self.size):
            raise Broken(f"it has {self.size:,} of {self.whole_size:,} bytes")
        return b""
