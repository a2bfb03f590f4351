"""Season and episode documents, as TMDb's `/tv/{id}/season/{n}` answers them.

An episode that `episodes.csv` does not name is called "Episode N", and its date is stated only
where it follows from what is known: a season released at once, or daily or weekly from its first
date to its last.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from extract.sample.facts import Facts, Row, number
from extract.sample.people import crew_entry, guest_entry, season_credits

RESERVED_IDS = 900_000_000
_SHOW_SPAN, _SEASON_SPAN = 100_000, 1_000
Document = dict[str, Any]


def reserved_id(facts: Facts, show_id: int, season: int, episode: int = 0) -> int:
    """An identifier for what we know without its TMDb id: unique, stable, never one of TMDb's."""
    place: int = facts.shows[show_id]["number"]
    return RESERVED_IDS + place * _SHOW_SPAN + season * _SEASON_SPAN + episode


def object_id(*parts: object) -> str:
    """A made-up 24-digit hexadecimal id; ten leading zeros tell it from TMDb's."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()
    return "0" * 10 + digest[:14]


def season_brief(facts: Facts, show_id: int, row: Row) -> Document:
    """A season as it stands in the details' `seasons` list."""
    season = int(row["season"])
    return {
        "air_date": row["first_air_date"] or None,
        "episode_count": int(row["episodes"]),
        "id": number(row["id"]) or reserved_id(facts, show_id, season),
        "name": row["name"],
        "overview": "",
        "poster_path": row["poster"] or None,
        "season_number": season,
        "vote_average": float(row["vote_average"] or 0),
    }


def season_document(facts: Facts, show_id: int, season: int) -> Document | None:
    """A season with its episodes; None where the series has no such season."""
    row = facts.seasons[show_id].get(season)
    if row is None:
        return None
    brief = season_brief(facts, show_id, row)
    return {
        "_id": object_id("season", show_id, season),
        "air_date": brief["air_date"],
        "episodes": list(_episodes(facts, show_id, row)),
        "name": brief["name"],
        "overview": brief["overview"],
        "id": brief["id"],
        "poster_path": brief["poster_path"],
        "season_number": season,
        "vote_average": brief["vote_average"],
    }


def season_credits_document(facts: Facts, show_id: int, season: int) -> Document | None:
    """The credits of a season; None where the series has no such season."""
    row = facts.seasons[show_id].get(season)
    if row is None:
        return None
    identity = {"id": season_brief(facts, show_id, row)["id"]}
    return identity | season_credits(facts, show_id, season)


def episode_in_brief(facts: Facts, show_id: int, season: int, episode: int) -> Document:
    """An episode as `last_episode_to_air` and `next_episode_to_air` carry it."""
    row = facts.seasons[show_id][season]
    return _episode(facts, show_id, row, episode)


def _episodes(facts: Facts, show_id: int, row: Row) -> Iterator[Document]:
    season = row["season"]
    known = facts.episodes.get((show_id, int(season)), {})
    for episode in sorted({*range(1, int(row["episodes"]) + 1), *known}):
        credited = facts.credits.get((show_id, season, str(episode)), [])
        yield _episode(facts, show_id, row, episode) | {
            "crew": [crew_entry(facts, credit) for credit in credited if credit["kind"] == "crew"],
            "guest_stars": [
                guest_entry(facts, credit) for credit in credited if credit["kind"] == "guest"
            ],
        }


def _episode(facts: Facts, show_id: int, row: Row, episode: int) -> Document:
    season, last = int(row["season"]), int(row["episodes"])
    known = facts.episodes.get((show_id, season), {}).get(episode, {})
    return {
        "air_date": known.get("air_date") or _air_date(row, episode),
        "episode_number": episode,
        "episode_type": known.get("kind") or ("finale" if episode == last > 1 else "standard"),
        "id": number(known.get("id", "")) or reserved_id(facts, show_id, season, episode),
        "name": known.get("name") or f"Episode {episode}",
        "overview": "",
        "production_code": known.get("production_code", ""),
        "runtime": number(known.get("runtime", "")) or number(row["runtime"]),
        "season_number": season,
        "show_id": show_id,
        "still_path": known.get("still") or None,
        "vote_average": float(known.get("vote_average") or 0),
        "vote_count": int(known.get("vote_count") or 0),
    }


def _air_date(row: Row, episode: int) -> str | None:
    first, last, count = row["first_air_date"], row["last_air_date"], int(row["episodes"])
    if not first or row["season"] == "0":
        return None
    step = _days_between_episodes(row)
    if step is not None:
        return str(date.fromisoformat(first) + timedelta(days=step * (episode - 1)))
    if episode == 1:
        return first
    return last if last and episode == count else None


def _days_between_episodes(row: Row) -> int | None:
    if row["rhythm"] == "once":
        return 0
    if not row["last_air_date"]:
        return 7 if row["rhythm"] == "weekly" else None
    span = date.fromisoformat(row["last_air_date"]) - date.fromisoformat(row["first_air_date"])
    gaps = int(row["episodes"]) - 1
    return {0: 0, gaps: 1, 7 * gaps: 7}.get(span.days)
