"""From the pages of a wiki to `core.fandom_people`: incremental, and with their attribution."""

from pathlib import Path
from typing import Any

import pytest

from tests.dbt_project.warehouse import Warehouse, differences

ADA, BO, SHOW = "w/1", "w/2", "w/3"


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    scratch: Path = tmp_path_factory.mktemp("dbt")
    return Warehouse(module_database, scratch)


def _profile(title: str, revision: int, **more: Any) -> dict[str, Any]:
    told = {"title": title, "revision": revision, "url": f"https://w.example/wiki/{title}"}
    return told | {"kinds": ["person"], "parser_version": 1} | more


def _land(warehouse: Warehouse, profiles: dict[str, dict[str, Any] | None]) -> None:
    warehouse.answer({("fandom_profiles", key): value for key, value in profiles.items()})


def test_people_follow_their_pages(warehouse: Warehouse) -> None:
    born = {"birth_date": "1980-05-04", "birth_date_text": "May 4, 1980"}
    _land(
        warehouse,
        {
            ADA: _profile("Ada", 7, name="Ada", trivia=["One."], **born),
            BO: _profile("Bo", 8, birth_date="1975-02", fields="?", relatives={}, gender=" "),
            SHOW: _profile("Show", 9, kinds=["show"]),
        },
    )
    warehouse.dbt("build", "--select", "+fandom_people", "--exclude-resource-type", "unit_test")
    told = (
        "select page_key, birth_date::text, birth_year, trivia from core.fandom_people order by 1"
    )
    assert warehouse.rows(told) == [
        (ADA, "1980-05-04", 1980, ["One."]),
        (BO, None, 1975, []),
    ]
    _land(warehouse, {ADA: _profile("Ada", 10, name="Ada S."), BO: None})
    warehouse.dbt("run", "--select", "+fandom_people")
    assert warehouse.rows("select page_key, name, revision from core.fandom_people") == [
        (ADA, "Ada S.", 10)
    ]
    _is_as_built_from_nothing(warehouse)


def test_a_page_that_is_forgotten_leaves_and_comes_back(warehouse: Warehouse) -> None:
    people = "select page_key from core.fandom_people order by 1"
    _land(warehouse, {ADA: _profile("Ada", 11), BO: _profile("Bo", 12)})
    for is_suppressed, shown in ((True, [(ADA,)]), (False, [(ADA,), (BO,)])):
        decision = {"page_key": BO, "tmdb_id": None, "is_suppressed": is_suppressed}
        warehouse.answer({("showhouse_suppressed_pages", BO): decision})
        warehouse.dbt("run", "--select", "+fandom_people")
        assert warehouse.rows(people) == shown
        _is_as_built_from_nothing(warehouse)


def test_a_name_leads_to_its_pages_whether_asked_for_as_a_title_or_searched_for(
    warehouse: Warehouse,
) -> None:
    searched = [{"pageid": 7, "title": "Other"}, {"pageid": 8, "title": "Ada"}]
    titled = [{"title": "Bö", "missing": True}, {"pageid": 9, "ns": 0, "title": "Bo"}]
    missing = [{"ns": 0, "title": "Nobody", "missing": True}, 7]
    normalized = [{"from": "bo", "to": "Bo"}]
    warehouse.answer(
        {
            ("fandom_searches", "w/person/Ada"): {"query": {"search": searched}},
            ("fandom_searches", "w/show/bö"): {
                "query": {"pages": titled, "normalized": normalized}
            },
            ("fandom_searches", "w/person/Nobody"): {"query": {"pages": missing}},
        }
    )
    warehouse.dbt("build", "--select", "stg_fandom__searches")
    found = """
        select page_key, searched_name, kind, title, position
        from staging.stg_fandom__searches
        order by 1
    """
    assert warehouse.rows(found) == [
        ("w/7", "Ada", "person", "Other", 1),
        ("w/8", "Ada", "person", "Ada", 2),
        ("w/9", "bö", "show", "Bo", 2),
    ]


def _is_as_built_from_nothing(warehouse: Warehouse) -> None:
    incremental = warehouse.snapshot()
    warehouse.dbt("run", "--select", "+fandom_people", "--full-refresh")
    assert differences(incremental, warehouse.snapshot()) == []
