"""What a warehouse holds, without the moments at which it came to hold it.

Two warehouses that were filled from the same upstream have equal contents, however often one of
them was disturbed. Left out are times, load and build ids, and ETags of documents that show times.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from extract.mirror.folder import UNFINISHED
from tests.whole.house import House

Contents = Mapping[str, list[str]]
"""By table (and `mirror`, the folder): every row as text, in a fixed order."""

BOOKS_OF_RAW = {"alembic_version", "loads", "fetches", "discoveries", "rejects", "rate_gates"}
NOW_VIEWS = {"source_freshness", "changes", "change_windows"}
RANKINGS = "marts.show_rankings"
_MOMENTS = ("at", "etag", "seasons_etag", "episodes_etag", "freshness")
_DOCUMENTS = ("document", "summary", "seasons", "episodes")

_LATEST = """
    select
        key,
        (select count(*) from raw.{table} as version where version.key = held.key),
        is_tombstone,
        payload
    from raw.{table} as held
    where is_latest
"""
_FETCHES = "select resource, key, status, attempts, error from raw.fetches"


def contents(house: House) -> Contents:
    """Everything that must not depend on how the warehouse came to be."""
    found: dict[str, list[str]] = {}
    for _, table in house.tables("raw"):
        if table not in BOOKS_OF_RAW:
            rows = house.rows(_LATEST.format(table=table))
            found[f"raw.{table}"] = texts([[*row[:3], timeless(row[3])] for row in rows])
    found["raw.fetches"] = texts(house.rows(_FETCHES))
    for schema, table in house.tables("core", "marts"):
        if table not in NOW_VIEWS:
            rows = house.rows(f"select to_jsonb(t) from {schema}.{table} as t")
            found[f"{schema}.{table}"] = texts([without_moments(row) for (row,) in rows])
    found["mirror"] = mirrored(house)
    return found


def mirrored(house: House) -> list[str]:
    """The objects of the folder: names and hashes of what they hold."""
    folder = house.home / "mirror"
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in files
        if not path.name.startswith(UNFINISHED)  # left by a kill; pruned after its grace
    )


def differences(left: Contents, right: Contents) -> list[str]:
    """The first rows in which two warehouses differ, for each table that does."""
    found = []
    for table in sorted(left.keys() | right.keys()):
        ours, theirs = left.get(table, []), right.get(table, [])
        if ours != theirs:
            only_ours = sorted(set(ours) - set(theirs)) or ["the same rows, other counts"]
            only_theirs = sorted(set(theirs) - set(ours)) or ["the same rows, other counts"]
            found.append(f"{table}: {only_ours[0][:400]} | {only_theirs[0][:400]}")
    return found


def of_shows(found: Contents, tmdb_ids: Collection[int]) -> Contents:
    """The part of the contents that belongs to these series: their documents and their rows.

    A rank is among all series: none of them has it for itself.
    """
    names = {json.loads(row)["tmdb_id"]: json.loads(row)["show_id"] for row in found["core.shows"]}
    ids = {names.get(tmdb_id) for tmdb_id in tmdb_ids}
    kept: dict[str, list[str]] = {}
    for table, rows in found.items():
        if table == RANKINGS:
            continue
        parsed = [json.loads(row) for row in rows] if table != "mirror" else []
        if table.startswith("raw.tmdb_tv_"):
            chosen = [int(str(row[0]).partition("/")[0]) in tmdb_ids for row in parsed]
        elif parsed and isinstance(parsed[0], dict) and "show_id" in parsed[0]:
            chosen = [row["show_id"] in ids for row in parsed]
        else:
            continue
        kept[table] = [row for row, is_chosen in zip(rows, chosen, strict=True) if is_chosen]
    return kept


def texts(rows: Collection[Any]) -> list[str]:
    """Write rows as text, in a fixed order."""
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)


def without_moments(row: dict[str, Any]) -> Any:
    """Give a row of a table that was built, its documents read, without what tells moments."""
    for name in _DOCUMENTS:
        if isinstance(row.get(name), str):
            row[name] = json.loads(row[name])
    return timeless(row)


def timeless(value: Any) -> Any:
    """Give a document, or a row of one, without what tells moments and loads."""
    if isinstance(value, dict):
        return {
            name: timeless(inner)
            for name, inner in value.items()
            if name not in _MOMENTS and not name.endswith("_at") and not name.startswith("_")
        }
    return [timeless(inner) for inner in value] if isinstance(value, list) else value
