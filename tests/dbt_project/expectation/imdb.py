"""What core has to hold of series that IMDb alone has: worked out from rows of its files.

Written anew from the rules, as the rest here: each episode with a season stands under the id of its
title, each season under the series' and its number, and whom the files name and a title shows is a
person, as long as nobody of TMDb's has the name.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.dbt_project.expectation.credits import UNTOLD, gender, is_archive_footage, is_self
from tests.dbt_project.expectation.values import entity_id

Row = dict[str, Any]
Files = Mapping[str, list[dict[str, str | None]]]

SEEN = {"self", "actor", "actress", "archive_footage"}
UNTOLD_OF_EPISODES = (
    *("tmdb_episode_id", "disputed_tmdb_episode_id", "overview", "production_code"),
    *("still_path", "episode_type", "tmdb_vote_average", "tmdb_vote_count", "air_date"),
    *("overview_source", "air_date_source"),
)
SOURCE = ["imdb_title_principals"]


def expected(files: Files, series: Iterable[str]) -> dict[str, list[Row]]:
    """Work out the rows that follow from the files for these series."""
    known = list(series)
    placed = [row for row in files["imdb_title_episode"] if row["parentTconst"] in known]
    titles = {*known, *(row["tconst"] for row in placed)}
    names = {row["nconst"]: row for row in files["imdb_name_basics"]}
    principals = [
        row
        for row in files["imdb_title_principals"]
        if row["tconst"] in titles and row["nconst"] in names and row["category"] in SEEN
    ]
    numbered = [row for row in placed if row["seasonNumber"] is not None]
    return {
        "seasons": _seasons(numbered),
        "episodes": [_episode(files, row) for row in numbered],
        "people": [_person(names[each]) for each in {row["nconst"] for row in principals}],
        "show_cast": _cast([row for row in principals if row["tconst"] in known]),
        "episode_appearances": _appearances(numbered, principals),
    }


def _whole(value: str | None) -> int | None:
    return None if value is None else int(value)


def _season_id(row: Mapping[str, str | None]) -> UUID:
    return entity_id(f"imdb:{row['parentTconst']}/season/{row['seasonNumber']}")


def _seasons(placed: list[dict[str, str | None]]) -> list[Row]:
    counts = Counter((row["parentTconst"], row["seasonNumber"]) for row in placed)
    untold = ("tmdb_season_id", "disputed_tmdb_season_id", "name", "overview", "poster_path")
    return [
        {
            "season_id": entity_id(f"imdb:{series}/season/{number}"),
            "show_id": entity_id(f"imdb:{series}"),
            "season_number": _whole(number),
            "episode_count": count,
            **dict.fromkeys((*untold, "vote_average", "air_date")),
        }
        for (series, number), count in counts.items()
    ]


def _episode(files: Files, row: Mapping[str, str | None]) -> Row:
    def says(name: str, field: str) -> str | None:
        found = (told for told in files[name] if told["tconst"] == row["tconst"])
        return next((told[field] for told in found), None)

    title = says("imdb_title_basics", "primaryTitle")
    rating = says("imdb_title_ratings", "averageRating")
    return {
        "episode_id": entity_id(f"imdb:{row['tconst']}"),
        "show_id": entity_id(f"imdb:{row['parentTconst']}"),
        "season_id": _season_id(row),
        "imdb_episode_id": row["tconst"],
        "season_number": _whole(row["seasonNumber"]),
        "episode_number": _whole(row["episodeNumber"]),
        "title": title,
        "title_source": title and "imdb",
        "runtime_minutes": _whole(says("imdb_title_basics", "runtimeMinutes")) or None,
        "imdb_rating_value": None if rating is None else Decimal(rating),
        "imdb_rating_count": _whole(says("imdb_title_ratings", "numVotes")),
        **dict.fromkeys(UNTOLD_OF_EPISODES),
    }


def _person(row: Mapping[str, str | None]) -> Row:
    year = _whole(row["birthYear"])
    told = ("original_name", "profile_path", "known_for_department", "tmdb_id")
    return {
        **UNTOLD,
        **dict.fromkeys(told),
        **gender(None),
        "person_id": entity_id(f"imdb:{row['nconst']}"),
        "imdb_id": row["nconst"],
        "name": row["primaryName"],
        "imdb_name": row["primaryName"],
        "birth_year": year,
        "birthday_source": None if year is None else "imdb",
        "imdb_id_evidence": ["imdb_name_basics"],
        "also_known_as": [],
        "refused_ids": [],
        "is_adult": False,
        "is_active": True,
    }


def _roles(row: Mapping[str, str | None]) -> list[str | None]:
    return json.loads(row["characters"] or "[]") or [None]


def _cast(principals: list[dict[str, str | None]]) -> list[Row]:
    said: dict[tuple[str | None, str | None, str | None], list[tuple[bool, bool]]]
    said = defaultdict(list)
    for row in principals:
        for role in _roles(row):
            said[row["tconst"], row["nconst"], role].append(_kind(row, role))
    return [
        {
            "show_cast_id": entity_id(
                f"{entity_id(f'imdb:{title}')}/cast/{entity_id(f'imdb:{name}')}/{role or ''}"
            ),
            "show_id": entity_id(f"imdb:{title}"),
            "person_id": entity_id(f"imdb:{name}"),
            "tmdb_person_id": None,
            "character": role,
            "credit_category": "Self" if any(one for one, _ in kinds) else "Actor",
            "sources": SOURCE,
            "is_archive_footage": all(archived for _, archived in kinds),
            "is_main_cast": False,
            "billing_order": None,
            "episode_count": None,
        }
        for (title, name, role), kinds in said.items()
    ]


def _kind(row: Mapping[str, str | None], role: str | None) -> tuple[bool, bool]:
    """Whether somebody is there as themselves, and in archive footage."""
    category = row["category"]
    is_archived = category == "archive_footage" or is_archive_footage(role)
    return category == "self" or is_self(role), is_archived


def _appearances(
    placed: list[dict[str, str | None]], principals: list[dict[str, str | None]]
) -> list[Row]:
    series = {row["tconst"]: row["parentTconst"] for row in placed}
    said: dict[tuple[str | None, str | None], list[tuple[str | None, bool, bool]]]
    said = defaultdict(list)
    for row in principals:
        if row["tconst"] in series:
            roles = [(role, *_kind(row, role)) for role in _roles(row)]
            said[row["tconst"], row["nconst"]] += roles
    return [
        {
            "episode_id": entity_id(f"imdb:{title}"),
            "show_id": entity_id(f"imdb:{series[title]}"),
            "person_id": entity_id(f"imdb:{name}"),
            "tmdb_person_id": None,
            "appearance_type": "guest",
            "character": " / ".join(sorted({role for role, *_ in roles if role})) or None,
            "jobs": [],
            "sources": SOURCE,
            "is_self": any(one for _, one, _ in roles),
            "is_archive_footage": all(archived for *_, archived in roles),
            "billing_order": None,
        }
        for (title, name), roles in said.items()
    ]
