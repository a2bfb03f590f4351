"""Small copies of images: of every kind that is kept, whatever its mode, and of none that harms."""

import io
import struct
import zlib

import pytest
from PIL import Image

from extract.mirror.scaling import MAX_PIXELS, scaled
from extract.mirror.sniffing import image_type
from tests.extract.mirror import images

COLOUR = (200, 30, 60)
GREY = (84, 84, 84)


def encoded(
    mode: str, file_format: str, size: tuple[int, int] = (400, 600), **more: object
) -> bytes:
    """A real image of one colour, in a mode."""
    image = Image.new("RGB", size, COLOUR)
    if mode == "I;16":
        image = Image.frombytes(mode, size, struct.pack("<H", 84 * 257) * (size[0] * size[1]))
    elif mode == "P and transparency":
        image = image.quantize(4)
        more["transparency"] = image.getpixel((0, 0))
    else:
        image = image.convert(mode)
    written = io.BytesIO()
    image.save(written, file_format, **more)
    return written.getvalue()


def shown(body: bytes) -> Image.Image:
    """A rendition, decoded."""
    with Image.open(io.BytesIO(body)) as image:
        assert image.format == "WEBP"
        image.load()
        return image


def alike(pixel: object, colour: tuple[int, ...]) -> bool:
    """Whether a lossy copy shows the colour."""
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= 4 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    ("mode", "file_format", "colour"),
    [
        ("RGB", "PNG", COLOUR),
        ("RGB", "JPEG", COLOUR),
        ("RGB", "GIF", COLOUR),
        ("RGB", "WEBP", COLOUR),
        ("RGB", "AVIF", COLOUR),
        ("CMYK", "JPEG", COLOUR),
        ("P", "PNG", COLOUR),
        ("L", "JPEG", GREY),
        ("LA", "PNG", (*GREY, 255)),
        ("I;16", "PNG", GREY),
        ("RGBA", "PNG", (*COLOUR, 255)),
    ],
)
def test_an_image_of_any_type_and_mode_is_scaled_in_its_colours(
    mode: str, file_format: str, colour: tuple[int, ...]
) -> None:
    body = encoded(mode, file_format)
    made = scaled(body, image_type(body).content_type, (185, 92))
    assert made.failure is None
    assert [(each.width, each.height) for each in made.renditions] == [(92, 138), (185, 278)]
    for each in made.renditions:
        small = shown(each.body)
        assert small.size == (each.width, each.height)
        assert alike(small.convert("RGBA" if len(colour) == 4 else "RGB").getpixel((9, 9)), colour)


def test_what_is_transparent_stays_so() -> None:
    body = encoded("P and transparency", "PNG")
    (small,) = scaled(body, "image/png", (92,)).renditions
    assert shown(small.body).convert("RGBA").getpixel((9, 9))[3] == 0  # type: ignore[index]


def test_nothing_is_scaled_up() -> None:
    body = encoded("RGB", "PNG", (185, 10))
    made = scaled(body, "image/png", (184, 185, 500))
    assert ([each.width for each in made.renditions], made.failure) == ([184], None)
    assert made.renditions[0].height == 10


def test_a_strip_keeps_a_height() -> None:
    (small,) = scaled(encoded("RGB", "PNG", (3_000, 2)), "image/png", (92,)).renditions
    assert (small.width, small.height) == (92, 1)


def test_a_turned_photograph_stands_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    body = encoded("RGB", "JPEG", (600, 300), exif=turned)
    made = scaled(body, "image/jpeg", (150, 400))
    assert [(each.width, each.height) for each in made.renditions] == [(150, 300)]


def test_of_what_moves_the_first_picture_is_taken() -> None:
    first, second = (Image.new("RGB", (300, 300), colour) for colour in (COLOUR, (0, 0, 255)))
    for file_format, content_type in (("GIF", "image/gif"), ("WEBP", "image/webp")):
        written = io.BytesIO()
        first.save(written, file_format, save_all=True, append_images=[second], duration=100)
        (small,) = scaled(written.getvalue(), content_type, (92,)).renditions
        assert alike(shown(small.body).convert("RGB").getpixel((9, 9)), COLOUR)


def test_an_svg_has_none_and_no_fault() -> None:
    made = scaled(images.SVG, "image/svg+xml", (92,))
    assert (made.renditions, made.failure) == ((), None)


def test_a_bomb_is_refused_by_its_head_before_a_pixel_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def decode(*_: object) -> None:
        raise AssertionError("a pixel was decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    for width in (MAX_PIXELS // 1_000 + 1, MAX_PIXELS // 300, MAX_PIXELS):
        made = scaled(_bomb(width, 1_000), "image/png", (92,))
        assert made.renditions == ()
        assert "pixels" in (made.failure or "")


def _bomb(width: int, height: int) -> bytes:
    """A few bytes that claim to be so large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    rest = images.png()[33:]
    return b"\x89PNG\r\n\x1a\n" + chunk + rest


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (encoded("RGB", "JPEG")[:400] + b"\xff\xd9", "image/jpeg"),
        (encoded("RGB", "PNG")[:60], "image/png"),
        (encoded("RGB", "WEBP")[:60], "image/webp"),
        (encoded("RGB", "AVIF")[:300], "image/avif"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (encoded("RGB", "GIF"), "image/png"),
        (b"", "image/png"),
    ],
)
def test_what_cannot_be_decoded_is_told_and_raises_nothing(body: bytes, content_type: str) -> None:
    made = scaled(body, content_type, (92,))
    assert made.renditions == ()
    assert made.failure
    assert len(made.failure) <= 200


def test_the_same_bytes_give_the_same_renditions() -> None:
    body = encoded("RGB", "PNG")
    assert scaled(body, "image/png", (92, 185)) == scaled(body, "image/png", (185, 92))
