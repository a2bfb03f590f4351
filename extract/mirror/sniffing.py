"""The type of an image, from its bytes alone: names and headers may lie.

A type counts only when the file is whole as well: its own lengths, checksums and end marks are
walked, so that a download cut short is refused and not kept for good. Nothing is decoded.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from extract.mirror import svg
from extract.mirror.refusal import Refused


@dataclass(frozen=True, slots=True)
class ImageType:
    """A type that is kept: the ending of its keys, and what it is served as."""

    extension: str
    content_type: str


PNG = ImageType("png", "image/png")
JPEG = ImageType("jpg", "image/jpeg")
GIF = ImageType("gif", "image/gif")
WEBP = ImageType("webp", "image/webp")
AVIF = ImageType("avif", "image/avif")
SVG = ImageType("svg", "image/svg+xml")


def image_type(body: bytes) -> ImageType:
    """The type of a whole image; raises Refused with the reason."""
    if not body:
        raise Refused("empty", "the answer has no bytes")
    for begins, kind, check in _FORMATS:
        if begins(body):
            check(body)
            return kind
    if svg.looks_like_markup(body):
        svg.check(body)
        return SVG
    raise Refused("unknown_type", f"begins with the bytes {body[:8].hex(' ')}")


def _check_png(body: bytes) -> None:
    position, chunks = 8, 0
    while position + 12 <= len(body):
        length, name = struct.unpack_from(">I4s", body, position)
        end = position + 12 + length
        if end > len(body):
            break
        if chunks == 0 and (name != b"IHDR" or length != 13):
            raise Refused("malformed", "a PNG that does not begin with its header")
        if chunks == 0 and 0 in struct.unpack_from(">II", body, position + 8):
            raise Refused("malformed", "a PNG of no width or height")
        (checksum,) = struct.unpack_from(">I", body, end - 4)
        if zlib.crc32(memoryview(body)[position + 4 : end - 4]) != checksum:
            raise Refused("malformed", f"a PNG whose part {name!r} fails its checksum")
        if name == b"IEND":
            return
        position, chunks = end, chunks + 1
    raise Refused("truncated", f"a PNG that ends inside, at byte {len(body):,}")


def _check_jpeg(body: bytes) -> None:
    position, framed = 2, False
    while position + 4 <= len(body):
        mark, code, length = struct.unpack_from(">BBH", body, position)
        if mark != 0xFF:
            raise Refused("malformed", f"a JPEG without a marker at byte {position:,}")
        if code == 0xFF:  # padding
            position += 1
            continue
        if 0xC0 <= code <= 0xCF and code not in (0xC4, 0xC8, 0xCC):
            framed = True
        if code == 0xDA:  # the picture itself follows, up to the end mark
            if not framed:
                raise Refused("malformed", "a JPEG without a frame")
            if body.find(b"\xff\xd9", position + 2 + length) < 0:
                break
            return
        position += 2 + length
    raise Refused("truncated", f"a JPEG that ends inside, at byte {len(body):,}")


def _check_gif(body: bytes) -> None:
    if len(body) < 14 or b"\x3b" not in body[13:]:
        raise Refused("truncated", f"a GIF that ends inside, at byte {len(body):,}")
    if 0 in struct.unpack_from("<HH", body, 6):
        raise Refused("malformed", "a GIF of no width or height")
    position = 13 + _color_table(body[10])
    while position < len(body):
        block = body[position]
        if block == 0x3B:
            return
        if block == 0x2C and position + 10 < len(body):
            position += 10 + _color_table(body[position + 9]) + 1
        elif block == 0x21:
            position += 2
        elif block != 0x2C:
            raise Refused("malformed", f"a GIF with an unknown block at byte {position:,}")
        else:
            break
        while position < len(body) and body[position]:
            position += 1 + body[position]
        position += 1
    raise Refused("truncated", f"a GIF that ends inside, at byte {len(body):,}")


def _color_table(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _check_webp(body: bytes) -> None:
    (length,) = struct.unpack_from("<I", body, 4)
    if length + 8 > len(body) or length < 12:
        raise Refused("truncated", f"a WebP of {length + 8:,} bytes that ends at {len(body):,}")
    if body[12:16] not in (b"VP8 ", b"VP8L", b"VP8X"):
        raise Refused("malformed", "a WebP without a picture")


def _check_avif(body: bytes) -> None:
    position, names = 0, []
    while position + 8 <= len(body):
        length, name = struct.unpack_from(">I4s", body, position)
        if length == 1 and position + 16 <= len(body):
            (length,) = struct.unpack_from(">Q", body, position + 8)
        elif length == 0:  # up to the end of the file
            length = len(body) - position
        if length < 8:
            raise Refused("malformed", f"an AVIF with a part of {length} bytes")
        names.append(name)
        position += length
    if position != len(body):
        raise Refused("truncated", f"an AVIF that ends inside, at byte {len(body):,}")
    if not (b"meta" in names or b"moov" in names) or not (b"mdat" in names or b"idat" in body):
        raise Refused("truncated", "an AVIF without its picture")


def _is_avif(body: bytes) -> bool:
    if body[4:8] != b"ftyp" or len(body) < 16:
        return False
    (length,) = struct.unpack_from(">I", body)
    brands = body[8 : min(length, 256)]
    return b"avif" in brands or b"avis" in brands


_FORMATS: tuple[tuple[Callable[[bytes], bool], ImageType, Callable[[bytes], None]], ...] = (
    (lambda body: body.startswith(b"\x89PNG\r\n\x1a\n"), PNG, _check_png),
    (lambda body: body.startswith(b"\xff\xd8\xff"), JPEG, _check_jpeg),
    (lambda body: body.startswith((b"GIF87a", b"GIF89a")), GIF, _check_gif),
    (
        lambda body: body[:4] == b"RIFF" and body[8:12] == b"WEBP" and len(body) >= 16,
        WEBP,
        _check_webp,
    ),
    (_is_avif, AVIF, _check_avif),
)
