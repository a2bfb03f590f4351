"""Our own drawings in place of logos and posters: a mirrored pattern as PNG, initials as SVG.

They stand under the paths that TMDb gives, so that the mirror has something real to fetch, and show
nobody's brand. PNG is written with stored blocks, since compressors differ between machines and the
same bytes are wanted everywhere.
"""

import hashlib
import struct
import zlib
from html import escape

_CELLS, _CELL = 5, 12  # a 5 by 5 pattern of 12-pixel squares
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_STORED_BLOCK = 0xFFFF


def png(subject: str) -> bytes:
    """A 60 by 60 PNG whose pattern and two colours follow from the subject."""
    digest = hashlib.sha256(subject.encode()).digest()
    side = _CELLS * _CELL
    lines = b"".join(_line(digest, y // _CELL) for y in range(side))
    palette = _ground(digest) + _ink(digest)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", palette)
        + _chunk(b"IDAT", _stored(lines))
        + _chunk(b"IEND", b"")
    )


def svg(subject: str, name: str) -> bytes:
    """A 200 by 80 SVG: the name's initials on a rounded plate."""
    digest = hashlib.sha256(subject.encode()).digest()
    initials = "".join(word[0] for word in name.replace("+", " plus").split()[:3]).upper()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80" width="200" height="80">'
        f'<rect width="200" height="80" rx="12" fill="#{_ground(digest).hex()}"/>'
        f'<text x="100" y="54" font-family="sans-serif" font-size="40" text-anchor="middle" '
        f'fill="#{_ink(digest).hex()}">{escape(initials)}</text></svg>\n'
    ).encode()


def _line(digest: bytes, row: int) -> bytes:
    cells = [digest[row * 3 + min(column, 4 - column)] & 1 for column in range(_CELLS)]
    return b"\x00" + b"".join(bytes([cell]) * _CELL for cell in cells)


def _ground(digest: bytes) -> bytes:
    return bytes(channel // 3 for channel in digest[20:23])


def _ink(digest: bytes) -> bytes:
    return bytes(255 - channel // 3 for channel in digest[23:26])


def _stored(data: bytes) -> bytes:
    blocks = [data[at : at + _STORED_BLOCK] for at in range(0, len(data), _STORED_BLOCK)]
    body = b"".join(
        struct.pack("<BHH", block is blocks[-1], len(block), len(block) ^ _STORED_BLOCK) + block
        for block in blocks
    )
    return b"\x78\x01" + body + struct.pack(">I", zlib.adler32(data))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
