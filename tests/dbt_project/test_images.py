"""`core.images` is a view over all that has images: whose they are is looked up, not searched."""

import re
from random import Random

import pytest

from extract.postgres.connections import connect
from tests.dbt_project.histories import (
    PEOPLE,
    credits,
    details,
    images,
    photos,
    season,
    watch_providers,
)
from tests.dbt_project.warehouse import Warehouse

OWNERS = {
    "show": "int_show_images__ranked",
    "season": "seasons",
    "episode": "episodes",
    "person": "person_images",
    "network": "networks",
    "production_company": "production_companies",
    "watch_provider": "watch_providers",
}


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    chance = Random(3)
    for number in range(101, 121):
        warehouse.answer(
            {
                ("tmdb_tv_details", str(number)): details(chance, number),
                ("tmdb_tv_images", str(number)): images(chance, number),
                ("tmdb_tv_seasons", f"{number}/season/1"): season(chance, number, 1),
                ("tmdb_tv_aggregate_credits", str(number)): credits(chance, number),
                ("tmdb_tv_watch_providers", str(number)): watch_providers(chance, number),
            }
        )
    warehouse.answer({("tmdb_person_images", str(i)): photos(chance, i) for i in PEOPLE})
    warehouse.dbt("run", "--select", "+images")
    return warehouse


def _plan(warehouse: Warehouse, condition: str) -> str:
    """How Postgres would read tables that are too large to be read from end to end."""
    with connect(warehouse.url) as connection:
        connection.execute("set enable_seqscan = off")
        rows = connection.execute(f"explain select * from core.images where {condition}").fetchall()
    return "\n".join(line for (line,) in rows)


@pytest.mark.parametrize("owner_type", OWNERS)
def test_the_images_of_an_owner_are_looked_up_in_one_table(
    warehouse: Warehouse, owner_type: str
) -> None:
    plan = _plan(warehouse, f"owner_type = '{owner_type}' and owner_id = '7'")
    assert re.findall(r"Scan.* on (\w+) \w+  ", plan) == [OWNERS[owner_type]], plan
    assert "Seq Scan" not in plan


def test_all_images_of_a_show_are_looked_up(warehouse: Warehouse) -> None:
    plan = _plan(warehouse, "show_id = '00000000-0000-0000-0000-00000000000a'")
    assert "Seq Scan" not in plan


def test_an_owner_has_one_primary_image_of_each_kind(warehouse: Warehouse) -> None:
    counted = warehouse.rows(
        "select owner_type, count(*) filter (where is_primary) from core.images"
        " group by owner_type, owner_id, kind"
    )
    assert {owner_type for owner_type, _ in counted} == OWNERS.keys()
    assert {count for _, count in counted} == {1}


@pytest.mark.parametrize("kind", ["poster", "backdrop", "logo"])
def test_the_image_that_a_show_names_is_its_primary_one(warehouse: Warehouse, kind: str) -> None:
    named = warehouse.rows(
        f"select show_id, primary_{kind}_image_id from core.shows"
        f" where primary_{kind}_image_id is not null order by 1"
    )
    held = warehouse.rows(
        "select show_id, image_id from core.images"
        " where owner_type = 'show' and kind = %s and is_primary order by 1",
        kind,
    )
    assert named
    assert named == held
