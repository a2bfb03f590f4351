"""The models build on the oldest Postgres that we promise."""

from pathlib import Path
from random import Random

import pytest

from tests.dbt_project.histories import SERIES, details, landing
from tests.dbt_project.warehouse import Warehouse

pytestmark = pytest.mark.long


def test_everything_builds_and_holds_on_postgres_15(database_15: str, tmp_path: Path) -> None:
    warehouse = Warehouse(database_15, tmp_path)
    chance = Random(15)
    warehouse.answer({("tmdb_tv_details", str(i)): details(chance, i) for i in SERIES})
    warehouse.dbt("build")
    warehouse.answer(landing(chance))
    warehouse.dbt("build", "--select", "shows+")
    held = warehouse.rows("select tmdb_id from core.shows where tmdb_id is not null order by 1")
    assert held == [(number,) for number in sorted(SERIES)]
