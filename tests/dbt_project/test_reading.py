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
from tests.dbt_project.histories import Payloads
from tests.dbt_project.warehouse import BOOKS, TABLES, Warehouse
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

SERIES = range(1, 31)
OTHERS = 2_000
"""Rows of each table of IMDb's, and receipts, that nothing of what changed has to do with."""
SCANS = """
    select schemaname || '.' || relname, seq_tup_read, coalesce(idx_tup_fetch, 0)
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
    rows_found: dict[str, int]
    """By table: rows that it read by an index."""
    models: list[Any]
    """What it ran, compiled."""


@pytest.fixture(scope="module")
def rebuilt(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Rebuilt:
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    with tmdb_server(Options(series_count=len(SERIES), people_count=100)) as tmdb:
        extract_from(tmdb, warehouse, SERIES)
        touched, title = _known_to_imdb(warehouse)
        warehouse.answer(_of_others() | _rows_of_imdbs(title, "tt8888888", "nm8888888"))
        warehouse.execute("analyze")
        warehouse.dbt("run", *TABLES)
        (name,) = warehouse.rows("select current_database()")[0]
        warehouse.execute(f'alter database "{name}" set enable_seqscan to off')
        tmdb.touch([touched], tmdb.names(touched))
        landed = extract_from(tmdb, warehouse, [touched])
    assert landed.load_id, "nothing changed upstream, so the build says nothing"
    before = _rows_read(warehouse)
    ran = warehouse.dbt("run", *TABLES)
    after = _rows_read(warehouse)
    in_order, by_index = (
        {t: rows[i] - before[t][i] for t, rows in after.items() if rows[i] > before[t][i]}
        for i in range(2)
    )
    return Rebuilt(in_order, by_index, [each.node for each in ran.result])  # type: ignore[union-attr]


def _rows_read(warehouse: Warehouse) -> dict[str, tuple[int, int]]:
    """What of each table was read so far, in order and by index, once every session has told."""
    time.sleep(1.1)  # what a session counts it reports once a second, or as it ends
    return {table: (in_order, found) for table, in_order, found in warehouse.rows(SCANS)}


def _known_to_imdb(warehouse: Warehouse) -> tuple[int, str]:
    """A series that has a title of IMDb's, and that title."""
    claims = "select key::integer, payload ->> 'imdb_id' from raw.tmdb_tv_external_ids"
    return min((key, title) for key, title in warehouse.rows(claims) if title)


def _of_others() -> Payloads:
    others: Payloads = {
        ("showhouse_mirrored_images", f"networks/{900_000 + n}/a.png"): {"key": f"a/{n}"}
        for n in range(OTHERS)
    }
    for n in range(OTHERS):
        others |= _rows_of_imdbs(f"tt{4_000_000 + n}", f"tt{5_000_000 + n}", f"nm{n:07}")
    return others


def _rows_of_imdbs(title: str, episode: str, person: str) -> Payloads:
    return {
        ("imdb_title_basics", title): {"titleType": "tvSeries", "primaryTitle": title},
        ("imdb_title_ratings", title): {"averageRating": "7.1", "numVotes": "10"},
        ("imdb_title_episode", episode): {
            "parentTconst": title,
            "seasonNumber": "1",
            "episodeNumber": "1",
        },
        ("imdb_title_principals", f"{episode}/1"): {"nconst": person, "category": "self"},
        ("imdb_name_basics", person): {"primaryName": person},
    }


def _is_built_as_a_whole(model: Any) -> bool:
    return bool(model.config.incremental_strategy == "whole")


def test_an_incremental_build_reads_no_raw_table_whole(rebuilt: Rebuilt) -> None:
    assert [table for table in rebuilt.rows_read if table.startswith("raw.")] == []


def test_of_imdbs_files_and_receipts_it_looks_up_what_belongs_to_the_change(
    rebuilt: Rebuilt,
) -> None:
    found = {
        table: rows
        for table, rows in rebuilt.rows_found.items()
        if table.startswith(("raw.imdb_", "raw.showhouse_mirrored"))
    }
    assert found.get("raw.imdb_title_principals"), "nothing was looked up, so this says nothing"
    assert {table: rows for table, rows in found.items() if rows >= OTHERS} == {}


def test_of_built_tables_it_reads_whole_what_models_without_keys_are_made_of(
    rebuilt: Rebuilt,
) -> None:
    """A rank, a share of all, a list of what there is: these are of everything by nature.

    And so is the question which rows a new day makes wrong (`outdated_when`).
    """
    of_everything = [node for node in rebuilt.models if _is_built_as_a_whole(node)]
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
        if _is_built_as_a_whole(model) or model.name in READ_WHOLE:
            continue
        for imported in _IMPORT.finditer(model.compiled_code):
            imports += 1
            uses = re.findall(rf"(?:from|join) {imported['name']}\b(?!\.)", model.compiled_code)
            if len(uses) > 1 and not imported["kept"] and not imported["narrowed"]:
                copied.append(f"{model.name}: {imported['name']}")
    assert imports > 100, "an import looks different from what is searched for"
    assert copied == [], "write `as not materialized`"
