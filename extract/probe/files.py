"""Looking at the first bytes of a file: gzip that breaks off, and lines in it."""

import zlib

from extract.probe.outcomes import Reply

MOST_UNPACKED = 1024 * 1024


def is_file(reply: Reply) -> bool:
    """Say whether the file that was asked for is there."""
    return reply.status is not None and reply.status < 300


def beginning_of(packed: bytes) -> bytes | None:
    """Unpack the first bytes of a gzip stream, 1 MB at most; None where it is none."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed, MOST_UNPACKED)
    except zlib.error:
        return None


def whole_lines(text: bytes) -> list[bytes]:
    """Give the lines of a beginning, but for the last, which may be cut."""
    return text.split(b"\n")[:-1]
