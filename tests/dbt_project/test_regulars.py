"""The questions that `docs/core.md` answers about regulars, asked of a recorded series.

Season 1 is as it was recorded, with the list of its regulars. Of season 3 nobody recorded a list:
four people of its cast are put down here by hand. Nobody recorded any of the others.
"""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from extract.settings import ROOT
from tests.dbt_project.warehouse import Warehouse
from tests.tmdb.recordings import RecordedWorld, RecordingsAbsentError
from tests.tmdb.world import DETAILS, Part

SERIES = 1399
CLARKE, DINKLAGE, HARINGTON, MOMOA = 1223786, 22970, 239019, 117642
BRADLEY = 1010135
"""Of the main cast of today, and no regular of season 1."""
SEASON_3: Part = {
    "id": 3626,
    "cast": [
        {"id": DINKLAGE, "name": "Peter Dinklage", "character": "Tyrion Lannister", "order": 0},
        {"id": CLARKE, "name": "Emilia Clarke", "character": "Daenerys Targaryen", "order": 1},
        {"id": CLARKE, "name": "Emilia Clarke", "character": "Daenerys Targaryen", "order": 2},
        {"id": 999999999, "name": "Not in any other list", "character": "Nobody", "order": 3},
    ],
    "crew": [],
}
SHOWN = "marts.show_appearances"


@pytest.fixture(scope="module")
def recorded() -> Mapping[str, Part]:
    try:
        series = RecordedWorld().series(SERIES)
    except RecordingsAbsentError as absent:
        pytest.skip(str(absent))
    assert series is not None
    return series


@pytest.fixture(scope="module")
def warehouse(
    recorded: Mapping[str, Part], module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """The recorded series, and the regulars of season 3."""
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    parts = {
        ("tmdb_tv_details", f"{SERIES}"): recorded[DETAILS],
        ("tmdb_tv_aggregate_credits", f"{SERIES}"): recorded["aggregate_credits"],
        ("tmdb_tv_credits", f"{SERIES}"): recorded["credits"],
        ("tmdb_tv_seasons", f"{SERIES}/season/1"): recorded["season/1"],
        ("tmdb_tv_season_credits", f"{SERIES}/season/1"): recorded["season/1/credits"],
        ("tmdb_tv_season_credits", f"{SERIES}/season/3"): SEASON_3,
    }
    warehouse.answer({key: dict(part) for key, part in parts.items()})
    warehouse.build("show_appearances", "season_documents")
    return warehouse


def queries() -> list[str]:
    """The queries of the docs, in their order."""
    found = re.findall(r"```sql\n(.*?)\n```", (ROOT / "docs/core.md").read_text(), re.DOTALL)
    return [query for query in found if f"show_tmdb_id = {SERIES}" in query]


def test_each_question_takes_four_lines_at_most() -> None:
    assert [len(query.splitlines()) for query in queries()] == [4, 4, 4]


def test_who_was_in_a_season(warehouse: Warehouse, recorded: Mapping[str, Part]) -> None:
    asked = queries()[0]
    third = {name: is_regular for name, _, is_regular in warehouse.rows(asked)}
    assert third == {
        "Peter Dinklage": True,
        "Emilia Clarke": True,
        "Not in any other list": True,
    }
    first = warehouse.rows(asked.replace("3 = any", "1 = any"))
    regulars = {person["id"] for person in recorded["season/1/credits"]["cast"]}
    guests = {
        person["id"]
        for episode in recorded["season/1"]["episodes"]
        for person in episode["guest_stars"]
        if not person["adult"]
    }
    assert len(regulars) == 20 and len(guests) == 111 and len(regulars & guests) == 2
    assert [is_regular for *_, is_regular in first] == [True] * 20 + [False] * 109
    names = {name for name, _, is_regular in first if is_regular}
    assert {"Sean Bean", "Jason Momoa", "Conleth Hill", "Emilia Clarke"} <= names
    assert {"Ron Donachie", "Julian Glover"} <= {name for name, *_ in first} - names


def test_who_is_in_most_seasons(warehouse: Warehouse) -> None:
    told = warehouse.rows(queries()[1])
    assert [*told[:2]] == [
        ("Emilia Clarke", 2, [1, 3], 73),
        ("Peter Dinklage", 2, [1, 3], 73),
    ]
    assert {count for _, count, *_ in told[2:]} == {1}
    (alone,) = (row for row in told if row[0] == "Not in any other list")
    assert alone == ("Not in any other list", 1, [3], None)


def test_regular_or_guest(warehouse: Warehouse) -> None:
    asked = queries()[2]
    assert warehouse.rows(asked) == [(1, "regular")]  # TMDb lists him in nine of ten episodes
    for person, told in {
        DINKLAGE: [(1, "regular"), (3, "regular")],
        HARINGTON: [(1, "regular")],  # of season 3 our list says nothing of him
        63141: [(1, "guest")],
    }.items():
        assert warehouse.rows(asked.replace(str(MOMOA), str(person))) == told, person


def test_a_regular_is_in_no_episode_for_being_one(warehouse: Warehouse) -> None:
    listed = (
        "select people.tmdb_id, appearances.appearance_type, count(*)"
        " from core.episode_appearances as appearances inner join core.people using (person_id)"
        " where people.tmdb_id = any(%s) and appearance_type <> 'crew' group by 1, 2"
    )
    people = [DINKLAGE, CLARKE, HARINGTON, MOMOA]
    assert warehouse.rows(listed, people) == [(MOMOA, "regular", 9)]
    counted = (
        "select person_tmdb_id, episode_count, listed_episode_count, first_air_date::text,"
        f" last_air_date::text from {SHOWN} where person_tmdb_id = any(%s) order by 1"
    )
    assert warehouse.rows(counted, [HARINGTON, MOMOA, 48]) == [
        (48, _stated(warehouse, 48), None, "2011-04-17", "2011-06-19"),
        (MOMOA, _stated(warehouse, MOMOA), 9, "2011-04-17", "2011-06-19"),
        (HARINGTON, 73, None, "2011-04-17", "2011-06-19"),
    ]


def _stated(warehouse: Warehouse, person: int) -> int:
    ((count,),) = warehouse.rows(
        "select member -> 'total_episode_count' from raw.tmdb_tv_aggregate_credits,"
        " jsonb_array_elements(payload -> 'cast') as member where member -> 'id' = %s::text::jsonb",
        person,
    )
    assert isinstance(count, int)
    return count


def test_a_list_that_is_empty_or_gone_says_nothing_of_who_is_absent(warehouse: Warehouse) -> None:
    """Without the list of season 1 its guests are told by the main cast of today."""
    season = f"{SERIES}/season/1"
    kinds = (
        "select tmdb_person_id, appearance_type, count(*) from core.episode_appearances"
        f" where tmdb_person_id in ({MOMOA}, {BRADLEY}) group by 1, 2 order by 1"
    )
    assert warehouse.rows(kinds) == [(MOMOA, "regular", 9), (BRADLEY, "guest", 5)]
    without: list[dict[str, Any] | None] = [{"id": 3624, "cast": [], "crew": []}, None]
    for payload in without:
        warehouse.answer({("tmdb_tv_season_credits", season): payload})
        warehouse.build("show_appearances", "season_documents")
        ((left,),) = warehouse.rows("select count(*) from core.season_cast where season_number = 1")
        assert left == 0
        assert warehouse.rows(kinds) == [(MOMOA, "guest", 9), (BRADLEY, "regular", 5)]
        seen = f"select season_numbers, regular_season_numbers from {SHOWN} where person_tmdb_id = "
        assert warehouse.rows(f"{seen}{HARINGTON}") == [([], [])]
        assert warehouse.rows(f"{seen}{MOMOA}") == [([1], [])]
