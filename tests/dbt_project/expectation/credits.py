"""Who made a series and who appears in it: people, cast, crew, and appearances by episode.

A person is described by the best list of each series that names them, and between series by the one
that was told last, value by value.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.seasons import episode_id, episode_seasons
from tests.dbt_project.expectation.values import entity_id, first_of, objects, text, truth, whole
from tests.tmdb.world import DETAILS, Part, season_credits_name, season_name

Rows = Iterator[dict[str, Any]]
OVERALL, CURRENT, SEASONAL = "aggregate_credits", "credits", "season_credits"
GENDERS = {1: "female", 2: "male", 3: "non-binary"}
SAID: dict[str, Callable[[object], Any]] = {
    "name": text,
    "original_name": text,
    "profile_path": text,
    "known_for_department": text,
    "gender": whole,
    "adult": truth,
}
"""What a credit says of a person, and how it is read."""

UNTOLD = dict.fromkeys(
    (
        *("imdb_id", "wikidata_id", "facebook_id", "instagram_id", "twitter_id", "tiktok_id"),
        *("youtube_id", "biography", "place_of_birth", "homepage", "popularity"),
        *("birthday", "deathday", "birthday_source", "birth_year", "imdb_name"),
    )
)
"""What only the person's own document says, where nobody asked for it."""

_SELF = re.compile(
    r"\W*(self|himself|herself|themself|themselves)\b"
    r"(?!-(?!(co-?)?(host|guest|judge|contestant|presenter|narrator|panell?ist|interview))\w)",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(
    r"\b(archive|archival)\b\W*\b(footage|film|video|audio|sound|photos?|material)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A person in one list of a series' documents; the lower the rank, the better the list."""

    person_id: int
    rank: int
    part: str
    said: Part


def mentions(series: Series) -> Iterator[Mention]:
    """Everyone whom the documents of a series name, once per place."""
    for rank, part, field, inner in (
        (0, OVERALL, "cast", "roles"),
        (1, CURRENT, "cast", ""),
        (3, OVERALL, "crew", "jobs"),
        (4, CURRENT, "crew", ""),
    ):
        for said in objects(series.part(part).get(field)):
            if not inner or objects(said.get(inner)):  # without a role it is no credit
                yield from _mention(rank, part, said)
    for number, credits in series.credited().items():
        for said in objects(credits.get("cast")):
            yield from _mention(2, season_credits_name(number), said)
    for rank, field in ((5, "guest_stars"), (6, "crew")):
        for number, season in series.fetched().items():
            for episode in objects(season.get("episodes")):
                for said in objects(episode.get(field)):
                    yield from _mention(rank, season_name(number), said)
    told = ("id", "name", "profile_path", "gender")  # of creators TMDb says no more
    for said in objects(series.details.get("created_by")):
        yield from _mention(7, DETAILS, {name: said.get(name) for name in told})


def _mention(rank: int, part: str, said: Part) -> Iterator[Mention]:
    if (person_id := whole(said.get("id"))) is not None:
        yield Mention(person_id, rank, part, said)


def people(
    known: Iterable[Series], answered: Mapping[tuple[int, str], datetime]
) -> list[dict[str, Any]]:
    """Work out the people; `answered` says when each part of a series became what it is."""
    told: dict[int, list[tuple[datetime, str, dict[str, Any]]]] = defaultdict(list)
    for series in known:
        found: dict[int, list[Mention]] = defaultdict(list)
        for mention in mentions(series):
            found[mention.person_id].append(mention)
        for person_id, places in found.items():
            at = max(answered[series.series_id, mention.part] for mention in places)
            best = {name: _best(places, name) for name in SAID}
            told[person_id].append((at, str(entity_id(series.natural_key)), best))
    return [_person(person_id, said) for person_id, said in told.items()]


def _best(places: Iterable[Mention], name: str) -> Any:
    values = [(place.rank, SAID[name](place.said.get(name))) for place in places]
    return min((value for value in values if value[1] is not None), default=(0, None))[1]


def _person(person_id: int, told: list[tuple[datetime, str, dict[str, Any]]]) -> dict[str, Any]:
    by_show = sorted(told, key=lambda one: one[1])
    latest_first = sorted(by_show, key=lambda one: one[0], reverse=True)

    def says(name: str) -> Any:
        return first_of(*(said[name] for _, _, said in latest_first))

    return {
        "person_id": entity_id(f"tmdb:person:{person_id}"),
        "tmdb_id": person_id,
        "name": says("name"),
        "original_name": says("original_name"),
        "profile_path": says("profile_path"),
        "known_for_department": says("known_for_department"),
        **gender(GENDERS.get(says("gender"))),
        "is_adult": bool(says("adult")),
        "is_active": True,
        "also_known_as": [],
        "imdb_id_evidence": [],
        "refused_ids": [],
        **UNTOLD,
    }


def gender(said: str | None) -> dict[str, Any]:
    """A gender, and who said so: TMDb, if anybody."""
    return {"gender": said, "gender_source": "tmdb" if said else None}


def cast(series: Series) -> Rows:
    """Work out the cast: person and role, from the whole cast, the current one and the seasons'."""
    roles: dict[tuple[int, str | None], dict[tuple[str, str | None], tuple[Any, Any]]] = {}
    for source, said, role in _credits(series, "cast", "roles"):
        key = (said["id"], text(role.get("character")))
        credit = (source, text(role.get("credit_id")))
        count = (whole(role.get("episode_count")) or None) if source == OVERALL else None
        roles.setdefault(key, {}).setdefault(credit, (whole(said.get("order")), count))
    for _, said in series.regulars():  # whose order is that of a season
        key = (said["id"], text(said.get("character")))
        roles.setdefault(key, {})[SEASONAL, None] = (None, None)
    for (person_id, character), found in roles.items():
        sources = sorted({f"tmdb_tv_{source}" for source, _ in found})
        ids = credited_ids(series, person_id)
        yield {
            "show_cast_id": entity_id(
                f"{ids['show_id']}/cast/{ids['person_id']}/{character or ''}"
            ),
            **ids,
            "character": character,
            "credit_category": "Self" if is_self(character) else "Actor",
            "sources": sources,
            "is_archive_footage": is_archive_footage(character),
            "is_main_cast": "tmdb_tv_credits" in sources,
            "billing_order": _least(order for order, _ in found.values()),
            "episode_count": _sum(count for _, count in found.values()),
        }


def crew(series: Series) -> Rows:
    """Work out the crew: person and job, from three lists."""
    jobs: dict[tuple[int, str | None, str | None], dict[tuple[str, str | None], Any]] = {}
    for source, said, job in _credits(series, "crew", "jobs"):
        key = (said["id"], text(said.get("department")), text(job.get("job")))
        count = (whole(job.get("episode_count")) or None) if source == OVERALL else None
        jobs.setdefault(key, {}).setdefault((source, text(job.get("credit_id"))), count)
    for said in objects(series.details.get("created_by")):
        if (person_id := whole(said.get("id"))) is not None:
            jobs.setdefault((person_id, "Crew", "Creator"), {})[DETAILS, None] = None
    for (person_id, department, job_name), found in jobs.items():
        ids = credited_ids(series, person_id)
        natural_key = f"{ids['person_id']}/{_part(department)}/{_part(job_name)}"
        yield {
            "show_crew_id": entity_id(f"{ids['show_id']}/crew/{natural_key}"),
            **ids,
            "department": department,
            "job": job_name,
            "sources": sorted({f"tmdb_tv_{source}" for source, _ in found}),
            "episode_count": _sum(found.values()),
        }


def _credits(series: Series, field: str, inner: str) -> Iterator[tuple[str, Part, Part]]:
    """Give each credit with the person and the role or job, which the current lists hold in one."""
    for said in objects(series.part(OVERALL).get(field)):
        if whole(said.get("id")) is not None:
            yield from ((OVERALL, said, role) for role in objects(said.get(inner)))
    for said in objects(series.part(CURRENT).get(field)):
        if whole(said.get("id")) is not None:
            yield CURRENT, said, said


def appearances(series: Series) -> Rows:
    """Work out who appears in which episode, and who of those listed is a regular of the season.

    Where the season lists no regulars, it is the main cast.
    """
    main = {whole(said.get("id")) for said in objects(series.part(CURRENT).get("cast"))}
    regulars: dict[int, set[int | None]] = defaultdict(set)
    for number, said in series.regulars():
        regulars[number].add(said["id"])
    placed = episode_seasons(series)
    found: dict[tuple[UUID, int, str], list[Part]] = defaultdict(list)
    for number, season in series.fetched().items():
        for episode in objects(season.get("episodes")):
            if (identity := episode_id(series, number, episode)) is None:
                continue
            for field in ("guest_stars", "crew"):
                for said in objects(episode.get(field)):
                    if (person_id := whole(said.get("id"))) is not None:
                        known = regulars.get(placed[identity]) or main
                        kind = "regular" if person_id in known else "guest"
                        kind = "crew" if field == "crew" else kind
                        found[identity, person_id, kind].append(said)
    for (identity, person_id, kind), places in found.items():
        yield {
            "episode_id": identity,
            **credited_ids(series, person_id),
            **_appearance(kind, places),
        }


def _appearance(kind: str, said: list[Part]) -> dict[str, Any]:
    is_crew = kind == "crew"
    characters = [None if is_crew else text(one.get("character")) for one in said]
    jobs = {text(one.get("job")) for one in said} if is_crew else set()
    return {
        "character": " / ".join(sorted({name for name in characters if name})) or None,
        "appearance_type": kind,
        "jobs": sorted(job for job in jobs if job),
        "sources": ["tmdb_tv_seasons"],
        "is_self": any(is_self(character) for character in characters),
        "is_archive_footage": all(is_archive_footage(character) for character in characters),
        "billing_order": None if is_crew else _least(whole(one.get("order")) for one in said),
    }


def credited_ids(series: Series, person_id: int) -> dict[str, Any]:
    """Give the ids of a series and of somebody whom it credits."""
    return {
        "show_id": entity_id(series.natural_key),
        "person_id": entity_id(f"tmdb:person:{person_id}"),
        "tmdb_person_id": person_id,
    }


def _part(name: str | None) -> str:
    """A part of a key whose parts are held apart by slashes."""
    return (name or "").replace("\\", "\\\\").replace("/", "\\/")


def is_self(character: str | None) -> bool:
    """Whether a role is oneself."""
    return bool(character and _SELF.match(character))


def is_archive_footage(character: str | None) -> bool:
    """Whether a role was recorded for something else."""
    return bool(character and _ARCHIVE.search(character))


def _least(values: Iterable[int | None]) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
