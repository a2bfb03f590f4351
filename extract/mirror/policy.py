"""Which images this mirror fetches, of those that the warehouse knows: the `MIRROR_…` settings.

The warehouse is a function of what was landed, and two mirrors of one warehouse may want different
things (a folder with everything, a bucket with posters): so the work list holds every candidate,
with its rank, and the policy is applied as the mirror asks for its work. It says what is fetched,
not what is kept: what was mirrored under a wider policy stays while the warehouse names it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extract.errors import SettingsError
from extract.mirror.errors import KindUnknown
from extract.mirror.kinds import IMAGE_SOURCES, Kind, chosen_kinds
from extract.settings import Settings

WIDEST = 2_000
"""Wider ones are no renditions for lists; that is what the original is for."""

_LANGUAGE = re.compile(r"[a-z]{2}")
_WIDTH = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Of each kind, the first `per_owner` images of an owner, by the order of primary images.

    An image in a language that is none of `languages` does not count; one without language does,
    and with no `languages` every one.
    """

    kinds: tuple[Kind, ...]
    languages: tuple[str, ...] = ()
    per_owner: int = 1
    rendition_widths: tuple[int, ...] = ()
    """In pixels; of every image that is fetched, and of every one that is held."""

    @property
    def kind_names(self) -> list[str]:
        """The kinds by name."""
        return [kind.name for kind in self.kinds]

    @property
    def source_names(self) -> list[str]:
        """The sources whose terms allow copies of their images."""
        return [
            source.name for source in IMAGE_SOURCES.values() if source.source.images_may_be_kept
        ]


def policy_of(settings: Settings, kinds: Iterable[str] | None = None) -> Policy:
    """The policy of the settings; `kinds` go before theirs. Raises KindUnknown, SettingsError."""
    if kinds is not None:
        chosen = chosen_kinds(kinds)
    else:
        try:
            chosen = chosen_kinds(_listed(settings.mirror_kinds))
        except KindUnknown as error:
            remedy = f"name some of {error.listed()}, or `all`"
            why = f"is wrong (`{error.kind}` is no kind of image)"
            raise SettingsError("MIRROR_KINDS", why, remedy) from None
    languages = _listed(settings.mirror_languages)
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            why = f"is wrong (`{language[:20]}` is no language of two letters)"
            raise SettingsError("MIRROR_LANGUAGES", why, "write it as `en,de`, or unset it for any")
    return Policy(
        kinds=chosen,
        languages=languages,
        per_owner=settings.mirror_images_per_owner,
        rendition_widths=_widths(settings.mirror_rendition_widths),
    )


def _widths(setting: str) -> tuple[int, ...]:
    widths = _listed(setting)
    for width in widths:
        if not (_WIDTH.fullmatch(width) and int(width) <= WIDEST):
            why = f"is wrong (`{width[:20]}` is no width in pixels)"
            remedy = f"write it as `185,500`, each at most {WIDEST:,}, or unset it for none"
            raise SettingsError("MIRROR_RENDITION_WIDTHS", why, remedy)
    return tuple(sorted(map(int, widths)))


def _listed(setting: str) -> tuple[str, ...]:
    names = (name.strip() for name in setting.split(","))
    return tuple(dict.fromkeys(name for name in names if name))
