"""What TMDb answers when it is asked which series is meant: lists, IMDb ids, titles.

`/find/{id}` answers with everything that claims the id: only its `tv_results` are series. A list
holds movies among series. `/search/tv` ends at page 500 and ranks as it likes: it proposes.

TMDb was seen to deliver lists incomplete, 38 of 182 items, with status 200. An answer that lacks
what it is asked for lands, nothing is concluded from it, and it is due again within the hour.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from extract.resource import Check, Payload, Resource
from extract.sources.tmdb.resources import TMDB

_SOON = timedelta(hours=1)
_DAY = timedelta(days=1)
_KEPT = timedelta(days=30)
_VOLATILE = ("**.popularity", "**.vote_average", "**.vote_count")
_NOTHING_TAKEN_OFF = "{}: nothing was taken off; it is asked again"


def shortfall(list_id: str, payload: Payload) -> str | None:
    """Say why an answer may not be the whole list `list_id`; None: it is.

    It is whole where its distinct items are at least `item_count`, which counts series and movies.
    """
    items, count = payload.get("items"), payload.get("item_count")
    if not isinstance(items, list):
        return _NOTHING_TAKEN_OFF.format(f"TMDb gave list {list_id} without its items")
    came = len({_item(each) for each in items if isinstance(each, dict)})
    if type(count) is not int:
        why = f"TMDb gave {came:,} items of list {list_id} and did not say how many it has"
        return _NOTHING_TAKEN_OFF.format(why)
    if came < count:
        why = f"TMDb gave {came:,} of the {count:,} items of list {list_id}"
        return _NOTHING_TAKEN_OFF.format(why)
    return None


def _item(item: Mapping[str, Any]) -> tuple[str, str]:
    return str(item.get("media_type")), str(item.get("id"))  # ids of series and movies overlap


def _list_or_none(name: str) -> Check:
    """Refuse a list of another type; one that is missing or null makes no answer wrong."""

    def check(key: str, payload: Payload) -> str | None:
        value = payload.get(name)
        is_fit = value is None or isinstance(value, list)
        return None if is_fit else f"`{name}` is a {type(value).__name__}"

    return check


def _age_of_list(payload: Payload) -> timedelta:
    return _SOON if shortfall("", payload) else _DAY


def _age_of_find(payload: Payload) -> timedelta:
    if payload.get("tv_results") is None:
        return _SOON
    # What TMDb does not know today somebody may enter tomorrow.
    return _KEPT if payload["tv_results"] else _DAY


def _age_of_search(payload: Payload) -> timedelta:
    return _SOON if payload.get("results") is None else _DAY


def _lookup(name: str, path: str, holds: str, **more: Any) -> Resource:
    return Resource(
        name=f"tmdb_{name}",
        source=TMDB,
        entity="",
        path=path,
        volatile=_VOLATILE,
        check=_list_or_none(holds),
        **{"max_age": _KEPT, **more},
    )


LISTS = _lookup("lists", "/list/{list_id}", "items", max_age=_DAY, age=_age_of_list)
FIND = _lookup("find", "/find/{imdb_id}", "tv_results", age=_age_of_find)
SEARCHES = _lookup("tv_searches", "/search/tv", "results", max_age=_DAY, age=_age_of_search)

RESOURCES = (LISTS, FIND, SEARCHES)
