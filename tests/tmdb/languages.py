"""Which images and videos an answer holds: those in the languages that the request asks for.

Without `language` images come in all languages ([D] 2025; the recordings of a series' images hold
12 to 14) and videos in en-US alone ([L]); `include_image_language` and `include_video_language`
(comma-separated, `null`: without a language) add to `language` ([D]). That the first of them, sent
without `language`, leaves only what it names is a belief: nothing asks that way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.tmdb.world import Part

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


def languages_of(parameters: Mapping[str, Sequence[str]]) -> Languages:
    """Read the languages out of a request's query."""
    named = _listed(parameters, "language")
    own = frozenset({named[0].partition("-")[0]}) if named else frozenset()
    images = own | _listed_set(parameters, "include_image_language")
    videos = (own or frozenset({"en"})) | _listed_set(parameters, "include_video_language")
    return Languages(images or None, videos)


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


def _listed_set(parameters: Mapping[str, Sequence[str]], name: str) -> frozenset[str]:
    return frozenset(_listed(parameters, name))


def _language(entry: Any) -> str:
    language = entry.get("iso_639_1") if isinstance(entry, dict) else None
    return language if isinstance(language, str) else "null"
