"""What upstream may well say, and what nobody would: each has its place, or is null and counted."""

import random
import string
from pathlib import Path
from typing import Any

import pytest

from tests.dbt_project.histories import Payloads
from tests.dbt_project.lives import assert_incremental_equals_full
from tests.dbt_project.warehouse import TABLES, Warehouse

LONG = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=20_000))
"""More than an entry of any index holds, and nothing that can be packed."""
ADULT = {"id": 2, "name": "Late", "adult": True, "networks": [{"id": 7}], "seasons": []}
OFFER = {"US": {"flatrate": [{"provider_id": 8, "provider_name": "Eight"}]}}


def _member(credit: int, person: int, **role: str) -> dict[str, Any]:
    return {"id": person, "name": f"Person {person}", "credit_id": f"{credit}", **role}


ANSWERS: Payloads = {
    ("tmdb_tv_details", "1"): {
        "id": 1,
        "name": LONG,
        "original_name": "Kurz",
        "overview": [1, 2],
        "tagline": [["x"]],
        "status": LONG,
        "origin_country": [LONG, "US"],
        "genres": [{"id": 1, "name": LONG}],
        "networks": [{"id": 7, "name": LONG}],
        "production_companies": [{"id": 9, "name": LONG}],
        "created_by": [{"id": 5, "name": LONG}],
        "seasons": [],
        LONG: 1,
    },
    ("tmdb_tv_details", "2"): ADULT | {"production_companies": [{"id": 9}]},
    ("tmdb_tv_content_ratings", "1"): {"results": [{"iso_3166_1": LONG, "rating": LONG}]},
    ("tmdb_tv_episode_groups", "1"): {"results": [{"id": LONG, "name": "Order"}]},
    ("tmdb_tv_alternative_titles", "1"): {"results": [{"iso_3166_1": "US", "title": LONG}]},
    ("tmdb_tv_keywords", "1"): {"results": [{"id": 1, "name": LONG}]},
    ("tmdb_tv_videos", "1"): {
        "results": [
            {"id": LONG, "key": "a"},
            {"id": "leap", "key": "b", "published_at": "2024-02-29T10:00:00.000Z"},
            {"id": "zone", "key": "c", "published_at": "2024-02-28T10:00:00+99:99"},
            {"id": "none", "key": "d", "published_at": "2023-02-29T10:00:00.000Z"},
        ]
    },
    ("tmdb_tv_watch_providers", "1"): {"results": {LONG: OFFER["US"], **OFFER}},
    ("tmdb_tv_watch_providers", "2"): {"results": OFFER},
    ("tmdb_tv_credits", "1"): {
        "cast": [
            _member(1, 5, character="Self-Made Man"),
            _member(2, 6, character="Self-Host"),
            _member(3, 7, character="Self - Guest"),
        ],
        "crew": [
            _member(4, 5, department="A/B", job="C"),
            _member(5, 5, department="A", job="B/C"),
        ],
    },
    ("tmdb_tv_metrics", "1"): {"popularity": 7, "vote_average": 7, "vote_count": 3},
    ("tmdb_tv_details", "99999999"): None,
    ("tmdb_person_details", "77777777"): None,
}


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    scratch: Path = tmp_path_factory.mktemp("dbt")
    warehouse = Warehouse(module_database, scratch)
    warehouse.answer(ANSWERS)
    warehouse.dbt("run", *TABLES)
    return warehouse


def test_text_that_no_index_holds_is_nobodys_name_and_counted(warehouse: Warehouse) -> None:
    named = "select name, tmdb_status, genres, networks, origin_countries from core.shows"
    assert warehouse.rows(f"{named} where tmdb_id = 1") == [("Kurz", None, [], [], ["US"])]
    assert warehouse.rows("select rating from core.show_content_ratings") == []
    assert warehouse.rows("select distinct region from core.show_watch_provider_history") == [
        ("US",)
    ]
    assert _rejected(warehouse) >= {
        ("stg_tmdb__shows", "name"),
        ("stg_tmdb__shows", "status"),
        ("stg_tmdb__show_genres", "name"),
        ("stg_tmdb__show_networks", "name"),
        ("stg_tmdb__show_creators", "name"),
        ("stg_tmdb__show_content_ratings", "rating"),
        ("stg_tmdb__episode_groups", "id"),
        ("stg_tmdb__show_videos", "id"),
        ("stg_tmdb__show_watch_providers", "region"),
    }


def test_a_list_in_the_place_of_text_is_no_text_whatever_it_holds(warehouse: Warehouse) -> None:
    told = "select description, tagline from core.shows where tmdb_id = 1"
    assert warehouse.rows(told) == [(None, None)]
    assert {("stg_tmdb__shows", "overview"), ("stg_tmdb__shows", "tagline")} <= _rejected(warehouse)


def test_an_instant_is_of_a_day_that_there_is_and_of_a_zone_that_there_is(
    warehouse: Warehouse,
) -> None:
    told = (
        "select video_id, (published_at at time zone 'utc')::text from core.show_videos order by 1"
    )
    assert warehouse.rows(told) == [
        ("leap", "2024-02-29 10:00:00"),
        ("none", None),
        ("zone", None),
    ]
    assert ("stg_tmdb__show_videos", "published_at") in _rejected(warehouse)


def test_two_jobs_that_read_alike_with_their_departments_are_two(warehouse: Warehouse) -> None:
    jobs = "select department, job from core.show_crew where department like 'A%%' order by 1"
    assert warehouse.rows(jobs) == [("A", "B/C"), ("A/B", "C")]


def test_somebody_is_themselves_and_a_self_made_man_is_a_role(warehouse: Warehouse) -> None:
    cast = "select character, credit_category from core.show_cast order by tmdb_person_id"
    assert warehouse.rows(cast) == [
        ("Self-Made Man", "Actor"),
        ("Self-Host", "Self"),
        ("Self - Guest", "Self"),
    ]


def test_what_was_asked_for_and_never_there_is_nothing(warehouse: Warehouse) -> None:
    assert warehouse.rows("select tmdb_id from core.shows order by 1") == [(1,), (2,)]
    assert warehouse.rows("select from core.people where tmdb_id = 77777777") == []


def test_a_show_for_adults_is_not_counted_until_it_is_for_all(warehouse: Warehouse) -> None:
    assert _counted(warehouse) == [(1, 1, 1, 1)]
    answers: Payloads = {("tmdb_tv_details", "2"): ADULT | {"adult": False}}
    answers[("tmdb_tv_metrics", "1")] = {"popularity": 7.0, "vote_average": 7.0, "vote_count": 3}
    warehouse.answer(answers)
    warehouse.dbt("run", *TABLES)
    assert _counted(warehouse) == [(2, 1, 2, 2)]
    # and the number that is written otherwise is the same one
    assert_incremental_equals_full(warehouse)


def _rejected(warehouse: Warehouse) -> set[tuple[str, str]]:
    return set(warehouse.rows("select model, field from staging.int_values__rejected"))


def _counted(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    """Shows of a network, a company, a service, and of that in the latest week."""
    return warehouse.rows(
        "select (select show_count from marts.network_documents where network_id = 7),"
        " (select (document::json ->> 'show_count')::int from marts.company_documents"
        " where production_company_id = 9),"
        " (select (document::json -> 'regions' -> 0 ->> 'show_count')::int"
        " from marts.watch_provider_documents where provider_id = 8),"
        " (select show_count from marts.provider_availability where provider_id = 8 and is_latest"
        " and region = 'US')"
    )
