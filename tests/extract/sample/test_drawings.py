"""Every logo that the sample names can be fetched, is what its bytes say, and is ours."""

import struct
import zlib

import pytest

from extract.sample import answer
from extract.sample.drawings import png, svg
from extract.sample.facts import facts

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
LOGOS = sorted(
    {
        row["logo"]
        for brands in (facts().networks, facts().companies, facts().providers)
        for row in brands.values()
        if row["logo"]
    }
)


@pytest.mark.parametrize("path", LOGOS)
def test_a_logo_answers_with_a_picture_of_the_type_in_its_bytes(path: str) -> None:
    status, headers, body = answer(f"/original{path}")
    assert status == 200
    assert headers["content-type"].startswith("image/")
    if path.endswith(".svg"):
        assert body.startswith(b"<svg ")
        assert b"<script" not in body
    else:
        assert body.startswith(PNG_SIGNATURE)
    assert answer(f"/t/p/original{path}") == (status, headers, body)


def test_a_drawing_is_a_whole_png() -> None:
    body = png("/subject.png")
    at, chunks = len(PNG_SIGNATURE), {}
    while at < len(body):
        (length,) = struct.unpack(">I", body[at : at + 4])
        kind, data = body[at + 4 : at + 8], body[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", body[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(kind + data)
        chunks[kind] = data
        at += 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    assert len(zlib.decompress(chunks[b"IDAT"])) == height * (width + 1)
    assert b"IEND" in chunks


def test_drawings_differ_between_subjects_and_never_between_days() -> None:
    assert len({png(path) for path in LOGOS}) == len(LOGOS)
    assert zlib.crc32(png("/subject.png")) == 672709478
    assert zlib.crc32(svg("/subject.svg", "Some Network")) == 2798143747


def test_a_name_with_markup_in_it_stays_text() -> None:
    assert b"<b" not in svg("/x.svg", "<b> & c")
