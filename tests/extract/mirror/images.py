"""Small real images, and everything that is sent in their place."""

import base64
import struct
import zlib


def png(
    seed: int = 0, *, width: int = 6, height: int = 4, padding: int = 0, pixels: bytes | None = None
) -> bytes:
    """A PNG of one colour; every seed gives other bytes, `padding` more of them.

    With other `pixels` it is whole by its lengths and checksums, and no decoder can read it.
    """
    pixel = bytes((seed & 255, seed >> 8 & 255, seed >> 16 & 255))
    rows = b"".join(b"\x00" + pixel * width for _ in range(height))
    noise = b"".join(zlib.crc32(b"%d.%d" % (seed, n)).to_bytes(4) for n in range(padding // 4))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + (_chunk(b"prVt", noise) if noise else b"")
        + _chunk(b"IDAT", zlib.compress(rows) if pixels is None else pixels)
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKra"
    "rYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4"
    "+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAEAAYDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAA"
    "AAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk"
    "M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT"
    "lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QA"
    "HwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdh"
    "cRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hp"
    "anN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk"
    "5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwCtRRRUHef/2Q=="
)
GIF = base64.b64decode("R0lGODdhBgAEAIEAAMgePAAAAAAAAAAAACwAAAAABgAEAAAICwABCBxIsKDBgQEBADs=")
WEBP = base64.b64decode(
    "UklGRjIAAABXRUJQVlA4ICYAAABwAQCdASoGAAQABUB8JaACdAFAAAD+5fntIfZ/8EF+IP1BqAAAAA=="
)
AVIF = base64.b64decode(
    "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAA"
    "AAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAAJAAAAChpaW5mAAAA"
    "AAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAABqaXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAABgAAAAQA"
    "AAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQB"
    "AoMEAAAALG1kYXQSAAoIGAhu0QENBoQyFh2Hh4Wd3HHHAsAAAJA1jjx6y7NHPUA="
)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>\n'

WHOLE = {
    "png": (png(), "image/png"),
    "jpg": (JPEG, "image/jpeg"),
    "gif": (GIF, "image/gif"),
    "webp": (WEBP, "image/webp"),
    "avif": (AVIF, "image/avif"),
    "svg": (SVG, "image/svg+xml"),
}

HTML = b"<!DOCTYPE html><html><body><svg xmlns='http://www.w3.org/2000/svg'/>Blocked</body></html>"

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>&e;</text></svg>'
_BILLION = b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha") for n in range(9)
)

REFUSED = {
    "no bytes": (b"", "empty"),
    "HTML": (HTML, "html"),
    "HTML after a comment": (b"<!-- hello --><html></html>", "html"),
    "JSON": (b'{"success": false, "status_code": 34}', "unknown_type"),
    "text": (b"not found", "unknown_type"),
    "a BMP": (b"BM" + bytes(60), "unknown_type"),
    "a TIFF": (b"II*\x00" + bytes(60), "unknown_type"),
    "a HEIC": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(40), "unknown_type"),
    "a ZIP": (b"PK\x03\x04" + bytes(60), "unknown_type"),
    "half a signature": (b"\x89PNG", "unknown_type"),
    "a signature alone": (b"\x89PNG\r\n\x1a\n", "truncated"),
    "a PNG cut short": (png()[:-9], "truncated"),
    "a PNG of no width": (png(width=0), "malformed"),
    "a PNG with a flipped bit": (png()[:20] + b"\xff" + png()[21:], "malformed"),
    "a JPEG cut short": (JPEG[:-2], "truncated"),
    "a JPEG's first bytes": (b"\xff\xd8\xff", "truncated"),
    "a JPEG of garbage": (b"\xff\xd8\xff\xe0\x00\x04ab" + b"garbage" * 9, "malformed"),
    "a GIF cut short": (GIF[:-1], "truncated"),
    "a GIF of no height": (GIF[:8] + b"\x00\x00" + GIF[10:], "malformed"),
    "a WebP cut short": (WEBP[:-4], "truncated"),
    "a WAV in WebP's container": (WEBP[:8] + b"WAVE" + WEBP[12:], "unknown_type"),
    "an AVIF cut short": (AVIF[:-4], "truncated"),
    "an AVIF without its picture": (AVIF[:267], "truncated"),
    "an SVG cut short": (SVG[:-10], "truncated"),
    "an SVG badly nested": (SVG.replace(b"/>", b">"), "malformed"),
    "an SVG of no namespace": (b"<svg><circle r='4'/></svg>", "unknown_type"),
    "XML": (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "unknown_type"),
    "an SVG that reads a file": (
        b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + _SVG,
        "unsafe_svg",
    ),
    "an SVG that calls home": (
        b'<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://127.0.0.1:9/e"> %p;]>' + _SVG,
        "unsafe_svg",
    ),
    "an SVG that grows a billionfold": (
        b"<!DOCTYPE svg [" + _BILLION + b"]>" + _SVG.replace(b"&e;", b"&e8;"),
        "unsafe_svg",
    ),
    "an SVG with one huge entity": (
        b'<!DOCTYPE svg [<!ENTITY e "' + b"ha" * 600 + b'">]>' + _SVG,
        "unsafe_svg",
    ),
}
