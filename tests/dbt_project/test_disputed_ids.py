"""An id that TMDb gives to two series breaks no build, and any order of landings ends alike."""

from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

from tests.dbt_project.warehouse import TABLES as ALL
from tests.dbt_project.warehouse import Warehouse, differences

TABLES = (
    "--select",
    "shows seasons episodes disputed_ids hosted_images season_documents"
    " int_people__mentioned people season_cast episode_appearances",
)
SEASON, EPISODE = 77, 99
FIRST, SECOND, THIRD = sorted(
    (101, 102, 103),
    key=lambda number: md5(f"tmdb:tv:{number}".encode(), usedforsecurity=False).hexdigest(),
)


_CREDITED = """
    select count(*), count(distinct episodes.episode_id), count(distinct episodes.show_id)
    from core.episode_appearances as appearances
    inner join core.episodes using (show_id, episode_id)
    where episodes.episode_number = 1
"""


@pytest.fixture
def warehouse(database: str, tmp_path: Path) -> Warehouse:
    return Warehouse(database, tmp_path / "dbt")


def _series(
    number: int, *, season: int = SEASON, episode: int | None = EPISODE
) -> dict[tuple[str, str], dict[str, Any] | None]:
    listed = {"id": season, "season_number": 1, "poster_path": "/same.jpg"}
    guests = [{"id": 7, "name": "Guest", "character": "Self"}]
    own: dict[str, Any] = {"name": "One", "still_path": "/same.jpg", "guest_stars": guests}
    one = {"id": episode, "episode_number": 1, **own}
    other = {"id": number * 10, "episode_number": 2, "name": "Two"}
    return {
        ("tmdb_tv_details", str(number)): {"id": number, "name": f"{number}", "seasons": [listed]},
        ("tmdb_tv_seasons", f"{number}/season/1"): listed | {"episodes": [one, other]},
    }


def _holders(warehouse: Warehouse) -> dict[str, list[int]]:
    """Which series have the two ids, and which are refused them."""
    query = (
        "select entity_type, shows.tmdb_id from core.disputed_ids as disputed"
        " inner join core.shows on shows.show_id = disputed.{} group by 1, 2 order by 1, 2"
    )
    found: dict[str, list[int]] = {}
    for role, column in (("has", "holder_show_id"), ("lost", "show_id")):
        for kind, number in warehouse.rows(query.format(column)):
            found.setdefault(f"{kind} {role}", []).append(number)
    return found


def _assert_whole(warehouse: Warehouse) -> None:
    """Each series shows its season and its episodes, and a full build says the same."""
    counts = "select count(*), count(distinct {0}_id) from core.{0}s"
    shows = warehouse.rows("select count(*)::integer from core.shows")[0][0]
    assert warehouse.rows(counts.format("season")) == [(shows, shows)]
    assert warehouse.rows(counts.format("episode")) == [(2 * shows, 2 * shows)]
    assert warehouse.rows(_CREDITED) == [(shows, shows, shows)]
    incremental = warehouse.snapshot()
    warehouse.dbt("run", *TABLES, "--full-refresh")
    assert differences(incremental, warehouse.snapshot()) == []


def test_the_first_series_has_the_id_and_the_others_stand_without(warehouse: Warehouse) -> None:
    warehouse.answer(_series(FIRST) | _series(THIRD))
    warehouse.dbt("build", "--exclude-resource-type", "unit_test", *ALL)
    both = {"season": [FIRST], "episode": [FIRST]}
    lost = {"season": [THIRD], "episode": [THIRD]}
    assert _holders(warehouse) == {f"{k} has": v for k, v in both.items()} | {
        f"{k} lost": v for k, v in lost.items()
    }


def test_a_series_that_comes_or_goes_decides_for_those_that_did_not_change(
    warehouse: Warehouse,
) -> None:
    warehouse.answer(_series(THIRD))
    warehouse.answer({("tmdb_tv_seasons", f"{FIRST}/season/1"): {"id": SEASON, "season_number": 1}})
    warehouse.dbt("run", *TABLES)
    assert _holders(warehouse) == {}

    warehouse.answer(_series(SECOND))  # comes first, and takes it from one that did not change
    warehouse.dbt("run", *TABLES)
    assert _holders(warehouse)["season has"] == _holders(warehouse)["episode has"] == [SECOND]
    assert _holders(warehouse)["episode lost"] == [THIRD]

    warehouse.answer(_series(FIRST))
    warehouse.dbt("run", *TABLES)
    assert _holders(warehouse)["season has"] == [FIRST]
    assert sorted(_holders(warehouse)["episode lost"]) == sorted([SECOND, THIRD])

    warehouse.answer(_series(FIRST, season=78, episode=98))  # gives it back
    warehouse.dbt("run", *TABLES)
    assert _holders(warehouse)["season has"] == _holders(warehouse)["episode has"] == [SECOND]
    assert _holders(warehouse)["season lost"] == [THIRD]
    _assert_whole(warehouse)

    warehouse.answer({("tmdb_tv_seasons", f"{SECOND}/season/1"): None})
    warehouse.answer({("tmdb_tv_details", str(SECOND)): {"id": SECOND, "name": "x"}})
    warehouse.dbt("run", *TABLES)
    assert _holders(warehouse) == {}
    assert warehouse.rows(
        "select tmdb_id from core.episodes inner join core.shows using (show_id)"
        " where tmdb_episode_id = %s",
        EPISODE,
    ) == [(THIRD,)]
