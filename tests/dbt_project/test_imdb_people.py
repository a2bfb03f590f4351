"""Whom IMDb credits is the person whose TMDb document claims that name, and nobody else."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from extract.landing.purging import purge
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.sources.imdb.datasets import IMDB
from extract.suppression import suppress
from tests.dbt_project.test_given_up import DAY, KEPT_DAYS, answer
from tests.dbt_project.test_incremental import assert_incremental_equals_full
from tests.dbt_project.warehouse import TABLES, Warehouse

_RUN = uuid4()
WWHL, STAR, GUEST = 22980, 5, 6
CAST = "select tmdb_person_id, character, credit_category, sources from core.show_cast order by 1"
SEEN = (
    "select tmdb_person_id, appearance_type, is_self, sources from core.episode_appearances"
    " order by 1"
)
BOTH = ["imdb_title_principals", "tmdb_tv_seasons"]


@pytest.fixture(scope="module")
def shared(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    scratch: Path = tmp_path_factory.mktemp("dbt")
    return Warehouse(module_database, scratch)


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    """A talk show of one episode: TMDb names its host, IMDb a guest, whom TMDb knows by that id."""
    shared.forget()
    host = {"id": STAR, "name": "Andy Cohen", "character": "Self - Host"}
    episode = {"id": 11, "episode_number": 1, "name": "One", "guest_stars": [host]}
    answer(
        shared,
        {
            ("tmdb_tv_details", str(WWHL)): {"id": WWHL, "name": "Live", "seasons": []},
            ("tmdb_tv_external_ids", str(WWHL)): {"id": WWHL, "imdb_id": "tt2057880"},
            ("tmdb_tv_seasons", f"{WWHL}/season/1"): {
                "id": 1,
                "season_number": 1,
                "episodes": [episode],
            },
            ("imdb_title_episode", "tt0000011"): {
                "parentTconst": "tt2057880",
                "seasonNumber": "1",
                "episodeNumber": "1",
            },
            ("imdb_title_principals", "tt0000011/1"): _self("nm0000006"),
            ("imdb_title_principals", "tt2057880/1"): _self("nm0000005"),
            ("imdb_name_basics", "nm0000006"): {"primaryName": "G. Uest", "birthYear": "1980"},
            ("tmdb_person_details", str(STAR)): _person(STAR, "Andy Cohen"),
            ("tmdb_person_details", str(GUEST)): _person(GUEST, "Guest"),
        },
    )
    shared.dbt("run", *TABLES)
    return shared


def _self(name: str) -> dict[str, Any]:
    return {"nconst": name, "category": "self", "characters": '["Self"]'}


def _person(number: int, name: str, imdb_id: str | None = None) -> dict[str, Any]:
    return {"id": number, "name": name, "imdb_id": imdb_id or f"nm000000{number}"}


def test_who_is_credited_by_imdb_is_found_by_the_ids_that_tmdb_claims(warehouse: Warehouse) -> None:
    by_imdb = ["imdb_title_principals"]
    assert warehouse.rows(CAST) == [(STAR, "Self", "Self", by_imdb)]
    assert warehouse.rows(SEEN) == [
        (STAR, "guest", True, ["tmdb_tv_seasons"]),
        (GUEST, "guest", True, by_imdb),
    ]
    born = "select imdb_name, birth_year, birthday_source from core.people where tmdb_id = %s"
    assert warehouse.rows(born, GUEST) == [("G. Uest", 1980, "imdb")]
    guests = "select guest_names, classification from marts.wwhl_episodes"
    assert warehouse.rows(guests) == [(["Guest"], "NONE")]

    answer(warehouse, {("imdb_title_principals", "tt0000011/2"): _self("nm0000005")})
    warehouse.dbt("run", *TABLES)
    assert warehouse.rows(SEEN)[0] == (STAR, "guest", True, BOTH)
    ((lines, members),) = warehouse.rows(
        "select cast_attribution, cast_members from marts.show_credit_documents"
    )
    assert IMDB.attribution in json.loads(lines)
    assert {tuple(member["sources"]) for member in json.loads(members)} == {
        ("tmdb", "imdb"),
        ("imdb",),
    }
    assert_incremental_equals_full(warehouse)


def test_a_claim_that_moves_takes_the_credit_along_and_one_of_two_is_nobodys(
    warehouse: Warehouse,
) -> None:
    answer(warehouse, {("tmdb_person_details", "7"): _person(7, "Other", "nm0000006")})
    warehouse.dbt("run", *TABLES)
    assert [row[0] for row in warehouse.rows(SEEN)] == [STAR]
    moved = _person(GUEST, "Guest", "nm0000099")
    answer(warehouse, {("tmdb_person_details", str(GUEST)): moved})
    warehouse.dbt("run", *TABLES)
    assert [row[0] for row in warehouse.rows(SEEN)] == [STAR, 7]
    assert_incremental_equals_full(warehouse)


def test_who_is_purged_or_forgotten_does_not_come_back_by_imdb(warehouse: Warehouse) -> None:
    with connect(warehouse.url) as connection:
        suppress(connection, STAR)
    warehouse.dbt("run", *TABLES)
    assert warehouse.rows(CAST) == []
    assert [row[0] for row in warehouse.rows(SEEN)] == [GUEST]
    warehouse.clock += KEPT_DAYS * DAY
    series = {"id": WWHL, "name": "Live, still", "seasons": []}
    answer(warehouse, {("tmdb_tv_details", str(WWHL)): series})
    answer(
        warehouse,
        {("tmdb_tv_external_ids", str(WWHL)): {"id": WWHL, "imdb_id": "tt2057880", "tvdb_id": 1}},
    )
    with connect(warehouse.url) as connection:
        purge(connection, RESOURCES.values(), run_id=_RUN, at=warehouse.clock)
    warehouse.dbt("run", *TABLES)
    assert warehouse.rows("select person_id from core.people") == []
    assert warehouse.rows("select person_id from staging.int_people__mentioned") == []
    assert_incremental_equals_full(warehouse)
