"""What TMDb answers when it is asked which series is meant: lists, IMDb ids, titles.

`/find/{id}` answers with everything that claims the id: only its `tv_results` are series. A list
holds movies among series. `/search/tv` ends at page 500 and ranks as it likes: it proposes.
"""

from datetime import timedelta
from typing import Any

from extract.resource import Check, Payload, Resource
from extract.sources.tmdb.resources import TMDB

_DAY = timedelta(days=1)
_KEPT = timedelta(days=30)
_VOLATILE = ("**.popularity", "**.vote_average", "**.vote_count")


def _holding(name: str) -> Check:
    def check(key: str, payload: Payload) -> str | None:
        value = payload.get(name)
        return None if isinstance(value, list) else f"`{name}` is a {type(value).__name__}"

    return check


def _age_of_find(payload: Payload) -> timedelta:
    # What TMDb does not know today somebody may enter tomorrow.
    return _KEPT if payload.get("tv_results") else _DAY


def _lookup(name: str, path: str, holds: str, **more: Any) -> Resource:
    return Resource(
        name=f"tmdb_{name}",
        source=TMDB,
        entity="",
        path=path,
        volatile=_VOLATILE,
        check=_holding(holds),
        **{"max_age": _KEPT, **more},
    )


LISTS = _lookup("lists", "/list/{list_id}", "items", max_age=_DAY)
FIND = _lookup("find", "/find/{imdb_id}", "tv_results", age=_age_of_find)
SEARCHES = _lookup("tv_searches", "/search/tv", "results", max_age=_DAY)

RESOURCES = (LISTS, FIND, SEARCHES)
