"""Each unit test of a model holds: the small examples of its rules that stand beside it."""

from pathlib import Path
from typing import Any

from tests.dbt_project.manifest import manifest
from tests.dbt_project.warehouse import Warehouse


def test_every_unit_test_of_the_models_holds(database: str, tmp_path: Path) -> None:
    warehouse = Warehouse(database, tmp_path / "dbt")
    warehouse.build()  # they ask the tables for their columns
    outcomes: Any = warehouse.dbt("test", "--select", "test_type:unit").result
    passed = {one.node.unique_id for one in outcomes.results if one.status == "pass"}
    assert passed == manifest().unit_tests.keys()
    assert len(passed) > 50
