"""What a build leaves beside the rows: comments, what it notes of its code, what nobody owns."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.nodes import ModelNode

from flows.export import MartUnknown, export_marts
from tests.dbt_project.warehouse import Warehouse

COMMENTS = (
    "select comments.objoid::regclass::text, comments.objsubid, comments.description,"
    " comments.xmin::text from pg_description as comments"
    " inner join pg_class as relations on comments.objoid = relations.oid"
    " where comments.classoid = 'pg_class'::regclass"
    " and relations.relnamespace::regnamespace::text in ('core', 'marts') order by 1, 2"
)


@pytest.fixture(scope="module")
def warehouse(
    module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """A warehouse of one series, built."""
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    details = {"id": 101, "name": "Series 101", "networks": [], "seasons": []}
    warehouse.answer({("tmdb_tv_details", "101"): details})
    warehouse.dbt("run")
    yield warehouse


def described(warehouse: Warehouse) -> list[Any]:
    models = (n for n in warehouse._manifest().nodes.values() if isinstance(n, ModelNode))
    return [model for model in models if model.schema in ("core", "marts")]


def test_every_relation_and_column_says_in_the_database_what_it_is(warehouse: Warehouse) -> None:
    held = {(table, number): text for table, number, text, _ in warehouse.rows(COMMENTS)}
    for node in described(warehouse):
        assert held[f"{node.schema}.{node.name}", 0] == node.description
    columns = sum(len(node.columns) for node in described(warehouse))
    assert sum(number > 0 for _, number in held) == columns


def test_a_build_writes_the_comments_whose_text_changed_and_no_other(warehouse: Warehouse) -> None:
    before = warehouse.rows(COMMENTS)
    warehouse.dbt("run")
    assert warehouse.rows(COMMENTS) == before
    with changed(warehouse, "shows", lambda node: setattr(node, "description", "Series, all.")):
        warehouse.dbt("run", "--select", "shows", "seasons")
    now = warehouse.rows(COMMENTS)
    assert {table for table, *_ in set(now) - set(before)} == {"core.shows"}
    warehouse.dbt("run", "--full-refresh", "--select", "shows")
    assert [row[:3] for row in warehouse.rows(COMMENTS)] == [row[:3] for row in before]


class changed:
    """Within, a node of the parsed project is another."""

    def __init__(self, warehouse: Warehouse, name: str, change: Callable[[Any], object]) -> None:
        self._parsed = warehouse._manifest()
        everything = (*self._parsed.nodes.values(), *self._parsed.sources.values())
        self._node = next(node for node in everything if node.name == name)
        self._before = copy.deepcopy(vars(self._node))
        self._change = change

    def __enter__(self) -> None:
        self._change(self._node)
        self._parsed.build_flat_graph()  # type: ignore[no-untyped-call]

    def __exit__(self, *_: object) -> None:
        vars(self._node).update(self._before)
        self._parsed.build_flat_graph()  # type: ignore[no-untyped-call]


FINGERPRINTS = (
    "select model, fingerprint from staging.watermarks where model in ('shows', 'seasons')"
)


def _outdated_by_other_dates(node: Any) -> None:
    node.config.meta = node.config.meta | {"outdated_when": "next_episode_air_date is null"}


def _keyed_otherwise(node: Any) -> None:
    # one text of the file stands for many tables: what is parsed of it is one object
    node.meta = node.meta | {"keys": node.meta["keys"] | {"show_id": "null::uuid"}}


@pytest.mark.parametrize(
    "name, change",
    [("shows", _outdated_by_other_dates), ("tmdb_tv_metrics", _keyed_otherwise)],
    ids=["its meta", "the keys of a raw table"],
)
def test_what_says_how_a_model_follows_is_part_of_its_code(
    warehouse: Warehouse, name: str, change: Callable[[Any], object]
) -> None:
    warehouse.dbt("run", "--select", "shows", "seasons")
    before = dict(warehouse.rows(FINGERPRINTS))
    with changed(warehouse, name, change):
        warehouse.dbt("run", "--select", "shows", "seasons")
        after = dict(warehouse.rows(FINGERPRINTS))
    assert {model for model in before if before[model] != after[model]} == {"shows"}
    warehouse.dbt("run", "--select", "shows", "seasons")
    assert dict(warehouse.rows(FINGERPRINTS)) == before


def test_what_no_model_makes_is_granted_to_nobody_and_exported_by_nobody(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    warehouse.execute("create table marts.renamed_away as select 1 as id")
    warehouse.execute("grant select on marts.renamed_away to showhouse_reader, showhouse_analyst")
    warehouse.dbt("run", "--select", "networks")
    readers = "showhouse_reader", "showhouse_analyst", "showhouse_loader"
    may = "select has_table_privilege(%s, %s, 'select')"
    for role in readers:
        assert warehouse.rows(may, role, "marts.renamed_away") == [(False,)]
        assert warehouse.rows(may, role, "marts.show_details") == [(True,)]
    with pytest.raises(MartUnknown):
        export_marts(warehouse.url, tmp_path, marts=["renamed_away"])
    exported = export_marts(warehouse.url, tmp_path)
    assert "show_details" in {each.mart for each in exported}
    assert "renamed_away" not in {each.mart for each in exported}


def test_a_build_that_failed_has_not_finished(warehouse: Warehouse) -> None:
    last = "select finished_at is not null from staging.builds order by build_id desc limit 1"
    warehouse.execute("alter table raw.tmdb_tv_metrics rename to elsewhere")
    try:
        assert not warehouse.try_dbt("run", "--select", "shows+").success
    finally:
        warehouse.execute("alter table raw.elsewhere rename to tmdb_tv_metrics")
    assert warehouse.rows(last) == [(False,)]
    warehouse.dbt("run", "--select", "shows+")
    assert warehouse.rows(last) == [(True,)]
