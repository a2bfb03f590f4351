"""What TMDb answered is shown as it came, without those who are to be forgotten."""

import ast
import json
from copy import deepcopy
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from extract.landing.purging import purge
from extract.landing.taking_back import take_back
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.suppression import restore, suppress
from tests.dbt_project.manifest import manifest, parents
from tests.dbt_project.warehouse import Warehouse

FORGOTTEN, KEPT, ADULT = 31, 32, 33
PEOPLE: list[Any] = [
    {"id": FORGOTTEN, "name": "Secret"},
    {"id": KEPT, "name": "Known", "popularity": 1.50},
    {"id": str(FORGOTTEN), "name": "Secret"},
    {"id": 31.0, "name": "Secret"},
    [{"id": FORGOTTEN, "name": "Secret"}],
    {"id": ADULT, "name": "Unlisted", "adult": True},
    {"id": None, "name": "Without an id"},
    {"id": "31st", "adult": "true"},
    {"id": {}},
    None,
    "word",
    FORGOTTEN,
]
LEFT = [person for person in PEOPLE if not any(name in str(person) for name in ("Secret", "Unl"))]
SEASON = {
    "id": 5,
    "season_number": 1,
    "episodes": [
        {"id": FORGOTTEN, "episode_number": 1, "crew": PEOPLE, "guest_stars": PEOPLE},
        {"id": 8, "episode_number": 2, "guest_stars": {"id": FORGOTTEN, "name": "Secret"}},
        {"id": 9, "episode_number": 3, "crew": {"id": KEPT}, "guest_stars": None},
        "no episode",
    ],
}
DETAILS = {
    "id": 101,
    "name": "One",
    "popularity": 1,
    "seasons": [{"id": FORGOTTEN, "season_number": 1}],
    "networks": [{"id": FORGOTTEN, "name": "A network of that number"}],
    "created_by": PEOPLE,
}
WORLD: dict[tuple[str, str], dict[str, Any] | None] = {
    ("tmdb_tv_details", "101"): DETAILS,
    ("tmdb_tv_metrics", "101"): {"id": 101, "popularity": 2.50, "vote_count": 7},
    ("tmdb_tv_credits", "101"): {"id": 101, "cast": PEOPLE, "crew": PEOPLE},
    ("tmdb_tv_aggregate_credits", "101"): {"id": 101, "cast": PEOPLE, "crew": []},
    ("tmdb_tv_seasons", "101/season/1"): SEASON,
    ("tmdb_tv_season_credits", "101/season/1"): {"id": 5, "cast": PEOPLE, "crew": PEOPLE},
    ("tmdb_find", "tt1"): {"person_results": PEOPLE, "tv_results": [{"id": FORGOTTEN}]},
    ("tmdb_tv_details", "102"): {"id": 102, "created_by": {"id": FORGOTTEN, "name": "Secret"}},
    ("tmdb_tv_details", "103"): {"id": 103, "created_by": {"id": KEPT}},
    ("tmdb_person_details", str(FORGOTTEN)): {"id": FORGOTTEN, "name": "Secret"},
    ("tmdb_person_images", str(FORGOTTEN)): {"id": FORGOTTEN, "profiles": []},
    ("tmdb_person_details", str(KEPT)): {"id": KEPT, "name": "Known", "popularity": 1},
    ("tmdb_person_metrics", str(KEPT)): {"id": KEPT, "popularity": 1.25},
    ("tmdb_person_details", str(ADULT)): {"id": ADULT, "name": "Unlisted", "adult": True},
    ("tmdb_network_details", str(FORGOTTEN)): {"id": FORGOTTEN, "name": "A network"},
}
Answers = dict[tuple[str, str], Any]
BUILD = ("run", "--select", "+tmdb_documents")


@pytest.fixture(scope="module")
def shared(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    scratch: Path = tmp_path_factory.mktemp("dbt")
    return Warehouse(module_database, scratch)


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    """A warehouse that is built, in which nobody is forgotten yet."""
    return begin(shared)


@pytest.fixture(scope="module")
def before(shared: Warehouse) -> Answers:
    """What is shown before somebody is forgotten."""
    return answers(begin(shared))


@pytest.fixture(scope="module")
def after(shared: Warehouse, before: Answers) -> Answers:
    """What is shown after it."""
    with connect(shared.url) as connection:
        suppress(connection, FORGOTTEN)
    shared.dbt(*BUILD)
    return answers(shared)


def begin(warehouse: Warehouse) -> Warehouse:
    warehouse.forget()
    warehouse.answer(deepcopy(WORLD))
    warehouse.dbt(*BUILD)
    return warehouse


def answers(warehouse: Warehouse) -> Answers:
    rows = warehouse.rows("select resource, document_key, document::text from marts.tmdb_documents")
    return {(resource, key): json.loads(text) for resource, key, text in rows}


def test_where_nobody_is_left_out_an_answer_is_as_it_came(before: Answers) -> None:
    shown = before
    assert shown["tmdb_tv_details", "103"] == WORLD["tmdb_tv_details", "103"]
    assert shown["tmdb_network_details", str(FORGOTTEN)] == {"id": FORGOTTEN, "name": "A network"}
    of_season = shown["tmdb_tv_seasons", "101/season/1"]["episodes"]
    assert of_season[1:] == SEASON["episodes"][1:]  # type: ignore[index]
    assert len(of_season[0]["crew"]) == len(PEOPLE) - 1  # all but who is known for adult films


def test_the_latest_popularity_and_votes_stand_in_the_details(before: Answers) -> None:
    shown = before
    series = shown["tmdb_tv_details", "101"]
    assert (series["popularity"], series["vote_count"], series["name"]) == (2.5, 7, "One")
    assert shown["tmdb_person_details", str(KEPT)]["popularity"] == 1.25
    assert {resource for resource, _ in shown}.isdisjoint({"tmdb_tv_metrics"})


def test_who_is_to_be_forgotten_stands_in_no_answer(before: Answers, after: Answers) -> None:
    told = {key: json.dumps(document) for key, document in after.items()}
    assert [key for key, text in told.items() if "Secret" in text or "Unlisted" in text] == []
    assert before.keys() - after.keys() == {
        ("tmdb_person_details", str(FORGOTTEN)),
        ("tmdb_person_images", str(FORGOTTEN)),
    }
    for lists in (
        after["tmdb_tv_details", "101"]["created_by"],
        after["tmdb_tv_credits", "101"]["cast"],
        after["tmdb_tv_credits", "101"]["crew"],
        after["tmdb_tv_aggregate_credits", "101"]["cast"],
        after["tmdb_tv_season_credits", "101/season/1"]["cast"],
        after["tmdb_tv_season_credits", "101/season/1"]["crew"],
        after["tmdb_find", "tt1"]["person_results"],
        after["tmdb_tv_seasons", "101/season/1"]["episodes"][0]["crew"],
        after["tmdb_tv_seasons", "101/season/1"]["episodes"][0]["guest_stars"],
    ):
        assert lists == LEFT
    assert after["tmdb_tv_details", "102"]["created_by"] is None


def test_of_a_document_that_names_the_forgotten_everything_else_stays(after: Answers) -> None:
    assert after["tmdb_tv_details", "101"] == {
        **DETAILS,
        **{"popularity": 2.5, "vote_count": 7, "created_by": LEFT},
    }
    season = after["tmdb_tv_seasons", "101/season/1"]
    episodes = season["episodes"]
    assert {**season, "episodes": None} == {"id": 5, "season_number": 1, "episodes": None}
    assert episodes[1] == {"id": 8, "episode_number": 2, "guest_stars": None}
    assert episodes[2:] == SEASON["episodes"][2:]  # type: ignore[index]
    # numbers of other things than people
    assert after["tmdb_find", "tt1"]["tv_results"] == [{"id": FORGOTTEN}]
    assert ("tmdb_network_details", str(FORGOTTEN)) in after


def test_who_is_shown_again_stands_where_they_stood(
    shared: Warehouse, before: Answers, after: Answers
) -> None:
    with connect(shared.url) as connection:
        restore(connection, FORGOTTEN)
    shared.dbt(*BUILD)
    alone = {key for key in before if key[0].startswith("tmdb_person_")}
    assert answers(shared) == {key: before[key] for key in before if key not in alone} | {
        key: after[key] for key in alone & after.keys()
    }


def test_a_person_is_hidden_wherever_a_resource_says_that_people_are_named() -> None:
    """Of each resource that mentions people, the mart's macro names the same lists."""
    macro = next(m for m in manifest().macros.values() if m.name == "answered_resources")
    literal = macro.macro_sql.partition("return(")[2].rpartition(") }}")[0]
    hidden: dict[str, list[str]] = ast.literal_eval(literal)
    for resource in RESOURCES.values():
        named = {
            mention.path.removesuffix("[].id")
            for mention in resource.mentions
            if mention.resource == "tmdb_person_details"
        }
        assert named <= set(hidden.get(resource.name, [])), resource.name
    model = manifest().nodes["model.showhouse.stg_tmdb__answers"]
    read = {source.name for source in parents(model)[1]}
    assert hidden.keys() == read - {"tmdb_tv_metrics", "tmdb_person_metrics"}


def test_what_a_build_has_not_seen_is_not_shown(warehouse: Warehouse) -> None:
    before = answers(warehouse)
    warehouse.answer(
        {
            ("tmdb_tv_details", "101"): {**DETAILS, "name": "Another"},
            ("tmdb_tv_metrics", "101"): {"id": 101, "popularity": 9},
            ("tmdb_tv_details", "104"): {"id": 104},
            ("tmdb_tv_details", "103"): None,
        }
    )
    assert answers(warehouse) == before
    # a build that began and has not ended
    warehouse.execute(
        "insert into staging.builds (invocation_id, horizon, as_of, started_at)"
        " select 'begun', max(load_id), '2024-06-01', now() from raw.loads"
    )
    assert answers(warehouse) == before
    warehouse.dbt(*BUILD)
    after = answers(warehouse)
    assert after["tmdb_tv_details", "101"]["name"] == "Another"
    assert after.keys() - before.keys() == {("tmdb_tv_details", "104")}
    assert before.keys() - after.keys() == {("tmdb_tv_details", "103")}


def test_what_was_purged_or_taken_back_is_not_shown(warehouse: Warehouse) -> None:
    load_id = warehouse.answer({("tmdb_tv_details", "101"): {**DETAILS, "name": "Bad"}})
    warehouse.dbt(*BUILD)
    assert answers(warehouse)["tmdb_tv_details", "101"]["name"] == "Bad"
    assert load_id is not None
    with connect(warehouse.url) as connection:
        take_back(connection, load_id, run_id=uuid4())
    warehouse.dbt(*BUILD)
    assert answers(warehouse)["tmdb_tv_details", "101"]["name"] == "One"
    with connect(warehouse.url) as connection:
        at = warehouse.clock.replace(year=warehouse.clock.year + 1)
        purge(connection, RESOURCES.values(), run_id=uuid4(), at=at)
    assert answers(warehouse) == {}  # at once, whatever was built


def test_a_document_is_looked_up_in_the_indexes_of_its_own_table(warehouse: Warehouse) -> None:
    warehouse.execute("set enable_seqscan to on")
    warehouse.execute(
        "insert into raw.tmdb_tv_credits (key, payload, payload_hash, request, fetched_at, load_id)"
        """ select (1000 + n)::text, '{"id": 1}', '\\x00', 'GET', now(), 1"""
        " from generate_series(1, 5000) as n"
    )
    warehouse.execute("analyze raw.tmdb_tv_credits")
    plan = warehouse.rows(
        "explain (format json) select document from marts.tmdb_documents"
        " where resource = any(array['tmdb_tv_credits', 'tmdb_tv_details'])"
        " and document_key = any(array['101', '102'])"
    )[0][0]
    scans = {
        (node["Relation Name"], node["Node Type"])
        for node in _nodes(plan[0]["Plan"])
        if node.get("Relation Name", "").startswith("tmdb_")
    }
    assert ("tmdb_tv_credits", "Index Scan") in scans
    tables = {table for table, _ in scans}
    hiding = {"person_details", "person_external_ids"}  # who claims a forgotten name
    wanted = {"tv_credits", "tv_details", "tv_metrics", "person_metrics"} | hiding
    assert tables <= {f"tmdb_{name}" for name in wanted}
    assert ("tmdb_tv_credits", "Seq Scan") not in scans


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *chain.from_iterable(_nodes(child) for child in plan.get("Plans", []))]
