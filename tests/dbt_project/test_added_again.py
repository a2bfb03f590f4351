"""An episode that TMDb deleted and added again under another id: its former id leads to it.

TMDb never uses a deleted id again (measured by two projects, and its staff says so). That the new
episode of the same season, number and air date is the same one is our rule: TMDb names none.
"""

from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.dbt_project.histories import Payloads
from tests.dbt_project.lives import (
    DAY,
    assert_incremental_equals_full,
    give_back,
    purge_all,
    tell_time,
)
from tests.dbt_project.warehouse import Warehouse

MODELS = ("present_ids",)
FIRST, LATER = "2024-05-20", "2024-06-10"
Episode = tuple[int, int, str | None]
"""TMDb's id, the number, the air date."""


@pytest.fixture(scope="module")
def shared(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    scratch: Path = tmp_path_factory.mktemp("dbt")
    return Warehouse(module_database, scratch)


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    """Two series of one season, which list nothing yet."""
    shared.forget()
    shared.clock = datetime(2024, 5, 1, tzinfo=UTC)
    for series_id in (1, 2):
        seasons = [{"id": series_id, "season_number": 1}]
        details = {"id": series_id, "name": "A", "seasons": seasons}
        shared.answer({("tmdb_tv_details", f"{series_id}"): details})
    return shared


def _id(tmdb_episode_id: int) -> UUID:
    key = f"tmdb:episode:{tmdb_episode_id}"
    return UUID(md5(key.encode(), usedforsecurity=False).hexdigest())


def _season(*episodes: Episode, series_id: int = 1) -> Payloads:
    listed: list[dict[str, Any]] = [
        {"id": tmdb_id, "episode_number": number, "air_date": day}
        for tmdb_id, number, day in episodes
    ]
    document = {"id": series_id, "season_number": 1, "episodes": listed}
    return {("tmdb_tv_seasons", f"{series_id}/season/1"): document}


def _leads(warehouse: Warehouse) -> set[tuple[UUID, UUID]]:
    """Build what changed; the former ids of episodes, and where the API's view leads from each."""
    warehouse.build(*MODELS)
    told = warehouse.rows(
        "select alias_id, entity_id from marts.present_ids where entity_type = 'episode'"
    )
    held = warehouse.rows(
        "select alias_id, entity_id from core.aliases"
        " inner join core.episodes on entity_id = episode_id where entity_type = 'episode'"
    )
    assert sorted(told) == sorted(held), "an alias leads to an episode that does not stand"
    return set(held)


def test_the_former_id_leads_to_the_episode_as_long_as_the_show_lists_it(
    warehouse: Warehouse,
) -> None:
    warehouse.answer(_season((11, 1, FIRST), (21, 2, FIRST)))
    assert _leads(warehouse) == set()
    warehouse.answer(_season((12, 1, FIRST), (22, 2, LATER)))
    assert _leads(warehouse) == {(_id(11), _id(12))}
    warehouse.answer(_season((12, 1, LATER), (22, 2, LATER)))  # whose day is corrected
    assert _leads(warehouse) == {(_id(11), _id(12))}
    again = warehouse.answer(_season((13, 1, LATER), (22, 2, LATER)))
    assert _leads(warehouse) == {(_id(11), _id(13)), (_id(12), _id(13))}
    assert_incremental_equals_full(warehouse, *MODELS)

    give_back(warehouse, again)
    assert _leads(warehouse) == {(_id(11), _id(12))}
    warehouse.answer({("tmdb_tv_seasons", "1/season/1"): None})
    assert _leads(warehouse) == set()
    warehouse.answer(_season((14, 1, LATER)))
    assert _leads(warehouse) == {(_id(11), _id(14)), (_id(12), _id(14))}
    warehouse.answer(_season((12, 1, LATER)))  # which comes back
    assert _leads(warehouse) == {(_id(11), _id(12)), (_id(14), _id(12))}
    assert_incremental_equals_full(warehouse, *MODELS)


def test_an_id_that_another_series_lists_or_had_as_well_is_no_alias(warehouse: Warehouse) -> None:
    warehouse.answer(_season((11, 1, FIRST)) | _season((15, 1, FIRST), series_id=2))
    warehouse.answer(_season((12, 1, FIRST)))
    assert _leads(warehouse) == {(_id(11), _id(12))}
    warehouse.answer(_season((11, 1, FIRST), series_id=2))
    assert _leads(warehouse) == {(_id(15), _id(11))}
    warehouse.answer(_season((16, 1, FIRST), series_id=2))
    assert _leads(warehouse) == {(_id(15), _id(16))}  # 11 is 12 here, and 16 there
    assert_incremental_equals_full(warehouse, *MODELS)


def test_what_imdb_says_follows_to_the_new_id(warehouse: Warehouse) -> None:
    place = {"parentTconst": "tt0000001", "seasonNumber": "1", "episodeNumber": "1"}
    warehouse.answer(
        _season((11, 1, FIRST))
        | {
            ("tmdb_tv_external_ids", "1"): {"id": 1, "imdb_id": "tt0000001"},
            ("imdb_title_episode", "tt0000011"): {"tconst": "tt0000011", **place},
            ("imdb_title_ratings", "tt0000011"): {"averageRating": "7.5", "numVotes": "12"},
        }
    )
    rated = "select episode_id, imdb_episode_id, imdb_rating_count from core.episodes"
    warehouse.build(*MODELS)
    assert warehouse.rows(rated) == [(_id(11), "tt0000011", 12)]
    warehouse.answer(_season((12, 1, FIRST)))
    assert _leads(warehouse) == {(_id(11), _id(12))}
    assert warehouse.rows(rated) == [(_id(12), "tt0000011", 12)]


def test_an_alias_ends_when_the_last_version_that_listed_the_former_id_is_purged(
    warehouse: Warehouse,
) -> None:
    warehouse.answer(_season((11, 1, FIRST)))
    warehouse.clock += 10 * DAY
    tell_time(warehouse)  # retention counts from the load that took the version's place
    warehouse.answer(_season((12, 1, FIRST)))
    assert _leads(warehouse) == {(_id(11), _id(12))}
    warehouse.clock += 200 * DAY
    details = {"id": 1, "name": "B", "seasons": [{"id": 1, "season_number": 1}]}
    renewed: Payloads = {("tmdb_tv_details", "1"): details}
    warehouse.answer(renewed | _season((12, 1, FIRST)))
    assert purge_all(warehouse).count
    assert _leads(warehouse) == set()
    assert warehouse.rows("select tmdb_episode_id from core.episodes") == [(12,)]
    assert_incremental_equals_full(warehouse, *MODELS)
