"""What an edit upstream has to bring into raw, computed from TMDb's own documents.

Kept apart from the program's own tables of resources and volatile values on purpose.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.tmdb.handle import Tmdb
from tests.tmdb.world import season_number

SEASONS_AT_FIRST, SEASONS_LATER = 4, 10
"""Of the 20 names that a request appends, 12 are parts; a season takes two: itself, its credits."""

_MEASURES = ("popularity", "vote_average", "vote_count")
Documents = dict[tuple[int, str], Any]


def documents(tmdb: Tmdb, ids: Iterable[int]) -> Documents:
    """Every part of some series, as it stands upstream."""
    return {
        (series_id, name): tmdb.document(series_id, name)
        for series_id in ids
        for name in tmdb.names(series_id)
    }


def expected_versions(before: Documents, after: Documents) -> Counter[str]:
    """How many new versions each resource gets when `before` becomes `after`."""
    versions: Counter[str] = Counter()
    for (series_id, name), document in after.items():
        earlier = before.get((series_id, name))
        if earlier is None or _lasting(name, earlier) != _lasting(name, document):
            versions[_resource(name)] += 1
        if name == "details" and _measures(earlier) != _measures(document):
            versions["tmdb_tv_metrics"] += 1
    return versions


def expected_requests(tmdb: Tmdb, ids: Iterable[int]) -> int:
    """One per series, and one for each ten seasons that did not fit into it."""
    later = (max(0, _season_count(tmdb, each) - SEASONS_AT_FIRST) for each in ids)
    return sum(1 + -(-count // SEASONS_LATER) for count in later)


def requests_for_series(tmdb: Tmdb) -> int:
    """How often series were asked for; what they name is asked for besides."""
    return sum("/tv/episode_group/" not in one.path for one in tmdb.requests("/3/tv/"))


def _season_count(tmdb: Tmdb, series_id: int) -> int:
    return sum(season_number(name) is not None for name in tmdb.names(series_id))


def _resource(name: str) -> str:
    if name.startswith("season/"):
        return "tmdb_tv_season_credits" if name.endswith("/credits") else "tmdb_tv_seasons"
    return f"tmdb_tv_{name.replace('/', '_')}"


def _measures(details: Any) -> list[Any]:
    return [details.get(measure) for measure in _MEASURES]


def _lasting(name: str, document: Any) -> Any:
    if name == "details":
        document = {key: value for key, value in document.items() if key not in _MEASURES}
        for role in ("last_episode_to_air", "next_episode_to_air"):
            if isinstance(episode := document.get(role), dict):
                document[role] = {k: v for k, v in episode.items() if k not in _MEASURES}
    return _without_popularity(document)


def _without_popularity(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_popularity(inner) for key, inner in value.items() if key != "popularity"
        }
    return [_without_popularity(inner) for inner in value] if isinstance(value, list) else value
