"""Filling a warehouse under test through the real client, and what is told of it from outside."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from extract.run import Extracted, Selection, extract
from extract.settings import Settings, load_settings
from extract.sources.tmdb.subjects import SUBJECTS
from tests.dbt_project.expectation.tables import Instants
from tests.dbt_project.warehouse import Warehouse
from tests.tmdb.handle import Tmdb
from tests.tmdb.world import DETAILS

_KINDS = {
    "people": "person",
    "episode groups": "episode_group",
    "networks": "network",
    "companies": "company",
}
DATA_TESTS = ("build", "--exclude-resource-type", "unit_test")
"""Unit tests look at no data; they run where the project itself is tested."""


def extract_from(
    tmdb: Tmdb, warehouse: Warehouse, series_ids: Iterable[int], *, series_only: bool = False
) -> Extracted:
    """Ask the server for series, due or not, and what they name; land it in the warehouse."""
    ids = tuple(sorted(series_ids))
    selection = Selection(tmdb_ids=ids, force=True, series_only=series_only)
    return asyncio.run(extract(_towards(tmdb, warehouse), selection))


def _towards(tmdb: Tmdb, warehouse: Warehouse) -> Settings:
    return load_settings(
        database_url=warehouse.url,
        tmdb_bearer_token="any",
        tmdb_base_url=tmdb.base_url,
        tmdb_requests_per_second=500,
    )


def extract_things(tmdb: Tmdb, warehouse: Warehouse, keys: Mapping[str, Sequence[str]]) -> None:
    """Ask for things by the name of their subject, due or not; all that there is has to land."""
    for subject in SUBJECTS[1:]:
        selection = Selection(
            subject=subject.name,
            keys=tuple(keys[subject.details.name]),
            resources=tuple(each.name for each in subject.resources),
            force=True,
        )
        extracted = asyncio.run(extract(_towards(tmdb, warehouse), selection))
        failed = {(each.key, each.why.split("`")[1]) for each in extracted.failures}
        assert not any(count.rejected for count in extracted.by_resource.values())
        assert not any(
            name in (tmdb.thing(_KINDS[subject.name], key) or {}) for key, name in failed
        ), failed


def requests_by_series(tmdb: Tmdb) -> Counter[int]:
    """Count what was asked of the server for each series."""
    paths = (one.path.partition("?")[0] for one in tmdb.requests("/3/tv/"))
    return Counter(int(path.split("/")[3]) for path in paths if "episode_group" not in path)


def instants(warehouse: Warehouse) -> Instants:
    """Read off the landing when what is held was answered."""
    details = warehouse.rows(
        "select key::integer, fetched_at from raw.tmdb_tv_details where is_latest"
    )
    return Instants(
        dict(details),
        _versions(warehouse, "tmdb_tv_watch_providers"),
        _of_credits(warehouse),
        _versions(warehouse, "tmdb_tv_details"),
        _versions(warehouse, "tmdb_tv_metrics"),
    )


def _of_credits(warehouse: Warehouse) -> dict[tuple[int, str], datetime]:
    """When the parts that name people were answered."""
    found: dict[tuple[int, str], datetime] = {}
    for part in (DETAILS, "aggregate_credits", "credits", "seasons", "season_credits"):
        latest = f"select key, fetched_at from raw.tmdb_tv_{part} where is_latest"
        for key, fetched_at in warehouse.rows(latest):
            series_id, _, season = key.partition("/")
            name = f"{season}/credits" if part == "season_credits" else season or part
            found[int(series_id), name] = fetched_at
    return found


def _versions(warehouse: Warehouse, resource: str) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = {}
    query = f"select key::integer, fetched_at from raw.{resource} order by load_id"
    for series_id, fetched_at in warehouse.rows(query):
        found.setdefault(series_id, []).append(fetched_at)
    return found
