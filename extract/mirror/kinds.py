"""What is mirrored: one literal for each kind of image, one for each host that images come from.

A further kind is one more entry of `KINDS`, and rows of that kind in `marts.images_wanted`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from extract.mirror.errors import KindUnknown
from extract.settings import Settings

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of image: where its objects are kept, how large one may be, who refers to them."""

    name: str
    folder: str
    """Of the object's key; `{owner}` is the owner's id, `{source}` where the image comes from."""
    references: str
    """A query over the warehouse: owner_id, file_path, and the key of the object shown for it."""
    max_bytes: int = 8 * MEBIBYTE

    def object_key(self, owner_id: str, source: str, sha256: str, extension: str) -> str:
        """The content-addressed key of an image's object."""
        folder = self.folder.format(owner=owner_id, source=source)
        return f"{folder}/{sha256}.{extension}"

    @property
    def prefix(self) -> str:
        """What the keys of all its objects begin with."""
        return self.folder.partition("{")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSource:
    """A host of images: the setting that holds its address, and which paths are images of it."""

    name: str
    title: str
    setting: str
    path: str
    """Of an image as first published; `{file_path}` is what the work list holds."""
    file_path: re.Pattern[str]

    def base_url(self, settings: Settings) -> str:
        """Where it is."""
        return str(getattr(settings, self.setting))


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            name="networks",
            folder="images/logos/networks/{owner}",
            references="select network_id, logo_path, hosted_logo_key from core.networks",
        ),
        Kind(
            name="production_companies",
            folder="images/logos/production_companies/{owner}",
            references="select production_company_id, logo_path, hosted_logo_key"
            " from core.production_companies",
        ),
        Kind(
            name="watch_providers",
            folder="images/logos/watch_providers/{owner}",
            references="select provider_id, logo_path, hosted_logo_key from core.watch_providers",
        ),
    )
}

IMAGE_SOURCES: Mapping[str, ImageSource] = {
    source.name: source
    for source in (
        ImageSource(
            name="tmdb",
            title="TMDb's image host",
            setting="tmdb_image_base_url",
            path="/original{file_path}",
            # One name under the root: nothing that climbs, queries or leads to another host.
            file_path=re.compile(r"/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}"),
        ),
    )
}

OBJECT_KEY = re.compile(r"images/[a-z0-9_/-]+/(?:[0-9a-f]{64}\.[a-z]{3,4}|\.unfinished-[a-z0-9_]+)")
"""Keys that the mirror writes, and what a killed one leaves behind: all that prune looks at."""


def chosen_kinds(names: Iterable[str] | None) -> tuple[Kind, ...]:
    """The kinds of these names, all of them for None; raises KindUnknown."""
    if names is None:
        return tuple(KINDS.values())
    asked = tuple(dict.fromkeys(names))
    for name in asked:
        if name not in KINDS:
            raise KindUnknown(name, tuple(KINDS))
    return tuple(KINDS[name] for name in asked)
