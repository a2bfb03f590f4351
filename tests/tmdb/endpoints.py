"""The endpoints of TMDb that we ask: where their answers are recorded, how TMDb describes them.

The test server and the bundled sample answer the same endpoints; each says here what to ask it for,
so that its answers can be held against real ones.
"""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from extract.sample import replay
from extract.sample.facts import facts
from tests.tmdb.handle import Tmdb
from tests.tmdb.recorded_things import read_recorded
from tests.tmdb.recordings import recordings_folder
from tests.tmdb.shapes import Shape, described, shape_of
from tests.tmdb.world import APPENDABLE, SETS, THINGS, season_name, season_number

SERIES = range(1, 61)
"""The series of the test server that are looked at."""
LIST, FOUND = 7, "tt1000004"

_APPENDED_BY_OTHERS = frozenset({"changes", "combined_credits", "movie_credits", "tv_credits"})
_OF_SEASON = frozenset({"aggregate_credits", "credits", "external_ids", "images", "translations"})
_DESCRIPTION = "tmdb-openapi-3.1.json.gz"

Paths = Callable[[Tmdb], list[str]]
Held = Callable[[], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One of them; `answered` and `held` are what to ask the server and the sample for."""

    name: str
    folder: str
    """Of its recordings."""
    described_as: str
    """Its path in TMDb's description."""
    answered: Paths
    held: Held = list
    appended: frozenset[str] = field(default=frozenset())
    """What recordings hold beside its own keys, because it was appended."""

    def recorded(self) -> Shape:
        """Give the shape of what was recorded of it, of nothing where nobody did."""
        names = self.appended and self.appended | _APPENDED_BY_OTHERS
        paths = sorted((recordings_folder() / "tmdb" / self.folder).glob("*.json"))
        documents = (document for path in paths if (document := read_recorded(path)) is not None)
        return shape_of(
            {
                key: value
                for key, value in document.items()
                if key not in names and season_number(key) is None
            }
            for document in documents
        )

    def described(self) -> tuple[Shape, Shape]:
        """Give the shape of its schema, and that of the examples in its description."""
        operation = _description()["paths"][f"/3{self.described_as}"]["get"]
        content = operation["responses"]["200"]["content"]["application/json"]
        examples = (each.get("value") for each in content.get("examples", {}).values())
        return described(content.get("schema", {})), shape_of(
            orjson.loads(each) for each in examples if each
        )


@cache
def _description() -> Any:
    packed: Path = recordings_folder() / "tmdb" / _DESCRIPTION
    return orjson.loads(gzip.decompress(packed.read_bytes()))


def _of_series(name: str) -> Endpoint:
    return Endpoint(
        name=name,
        folder=f"tv_{name.replace('/', '_')}",
        described_as=f"/tv/{{series_id}}/{name}",
        answered=lambda tmdb: [f"/3/tv/{each}/{name}" for each in SERIES],
        held=lambda: [f"/tv/{each}/{name}" for each in replay.SERIES_IDS],
    )


def _of_thing(kind: str, subject: str, part: str = "") -> Endpoint:
    path = f"/{part}" if part else ""
    return Endpoint(
        name=f"{kind}{path}",
        folder=f"{kind}_{part or 'details'}",
        described_as=f"/{kind}/{{{kind}_id}}{path}",
        answered=lambda tmdb: [f"/3/{kind}/{key}{path}" for key in _things(tmdb, kind)],
        held=lambda: [f"/{kind}/{key}{path}" for key in sorted(replay.KEYS[subject])],
        appended=frozenset() if part else THINGS[kind],
    )


def _things(tmdb: Tmdb, kind: str) -> Iterator[str]:
    """Give the keys of those that a few series name."""
    first, step = {"person": (1000, 3), "network": (2, 11), "company": (5, 13)}[kind]
    return map(str, range(first, first + 60 * step, step))


def _seasons(tmdb: Tmdb) -> list[str]:
    named = ((each, name) for each in SERIES for name in tmdb.names(each))
    return [f"/3/tv/{each}/{name}" for each, name in named if season_number(name) is not None]


def _held_seasons() -> list[str]:
    held = facts().seasons.items()
    return [f"/tv/{each}/{season_name(number)}" for each, rows in held for number in rows]


def _credited(seasons: list[str]) -> list[str]:
    return [f"{path}/credits" for path in seasons]


def _groups(tmdb: Tmdb) -> list[str]:
    listed = (tmdb.document(each, "episode_groups")["results"] for each in range(1, 200))
    return [f"/3/tv/episode_group/{group['id']}" for groups in listed for group in groups]


def _changes(tmdb: Tmdb) -> list[str]:
    tmdb.edited(SERIES)
    return ["/3/tv/changes"]


def _changed_people(tmdb: Tmdb) -> list[str]:
    for key in list(_things(tmdb, "person"))[:5]:
        tmdb.touch_thing("person", key)
    return ["/3/person/changes"]


def _list(tmdb: Tmdb) -> list[str]:
    tmdb.make_list(LIST, SERIES[:5], [4, 5])
    return [f"/3/list/{LIST}"]


_SUBJECTS = {"person": "people", "network": "networks", "company": "companies"}

ENDPOINTS = (
    Endpoint(
        name="series",
        folder="tv_details",
        described_as="/tv/{series_id}",
        answered=lambda tmdb: [f"/3/tv/{each}" for each in SERIES],
        held=lambda: [f"/tv/{each}" for each in replay.SERIES_IDS],
        appended=APPENDABLE,
    ),
    *map(_of_series, SETS),
    Endpoint(
        name="season",
        folder="tv_season",
        described_as="/tv/{series_id}/season/{season_number}",
        answered=_seasons,
        held=_held_seasons,
        appended=_OF_SEASON | {"videos", "watch/providers"},
    ),
    Endpoint(
        name="season/credits",
        folder="tv_season_credits",
        described_as="/tv/{series_id}/season/{season_number}/credits",
        answered=lambda tmdb: _credited(_seasons(tmdb)),
        held=lambda: _credited(_held_seasons()),
    ),
    Endpoint(
        name="episode group",
        folder="episode_group",
        described_as="/tv/episode_group/{tv_episode_group_id}",
        answered=_groups,
        held=lambda: [f"/tv/episode_group/{key}" for key in sorted(replay.KEYS["episode groups"])],
    ),
    *(_of_thing(kind, subject) for kind, subject in _SUBJECTS.items()),
    *(
        _of_thing(kind, subject, part)
        for kind, subject in _SUBJECTS.items()
        for part in sorted(THINGS[kind])
    ),
    Endpoint(
        name="find",
        folder="find",
        described_as="/find/{external_id}",
        answered=lambda tmdb: [f"/3/find/{FOUND}?external_source=imdb_id"],
    ),
    Endpoint(
        name="search",
        folder="tv_search",
        described_as="/search/tv",
        answered=lambda tmdb: ["/3/search/tv?query=e"],
    ),
    Endpoint(
        name="changes", folder="tv_changes_list", described_as="/tv/changes", answered=_changes
    ),
    Endpoint(
        name="changed people",
        folder="person_changes_list",
        described_as="/person/changes",
        answered=_changed_people,
    ),
    Endpoint(name="list", folder="list", described_as="/list/{list_id}", answered=_list),
)
