"""Saved pages that hold a part only: what earlier saves held stays, and people are told.

IMDb puts 50 episodes of a season into a page. What a partial page leaves out is not absent, so it
is taken from earlier saves of the same page (`kept_count` says how many entries were).
"""

from collections.abc import Hashable
from typing import Any

Parsed = dict[str, Any]

_IDENTITY = {"episodes": ("imdb_id",), "credits": ("imdb_person_id", "category")}
"""By kind of page, what tells its entries apart; they stand under the kind's own name."""

_REMEDY = {
    "episodes": "open `50 more` on it until all are shown, and save it again",
    "credits": "open all that it folds away, and save it again",
}


def is_partial(parsed: Parsed) -> bool:
    """Whether the page is known to hold a part only."""
    return parsed.get("is_partial") is True


def with_earlier(parsed: Parsed, earlier: Parsed) -> Parsed:
    """Add to a partial page what an earlier save of it held and it does not hold itself."""
    kind = parsed["kind"]
    if not is_partial(parsed) or kind not in _IDENTITY or earlier.get("kind") != kind:
        return parsed
    own = {_identity(kind, each) for each in parsed[kind]}
    whole = _whole_categories(parsed)
    kept = [
        each
        for each in earlier[kind]
        if _identity(kind, each) not in own and each.get("category", "") not in whole
    ]
    kept_count = parsed.get("kept_count", 0) + len(kept)
    return parsed | {kind: [*parsed[kind], *kept], "kept_count": kept_count} if kept else parsed


def notice(name: str, parsed: Parsed) -> str | None:
    """Say in a sentence what the partial page `name` lacks and what to do; None: it is whole."""
    if not is_partial(parsed):
        return None
    kind, kept, total = parsed["kind"], parsed.get("kept_count", 0), parsed["total_count"]
    held = len(parsed[kind]) - kept
    season = parsed.get("season_number")
    of = f"{kind}{f' of season {season}' if season is not None else ''} of {parsed['imdb_id']}"
    many = f"{held:,} of the {total:,} {of}" if total else f"{held:,} {of}, and there are more"
    earlier = f" (earlier saves add {kept:,})" if kept else ""
    return f"`{name}` is a partial page: it holds {many}{earlier}; {_REMEDY[kind]}."


def _identity(kind: str, entry: Parsed) -> tuple[Hashable, ...]:
    return tuple(entry.get(name) for name in _IDENTITY[kind])


def _whole_categories(parsed: Parsed) -> set[str | None]:
    categories = parsed.get("categories", [])
    return {each["name"] for each in categories if not each["is_partial"]}
