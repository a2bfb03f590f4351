"""What the yml beside each model says of it, and how its columns are ordered and named."""

import re
from pathlib import Path

import yaml

from extract.settings import ROOT
from tests.dbt_project.manifest import headings, manifest, models

ORDER = ["ids", "text", "codes", "booleans", "measures", "dates", "times", "metadata"]
SUFFIX_OF_TYPE = {"date": "_date", "timestamptz": "_at"}
DAYS = {"birthday", "deathday"}  # words of the field, and say that they are dates
# docs/operations.md, "When a mart changes"
DEPRECATED = re.compile(r"^Deprecated since \d{4}-\d\d: use `\w+`[^.]*\. ")
BOOLEAN = ("is_", "has_", "needs_")


def test_one_yml_lies_beside_each_model_and_holds_that_model_alone() -> None:
    for model in models():
        beside = (ROOT / model.original_file_path).with_suffix(".yml")
        assert model.patch_path, f"{model.name} has no yml"
        assert model.patch_path.endswith(str(beside.relative_to(ROOT)))
        assert [m["name"] for m in yaml.safe_load(beside.read_text())["models"]] == [model.name]


def test_a_model_begins_its_description_with_its_grain() -> None:
    told = {m.name: DEPRECATED.sub("", m.description) for m in models()}
    wrong = [name for name, text in told.items() if not text.startswith("One row per ")]
    assert wrong == []


def test_every_column_has_a_type_and_a_description() -> None:
    wrong = [
        f"{model.name}.{column.name}"
        for model in models()
        for column in model.columns.values()
        if not (column.data_type and column.description.strip())
    ]
    assert wrong == []
    assert [m.name for m in models() if not m.columns] == []


def test_a_description_never_restates_the_name() -> None:
    wrong = [
        f"{model.name}.{column.name}"
        for model in models()
        for column in model.columns.values()
        if column.description.strip(" .").lower() == column.name.replace("_", " ")
    ]
    assert wrong == []


def test_columns_are_grouped_by_kind_in_one_order_everywhere() -> None:
    for model in models("staging", "core", "marts"):
        if model.fqn[2] != "reference":
            found = headings(model)
            assert found, f"{model.name} groups nothing"
            assert found == [kind for kind in ORDER if kind in found], model.name


def test_a_name_tells_booleans_dates_and_times() -> None:
    wrong = []
    for model in models():
        for column in model.columns.values():
            suffix = SUFFIX_OF_TYPE.get(column.data_type, "")
            right = (
                column.name.startswith(BOOLEAN)
                if column.data_type == "boolean"
                else column.name.endswith(suffix) and not column.name.startswith(BOOLEAN)
            )
            if not right and column.name not in DAYS:
                wrong.append(f"{model.name}.{column.name}")
    assert wrong == []


def test_load_metadata_stands_last() -> None:
    for model in models():
        marked = [name.startswith("_") for name in model.columns]
        assert marked == sorted(marked), model.name


def test_every_docs_block_is_used() -> None:
    blocks = {b for b in manifest().docs if b.startswith("doc.showhouse.")}
    texts = [p.read_text() for p in Path(ROOT, "dbt_project/models").rglob("*.yml")]
    unused = {b for b in blocks if not any(f"doc('{b.split('.')[-1]}')" in t for t in texts)}
    assert unused == set()
