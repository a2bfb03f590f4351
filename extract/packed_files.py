"""Opens a downloaded file by what it is: gzipped, gzipped several times over, or plain.

The name of a file (`….json.gz`) says how it should come. A content delivery network that packs or
unpacks what passes through it, as TMDb's did to answers, makes the name wrong.
"""

import zlib
from gzip import GzipFile
from typing import BinaryIO, cast

from extract.errors import Unfit
from extract.http.unpacking import GZIP, LAYERS_AT_MOST

_START = 4 * 1024


def layers_of(content: BinaryIO) -> int:
    """How many times over a file is gzipped, by its start; 0 for a plain one."""
    content.seek(0)
    start, layers = content.read(_START), 0
    content.seek(0)
    while start.startswith(GZIP) and layers < LAYERS_AT_MOST:
        layers += 1
        try:
            start = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, _START)
        except zlib.error:
            break
    return layers


def unpacked(content: BinaryIO, limit: int) -> BinaryIO:
    """Open a file from its start, whatever it is packed in.

    Reading raises EOFError where gzip was cut short, BadGzipFile and zlib.error where it is
    damaged, and Unfit (`too_large`) where an outer layer unpacks to more than `limit` bytes; the
    innermost one, which is read by lines, is for its reader to bound.
    """
    for _ in range(layers_of(content)):
        content = cast(BinaryIO, _Unpacked(content, limit))
    return content


class _Unpacked(GzipFile):
    """One layer taken off; whoever takes the next one off reads this by `read`."""

    def __init__(self, packed: BinaryIO, limit: int) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._left = self._limit = limit

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        self._left -= len(part)
        if self._left < 0:
            raise Unfit("too_large", f"it unpacks to more than {self._limit:,} bytes")
        return part
