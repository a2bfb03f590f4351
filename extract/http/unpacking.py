"""Unpacks a body by what it is; what the header says of its packing is only a hint.

TMDb's content delivery network has sent gzip without a header, gzip twice under one header, and
plain JSON under a header that named gzip. So the first bytes of each layer decide, and bytes that
are unpacked may be packed again. Each layer is bounded, and none is held that can be passed on.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

GZIP = b"\x1f\x8b"
"""What every gzip stream begins with, and no text."""
LAYERS_AT_MOST = 3

_PACKED_AT_ONCE = 4 * 1024
_UNPACKED_AT_ONCE = 64 * 1024
_WINDOW_BITS: Mapping[str, int] = {
    "gzip": 16 + zlib.MAX_WBITS,
    "zlib": zlib.MAX_WBITS,
    "deflate": -zlib.MAX_WBITS,  # without any frame: what some servers call deflate
}


class TooLong(Exception):
    """There is more than the bound."""


class Broken(Exception):
    """The packing is damaged or was cut short; the text says which."""


class Stream:
    """One compressed stream of a `packing`: gzip, zlib or deflate. Its parts come in order."""

    def __init__(self, packing: str) -> None:
        self.packing = packing
        self._member = zlib.decompressobj(_WINDOW_BITS[packing])

    @property
    def is_whole(self) -> bool:
        """Whether the end was seen, with its checksum."""
        return self._member.eof

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """Give what the next part holds, 64 KB at most at once. Raises zlib.error."""
        # In small pieces: zlib copies what it could not use yet, each time it stops.
        for start in range(0, len(packed), _PACKED_AT_ONCE):
            piece, is_pending = packed[start : start + _PACKED_AT_ONCE], True
            while is_pending:
                if self._member.eof and not (piece := self._next_member(piece)):
                    break
                part = self._member.decompress(piece, _UNPACKED_AT_ONCE)
                if part:
                    yield part
                is_ended = self._member.eof
                piece = self._member.unused_data if is_ended else self._member.unconsumed_tail
                is_pending = bool(piece) or (not is_ended and len(part) == _UNPACKED_AT_ONCE)

    def _next_member(self, piece: bytes) -> bytes:
        """Begin another member of a gzip stream, if there is one; zeros and blanks are padding."""
        if piece := piece.lstrip(b"\0\r\n\t "):
            if self.packing != "gzip":
                raise zlib.error("there is more after the end")
            self._member = zlib.decompressobj(_WINDOW_BITS["gzip"])
        return piece


@dataclass(slots=True)
class Layer:
    """Takes a body in that may be packed, and gives it unpacked; `limit` in bytes.

    `named` are the packings that a header names, the outermost first. Only gzip is certain by its
    first bytes. Whatever else looks packed is held as it came until it proved to be: if it did
    not, it is no packed body, or, where a header named a packing and it is no text, a broken one.
    """

    limit: int
    named: tuple[str, ...] = ()
    depth: int = 1
    _size: int = 0
    _parts: list[bytes] = field(default_factory=list)
    """As they came; empty in a layer of gzip."""
    _is_decided: bool = False
    _stream: Stream | None = None
    _inner: "Layer | None" = None
    _fault: str = ""

    def take(self, part: bytes) -> None:
        """Take in what comes next. Raises TooLong and Broken."""
        self._size += len(part)
        if self._size > self.limit:
            raise TooLong
        if not self._is_gzip:
            self._parts.append(part)
        if self._is_decided:
            self._unpack(part)
        elif self._size > 1:
            self._begin()

    def whole(self) -> bytes:
        """All of it, unpacked. Raises TooLong and Broken."""
        if self._size and not self._is_decided:
            self._begin()
        if self._stream and not self._stream.is_whole:
            self._fault = f"its {self._stream.packing} stream was cut short"
        if self._inner and not self._fault:
            return self._inner.whole()
        body = b"".join(self._parts)
        if self._fault and (self._is_gzip or (self.named and not _is_text(body))):
            raise Broken(self._fault)
        return body

    @property
    def _is_gzip(self) -> bool:
        return self._stream is not None and self._stream.packing == "gzip"

    def _begin(self) -> None:
        self._is_decided = True
        body = b"".join(self._parts)
        packing = self._packing_of(body)
        if not packing or self.depth > LAYERS_AT_MOST:
            if packing == "gzip":
                raise Broken(f"it is packed more than {LAYERS_AT_MOST} times")
            return
        self._stream = Stream(packing)
        self._inner = Layer(self.limit, self.named[1:], self.depth + 1)
        if self._is_gzip:
            self._parts.clear()
        self._unpack(body)

    def _packing_of(self, body: bytes) -> str:
        """The packing by the first two bytes, of which the second may never have come."""
        if body.startswith(GZIP) or (self.named and body == GZIP[:1]):
            return "gzip"
        if is_zlib(body):
            return "zlib"
        return "deflate" if self.named[:1] == ("deflate",) else ""

    def _unpack(self, part: bytes) -> None:
        if not self._stream or not self._inner:
            return
        try:
            for unpacked in self._stream.unpack(part):
                self._inner.take(unpacked)
        except zlib.error:
            fault = f"its {self._stream.packing} stream is damaged"
            if self._is_gzip:
                raise Broken(fault) from None
            # Nothing marks the start of a bare deflate stream: it was none.
            self._fault = "" if self._stream.packing == "deflate" else fault
            self._stream = self._inner = None


def is_zlib(start: bytes) -> bool:
    """Whether a body may be zlib's by its first two bytes; some texts begin so, too (`x^`)."""
    if len(start) < 2:
        return False
    method, flags = start[0], start[1]
    has_dictionary = bool(flags & 0x20)
    return method & 0x8F == 8 and not has_dictionary and (method << 8 | flags) % 31 == 0


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
