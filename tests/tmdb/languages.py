"""Which images and videos an answer holds: those in the languages that the request asks for.

Without `language` images come in all languages ([D] 2025; the recordings of a series' images hold
12 to 14) and videos in en-US alone ([L]); `include_image_language` and `include_video_language`
(comma-separated, `null`: without a language) add to `language` ([D]). Beliefs are that the first of
them takes any number of languages (`many_image_languages_are_taken`) and, sent without `language`,
leaves only what it names (`image_languages_leave_out_the_others`), and that the second takes five
(`several_video_languages_are_taken`).
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.tmdb.world import Part

MOST_IMAGES = 5
"""So many image languages are taken where not any number is: once documented ([D])."""
DEPENDENT = frozenset({"images", "videos"})
"""The parts of a series whose contents depend on the languages asked for."""


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of one request, ISO 639-1, `null` for no language; None: all of them."""

    images: frozenset[str] | None = None
    videos: frozenset[str] | None = frozenset({"en"})

    def of(self, part: str) -> frozenset[str] | None:
        """Give the languages of `images` or `videos`; None for any other part, and for all."""
        return {"images": self.images, "videos": self.videos}.get(part)


def languages_of(
    parameters: Mapping[str, Sequence[str]], otherwise: Container[str] = ()
) -> Languages:
    """Read the languages out of a request's query, as an upstream does that may be otherwise."""
    named = _listed(parameters, "language")
    own = frozenset({named[0].partition("-")[0]}) if named else frozenset()
    most = MOST_IMAGES if "many_image_languages_are_taken" in otherwise else None
    images = own | frozenset(_listed(parameters, "include_image_language")[:most])
    if not own and images and "image_languages_leave_out_the_others" in otherwise:
        images = frozenset()
    elif not images and "images_come_in_all_languages" in otherwise:
        images = frozenset({"en", "null"})
    most = 1 if "several_video_languages_are_taken" in otherwise else None
    added = frozenset(_listed(parameters, "include_video_language")[:most])
    return Languages(images or None, (own or frozenset({"en"})) | added)


def in_languages(part: Part, languages: frozenset[str]) -> Part:
    """Leave out of a part's lists what is in another language."""
    return {
        field: [entry for entry in value if _language(entry) in languages]
        if isinstance(value, list)
        else value
        for field, value in part.items()
    }


def _listed(parameters: Mapping[str, Sequence[str]], name: str) -> list[str]:
    values = parameters.get(name) or [""]
    return [each for each in values[0].split(",") if each]


def _language(entry: Any) -> str:
    language = entry.get("iso_639_1") if isinstance(entry, dict) else None
    return language if isinstance(language, str) else "null"
