"""What stands on its own says more of itself than series do: people, networks, companies, orders.

The own document wins, value by value, over what series say; a part that was not answered holds.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.credits import GENDERS, UNTOLD, gender
from tests.dbt_project.expectation.images import person_image, stand_for_owner
from tests.dbt_project.expectation.values import (
    day,
    entity_id,
    first_of,
    number,
    objects,
    text,
    texts,
    truth,
    whole,
)
from tests.tmdb.world import DETAILS, Part

Row = dict[str, Any]
Rows = list[Row]
Name = tuple[str, str]

ACCOUNTS = ("facebook_id", "instagram_id", "twitter_id", "tiktok_id", "youtube_id")
OTHERS = ("wikidata", "facebook", "instagram", "twitter", "tiktok", "youtube")
OWN, CLAIMING = "tmdb_person_details", "tmdb_person_external_ids"
ORDERS = ("original_air_date", "absolute", "dvd", "digital", "story_arc", "production", "tv")
_IMDB, _WIKIDATA, _GROUP = r"nm[0-9]{7,10}", r"Q[0-9]{1,12}", r"[0-9a-f]{24}"


@dataclass(slots=True)
class Things:
    """The parts of each thing, by kind and key, as last answered."""

    parts: dict[Name, dict[str, Part]] = field(default_factory=dict)

    def answer(self, fresh: Mapping[Name, Mapping[str, Part]]) -> None:
        """Take in fresh answers."""
        for name, parts in fresh.items():
            self.parts.setdefault(name, {}).update(parts)

    def of(self, kind: str) -> dict[int, dict[str, Part]]:
        """Those of a kind whose keys are numbers."""
        return {int(key): parts for (each, key), parts in self.parts.items() if each == kind}


def people(named: Rows, things: Things) -> Rows:
    """Work out the people: whom series name, and whoever was asked for."""
    rows = {row["tmdb_id"]: row for row in named}
    for tmdb_id, parts in things.of("person").items():
        rows[tmdb_id] = _person(tmdb_id, rows.get(tmdb_id, {}), parts)
    return list(rows.values())


def _person(tmdb_id: int, named: Row, parts: Mapping[str, Part]) -> Row:
    details, claimed = parts[DETAILS], parts.get("external_ids", {})
    said = _id(_IMDB, details.get("imdb_id")), _id(_IMDB, claimed.get("imdb_id"))
    return {
        **UNTOLD,
        "person_id": entity_id(f"tmdb:person:{tmdb_id}"),
        "tmdb_id": tmdb_id,
        "imdb_id": first_of(*said),
        "imdb_id_evidence": [
            document
            for document, imdb_id in zip((OWN, CLAIMING), said, strict=True)
            if imdb_id is not None and imdb_id == first_of(*said)
        ],
        "refused_ids": [f"imdb:{said[1]}"] if None not in said and said[0] != said[1] else [],
        "wikidata_id": _id(_WIKIDATA, claimed.get("wikidata_id")),
        **{name: text(claimed.get(name)) for name in ACCOUNTS},
        "name": _own(details, named, "name"),
        "original_name": named.get("original_name"),
        "also_known_as": texts(details.get("also_known_as")),
        **{name: text(details.get(name)) for name in ("biography", "place_of_birth", "homepage")},
        "profile_path": _own(details, named, "profile_path"),
        "known_for_department": _own(details, named, "known_for_department"),
        **gender(GENDERS.get(whole(details.get("gender")) or 0) or named.get("gender")),
        "is_adult": bool(first_of(truth(details.get("adult")), named.get("is_adult"))),
        "is_active": True,
        "popularity": _written(details.get("popularity")),
        **_born(day(details.get("birthday"))),
        "deathday": day(details.get("deathday")),
    }


def _born(birthday: date | None) -> Row:
    source, year = ("tmdb", birthday.year) if birthday else (None, None)
    return {"birthday": birthday, "birthday_source": source, "birth_year": year}


def external_ids(known: Rows, things: Things) -> Rows:
    """The ids that others have for people, and which documents claim each."""
    asked, rows = things.of("person"), []
    for person in known:
        evidence = {source: [CLAIMING] for source in OTHERS}
        evidence["imdb"] = person["imdb_id_evidence"]
        if person["tmdb_id"] in asked:
            evidence["tmdb"] = [OWN]
        rows += [
            {
                "entity_id": person["person_id"],
                "external_id": str(person[f"{source}_id"]),
                "entity_type": "person",
                "source": source,
                "evidence": documents,
            }
            for source, documents in evidence.items()
            if person[f"{source}_id"] is not None
        ]
    return rows


def _written(value: object) -> Decimal | None:
    """A number; older answers write it as a text."""
    is_text = isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,20})?", value)
    return Decimal(str(value)) if is_text else number(value)


def _id(form: str, value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(form, value) else None


def _own(details: Part, named: Row, name: str) -> Any:
    return first_of(text(details.get(name)), named.get(name))


def described(named: Rows, things: Things, kind: str, id_column: str) -> Rows:
    """Work out networks or production companies, of those that series name."""
    return [_described(row, things.of(kind).get(row[id_column]), kind) for row in named]


def _described(row: Row, parts: Mapping[str, Part] | None, kind: str) -> Row:
    if parts is None:
        return row
    details = parts[DETAILS]
    other_names = objects(parts.get("alternative_names", {}).get("results"))
    own = {
        **{name: _own(details, row, name) for name in ("name", "logo_path", "origin_country")},
        **{name: text(details.get(name)) for name in ("headquarters", "homepage")},
        "alternative_names": [
            name for each in other_names if (name := text(each.get("name"))) is not None
        ],
    }
    if kind == "company":
        parent = details.get("parent_company")
        said = parent if isinstance(parent, dict) else {}
        own["parent_name"] = text(said.get("name"))
        # Some answers hold the id alone.
        own["parent_production_company_id"] = whole(said.get("id", parent))
    return row | own


def person_images(known: Rows, things: Things) -> Rows:
    """Work out photos: those that are listed, and the one that credits or details show."""
    rows: Rows = []
    documents = things.of("person")
    for person in known:
        listed = documents.get(person["tmdb_id"], {}).get("images", {})
        images: dict[str, Row] = {}
        for each in objects(listed.get("profiles")):
            if (path := text(each.get("file_path"))) is not None:
                images.setdefault(path, person_image(person, path, each))
        if (path := person["profile_path"]) is not None:
            images.setdefault(path, person_image(person, path, None))
        rows += stand_for_owner(images.values())
    return rows


def episode_orders(known: Iterable[Series], episodes: Rows, things: Things) -> Rows:
    """Work out in which orders the episodes of series are published."""
    held: dict[tuple[Any, int], Any] = {}
    for episode in sorted(episodes, key=lambda row: str(row["episode_id"])):
        held.setdefault((episode["show_id"], episode["tmdb_episode_id"]), episode["episode_id"])
    rows: Rows = []
    for series in known:
        show_id, seen = entity_id(series.natural_key), set()
        for listed in objects(series.part("episode_groups").get("results")):
            group_id = _id(_GROUP, text(listed.get("id")))
            parts = things.parts.get(("episode_group", group_id or ""))
            if group_id is None or parts is None or group_id in seen:
                continue
            seen.add(group_id)
            for row in _order(parts[DETAILS], listed):
                episode_id = held.get((show_id, row["tmdb_episode_id"]))
                rows.append(
                    {
                        "show_id": show_id,
                        "episode_group_id": group_id,
                        "episode_id": episode_id,
                        **row,
                    }
                )
    return rows


def _order(details: Part, listed: Part) -> Iterable[Row]:
    code = first_of(whole(details.get("type")), whole(listed.get("type"))) or 0
    for subgroup_position, subgroup in enumerate(objects(details.get("groups")), 1):
        for position, episode in enumerate(objects(subgroup.get("episodes")), 1):
            yield {
                "tmdb_episode_id": whole(episode.get("id")),
                "name": first_of(text(details.get("name")), text(listed.get("name"))),
                "subgroup_name": text(subgroup.get("name")),
                "order_type": ORDERS[code - 1] if 0 < code <= len(ORDERS) else None,
                "subgroup_position": subgroup_position,
                "position": position,
            }
