"""Holding core against the expectation, field by field, so that a difference names itself."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.dbt_project.warehouse import Warehouse

Rows = list[dict[str, Any]]

KEYS = {
    "shows": ("show_id",),
    "networks": ("network_id",),
    "production_companies": ("production_company_id",),
    "watch_providers": ("provider_id",),
    "show_networks": ("show_id", "network_id"),
    "show_production_companies": ("show_id", "production_company_id"),
    "show_genres": ("show_id", "genre_id"),
    "show_keywords": ("show_id", "keyword_id"),
    "show_watch_providers": ("show_id", "region", "offer_type", "provider_id"),
    "show_watch_provider_history": (
        *("show_id", "region", "offer_type", "provider_id"),
        "first_seen_at",
    ),
    "show_metrics_history": ("show_id", "first_seen_at"),
    "show_status_history": ("show_id", "first_seen_at"),
    "seasons": ("season_id",),
    "episodes": ("episode_id",),
    "people": ("person_id",),
    "person_images": ("person_id", "image_id"),
    "episode_orders": ("show_id", "episode_group_id", "subgroup_position", "position"),
    "show_cast": ("show_cast_id",),
    "show_crew": ("show_crew_id",),
    "season_cast": ("season_cast_id",),
    "episode_appearances": ("episode_id", "person_id", "appearance_type"),
    "images": ("image_id",),
    "external_ids": ("entity_id", "source"),
    "show_videos": ("show_id", "video_id"),
    "show_titles": ("show_id", "source", "title_kind", "position"),
    "show_recommendations": ("show_id", "recommended_tmdb_id"),
    "show_content_ratings": ("show_id", "country", "rating"),
}
"""The tables of core that follow from what TMDb answers, and what their rows are told apart by."""

BESIDES = {"episode_orders"}
"""Of these, what stands on documents that are asked for besides series."""

METADATA = {"tmdb_fetched_at", "imdb_fetched_at"}
"""Columns that say where a row comes from; those with a leading underscore do too."""


def held(warehouse: Warehouse, table: str) -> Rows:
    """Read a table of core without its metadata."""
    columns = [
        name
        for (name,) in warehouse.rows(
            "select column_name from information_schema.columns"
            " where table_schema = 'core' and table_name = %s order by ordinal_position",
            table,
        )
        if name not in METADATA and not name.startswith("_")
    ]
    rows = warehouse.rows(f"select {', '.join(columns)} from core.{table}")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def differences(table: str, found: Rows, wanted: Rows) -> list[str]:
    """Say what differs: rows too many, rows that are missing, every field that is not as wanted."""
    key_of = _key_of(table)
    here, there = {key_of(row): row for row in found}, {key_of(row): row for row in wanted}
    if len(here) < len(found) or len(there) < len(wanted):
        return [f"{table}: a key stands twice, in the table or in the expectation"]
    said = [f"{table} {key}: nobody said so" for key in here.keys() - there.keys()]
    said += [f"{table} {key}: it is missing" for key in there.keys() - here.keys()]
    for key in here.keys() & there.keys():
        row, expectation = here[key], there[key]
        for column in sorted(row.keys() | expectation.keys()):
            if column not in row or column not in expectation:
                where = "the table" if column not in row else "the expectation"
                said.append(f"{table}.{column}: {where} does not know it")
            elif not _is_same(row[column], expectation[column]):
                said.append(f"{table}.{column} {key}: `{row[column]}`, not `{expectation[column]}`")
    return sorted(said)


def _is_same(left: object, right: object) -> bool:
    is_number = isinstance(left, int | Decimal) and isinstance(right, int | Decimal)
    return left == right and (is_number or type(left) is type(right))


def _key_of(table: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: "/".join(str(row[column]) for column in KEYS[table])
