"""In which language a client reads: `?language=`, else `Accept-Language`.

Documents are in English, as TMDb answers us. A translation that is held takes the place of title,
description and tagline, each where it has one; of several the one asked for first, of one language
that of the country asked for. Without a wish, or for English, the document is sent as it is.
"""

import re
from typing import Annotated, LiteralString

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

_TAG = re.compile(r"([a-z]{2})(?:-([a-z]{2}))?(?:-[a-z0-9-]*)?", re.IGNORECASE)
_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_MOST = 5
_LONGEST = 1_000
# What the documents are written in.
_OURS = "en"

Language = Annotated[
    str,
    Query(
        pattern="^[a-z]{2}(-[A-Z]{2})?$",
        description="Language of title and texts (ISO 639-1, and a country: `pt-BR`) where a "
        "translation is held; else what `Accept-Language` asks for, else English.",
    ),
]

# The best translation of the row of `shows`, for `%(languages)s`, which is never empty.
BEST: LiteralString = """
    select translations.*
    from marts.show_translations as translations
    where
        translations.show_id = shows.show_id
        and translations.language = any(
            select left(wish, 2) from unnest(%(languages)s::text[]) as wish
        )
    order by
        (
            select min(wishes.place)
            from unnest(%(languages)s::text[]) with ordinality as wishes (wish, place)
            where left(wishes.wish, 2) = translations.language
        ),
        coalesce(
            translations.language || '-' || translations.country = any(%(languages)s::text[]),
            false
        ) desc,
        translations.position
    limit 1
"""


def wanted_languages(request: Request, language: str | None) -> list[str]:
    """The languages to look for, best first; none where the documents are right as they are."""
    if language is not None:
        return [] if language[:2] == _OURS else [language]
    header = request.headers.get("accept-language", "")[:_LONGEST]
    wishes: list[tuple[float, str]] = []
    for offer in header.split(","):
        tag, _, parameter = offer.strip().partition(";")
        found = _TAG.fullmatch(tag.strip())
        quality = _QUALITY.fullmatch(parameter.replace(" ", "")) if parameter else None
        if found is None or (parameter and quality is None):
            continue
        wish = found[1].lower() + (f"-{found[2].upper()}" if found[2] else "")
        wishes.append((-float(quality[1]) if quality else -1.0, wish))
    ordered = [wish for weight, wish in sorted(wishes, key=lambda wish: wish[0]) if weight]
    best: list[str] = []
    for wish in ordered[:_MOST]:
        if wish[:2] == _OURS:
            break  # what is less wanted than what we have
        best.append(wish)
    return best


def vary(response: Response) -> Response:
    """Say to caches that the answer depends on `Accept-Language`."""
    response.headers["Vary"] = "Accept-Encoding, Accept-Language"
    return response
