"""What answers in TMDb's place has the shape of what TMDb answered, endpoint by endpoint.

Held against each other are, place by place, the keys and their types: those of the test server's
made-up world, or of the bundled sample, and those of the recordings and of TMDb's description. What
differs on purpose stands here, with the reason.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
import pytest

from extract.sample import answer
from tests.tmdb.asking import ask
from tests.tmdb.endpoints import ENDPOINTS, Endpoint
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.recordings import RecordingsAbsentError, recordings_folder
from tests.tmdb.server import tmdb_server
from tests.tmdb.shapes import Shape, shape_of

Differences = Mapping[str, Mapping[str, str]]
"""By endpoint and place: the reason."""

NEWER = "[L] 2026, newer than the recordings and the description"
BELIEVED_PARENT = "belief `company_parent_is_told_in_brief`: recorded are an id and null"
BELIEVED_PAGES = "belief `lists_come_in_pages`: the one recorded list came whole"
AS_IN_SEASONS = "an episode has it in a season; the one recorded group is from before it was added"
ADDED: Differences = {
    "series": {"softcore": NEWER},
    "images": {f"{kind}[].iso_3166_1": NEWER for kind in ("backdrops", "logos", "posters")},
    "person/images": {"profiles[].iso_3166_1": NEWER},
    "episode group": {"groups[].episodes[].episode_type": AS_IN_SEASONS},
    "company": {
        f"parent_company{key}": BELIEVED_PARENT for key in ("", ".id", ".logo_path", ".name")
    },
    "list": {key: BELIEVED_PAGES for key in ("page", "total_pages", "total_results")}
    | {
        f"items[].{key}": "of series alone: the recorded list has none"
        for key in (
            *("first_air_date", "name", "origin_country", "origin_country[]", "original_name"),
        )
    },
}
"""Keys, or types of them, that no real answer at hand has."""

OLDER = "missing in older payloads, and so in some of the made-up ones"
OFFERS = "a region has the kinds of offers that there are in it"
OF_SOME = "belief: whatever a person or an episode may lack in older payloads, it may lack here"
MISSING: Differences = {
    "series": {
        key: OLDER
        for key in (
            *("tagline", "next_episode_to_air", "networks[].logo_path"),
            "seasons[].episode_count",
        )
    },
    "season": {"episodes[].air_date": OLDER, "episodes[].guest_stars": OF_SOME},
    "episode group": {"groups[].episodes[].air_date": OLDER, "network.logo_path": OLDER},
    "person": {"also_known_as": OF_SOME},
    **{
        part: {
            f"{kind}[].{key}": OLDER
            for kind in ("cast", "crew")
            for key in ("adult", "original_name")
        }
        for part in ("credits", "aggregate_credits")
    },
    "watch/providers": {"results.*.flatrate": OFFERS}
    | {
        f"results.*.{offer}[].display_priority": OLDER
        for offer in ("ads", "buy", "flatrate", "free", "rent")
    },
    "list": {
        f"items[].{key}": "of movies alone: the recorded list has no series"
        for key in ("original_title", "release_date", "title", "video")
    },
}
"""Keys that every real answer at hand has, and not every one of ours."""


@pytest.fixture(scope="module", autouse=True)
def recordings() -> None:
    try:
        recordings_folder()
    except RecordingsAbsentError as absent:
        pytest.skip(str(absent))


@pytest.fixture(scope="module")
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=300, people_count=100)) as server:
        yield server


def _of_server(tmdb: Tmdb, endpoint: Endpoint) -> Iterator[Any]:
    for path in endpoint.answered(tmdb):
        reply = ask(tmdb, path)
        assert reply.status == 200, path
        yield reply.json()


def _of_sample(tmdb: Tmdb, endpoint: Endpoint) -> Iterator[Any]:
    for path in endpoint.held():
        status, _, body = answer(path)
        assert status == 200, path
        yield orjson.loads(body)


ANSWERERS: Mapping[str, Callable[[Tmdb, Endpoint], Iterator[Any]]] = {
    "server": _of_server,
    "sample": _of_sample,
}
ASKED = [
    pytest.param(name, endpoint, id=f"{name}: {endpoint.name}")
    for endpoint in ENDPOINTS
    for name in ANSWERERS
    if name == "server" or endpoint.held is not list
]


@pytest.mark.parametrize(("answerer", "endpoint"), ASKED)
def test_every_key_is_one_that_tmdb_answers_with_values_of_its_types(
    tmdb: Tmdb, answerer: str, endpoint: Endpoint
) -> None:
    ours, recorded = shape_of(ANSWERERS[answerer](tmdb, endpoint)), endpoint.recorded()
    schema, examples = endpoint.described()
    added = ADDED.get(endpoint.name, {})
    assert ours.places, "nothing was answered, so nothing is compared"
    wrong = {
        place: told
        for place in ours.places
        if place not in added and (told := _strange(place, ours, recorded, examples, schema))
    }
    assert wrong == {}


@pytest.mark.parametrize(("answerer", "endpoint"), ASKED)
def test_every_key_that_all_real_answers_have_is_there(
    tmdb: Tmdb, answerer: str, endpoint: Endpoint
) -> None:
    ours, recorded = shape_of(ANSWERERS[answerer](tmdb, endpoint)), endpoint.recorded()
    missing = {
        f"{place}.{key}" if place else key
        for place in ours.always.keys() & recorded.always.keys()
        for key in recorded.always[place] - ours.always[place] - {"*"}
    }
    assert missing <= MISSING.get(endpoint.name, {}).keys()


def test_differences_on_purpose_are_differences(tmdb: Tmdb) -> None:
    for endpoint in ENDPOINTS:
        ours, recorded = shape_of(_of_server(tmdb, endpoint)), endpoint.recorded()
        schema, examples = endpoint.described()
        for place in ADDED.get(endpoint.name, {}):
            assert _strange(place, ours, recorded, examples, schema), f"{endpoint.name}: {place}"
        for place in MISSING.get(endpoint.name, {}):
            above, _, key = place.rpartition(".")
            assert key in recorded.always[above] - ours.always[above], f"{endpoint.name}: {place}"


def _strange(
    place: str, ours: Shape, recorded: Shape, examples: Shape, schema: Shape
) -> str | None:
    """Say what of a place no real answer has; an example's type counts before a schema's."""
    told = ours.types[place] - {"null"}
    seen = recorded.types.get(place, set()) | examples.types.get(place, set())
    if place not in schema.types and not seen:
        return "no such key"
    known = seen - {"null"} or schema.types.get(place, set())
    strange = told - known if known - {"any", "null"} else set()
    return f"{sorted(strange)}, not {sorted(known)}" if strange else None
