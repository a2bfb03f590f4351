"""IMDb's pages as JSON: title, episodes of a season, full credits, and lists.

Pages are what somebody saved; none is ever fetched. JSON-LD goes first, then `__NEXT_DATA__`, whose
shape IMDb changes without a word: what is not where it was is missing, never an error.

A page may hold a part only: 50 episodes of a season, 250 titles of a list. What is parsed says so
(`is_partial`), and of how many (`total_count`, null where the page does not say it).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from extract.errors import Unfit
from extract.parsers.scripts import PageData, read_page

VERSION = 2
"""Counted up with every change of what is parsed: pages that are held are parsed again then."""

_TITLE = re.compile(r"/title/(tt[0-9]{7,9})(?:[/?#]|$)")
_ID = re.compile(r"tt[0-9]{7,9}", re.ASCII)
_PERSON = re.compile(r"nm[0-9]{7,9}", re.ASCII)
_LIST = re.compile(r"/list/(ls[0-9]{6,12})(?:[/?#]|$)")
_SAVE_AGAIN = "save the page of the list again once its titles are shown, or export it as CSV"
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


def parse_list(body: bytes) -> Parsed:
    """Say what a saved page of a list holds: `list_id` (None: unknown) and `imdb_ids` in order.

    Titles are read from the page's data of the list alone, never from its links: those lead to
    titles that IMDb recommends as well. Raises Unfit for a page that carries no list.
    """
    page = read_page(body)
    linked = [each for each in page.linked_data if _is_list(each)]
    listed = _list_data(page.next_data)
    search = _at(listed, "titleListItemSearch")
    edges = _at(search, "edges")
    if not linked and not isinstance(edges, list):
        raise Unfit("no_list", f"it carries no list: {_SAVE_AGAIN}")
    urls = (url for each in linked for url in _urls(each["itemListElement"]))
    found = dict.fromkeys(imdb_id for url in urls for imdb_id in _TITLE.findall(url))
    ids = (_id(_at(edge, "listItem", "id")) for edge in _list(edges))
    found.update((imdb_id, None) for imdb_id in ids if imdb_id)
    if not found:
        raise Unfit("no_titles", "it lists no title")
    has_more = _at(search, "pageInfo", "hasNextPage")
    named = [page.canonical, *map(_url, linked), f"/list/{_text(_at(listed, 'id'))}/"]
    return {
        "list_id": next((match[1] for each in named if (match := _LIST.search(each))), None),
        "imdb_ids": list(found),
        **_extent(len(found), _at(search, "total"), has_more),
    }


def _is_list(linked: Parsed) -> bool:
    # The path to a page in the site's hierarchy has the same form as a list.
    is_path = linked.get("@type") == "BreadcrumbList"
    return isinstance(linked.get("itemListElement"), list) and not is_path


def _list_data(next_data: Any) -> Any:
    main = _at(next_data, "props", "pageProps", "mainColumnData")
    return _at(main, "list") or _at(main, "predefinedList")  # a watchlist


def _urls(elements: list[Any]) -> Iterator[str]:
    for element in elements[:_MOST]:
        yield _text(_at(element, "item", "url")) or _text(_at(element, "url")) or ""


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
    shown = section["episodes"]
    entries = [each for each in map(_episode, _list(_at(shown, "items"))) if each]
    held_count = len({each["imdb_id"] for each in entries})
    return {
        "kind": "episodes",
        "imdb_id": imdb_id,
        "season_number": _whole(_at(section, "currentSeason")),
        "episodes": entries,
        **_extent(held_count, _at(shown, "total"), _at(shown, "hasNextPage")),
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
    credits: list[Parsed] = []
    categories = []
    for category in _list(content["categories"]):
        entries = list(_credited(category))
        credits += entries
        name = _category_name(category)
        categories.append({"name": name, **_category_extent(category, len(entries))})
    return {
        "kind": "credits",
        "imdb_id": imdb_id,
        "credits": credits[:_MOST],
        "categories": categories,
        "is_partial": any(each["is_partial"] for each in categories),
        "total_count": _sum_known(each["total_count"] for each in categories),
    }


def _category_name(category: Any) -> str | None:
    return _text(_at(category, "name")) or _text(_at(category, "id"))


def _credited(category: Any) -> Iterator[Parsed]:
    for entry in _list(_at(category, "section", "items")):
        person = _text(_at(entry, "id")) or ""
        if _PERSON.fullmatch(person):
            yield {
                "imdb_person_id": person,
                "name": _text(_at(entry, "rowTitle")),
                "category": _category_name(category),
                "characters": _texts(_at(entry, "characters")),
                "attributes": _text(_at(entry, "attributes")),
                "episode_count": _whole(_at(entry, "episodeCreditData", "episodeCount")),
            }


def _category_extent(category: Any, held_count: int) -> Parsed:
    # No page of credits was at hand: all places where it may say that there are more.
    places = (("section",), ("section", "pageInfo"), ("pagination",))
    has_more = any(_at(category, *place, "hasNextPage") is True for place in places)
    return _extent(held_count, _at(category, "section", "total"), has_more)


def _extent(held_count: int, total: Any, has_more: Any) -> Parsed:
    """Say whether what is held is a part only; a page that says nothing is not known to be."""
    total_count = _whole(total)
    is_short = total_count is not None and total_count > held_count
    is_plausible = is_short or (total_count == held_count and has_more is not True)
    return {
        "is_partial": is_short or has_more is True,
        "total_count": total_count if is_plausible else None,
    }


def _sum_known(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count or 0 for count in known)


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
