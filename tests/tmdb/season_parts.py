"""Parts of a season that nothing asks for but the probe; empty, with the keys that were recorded.

That they may be appended to the series is a belief: `nested_season_parts_may_be_appended`.
"""

from collections.abc import Callable, Mapping, Sequence

from tests.tmdb.world import Part, season_number

_IDS = ("freebase_mid", "freebase_id", "tvdb_id", "tvrage_id", "wikidata_id")
_PARTS: Mapping[str, Callable[[], Part]] = {
    "aggregate_credits": lambda: {"cast": [], "crew": []},
    "external_ids": lambda: dict.fromkeys(_IDS),
    "images": lambda: {"posters": []},
    "watch/providers": lambda: {"results": {}},
}


def nested(name: str) -> tuple[int, Part] | None:
    """Give the season and the part that `season/1/images` names; None for any other name."""
    head, number, part = (*name.split("/", 2), "", "")[:3]
    season = season_number(f"{head}/{number}")
    return None if season is None or part not in _PARTS else (season, _PARTS[part]())


def append_nested(details: Part, appended: Sequence[str]) -> None:
    """Append those that are asked for of seasons that the details list."""
    listed = {season["season_number"]: season.get("id") for season in details.get("seasons", ())}
    for name in appended:
        found = nested(name)
        if found and found[0] in listed:
            details[name] = found[1]
