"""What is mirrored: one literal for each kind of image, one for each host that images come from.

A further kind is one more entry of `KINDS`, and rows of that kind in `marts.image_candidates`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from extract.mirror.errors import KindUnknown
from extract.resource import Source
from extract.settings import Settings
from extract.sources.tmdb.resources import TMDB

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of image: where its objects are kept, how large one may be."""

    name: str
    folder: str
    """Of the object's key; `{owner}` is the owner as the work list names it, `{id}` the last part
    of that, `{source}` where the image comes from."""
    max_bytes: int = 8 * MEBIBYTE

    def object_key(self, owner_id: str, source: str, sha256: str, extension: str) -> str:
        """The content-addressed key of an image's object."""
        own_id = owner_id.rpartition("/")[2]
        folder = self.folder.format(owner=owner_id, id=own_id, source=source)
        return f"{folder}/{sha256}.{extension}"

    @property
    def prefix(self) -> str:
        """What the keys of all its objects begin with."""
        return self.folder.partition("{")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSource:
    """A host of images: the setting that holds its address, and which paths are images of it."""

    source: Source
    """Whose images they are; its terms say whether they may be kept."""
    title: str
    setting: str
    path: str
    """Of an image as first published; `{file_path}` is what the work list holds."""
    file_path: re.Pattern[str]

    @property
    def name(self) -> str:
        """As the work list names it."""
        return self.source.name

    def base_url(self, settings: Settings) -> str:
        """Where it is."""
        return str(getattr(settings, self.setting))


LARGE = 16 * MEBIBYTE
"""Originals of photographs; few have more than 5."""

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(name="networks", folder="images/logos/networks/{owner}"),
        Kind(name="production_companies", folder="images/logos/production_companies/{owner}"),
        Kind(name="watch_providers", folder="images/logos/watch_providers/{owner}"),
        Kind(
            name="show_posters",
            folder="images/shows/{owner}/poster/{source}",
            max_bytes=LARGE,
        ),
        Kind(
            name="show_backdrops",
            folder="images/shows/{owner}/backdrop/{source}",
            max_bytes=LARGE,
        ),
        Kind(name="show_logos", folder="images/shows/{owner}/logo/{source}"),
        Kind(name="season_posters", folder="images/seasons/{owner}/{source}", max_bytes=LARGE),
        Kind(name="episode_stills", folder="images/episodes/{id}/{source}", max_bytes=LARGE),
        Kind(
            name="person_photos",
            folder="images/people/{owner}/photos/{source}",
            max_bytes=LARGE,
        ),
    )
}

IMAGE_SOURCES: Mapping[str, ImageSource] = {
    source.name: source
    for source in (
        ImageSource(
            source=TMDB,
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


ALL_KINDS = "all"


def chosen_kinds(names: Iterable[str]) -> tuple[Kind, ...]:
    """The kinds of these names, every one for `all`; raises KindUnknown."""
    asked = tuple(dict.fromkeys(names))
    if ALL_KINDS in asked:
        return tuple(KINDS.values())
    for name in asked:
        if name not in KINDS:
            raise KindUnknown(name, tuple(KINDS))
    return tuple(KINDS[name] for name in asked)
