"""An incremental build looks up what changed; it reads no raw table from end to end.

The tables of a test are so small that reading them whole is the best plan. With sequential scans
made dear for the whole database, one is only left where no index reaches: where at 20,000 series
the whole catalogue would be read.
"""

import time

import pytest

from tests.dbt_project.extraction import extract_from
from tests.dbt_project.warehouse import TABLES, Warehouse
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

SERIES = range(1, 31)
TOUCHED = 7
SCANS = """
    select relname, seq_tup_read
    from pg_stat_user_tables
    where schemaname = 'raw' and starts_with(relname, 'tmdb')
"""


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(module_database, tmp_path_factory.mktemp("dbt"))


def _rows_read_in_order(warehouse: Warehouse) -> dict[str, int]:
    """Rows that scans of each raw table have read so far, once every session has told its own."""
    time.sleep(1.1)  # what a session counts it reports once a second, or as it ends
    return dict(warehouse.rows(SCANS))


def test_an_incremental_build_reads_no_raw_table_whole(warehouse: Warehouse) -> None:
    with tmdb_server(Options(series_count=len(SERIES), people_count=100)) as tmdb:
        extract_from(tmdb, warehouse, SERIES)
        warehouse.dbt("run", *TABLES)
        (name,) = warehouse.rows("select current_database()")[0]
        warehouse.execute(f'alter database "{name}" set enable_seqscan to off')
        tmdb.touch([TOUCHED], tmdb.names(TOUCHED))
        landed = extract_from(tmdb, warehouse, [TOUCHED])
    assert landed.load_id, "nothing changed upstream, so the build says nothing"
    before = _rows_read_in_order(warehouse)
    warehouse.dbt("run", *TABLES)
    after = _rows_read_in_order(warehouse)
    read = {table: rows - before[table] for table, rows in after.items() if rows > before[table]}
    assert read == {}
