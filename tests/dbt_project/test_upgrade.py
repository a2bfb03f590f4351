"""A newer major version of Postgres: a backup from the old one is the same warehouse there."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import uuid4

from extract.landing.purging import purge
from extract.postgres.backup import backup, restore
from extract.postgres.connections import connect
from extract.postgres.migrations import migrate
from extract.registry import RESOURCES
from extract.settings import load_settings
from tests.dbt_project.histories import SERIES, details, landing
from tests.dbt_project.warehouse import TABLES, Warehouse, differences

REGISTERED = [(resource.name, resource.entity) for resource in RESOURCES.values()]
PURGED_AT = datetime(2024, 12, 1, tzinfo=UTC)
"""Half a year and more after what the warehouse's clock says of the landings."""


def test_a_backup_of_postgres_15_is_built_to_the_same_warehouse_on_the_embedded_one(
    database_15: str, empty_database: str, tmp_path: Path
) -> None:
    old, new = Warehouse(database_15, tmp_path / "15"), Warehouse(empty_database, tmp_path / "new")
    chance = Random(18)
    old.answer({("tmdb_tv_details", str(i)): details(chance, i) for i in SERIES})
    old.dbt("run", *TABLES)
    old.answer(landing(chance))
    old.dbt("run", *TABLES)
    with connect(database_15) as connection:
        assert purge(connection, RESOURCES.values(), run_id=uuid4(), at=PURGED_AT).count
    old.answer({("tmdb_tv_details", str(i)): details(chance, i) for i in SERIES})
    old.dbt("run", *TABLES)
    history = old.rows("select count(*) from core.show_status_history")

    file = tmp_path / "showhouse.backup"
    backup(load_settings(database_url=database_15, showhouse_home=tmp_path), file)
    restore(load_settings(database_url=empty_database, showhouse_home=tmp_path), file)
    migrate(empty_database, REGISTERED)
    new.dbt("run", *TABLES)
    assert history > [(len(SERIES),)], "no history outlived the purge, so this says little"
    assert differences(old.snapshot(), new.snapshot()) == []

    new.clock = old.clock
    for warehouse in (old, new):
        warehouse.answer(landing(Random(19)))
        warehouse.dbt("run", *TABLES)
    assert differences(old.snapshot(), new.snapshot()) == []
