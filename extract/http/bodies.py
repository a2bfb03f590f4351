"""Bodies taken in up to a bound: into memory, whatever they are packed in, or into a file.

httpx would unpack a gzip bomb before anyone can look at it, takes a gzip stream that was cut short
for a whole one, and believes the header: so a body is unpacked by `extract.http.unpacking`.
"""

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from extract.http.unpacking import Broken, Layer, TooLong

__all__ = ["ACCEPTED", "Body", "Broken", "FileBody", "TooLong"]

ACCEPTED = "gzip"

_NAME = re.compile(r"[a-z-]{1,12}")
_PLAIN = ("", "identity")
_PACKINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


@dataclass(slots=True)
class Body:
    """Takes the bytes of one answer in; `encoding` is its content-encoding, `limit` in bytes.

    The bound holds for what is received and for what it is unpacked to, at each layer.
    """

    encoding: str
    limit: int
    _outermost: Layer = field(init=False)

    def __post_init__(self) -> None:
        names = [name.strip().lower() for name in self.encoding.split(",")]
        for name in names:
            if name not in _PLAIN and name not in _PACKINGS:
                shown = name if _NAME.fullmatch(name) else "…"
                raise Broken(f"its content-encoding is `{shown}`, only gzip was asked for")
        named = tuple(_PACKINGS[name] for name in reversed(names) if name not in _PLAIN)
        self._outermost = Layer(self.limit, named)

    def take(self, received: bytes) -> None:
        """Take in what was received; raises TooLong and Broken."""
        self._outermost.take(received)

    def whole(self) -> bytes:
        """All of it, unpacked; raises TooLong, and Broken where the end is missing."""
        return self._outermost.whole()


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
