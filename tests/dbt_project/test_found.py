"""What series name, in staging: it says what was answered, and no value breaks a view."""

from collections.abc import Mapping
from typing import Any

import pytest

from extract.resource import Resource
from extract.sources.tmdb.subjects import SUBJECTS
from tests.dbt_project.manifest import OF_ALL_DOCUMENTS, models, parents
from tests.dbt_project.warehouse import Warehouse

FOUND = tuple(resource for subject in SUBJECTS[1:] for resource in subject.resources)
EACH = pytest.mark.parametrize("resource", FOUND, ids=lambda resource: resource.name)
GROUP = "5e9077d2e640d600151f32bd"

HEALTHY: Mapping[str, dict[str, Any]] = {
    "tmdb_person_details": {
        "adult": False,
        "also_known_as": ["Ada", " Ada B. ", "", None],
        "birthday": "1957-12-13",
        "deathday": "",
        "gender": 1,
        "imdb_id": "nm0000114",
        "name": " Ada Brandt ",
        "place_of_birth": "",
        "profile_path": "/a.jpg",
    },
    "tmdb_person_metrics": {"popularity": 6.248929},
    "tmdb_person_external_ids": {
        "imdb_id": "nm0000114",
        "wikidata_id": "Q1",
        "tiktok_id": "",
        "tvrage_id": 7,
    },
    "tmdb_person_images": {"profiles": [{"file_path": "/a.jpg", "width": 2, "iso_639_1": "xx"}]},
    "tmdb_person_translations": {
        "translations": [{"iso_639_1": "fr", "iso_3166_1": "FR", "data": {"biography": "Une vie"}}]
    },
    "tmdb_episode_group_details": {
        "name": "Story order",
        "type": 5,
        "groups": [
            {
                "id": "5e90",
                "name": "Part 1",
                "order": 1,
                "locked": True,
                "episodes": [{"id": 63056, "show_id": 1399, "order": 0, "season_number": 1}],
            },
            {"id": "5e91", "name": "Empty", "order": 2, "episodes": []},
        ],
    },
    "tmdb_network_details": {"name": "HBO", "headquarters": "New York", "origin_country": ""},
    "tmdb_network_alternative_names": {"results": [{"name": "Home Box Office", "type": ""}]},
    "tmdb_network_images": {"logos": [{"file_path": "/l.png", "file_type": ".svg", "width": 422}]},
    "tmdb_company_details": {"name": "Gaumont", "parent_company": {"id": 3, "name": "Parent"}},
    "tmdb_company_alternative_names": {"results": [{"name": "Société Gaumont", "type": "full"}]},
    "tmdb_company_images": {"logos": [{"file_path": "/g.png", "file_type": ".png"}]},
}

SAID: Mapping[str, dict[str, Any]] = {
    "tmdb_person_details": {
        "name": "Ada Brandt",
        "also_known_as": ["Ada", "Ada B."],
        "birthday": "1957-12-13",
        "deathday": None,
        "gender_code": 1,
        "imdb_id": "nm0000114",
        "place_of_birth": None,
        "is_adult": False,
        "is_gone": False,
        "tmdb_id": 287,
    },
    "tmdb_person_metrics": {"popularity": 6.248929},
    "tmdb_person_external_ids": {"imdb_id": "nm0000114", "wikidata_id": "Q1", "tiktok_id": None},
    "tmdb_person_images": {"file_path": "/a.jpg", "width": 2, "language": None, "position": 1},
    "tmdb_person_translations": {"language": "fr", "biography": "Une vie", "name": None},
    "tmdb_episode_group_details": {
        "episode_group_id": GROUP,
        "subgroup_id": "5e90",
        "subgroup_order": 1,
        "subgroup_position": 1,
        "is_locked": True,
        "tmdb_episode_id": 63056,
        "tmdb_id": 1399,
        "episode_order": 0,
        "position": 1,
        "group_type": 5,
    },
    "tmdb_network_details": {"network_id": 287, "name": "HBO", "origin_country": None},
    "tmdb_network_alternative_names": {"name": "Home Box Office", "name_type": None},
    "tmdb_network_images": {"network_id": 287, "file_type": ".svg", "width": 422},
    "tmdb_company_details": {
        "production_company_id": 287,
        "parent_production_company_id": 3,
        "parent_name": "Parent",
    },
    "tmdb_company_alternative_names": {"name": "Société Gaumont", "name_type": "full"},
    "tmdb_company_images": {"production_company_id": 287, "file_path": "/g.png"},
}

COUNTED: Mapping[str, set[str]] = {
    "tmdb_person_details": {"birthday", "deathday", "gender", "adult", "name", "also_known_as"},
    "tmdb_person_metrics": {"popularity"},
    "tmdb_person_external_ids": {"tvrage_id", "tiktok_id"},
    "tmdb_person_images": {"width", "file_path"},
    "tmdb_person_translations": {"biography"},
    "tmdb_episode_group_details": {"id", "show_id", "order", "season_number"},
    "tmdb_network_details": {"name", "headquarters", "origin_country"},
    "tmdb_network_alternative_names": {"name", "type"},
    "tmdb_network_images": {"width", "file_path"},
    "tmdb_company_details": {"name"},
    "tmdb_company_alternative_names": {"name", "type"},
    "tmdb_company_images": {"file_path"},
}
"""Fields whose wrong values become null, and have to be counted."""

WRONG: tuple[Any, ...] = (
    "abc",
    {},
    [],
    [{}],
    [1, None, "x"],
    {"id": {}},
    1e300,
    "2024-02-30",
    True,
)


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    warehouse.answer({(name, _key(name)): _with_id(name) for name in HEALTHY})
    warehouse.dbt("run", "--select", "+int_values__rejected")
    return warehouse


def _key(resource: str) -> str:
    return GROUP if resource == "tmdb_episode_group_details" else "287"


def _with_id(resource: str) -> dict[str, Any]:
    key = _key(resource)
    return {"id": int(key) if key.isdigit() else key, **HEALTHY[resource]}


def _view(resource: Resource) -> str:
    readers = [m for m in models("staging") if resource.name in [s.name for s in parents(m)[1]]]
    (reader,) = (m for m in readers if m.name not in OF_ALL_DOCUMENTS)
    return str(reader.name)


@EACH
def test_staging_says_what_was_answered(warehouse: Warehouse, resource: Resource) -> None:
    ((row, bad),) = warehouse.rows(
        f"select to_jsonb(view), view._bad_fields from staging.{_view(resource)} as view"
        " where _load_id = 1"
    )
    assert {name: row[name] for name in SAID[resource.name]} == SAID[resource.name]
    assert bad == []


def _spoilt(node: Any, value: Any) -> Any:
    """Every scalar of a document replaced; its lists and objects stay, so that they are read."""
    if isinstance(node, dict):
        return {name: _spoilt(inner, value) for name, inner in node.items()}
    return [_spoilt(inner, value) for inner in node] if isinstance(node, list) else value


@EACH
def test_no_value_breaks_a_view_and_what_does_not_fit_is_counted(
    warehouse: Warehouse, resource: Resource
) -> None:
    healthy = HEALTHY[resource.name]
    warehouse.answer(
        {
            (resource.name, f"{900_000_000 + number}"): {"id": 900_000_000 + number, **payload}
            for number, payload in enumerate(
                payload
                for value in WRONG
                for payload in (_spoilt(healthy, value), dict.fromkeys(healthy, value))
            )
        }
    )
    warehouse.execute("update staging.builds set horizon = (select max(load_id) from raw.loads)")
    view = _view(resource)
    warehouse.rows(f"select to_jsonb(view) from staging.{view} as view")
    counted = "select field from staging.int_values__rejected where model = %s"
    assert {field for (field,) in warehouse.rows(counted, view)} >= COUNTED[resource.name]
