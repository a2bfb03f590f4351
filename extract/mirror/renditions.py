"""Renditions on their way into the store, and what a receipt says of them.

They are kept beside their original, `…/{sha256}.jpg`, as `…/w185/{sha256 of their own}.webp`: by
their content like everything in the store, so that whoever serves, verifies or prunes objects needs
to know nothing more. What refers to them is the receipt of the original alone.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extract.mirror.sniffing import WEBP
from extract.mirror.store import ImageObject, Store

if TYPE_CHECKING:
    from extract.mirror.scaling import Rendition, Scaled


@dataclass(frozen=True, slots=True)
class Renditions:
    """What the receipt has to say, how much was uploaded, and why an image could not be scaled."""

    told: dict[str, Any] = field(default_factory=dict)
    uploaded: int = 0
    bytes: int = 0
    failure: str | None = None


def keep_renditions(store: Store, key: str, made: "Scaled", widths: Sequence[int]) -> Renditions:
    """Store what was made at `widths` of the image under `key`. Raises as the store does."""
    if not widths:
        return Renditions()
    objects = [_object(key, rendition) for rendition in made.renditions]
    uploaded = [each for each in objects if store.keep(each).uploaded]
    told = {
        "rendition_widths": sorted(widths),  # those that were tried; no image is scaled up
        "rendition_failure": made.failure,
        "renditions": [
            {
                "width": rendition.width,
                "height": rendition.height,
                "key": each.key,
                "url": store.url(each.key),
                "sha256": each.sha256,
                "content_type": each.content_type,
                "bytes": len(each.body),
            }
            for rendition, each in zip(made.renditions, objects, strict=True)
        ],
    }
    sent = sum(len(each.body) for each in uploaded)
    return Renditions(told, len(uploaded), sent, made.failure)


def with_urls(payload: dict[str, Any], store: Store) -> dict[str, Any]:
    """The receipt with the addresses that its objects have at the store now."""
    moved = payload | {"url": store.url(payload["key"])}
    if "renditions" in payload:
        moved["renditions"] = [
            each | {"url": store.url(each["key"])} for each in payload["renditions"]
        ]
    return moved


def _object(key: str, rendition: "Rendition") -> ImageObject:
    sha256 = hashlib.sha256(rendition.body).hexdigest()
    folder = key.rpartition("/")[0]
    name = f"{folder}/w{rendition.width}/{sha256}.{WEBP.extension}"
    return ImageObject(name, WEBP.content_type, rendition.body, sha256)
