"""What TMDb answers about more than one series: change feed, lists, find and search.

Where the rules come from: the feed's pages of 100, its 14 days, both bounds inclusive, [L]; the
null ids in it [P]; its `adult`, the kinds of `/find` and page and counts of `/search/tv` recording;
pages 1 to 500 and the codes of errors [D]. Lists in pages are the belief `lists_come_in_pages`,
`item_count` is `lists_state_their_item_count`. Which titles a search finds, and in which order, is
TMDb's secret: here those that hold the text, by id, and nothing may rest on it.
"""

import re
from collections.abc import Container, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tests.tmdb.briefs import movie_in_brief, series_in_brief
from tests.tmdb.upstream import Upstream
from tests.tmdb.world import Part

PAGE = 100
ITEMS = 20
MOST_PAGES = 500
LONGEST = timedelta(days=14)
NULL_EVERY = 40

Parameters = Mapping[str, list[str]]
_FEEDS = ("tv", "person")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Catalogue:
    """Answers with a document, with the number of an error, or with None: not its business."""

    def __init__(self, upstream: Upstream, otherwise: Container[str] = ()) -> None:
        self._upstream, self._otherwise = upstream, otherwise
        self._lists: dict[int, list[tuple[str, int]]] = {}
        self._cuts: dict[int, tuple[int, bool]] = {}
        self._claims: dict[str, list[int]] = {}
        self._version = -1
        self._known: list[tuple[str | None, Part]] = []

    def make_list(self, list_id: int, series: list[int], movies: list[int]) -> None:
        """Make, or make anew, a list of series and movies."""
        self._lists[list_id] = [*(("tv", each) for each in series)]
        self._lists[list_id] += [("movie", each) for each in movies]
        self._cuts.pop(list_id, None)

    def cut_list(self, list_id: int, to: int, says_count: bool) -> None:
        """Deliver only the first items of a list, until it is made anew.

        `item_count` and the pages stay those of the whole list, unless it says no count. That TMDb
        gives 38 of 182 items is recorded practice [L 2024, 2025].
        """
        self._cuts[list_id] = (to, says_count)

    def delete_list(self, list_id: int) -> None:
        """Let a list answer 404."""
        self._lists.pop(list_id, None)

    def claim(self, imdb_id: str, ids: list[int]) -> None:
        """Let `/find` give these series for an IMDb id."""
        self._claims[imdb_id] = list(ids)

    def answer(self, steps: Sequence[str], parameters: Parameters) -> Part | int | None:
        """Answer ``tv/changes``, ``list/5``, ``find/tt0903747`` and ``search/tv``."""
        match list(steps):
            case [kind, "changes"] if kind in _FEEDS:
                return self._changes(kind, parameters)
            case ["list", number]:
                return self._list(number, parameters)
            case ["find", external_id]:
                return self._find(external_id, parameters)
            case ["search", "tv"]:
                return self._search(parameters)
        return None

    def _changes(self, kind: str, parameters: Parameters) -> Part | int:
        now = self._upstream.now()
        start, end = _given(parameters, "start_date"), _given(parameters, "end_date")
        page = _page(parameters)
        if page is None:
            return 22
        if not all(_is_date(text) for text in (start, end) if text):
            return 23
        first = date.fromisoformat(start) if start else (now - timedelta(days=1)).date()
        last = date.fromisoformat(end) if end else now.date()
        if last - first > LONGEST:
            return 20
        edits = self._upstream.edits if kind == "tv" else self._upstream.things.edits
        named = dict.fromkeys(each for at, each in edits if first <= at.date() <= last)
        results: list[Part] = []
        for index, series_id in enumerate(named):
            if index % NULL_EVERY == 0:
                results.append({"id": None, "adult": None})
            results.append({"id": series_id, "adult": False if series_id % 3 else None})
        return _paged(results, page, PAGE)

    def _list(self, number: str, parameters: Parameters) -> Part | int:
        items = self._lists.get(int(number)) if number.isdigit() and len(number) < 10 else None
        page = _page(parameters)
        if items is None:
            return 34
        if page is None:
            return 22
        shown = [self._item(kind, each) for kind, each in items]
        to, says_count = self._cuts.get(int(number), (len(items), True))
        is_whole = "lists_come_in_pages" in self._otherwise
        paged = _paged(shown, page, len(shown) or 1 if is_whole else ITEMS)
        paged["items"] = paged.pop("results")[: max(0, to - (page - 1) * ITEMS)]
        if is_whole:
            paged = {"items": paged["items"]}
        about = {"created_by": "somebody", "description": "", "favorite_count": 0}
        about |= {"iso_639_1": "en", "name": f"List {number}", "poster_path": None}
        count = {"item_count": len(items)} if says_count else {}
        return {"id": number, **about, **count, **paged}

    def _item(self, kind: str, item_id: int) -> Part:
        details = self._upstream.document(item_id) if kind == "tv" else None
        brief = series_in_brief(details or {"id": item_id, "name": f"Series {item_id}"})
        return {**(brief if kind == "tv" else movie_in_brief(item_id)), "media_type": kind}

    def _find(self, external_id: str, parameters: Parameters) -> Part:
        kinds = ("movie_results", "person_results", "tv_episode_results", "tv_season_results")
        found: list[Part] = []
        if _given(parameters, "external_source") == "imdb_id":
            claimed = self._claims.get(external_id)
            found = [
                {**details, "media_type": "tv"}
                for imdb_id, details in self._briefly()
                if (imdb_id == external_id if claimed is None else details["id"] in claimed)
            ]
        return {**{kind: [] for kind in kinds}, "tv_results": found}

    def _search(self, parameters: Parameters) -> Part | int:
        page = _page(parameters)
        if page is None:
            return 22
        query = _given(parameters, "query").casefold()
        year = _given(parameters, "first_air_date_year")
        found = [
            details
            for _, details in self._briefly()
            if query
            and query in str(details.get("name", "")).casefold()
            and str(details.get("first_air_date") or "").startswith(year)
        ]
        return _paged(found, page, ITEMS)

    def _briefly(self) -> list[tuple[str | None, Part]]:
        """Give each series' IMDb id and what lists show of it."""
        if self._version != self._upstream.version:
            self._known = [self._brief(series_id) for series_id in self._upstream.ids()]
            self._version = self._upstream.version
        return self._known

    def _brief(self, series_id: int) -> tuple[str | None, Part]:
        details = self._upstream.document(series_id) or {}
        external: Mapping[str, Any] = self._upstream.document(series_id, "external_ids") or {}
        return external.get("imdb_id"), series_in_brief(details)


def _given(parameters: Parameters, name: str) -> str:
    return parameters.get(name, [""])[0]


def _page(parameters: Parameters) -> int | None:
    text = _given(parameters, "page") or "1"
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return page if 0 < page <= MOST_PAGES else None


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _paged(results: list[Part], page: int, size: int) -> Part:
    pages = max(1, -(-len(results) // size))
    shown = results[(page - 1) * size : page * size]
    return {"results": shown, "page": page, "total_pages": pages, "total_results": len(results)}
