"""Small pictures made by code: real PNG, JPEG, WebP, GIF and SVG files, another one for every path.

A share of raster pictures can lie about their type (JPEG bytes under a .png name), a share of SVG
files can carry a script: what a mirror must see in the bytes. The types are those of recorded
paths; 404 for one that is not there is the belief `absent_image_is_404`.
"""

import struct
import zlib

from tests.tmdb.chance import mix, share, tag

MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "svg": "image/svg+xml",
}

_LIE, _SCRIPT = tag("lie"), tag("script")


def picture(
    path: str, *, mislabelled: float = 0.0, scripted: float = 0.0
) -> tuple[bytes, str] | None:
    """Draw the picture of a path: bytes and the type its name claims; None: no known type."""
    extension = path.rpartition(".")[2].lower()
    if extension not in MEDIA_TYPES:
        return None
    key = tag(path)
    bits = mix(key, len(path))
    kind = "jpg" if extension == "jpeg" else extension
    if kind != "svg" and share(_LIE, key) < mislabelled:
        kind = {"png": "jpg", "jpg": "webp", "webp": "png", "gif": "png"}[kind]
    script = kind == "svg" and share(_SCRIPT, key) < scripted
    return (svg(bits, script=script) if kind == "svg" else _DRAW[kind](bits)), MEDIA_TYPES[
        extension
    ]


def png(bits: int) -> bytes:
    """Draw an 8 by 8 chequered PNG in a colour and pattern of its own."""
    colour = struct.pack(">I", bits & 0xFFFF_FFFF)[1:]
    row = b"".join(colour if bits >> (32 + x) & 1 else b"\xff\xff\xff" for x in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    body = zlib.compress((b"\0" + row) * 8)
    note = struct.pack(">Q", bits)
    chunks = (
        (b"IHDR", header),
        (b"tEXt", b"id\0" + note.hex().encode()),
        (b"IDAT", body),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(name, data) for name, data in chunks)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def jpeg(bits: int) -> bytes:
    """Draw an 8 by 8 grey JPEG: one block, its brightness only, so two Huffman codes are enough."""
    quantisation = b"\xff\xdb" + struct.pack(">HB", 67, 0) + b"\x08" * 64
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 8, 8, 1) + b"\x01\x11\x00"
    # One-bit codes: "0" says that six bits of brightness follow (DC), or that the block ends (AC).
    codes = b"\x01" + b"\0" * 15
    tables = b"".join(
        b"\xff\xc4" + struct.pack(">HB", 20, place) + codes + value
        for place, value in ((0x00, b"\x06"), (0x10, b"\x00"))
    )
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00"
    note = f"{bits:016x}".encode()
    comment = b"\xff\xfe" + struct.pack(">H", 2 + len(note)) + note
    # 0, six bits, 0: eight bits in all; a value under 32 is a negative brightness.
    return (
        b"\xff\xd8"
        + quantisation
        + frame
        + tables
        + comment
        + scan
        + bytes([(bits & 0x3F) << 1])
        + b"\xff\xd9"
    )


def webp(bits: int) -> bytes:
    """Draw a one-colour lossless WebP: five one-symbol codes, then a pixel takes no bits."""
    stream, length = 0, 0
    symbols = ((bits & 0xFF, 8), (bits >> 8 & 0xFF, 8), (bits >> 16 & 0xFF, 8), (255, 8), (0, 1))
    fields = [(7, 14), (7, 14), (0, 1), (0, 3), (0, 1), (0, 1), (0, 1)]
    for symbol, width in symbols:
        fields += [(1, 1), (0, 1), (1 if width == 8 else 0, 1), (symbol, width)]
    for value, width in fields:
        stream |= value << length
        length += width
    data = b"\x2f" + stream.to_bytes((length + 7) // 8, "little")
    chunk = b"VP8L" + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def gif(bits: int) -> bytes:
    """Draw a 1 by 1 GIF."""
    palette = struct.pack(">Q", bits)[:6]
    image = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    return b"GIF89a\x01\0\x01\0\x80\0\0" + palette + image + b"\x3b"


def svg(bits: int, *, script: bool = False) -> bytes:
    """Draw an SVG, if wanted with a script in it."""
    active = "<script>alert(1)</script>" if script else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" fill="#{bits & 0xFFFFFF:06x}"/>'
        f'<circle cx="32" cy="32" r="{4 + (bits >> 24) % 24}"/>'
        f"<desc>{bits:016x}</desc>{active}</svg>"
    ).encode()


_DRAW = {"png": png, "jpg": jpeg, "webp": webp, "gif": gif}
