"""What the renditions of an image cost: seconds of a processor, and bytes, by type and size.

Pictures are made up: soft shapes under a fine grain. Time is the processor's, so that what else the
machine does hardly counts. Beside it stands the hashing of the same bytes, the least that the
mirror does with an image.
`python -m benchmarks.renditions [--widths 185,500] [--runs 5]`.
"""

import argparse
import hashlib
import io
import statistics
import time
from collections.abc import Callable
from functools import partial

from PIL import Image, ImageChops

from extract.mirror.scaling import scaled

PICTURES = (
    ("poster", "JPEG", "image/jpeg", (2000, 3000)),
    ("backdrop", "JPEG", "image/jpeg", (3840, 2160)),
    ("still", "JPEG", "image/jpeg", (1920, 1080)),
    ("logo", "PNG", "image/png", (1000, 400)),
)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--widths", default="185,500")
    parser.add_argument("--runs", type=int, default=5, help="of each; the median is shown")
    asked = parser.parse_args()
    widths = [int(width) for width in asked.widths.split(",")]
    print(f"widths {asked.widths}, medians of {asked.runs}")
    for name, file_format, content_type, size in PICTURES:
        body = picture(file_format, size)
        made = scaled(body, content_type, widths)
        hashing = seconds(partial(hashlib.sha256, body), asked.runs)
        scaling = seconds(partial(scaled, body, content_type, widths), asked.runs)
        sizes = ", ".join(f"{each.width}: {len(each.body):,}" for each in made.renditions)
        print(
            f"{name:9} {file_format:4} {size[0]} x {size[1]} {len(body):>9,} bytes"
            f"  scaled in {1000 * scaling:5.0f} ms, hashed in {1000 * hashing:4.1f} ms"
            f"  bytes by width: {sizes}"
        )
    return 0


def picture(file_format: str, size: tuple[int, int]) -> bytes:
    """An image that compresses as a photograph does."""
    shapes = Image.effect_noise((12, 12), 90).resize(size, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(size, 12)
    grey = ImageChops.add(shapes, grain, 2)
    turned = grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    written = io.BytesIO()
    Image.merge("RGB", (grey, turned, shapes)).save(written, file_format, quality=85)
    return written.getvalue()


def seconds(work: Callable[[], object], runs: int) -> float:
    """The processor's time that it takes, the median."""
    taken = []
    for _ in range(runs):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    raise SystemExit(main())
