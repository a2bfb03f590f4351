"""Where the project takes the place of dbt's own macros: what dbt does there is what it did.

An upgrade of dbt that changes one of them fails here and not in production. Read what changed,
follow it in the macro of ours that is named beside it, then write down the new hash.
"""

import hashlib
import re

import pytest

from tests.dbt_project.manifest import manifest

REPLACED = {
    "dbt.materialization_incremental_default": ("7f1f963516f2", "incremental.sql"),
    "dbt.materialization_view_default": ("abcac5c56c8d", "views.sql"),
    "dbt.should_full_refresh": ("6635ec548fff", "watermarks.sql"),
    "dbt.generate_schema_name": ("35115681af37", "generate_schema_name.sql"),
    "dbt_postgres.postgres__get_columns_in_relation": ("7b4c5142cf1d", "columns.sql"),
    "dbt_postgres.postgres__alter_column_comment": ("1b46137cc8ff", "descriptions.sql"),
    "dbt_postgres.postgres__alter_relation_comment": ("eb9f9246ac4d", "descriptions.sql"),
}
"""What macros of ours stand for: the hash of dbt's, and the file of ours."""
LEANT_ON = {
    "dbt.is_incremental": ("086e8e8acb5e", "incremental.sql"),
    "dbt.materialization_clone_default": ("70774dea32c1", "views.sql"),
    "dbt.materialization_unit_default": ("669360de938d", "columns.sql"),
    "dbt.get_create_table_as_sql": ("b53fa833ba7b", "incremental.sql"),
    "dbt_postgres.postgres__create_table_as": ("2e1b3a5cb7c3", "incremental.sql"),
    "dbt.get_create_view_as_sql": ("45021e3150d8", "views.sql"),
    "dbt.default__create_view_as": ("0228fc796419", "views.sql"),
    "dbt_postgres.postgres__get_create_index_sql": ("825c4935a169", "incremental.sql"),
    "dbt_postgres.postgres__make_intermediate_relation": ("ec10099bd095", "incremental.sql"),
    "dbt.run_hooks": ("3d36c630fb05", "builds.sql"),
    "dbt.statement": ("cbe05bda5791", "incremental.sql"),
}
"""What macros of ours call, or are called by, and take for granted."""


@pytest.mark.parametrize("name", REPLACED | LEANT_ON)
def test_dbt_does_what_the_engine_was_written_for(name: str) -> None:
    expected, ours = (REPLACED | LEANT_ON)[name]
    text = re.sub(r"\s+", " ", manifest().macros[f"macro.{name}"].macro_sql)
    assert hashlib.md5(text.encode()).hexdigest()[:12] == expected, f"see macros/{ours}"


def test_every_macro_in_the_place_of_one_of_dbts_is_listed() -> None:
    names = [name.split(".") for name in manifest().macros]
    ours = {name for _, package, name in names if package == "showhouse"}
    theirs = {f"{package}.{name}" for _, package, name in names if package != "showhouse"}
    assert {name for name in theirs if name.split(".")[1] in ours} <= REPLACED.keys()


def test_ref_and_source_are_called_as_dbt_documents_it() -> None:
    """`builtins` is the way that dbt's documentation gives for a `ref` of one's own."""
    for name in ("ref", "source"):
        assert f"builtins.{name}(*varargs" in manifest().macros[f"macro.showhouse.{name}"].macro_sql
