"""The warehouse reads top to bottom: who may read whom, how models are named, what they declare."""

import re
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from extract.settings import ROOT
from tests.dbt_project.manifest import OF_ALL_DOCUMENTS, layer_of, manifest, models, parents

READS = {
    "staging": set[str](),
    "intermediate": {"staging", "intermediate", "core"},  # core: shows alone, see below
    "core": {"staging", "intermediate", "core"},
    "marts": {"core", "marts"},
}
# What marts may read of staging: lists that we wrote ourselves, the state of the fetching, and
# which ids there are to ask for. The first two were not landed, so core reads neither.
NOT_LANDED = re.compile(r"stg_reference__\w+|stg_showhouse__fetches")
# Except whose an id is, where documents disagree: somebody looked, and that goes before them.
DECIDED = "stg_reference__id_overrides"
READ_BY_MARTS = re.compile(rf"{NOT_LANDED.pattern}|stg_tmdb__listed_\w+")

# What TMDb answered is no entity, so core has nothing of it: one mart gives it again as it came,
# without those who are to be forgotten.
GIVEN_AGAIN = {
    ("tmdb_documents", "stg_tmdb__answers"),
    ("tmdb_documents", "stg_showhouse__suppressed_people"),
    ("tmdb_documents", "stg_tmdb__people"),  # who claims a name that is to be forgotten
    ("tmdb_documents", "stg_tmdb__person_external_ids"),
}

NAMES = {
    "staging": re.compile(r"stg_(?P<source>[a-z]+)__[a-z_]+"),
    "intermediate": re.compile(r"int_[a-z_]+__[a-z]+"),
    "core": re.compile(r"(?!stg_|int_|fct_|dim_)[a-z_]*(s|people|_cast|_crew|_history)"),
    "marts": re.compile(r"(?!stg_|int_|fct_|dim_|mart_)[a-z_]+"),
}
ACCESS = {"staging": "protected", "intermediate": "private", "core": "protected", "marts": "public"}

# Whose code reads what dbt built; an exposure of that name says the same.
CONSUMERS = {
    "api": "api",
    "mirror": "extract/mirror",
    "status": "flows/cli/status.py",
    "forget": "flows/cli/forget.py",
    "drift": "flows/drift.py",
    "export": "flows/export.py",
}
_READ = re.compile(r"(?:\b(?:from|join)\s+|\btable=\")((?:core|marts)\.[a-z_]+)")


def test_staging_alone_reads_what_was_landed() -> None:
    wrong = [m.name for m in models() if layer_of(m) != "staging" and parents(m)[1]]
    assert wrong == []


def test_a_staging_model_reads_one_source_table_and_lies_in_its_folder() -> None:
    for model in models("staging"):
        _, tables = parents(model)
        source = NAMES["staging"].fullmatch(model.name)
        assert source, model.name
        assert model.fqn[2] == source["source"], model.name
        if model.name not in OF_ALL_DOCUMENTS:
            assert len(tables) == (source["source"] != "reference"), model.name


def test_a_layer_reads_the_layers_below_it_only() -> None:
    wrong = [
        f"{model.name} reads {parent.name}"
        for model in models()
        for parent in parents(model)[0]
        if layer_of(parent) not in READS[layer_of(model)]
        and not (layer_of(model) == "marts" and READ_BY_MARTS.fullmatch(parent.name))
        and (model.name, parent.name) not in GIVEN_AGAIN
    ]
    assert wrong == []


def test_what_comes_before_core_asks_core_only_whether_a_show_exists() -> None:
    for model in models("intermediate"):
        of_core = [parent.name for parent in parents(model)[0] if layer_of(parent) == "core"]
        assert of_core == model.config.meta.get("exists_in", []), model.name
        assert set(of_core) <= {"shows"}, model.name


def test_the_lists_that_we_wrote_ourselves_never_decide_what_stands_in_core() -> None:
    wrong = [
        f"{model.name} reads {parent.name}"
        for model in models("core", "intermediate")
        for parent in parents(model)[0]
        if NOT_LANDED.fullmatch(parent.name) and parent.name != DECIDED
    ]
    assert wrong == []


def test_a_name_tells_the_layer() -> None:
    wrong = [m.name for m in models() if not NAMES[layer_of(m)].fullmatch(m.name)]
    assert wrong == []


def test_a_relation_is_called_as_its_file_in_the_schema_of_its_layer() -> None:
    for model in models():
        schema = layer_of(model).replace("intermediate", "staging")
        stem = Path(model.original_file_path).stem
        assert (model.schema, model.alias) == (schema, stem)


def test_a_layer_decides_who_may_use_a_model_and_what_it_promises() -> None:
    for model in models():
        assert model.access.value == ACCESS[layer_of(model)], model.name
        promised = layer_of(model) in ("core", "marts")
        assert model.config.contract.enforced == promised, model.name


@pytest.mark.parametrize("layer", ["intermediate", "core", "marts"])
def test_an_incremental_model_says_what_it_replaces_and_postgres_guards_its_key(layer: str) -> None:
    for model in (m for m in models(layer) if m.config.materialized == "incremental"):
        key = model.config.unique_key
        key = [key] if isinstance(key, str) else key
        assert set(key) <= model.columns.keys(), model.name
        indexes = model.config.get("indexes")
        unique = [sorted(index["columns"]) for index in indexes if index.get("unique")]
        assert sorted(key) in unique, f"{model.name}: no unique index on {key}"
        if model.config.incremental_strategy == "whole":
            continue
        replaced = model.config.meta["replace_by"]
        assert replaced in model.columns, model.name
        assert replaced in {index["columns"][0] for index in indexes}, (
            f"{model.name}: rows of a changed {replaced} are deleted without an index"
        )


def test_a_key_without_its_parent_belongs_to_one_parent_only() -> None:
    """Else a row that moves to another parent would be deleted under one and not the other."""
    # from an id that stands once in a show, or from the show's own
    derived = {"season_id", "episode_id", "show_cast_id", "show_crew_id", "season_cast_id"}
    for model in models():
        is_table = model.config.materialized == "incremental"
        if is_table and model.config.incremental_strategy == "by_parent":
            key = model.config.unique_key
            key = [key] if isinstance(key, str) else key
            assert model.config.meta["replace_by"] in key or set(key) <= derived, model.name


def _read_by(place: str) -> set[str]:
    path = ROOT / place
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    return set(chain.from_iterable(_READ.findall(file.read_text()) for file in files))


def _relation(node_id: str) -> str:
    node: Any = manifest().nodes[node_id]
    return f"{node.schema}.{node.alias}"


@pytest.mark.parametrize(("name", "place"), CONSUMERS.items())
def test_an_exposure_names_what_its_consumer_reads(name: str, place: str) -> None:
    (exposure,) = (e for e in manifest().exposures.values() if e.name == name)
    assert {_relation(node) for node in exposure.depends_on.nodes} == _read_by(place)


def test_nothing_but_the_consumers_reads_what_dbt_built() -> None:
    places = [ROOT / place for place in CONSUMERS.values()]
    for package in ("api", "extract", "flows"):
        for file in (ROOT / package).rglob("*.py"):
            if not any(file.is_relative_to(place) for place in places):
                assert "from marts." not in file.read_text(), file


def test_every_mart_has_a_consumer_or_is_to_go() -> None:
    read = {n for e in manifest().exposures.values() for n in e.depends_on.nodes}
    unread = [m for m in models("marts") if m.unique_id not in read]
    assert [m.name for m in unread if not m.description.startswith("Deprecated since ")] == []
