"""Credits of a series: its current main cast, everyone over all seasons, and each season's."""

from collections.abc import Iterable
from typing import Any

from extract.sample.facts import Facts, Row, number

Document = dict[str, Any]


def credits(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/credits`: one entry per role."""
    cast, crew = _series(facts, show_id)
    return {
        "cast": [_role_entry(facts, row) | {"order": _order(row)} for row in cast],
        "crew": [crew_entry(facts, row) for row in crew],
        "id": show_id,
    }


def aggregate_credits(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/aggregate_credits`: one entry per person, the roles or jobs within."""
    cast, crew = _series(facts, show_id)
    return {
        "cast": [
            _person(facts, rows[0])
            | {"roles": [_share(row, "character") for row in rows]}
            | {"total_episode_count": _episode_total(rows), "order": _order(rows[0])}
            for rows in _grouped(cast, "person")
        ],
        "crew": [
            _person(facts, rows[0])
            | {"jobs": [_share(row, "job") for row in rows]}
            | {"department": rows[0]["department"], "total_episode_count": _episode_total(rows)}
            for rows in _grouped(crew, "person", "department")
        ],
        "id": show_id,
    }


def season_credits(facts: Facts, show_id: int, season: int) -> Document:
    """`/tv/{id}/season/{n}/credits`, without the season's id: its regulars, as far as we know them.

    They are known where the facts name them, in a series of one season, and where a member of the
    main cast is credited for every episode of all seasons.
    """
    named = facts.credits.get((show_id, str(season), ""), [])
    regulars = named or (_always_there(facts, show_id) if season else [])
    cast = [_role_entry(facts, row) | {"order": _order(row)} for row in regulars]
    return {"cast": cast, "crew": []}


def _always_there(facts: Facts, show_id: int) -> list[Row]:
    cast, _ = _series(facts, show_id)
    seasons = [row for number, row in facts.seasons[show_id].items() if number]
    total = sum(int(row["episodes"]) for row in seasons)
    is_short = len(seasons) == 1
    return [row for row in cast if is_short or 0 < total <= (number(row["episodes"]) or 0)]


def crew_entry(facts: Facts, row: Row) -> Document:
    """One crew credit, of a series or of an episode."""
    return _person(facts, row) | {
        "credit_id": row["credit_id"],
        "department": row["department"],
        "job": row["role"],
    }


def guest_entry(facts: Facts, row: Row) -> Document:
    """One guest star of an episode."""
    return _role_entry(facts, row) | {"order": _order(row)}


def _role_entry(facts: Facts, row: Row) -> Document:
    return _person(facts, row) | {"character": row["role"], "credit_id": row["credit_id"]}


def _series(facts: Facts, show_id: int) -> tuple[list[Row], list[Row]]:
    rows = facts.credits.get((show_id, "", ""), [])
    cast = [row for row in rows if row["kind"] == "cast"]
    return cast, [row for row in rows if row["kind"] == "crew"]


def _person(facts: Facts, row: Row) -> Document:
    person = facts.people[int(row["person"])]
    return {
        "adult": False,
        "gender": int(person["gender"]),
        "id": int(person["id"]),
        "known_for_department": person["department"] or None,
        "name": person["name"],
        "original_name": person["name"],
        "popularity": 0.6,
        "profile_path": person["profile"] or None,
    }


def _share(row: Row, role: str) -> Document:
    count = number(row["episodes"]) or 0
    return {"credit_id": row["credit_id"], role: row["role"], "episode_count": count}


def _order(row: Row) -> int:
    return number(row["order"]) or 0


def _episode_total(rows: Iterable[Row]) -> int:
    return sum(number(row["episodes"]) or 0 for row in rows)


def _grouped(rows: Iterable[Row], *columns: str) -> list[list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    return list(groups.values())
