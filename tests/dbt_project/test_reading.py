"""An incremental build looks up what changed; it reads no large table from end to end.

The tables of a test are so small that reading them whole is the best plan. With sequential scans
made dear for the whole database, one is only left where no index reaches: where at 20,000 series
the whole catalogue would be read.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

import pytest

from tests.dbt_project.extraction import extract_from
from tests.dbt_project.warehouse import BOOKS, TABLES, Warehouse
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

SERIES = range(1, 31)
TOUCHED = 7
SCANS = """
    select schemaname || '.' || relname, seq_tup_read
    from pg_stat_user_tables
    where schemaname in ('raw', 'staging', 'core', 'marts')
"""
_IMPORT = re.compile(
    r"^(?P<name>\w+) as (?P<kept>not materialized )?\(\s*"
    r'select \* from "\w+"\."\w+"\."(?!stg_reference)\w+"'
    r"(?P<narrowed>[^()]*= any \()?",
    re.M,
)
READ_WHOLE = {"source_freshness"}  # counts all that is held, whoever asks


@dataclass(frozen=True)
class Rebuilt:
    """An incremental build after one of thirty series changed."""

    rows_read: dict[str, int]
    """By table: rows that it read in order, by no index."""
    models: list[Any]
    """What it ran, compiled."""


@pytest.fixture(scope="module")
def rebuilt(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Rebuilt:
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    with tmdb_server(Options(series_count=len(SERIES), people_count=100)) as tmdb:
        extract_from(tmdb, warehouse, SERIES)
        warehouse.dbt("run", *TABLES)
        (name,) = warehouse.rows("select current_database()")[0]
        warehouse.execute(f'alter database "{name}" set enable_seqscan to off')
        tmdb.touch([TOUCHED], tmdb.names(TOUCHED))
        landed = extract_from(tmdb, warehouse, [TOUCHED])
    assert landed.load_id, "nothing changed upstream, so the build says nothing"
    before = _rows_read_in_order(warehouse)
    ran = warehouse.dbt("run", *TABLES)
    after = _rows_read_in_order(warehouse)
    read = {table: rows - before[table] for table, rows in after.items() if rows > before[table]}
    return Rebuilt(read, [result.node for result in ran.result])  # type: ignore[union-attr]


def _rows_read_in_order(warehouse: Warehouse) -> dict[str, int]:
    """Rows that scans of each table have read so far, once every session has told its own."""
    time.sleep(1.1)  # what a session counts it reports once a second, or as it ends
    return dict(warehouse.rows(SCANS))


def test_an_incremental_build_reads_no_raw_table_whole(rebuilt: Rebuilt) -> None:
    assert [table for table in rebuilt.rows_read if table.startswith("raw.")] == []


def test_of_built_tables_it_reads_whole_what_models_without_keys_are_made_of(
    rebuilt: Rebuilt,
) -> None:
    """A rank, a share of all, a list of what there is: these are of everything by nature.

    And so is the question which rows a new day makes wrong (`outdated_when`).
    """
    of_everything = [node for node in rebuilt.models if node.config.materialized == "table"]
    ids = {each.unique_id for each in of_everything}
    ids |= {parent for each in of_everything for parent in each.depends_on.nodes}
    ids |= {each.unique_id for each in rebuilt.models if "outdated_when" in each.config.meta}
    allowed = {f"{node.schema}.{node.name}" for node in rebuilt.models if node.unique_id in ids}
    read = {table for table in rebuilt.rows_read if not table.startswith("raw.")}
    assert read - {f"staging.{book}" for book in BOOKS} <= allowed
    assert read & allowed, "nothing was counted, so the test says nothing"


def test_a_table_that_is_imported_whole_and_read_twice_is_not_copied_first(
    rebuilt: Rebuilt,
) -> None:
    """Postgres keeps a copy of what is read twice, all of it, before it looks for any key."""
    copied, imports = [], 0
    for model in rebuilt.models:
        if model.config.materialized == "table" or model.name in READ_WHOLE:
            continue
        for imported in _IMPORT.finditer(model.compiled_code):
            imports += 1
            uses = re.findall(rf"(?:from|join) {imported['name']}\b(?!\.)", model.compiled_code)
            if len(uses) > 1 and not imported["kept"] and not imported["narrowed"]:
                copied.append(f"{model.name}: {imported['name']}")
    assert imports > 100, "an import looks different from what is searched for"
    assert copied == [], "write `as not materialized`"
