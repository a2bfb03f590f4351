"""Each registered resource is a source table that staging reads, on the terms of its source."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from extract.registry import RESOURCES, SOURCES
from extract.resource import Resource
from tests.dbt_project.manifest import manifest, models, parents, sources
from tests.dbt_project.warehouse import Warehouse

BOOKS = {"fetches", "loads", "rejects"}
resources = pytest.mark.parametrize("resource", RESOURCES.values(), ids=lambda r: r.name)


@resources
def test_a_resource_is_a_source_table_of_its_source(resource: Resource) -> None:
    (table,) = (s for s in sources() if s.name == resource.name)
    assert (table.source_name, table.schema) == (resource.source.name, "raw")
    assert table.identifier == resource.name
    assert table.description


@resources
def test_staging_reads_a_resource(resource: Resource) -> None:
    readers = [m for m in models("staging") if resource.name in [s.name for s in parents(m)[1]]]
    assert readers, f"no model of staging reads {resource.name}"


def test_no_source_table_is_without_a_resource() -> None:
    assert {s.name for s in sources()} - RESOURCES.keys() == BOOKS


@resources
def test_a_resource_is_late_after_its_age_and_wrong_after_its_retention(
    resource: Resource,
) -> None:
    (table,) = (s for s in sources() if s.name == resource.name)
    if resource.retention is None:  # our own decisions: they do not age
        assert not table.has_freshness
        return
    warn, error = table.freshness.warn_after, table.freshness.error_after
    assert (warn.period.value, error.period.value) == ("day", "day")
    assert resource.max_age < timedelta(days=warn.count) < resource.retention
    assert timedelta(days=error.count) == resource.retention


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(module_database, tmp_path_factory.mktemp("dbt"))


def test_the_terms_of_a_source_stand_in_the_warehouse_as_in_its_declaration(
    warehouse: Warehouse,
) -> None:
    warehouse.dbt("run", "--select", "stg_reference__sources")
    held = warehouse.rows(
        "select source, name, attribution, licence, retention_days"
        " from staging.stg_reference__sources"
    )
    declared = [
        (s.name, s.title, s.attribution or None, s.licence, s.retention and s.retention.days)
        for s in SOURCES.values()
    ]
    assert sorted(held) == sorted(declared)


def test_the_description_of_a_source_shows_its_attribution() -> None:
    described = {s.source_name: s.source_description for s in manifest().sources.values()}
    for name, description in described.items():
        if name in SOURCES:
            assert SOURCES[name].attribution in description


@pytest.fixture
def checked(warehouse: Warehouse) -> Iterator[Warehouse]:
    """A warehouse where every resource was checked now."""
    warehouse.execute(
        "insert into raw.fetches (resource, key, status, last_checked_at, next_due_at)"
        " select table_name, '1', 'ok', now(), now() from information_schema.tables"
        " where table_schema = 'raw' and table_name like 'tmdb%'"
    )
    yield warehouse
    warehouse.execute("truncate raw.fetches")


def _freshness(warehouse: Warehouse) -> dict[str, str]:
    result = warehouse.try_dbt("source", "freshness", "--output", "/dev/null")
    assert result.result is not None, result.exception
    outcomes = result.result.results  # type: ignore[union-attr]
    asked = [outcome for outcome in outcomes if outcome.node.resource_type == "source"]
    return {outcome.node.name: outcome.status.value for outcome in asked}


def _days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def test_freshness_follows_the_last_check_and_not_the_last_change(checked: Warehouse) -> None:
    """Nothing landed for any of these: all were asked for, and are fresh."""
    aged = {r.name for r in RESOURCES.values() if r.retention}
    assert _freshness(checked) == dict.fromkeys(aged, "pass")


@pytest.mark.parametrize(("days", "status"), [(39, "pass"), (41, "warn"), (181, "error")])
def test_a_resource_that_nobody_checks_any_more_is_told(
    checked: Warehouse, days: int, status: str
) -> None:
    with_old = "update raw.fetches set last_checked_at = '{}' where resource = 'tmdb_tv_videos'"
    checked.execute(with_old.format(_days_ago(days).isoformat()))
    outcomes = _freshness(checked)
    assert outcomes.pop("tmdb_tv_videos") == status
    assert set(outcomes.values()) == {"pass"}


def test_a_failed_try_is_no_check(checked: Warehouse) -> None:
    checked.execute(
        "update raw.fetches set status = 'failed', last_checked_at = null, last_failed_at = now()"
        " where resource = 'tmdb_tv_videos'"
    )
    assert _freshness(checked)["tmdb_tv_videos"] == "error"
