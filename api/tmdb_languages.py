"""Which images and videos an answer under `/3` holds: those in the languages that are asked for.

As TMDb does: without `language` images come in all languages and videos in English alone;
`include_image_language` and `include_video_language` add languages to `language`.
"""

import json
from dataclasses import dataclass
from typing import Annotated, LiteralString

from fastapi import Depends, Query

_MOST = 50
_NONE = "null"
"""What a client writes for images and videos without a language."""

DOCUMENT: LiteralString = """
    case
        when answers.resource = 'tmdb_tv_videos' then
            answers.document || jsonb_build_object(
                'results',
                jsonb_path_query_array(
                    answers.document,
                    '$.results[*] ? (@.iso_639_1 == $languages[*])',
                    %(video_languages)s::jsonb
                )
            )
        when answers.resource = 'tmdb_tv_images' and %(image_languages)s::jsonb is not null then (
            select answers.document || coalesce(
                jsonb_object_agg(
                    kind,
                    jsonb_path_query_array(
                        answers.document -> kind,
                        '$[*] ? (@.iso_639_1 == $languages[*])',
                        %(image_languages)s::jsonb
                    )
                ),
                '{}'
            )
            from unnest('{backdrops,logos,posters}'::text[]) as kind
            where answers.document ? kind
        )
        else answers.document
    end
"""
"""The document of the row of `answers`, in the languages that `Languages.values` names."""


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of one request, as its client wrote them: `en-US`, `de,null`."""

    language: str = ""
    images: str = ""
    videos: str = ""

    @property
    def values(self) -> dict[str, str | None]:
        """The parameters of `DOCUMENT`; no languages of images: all of them."""
        own = [self.language[:2].lower()] if self.language else []
        images = [*own, *_listed(self.images)]
        videos = [*(own or ["en"]), *_listed(self.videos)]
        return {
            "image_languages": _named(images) if images else None,
            "video_languages": _named(videos),
        }


def _of_request(
    language: Annotated[
        str, Query(description="Language of images and videos (`en-US`). Texts are as they are.")
    ] = "",
    include_image_language: Annotated[
        str, Query(description="Further languages of images, between commas; `null`: without one.")
    ] = "",
    include_video_language: Annotated[
        str, Query(description="Further languages of videos, between commas; `null`: without one.")
    ] = "",
) -> Languages:
    return Languages(language, include_image_language, include_video_language)


Spoken = Annotated[Languages, Depends(_of_request)]


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",")[:_MOST] if each.strip()]


def _named(languages: list[str]) -> str:
    codes = [None if each == _NONE else each[:2].replace("\0", "") for each in languages]
    return json.dumps({"languages": codes})
