"""Small WebP copies of an image, from its bytes: `scaled(body, content_type, widths)`.

Nothing that is sent is trusted. What the head of the file says of its size is looked at before a
pixel is decoded; only the decoder of the type that the bytes were found to be is asked; and as many
images are decoded at once as there are processors, which bounds the memory whatever the number of
threads. An image that cannot be scaled is no fault of the mirror: the reason is told, and the
original is kept all the same.
"""

import io
import os
import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from PIL import ExifTags, Image, ImageOps

from extract.mirror.sniffing import AVIF, GIF, JPEG, PNG, WEBP

MAX_PIXELS = 40_000_000
"""160 MB decoded. The largest originals of TMDb's have 24 million."""
QUALITY = 80

_DECODERS = {
    PNG.content_type: "PNG",
    JPEG.content_type: "JPEG",
    GIF.content_type: "GIF",
    WEBP.content_type: "WEBP",
    AVIF.content_type: "AVIF",
}
_AT_ONCE = threading.BoundedSemaphore(os.cpu_count() or 1)

# Pillow looks as well, at every frame: with the same bound, and as an error.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Rendition:
    """A WebP of an image; width and height in pixels."""

    width: int
    height: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scaled:
    """What came of an image: renditions by width, and why there are none where there could be."""

    renditions: tuple[Rendition, ...] = ()
    failure: str | None = None


def scaled(body: bytes, content_type: str, widths: Sequence[int]) -> Scaled:
    """The image at each of `widths` that is less than its own: nothing is scaled up.

    SVG scales by itself and has none; of what moves the first picture is taken.
    """
    decoder = _DECODERS.get(content_type)
    if decoder is None or not widths:
        return Scaled()
    try:
        with _AT_ONCE:
            return Scaled(tuple(_scale(body, decoder, sorted(widths))))
    except Exception as error:  # a decoder may raise anything over bytes that are anybody's
        return Scaled(failure=f"{type(error).__name__}: {error}"[:200])


def _scale(body: bytes, decoder: str, widths: Sequence[int]) -> list[Rendition]:
    with Image.open(io.BytesIO(body), formats=(decoder,)) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError(f"{image.width:,} by {image.height:,} pixels are too many to decode")
        # Cameras turn a picture by a note in its head: what was its height is seen as its width.
        is_turned = image.getexif().get(ExifTags.Base.Orientation, 1) >= 5
        own_width = image.height if is_turned else image.width
        if not (narrower := [width for width in widths if width < own_width]):
            return []
        # Of a JPEG a half, a quarter or an eighth can be decoded: as much as is twice the need.
        share = min(1, 2 * narrower[-1] / own_width)
        image.draft(None, (ceil(image.width * share), ceil(image.height * share)))
        upright = _plain(ImageOps.exif_transpose(image))
    return [_at_width(upright, width) for width in narrower]


def _plain(image: Image.Image) -> Image.Image:
    """In one of the modes that WebP has: palettes, inks, greys of 16 bits and one bit have none."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda grey: grey / 257).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")


def _at_width(image: Image.Image, width: int) -> Rendition:
    height = max(1, round(image.height * width / image.width))
    small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    written = io.BytesIO()
    small.save(written, "WEBP", quality=QUALITY, method=4)
    return Rendition(width, height, written.getvalue())
