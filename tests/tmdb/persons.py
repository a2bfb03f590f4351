"""People of the generated world, as `/person/{id}` answers them: those whom credits name."""

from datetime import date

from tests.tmdb.chance import mix, tag
from tests.tmdb.plan import TODAY
from tests.tmdb.pools import Pools, Thing, image_path
from tests.tmdb.vocabulary import FOREIGN, LANGUAGES, PEOPLE, SENTENCES
from tests.tmdb.world import Part

_LIFE = tag("life")
_FIRST_ID, _STEP = 1000, 3


def person_in(pools: Pools, person_id: int) -> Thing | None:
    """Find the person that credits name by this id."""
    number, rest = divmod(person_id - _FIRST_ID, _STEP)
    return pools.people[number] if not rest and 0 <= number < pools.people_count else None


def person_parts(seed: int, person: Thing, revisions: dict[str, int]) -> dict[str, Part]:
    """Give a person's details and parts; each revision of one changes it."""
    bits = mix(seed, _LIFE, person["id"])
    return {
        "details": _details(person, bits, revisions.get("details", 0)),
        "external_ids": _external_ids(person, bits, revisions.get("external_ids", 0)),
        "images": _images(person, bits, revisions.get("images", 0)),
        "translations": _translations(bits, revisions.get("translations", 0)),
    }


def _details(person: Thing, bits: int, revision: int) -> Part:
    died = TODAY - bits % 3_000 if bits % 11 == 0 else None
    details: Part = {
        "adult": person.get("adult", False),
        "also_known_as": [PEOPLE[(bits >> at) % len(PEOPLE)] for at in range(bits % 4)],
        "biography": SENTENCES[(bits >> 5) % len(SENTENCES)] if bits % 3 else "",
        "birthday": _day(TODAY - 8_000 - bits % 20_000) if bits % 4 else None,
        "deathday": _day(died) if died else (None if bits % 2 else ""),
        "gender": person["gender"],
        "homepage": None if bits % 5 else "https://www.example.org/people",
        "id": person["id"],
        "imdb_id": f"nm{person['id']:07d}" if bits % 3 else ("" if bits % 2 else None),
        "known_for_department": person["known_for_department"],
        "name": person["name"],
        "place_of_birth": "Lyon, France " if bits % 2 else None,
        "popularity": person["popularity"],
        "profile_path": person["profile_path"],
    }
    if bits % 43 == 0:
        del details["gender"], details["known_for_department"], details["also_known_as"]
    if revision:
        details["biography"] = f"Edited {revision} times."
    return details


def _external_ids(person: Thing, bits: int, revision: int) -> Part:
    unknown = ("", None)
    return {
        "freebase_mid": None,
        "freebase_id": None,
        "imdb_id": f"nm{person['id']:07d}" if bits % 3 else unknown[bits & 1],
        "tvrage_id": (bits >> 7) % 90_000 if bits % 13 == 0 else None,
        "wikidata_id": f"Q{person['id'] + 9_000}" if bits % 4 else unknown[(bits >> 1) & 1],
        "facebook_id": None,
        "instagram_id": f"edited_{revision}" if revision else unknown[(bits >> 2) & 1],
        "tiktok_id": "",
        "twitter_id": f"person{person['id']}" if bits % 6 == 0 else None,
        "youtube_id": None,
    }


def _images(person: Thing, bits: int, revision: int) -> Part:
    first = [person["profile_path"]] if person["profile_path"] else []
    more = [image_path(mix(bits, number)) for number in range(bits % 3 + revision)]
    return {
        "profiles": [
            {
                "aspect_ratio": 0.667,
                "height": 900,
                "iso_3166_1": None,
                "iso_639_1": None,
                "file_path": path,
                "vote_average": 5.3,
                "vote_count": bits % 7,
                "width": 600,
            }
            for path in [*first, *more]
        ]
    }


def _translations(bits: int, revision: int) -> Part:
    entries: list[Part] = [
        {
            "iso_3166_1": country,
            "iso_639_1": language,
            "name": native,
            "english_name": english,
            "data": {"biography": FOREIGN[(bits >> 9) % len(FOREIGN)], "name": ""},
        }
        for language, country, native, english in LANGUAGES[: bits % 4 + (revision > 0)]
    ]
    if revision:
        entries[0]["data"] = {"biography": f"Edited {revision} times."}
    return {"translations": entries}


def _day(number: int) -> str:
    return date.fromordinal(number).isoformat()
