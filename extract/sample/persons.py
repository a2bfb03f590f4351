"""People as `/person/{id}` answers them: everyone whom a series of the sample credits."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from extract.sample.facts import Facts, Row, facts

Document = dict[str, Any]

EXTERNAL_IDS = (
    "freebase_mid",
    "freebase_id",
    "imdb_id",
    "tvrage_id",
    "wikidata_id",
    "facebook_id",
    "instagram_id",
    "tiktok_id",
    "twitter_id",
    "youtube_id",
)


@cache
def people() -> Mapping[int, Row]:
    """Everyone by id: the people of `people.csv`, and the creators that stand in the series."""
    known = facts()
    creators = {
        key: {"id": str(key), "name": name, "gender": str(gender), "department": "", "profile": ""}
        for show in known.shows.values()
        for key, _, name, gender in show.get("created_by", [])
    }
    return creators | dict(known.people)


def person_details(facts: Facts, person_id: int) -> Document:
    """`/person/{id}`: what is not known is null, or empty as TMDb has it."""
    row, life = people()[person_id], facts.lives.get(person_id, {})
    return {
        "adult": False,
        "also_known_as": [name for name in life.get("also_known_as", "").split("; ") if name],
        "biography": "",
        "birthday": life.get("birthday") or None,
        "deathday": life.get("deathday") or None,
        "gender": int(row["gender"]),
        "homepage": None,
        "id": person_id,
        "imdb_id": life.get("imdb_id") or None,
        "known_for_department": row["department"] or None,
        "name": row["name"],
        "place_of_birth": life.get("place") or None,
        "popularity": 0.6,
        "profile_path": row["profile"] or None,
    }


def external_ids(facts: Facts, person_id: int) -> Document:
    """`/person/{id}/external_ids`: what is not known is null."""
    known = facts.lives.get(person_id, {})
    return {"id": person_id} | {name: known.get(name) or None for name in EXTERNAL_IDS}


def images(facts: Facts, person_id: int) -> Document:
    """`/person/{id}/images`: the one portrait that credits show."""
    path = people()[person_id]["profile"]
    portrait = {
        "aspect_ratio": 0.667,
        "height": 900,
        "iso_639_1": None,
        "file_path": path,
        "vote_average": 0.0,
        "vote_count": 0,
        "width": 600,
    }
    return {"id": person_id, "profiles": [portrait] if path else []}


def translations(facts: Facts, person_id: int) -> Document:
    """`/person/{id}/translations`: none, since no biography is bundled."""
    return {"id": person_id, "translations": []}


PERSON_PARTS: Mapping[str, Callable[[Facts, int], Document]] = {
    "external_ids": external_ids,
    "images": images,
    "translations": translations,
}
