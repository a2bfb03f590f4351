"""IMDb's pages as JSON: title, episodes of a season, full credits, and lists.

Pages are what somebody saved; none is ever fetched. JSON-LD goes first, then `__NEXT_DATA__`, whose
shape IMDb changes without a word: what is not where it was is missing, never an error.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from extract.errors import Unfit
from extract.parsers.scripts import PageData, read_page

VERSION = 1
"""Counted up with every change of what is parsed: pages that are held are parsed again then."""

_TITLE = re.compile(r"/title/(tt[0-9]{7,9})(?:[/?#]|$)")
_ID = re.compile(r"tt[0-9]{7,9}", re.ASCII)
_PERSON = re.compile(r"nm[0-9]{7,9}", re.ASCII)
_LIST = re.compile(r"/list/(ls[0-9]{6,12})(?:[/?#]|$)")
_LONGEST = 10_000
_MOST = 50_000

Parsed = dict[str, Any]


def parse_page(body: bytes) -> Parsed:
    """Say what a page holds: `kind` (title, episodes, credits), `imdb_id`, and the kind's fields.

    Raises Unfit for a page that is none of these, or names no title.
    """
    page = read_page(body)
    props = _at(page.next_data, "props", "pageProps")
    content = _at(props, "contentData")
    if _at(content, "section", "episodes"):
        return _episodes(content)
    if isinstance(_at(content, "categories"), list):
        return _credits(page, content)
    return _title(page, props)


def parse_list(body: bytes) -> tuple[str | None, list[str]]:
    """Give the id of a list that was saved as a page (None: unknown), and its titles in order."""
    page = read_page(body)
    found: dict[str, None] = {}
    for entry in page.linked_data:
        elements = entry.get("itemListElement")
        for element in elements[:_MOST] if isinstance(elements, list) else ():
            url = _text(_at(element, "item", "url")) or _text(_at(element, "url")) or ""
            found.update(dict.fromkeys(_TITLE.findall(url)))
    if not found:
        found.update((each, None) for link in page.links for each in _TITLE.findall(link))
    named = _LIST.search(page.canonical) or next(filter(None, map(_LIST.search, page.links)), None)
    if not found:
        raise Unfit("no_titles", "it lists no title")
    return (named[1] if named else None), list(found)


def _title(page: PageData, props: Any) -> Parsed:
    linked = next((each for each in page.linked_data if _TITLE.search(_url(each))), {})
    main, above = _at(props, "mainColumnData"), _at(props, "aboveTheFoldData")
    known = [each for each in (main, above) if isinstance(each, dict)]
    imdb_id = next(iter(_TITLE.findall(_url(linked))), None) or _id(_first(known, "id"))
    if not imdb_id:
        raise Unfit("no_title", "it carries no data of a title")
    rating = linked.get("aggregateRating")
    return {
        "kind": "title",
        "imdb_id": imdb_id,
        "title_type": _text(_first(known, "titleType", "id")) or _text(linked.get("@type")),
        "title": _text(linked.get("name")) or _text(_first(known, "titleText", "text")),
        "original_title": _text(_first(known, "originalTitleText", "text")),
        "description": _text(linked.get("description"))
        or _text(_first(known, "plot", "plotText", "plainText")),
        "content_rating": _text(linked.get("contentRating"))
        or _text(_first(known, "certificate", "rating")),
        "rating_value": _number(_at(rating, "ratingValue"))
        or _number(_first(known, "ratingsSummary", "aggregateRating")),
        "rating_count": _whole(_at(rating, "ratingCount"))
        or _whole(_first(known, "ratingsSummary", "voteCount"))
        or None,
        "start_year": _whole(_first(known, "releaseYear", "year")),
        "end_year": _whole(_first(known, "releaseYear", "endYear")),
        "runtime_seconds": _whole(_first(known, "runtime", "seconds")),
        "genres": _texts(linked.get("genre"))
        or _texts([_at(each, "text") for each in _list(_first(known, "genres", "genres"))]),
    }


def _episodes(content: Any) -> Parsed:
    section = content["section"]
    imdb_id = _id(_at(content, "entityMetadata", "id"))
    if not imdb_id:
        raise Unfit("no_title", "its episodes are of no title")
    entries = [_episode(each) for each in _list(_at(section, "episodes", "items"))]
    return {
        "kind": "episodes",
        "imdb_id": imdb_id,
        "season_number": _whole(_at(section, "currentSeason")),
        "episodes": [each for each in entries if each],
    }


def _episode(entry: Any) -> Parsed | None:
    if not (imdb_id := _id(_at(entry, "id"))):
        return None
    return {
        "imdb_id": imdb_id,
        "season_number": _whole(_at(entry, "season")),
        "episode_number": _whole(_at(entry, "episode")),
        "title": _text(_at(entry, "titleText")) or _text(_at(entry, "titleText", "text")),
        "overview": _text(_at(entry, "plot")),
        "air_date": _date(_at(entry, "releaseDate")),
        "rating_value": _number(_at(entry, "aggregateRating")) or None,
        "rating_count": _whole(_at(entry, "voteCount")) or None,
        "image_url": _text(_at(entry, "image", "url")),
    }


def _credits(page: PageData, content: Any) -> Parsed:
    imdb_id = _id(_at(content, "entityMetadata", "id")) or next(
        iter(_TITLE.findall(page.canonical)), None
    )
    if not imdb_id:
        raise Unfit("no_title", "its credits are of no title")
    return {"kind": "credits", "imdb_id": imdb_id, "credits": list(_credited(content))[:_MOST]}


def _credited(content: Any) -> Iterator[Parsed]:
    for category in _list(content["categories"]):
        name = _text(_at(category, "name")) or _text(_at(category, "id"))
        for entry in _list(_at(category, "section", "items")):
            person = _text(_at(entry, "id")) or ""
            if _PERSON.fullmatch(person):
                yield {
                    "imdb_person_id": person,
                    "name": _text(_at(entry, "rowTitle")),
                    "category": name,
                    "characters": _texts(_at(entry, "characters")),
                    "attributes": _text(_at(entry, "attributes")),
                    "episode_count": _whole(_at(entry, "episodeCreditData", "episodeCount")),
                }


def _at(value: Any, *steps: str) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _first(known: list[dict[str, Any]], *steps: str) -> Any:
    found = (_at(each, *steps) for each in known)
    return next((value for value in found if value is not None), None)


def _url(entry: Mapping[str, Any]) -> str:
    return _text(entry.get("url")) or ""


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _text(value: Any) -> str | None:
    return (value.strip()[:_LONGEST] or None) if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    values = value[:_MOST] if isinstance(value, list) else [value]
    return [text for each in values if (text := _text(each))]


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < 1e12 else None


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value, re.ASCII):
        return int(value)
    is_whole = type(value) is int and abs(value) < 10**12
    return value if is_whole else None


def _date(value: Any) -> str | None:
    parts = [_whole(_at(value, name)) for name in ("year", "month", "day")]
    if None in parts:
        return None
    year, month, day = (part or 0 for part in parts)
    is_day = 1000 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31
    return f"{year:04d}-{month:02d}-{day:02d}" if is_day else None
