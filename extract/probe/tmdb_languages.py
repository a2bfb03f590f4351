"""The questions about which languages images and videos come in."""

from extract.probe.outcomes import (
    Question,
    Replies,
    Reply,
    Told,
    judged,
    mapping,
    not_asked,
    objects,
    otherwise,
)
from extract.probe.tmdb import IMAGE_LANGUAGES, LAST_VIDEO_LANGUAGES

FEWEST = 2
"""Languages: with fewer a series tells nothing of which languages come."""


def _languages(reply: Reply) -> dict[str, set[str]]:
    """The paths of images by language; `null` for none."""
    found: dict[str, set[str]] = {}
    images = mapping(reply.fields.get("images"))
    for kind in ("backdrops", "logos", "posters"):
        for each in objects(images.get(kind)):
            language = each.get("iso_639_1")
            name = language if isinstance(language, str) else "null"
            found.setdefault(name, set()).add(str(each.get("file_path")))
    return found


def _all_languages(replies: Replies) -> Told:
    plain, named = _languages(replies["series"]), _languages(replies["nested"])
    added = sorted(language for language in named if named[language] - plain.get(language, set()))
    if added:
        return otherwise(f"languages that came only when they were named: {len(added)}")
    if len(plain) < FEWEST:
        return not_asked("this series has images in one language, or none")
    return judged(True, f"images in {len(plain)} languages")


def _many_languages(replies: Replies) -> Told:
    plain, named = _languages(replies["series"]), _languages(replies["nested"])
    expected = {name: paths for name, paths in plain.items() if name in IMAGE_LANGUAGES}
    if not expected:
        return not_asked("this series has no images in the languages that were named")
    lacking = [name for name in expected if expected[name] - named.get(name, set())]
    came = f"{len(expected) - len(lacking)} of {len(expected)} languages came whole"
    return judged(not lacking, came)


def _other_languages(replies: Replies) -> Told:
    plain, named = _languages(replies["series"]), _languages(replies["nested"])
    if not plain.keys() - set(IMAGE_LANGUAGES):
        return not_asked("this series has no images in other languages than those named")
    others = named.keys() - set(IMAGE_LANGUAGES)
    return judged(not others, f"{len(others)} languages that were not named")


def _video_languages(replies: Replies) -> Told:
    five, last = (_video_ids(replies[name]) for name in ("series", "nested"))
    only_here = sorted(language for language in last if last[language] - five.get(language, set()))
    if only_here:
        return otherwise(f"came only where fewer were named: {', '.join(only_here)}")
    if not last.keys() & set(LAST_VIDEO_LANGUAGES):
        return not_asked("this series has no videos in the last of the five languages")
    return judged(True, f"videos in {len(five)} languages")


def _video_ids(reply: Reply) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in objects(mapping(reply.fields.get("videos")).get("results")):
        found.setdefault(str(each.get("iso_639_1")), set()).add(str(each.get("id")))
    return found


_LAST = "`/tv/{id}` with `videos` in five languages, and in the last two of them"
_NAMED = "`/tv/{id}` with `images`, without a language and with twelve"

LANGUAGE_QUESTIONS = (
    Question("images_come_in_all_languages", _NAMED, ("series", "nested"), _all_languages),
    Question("many_image_languages_are_taken", _NAMED, ("series", "nested"), _many_languages),
    Question(
        "image_languages_leave_out_the_others", _NAMED, ("series", "nested"), _other_languages
    ),
    Question("several_video_languages_are_taken", _LAST, ("series", "nested"), _video_languages),
)
