"""The whole extraction lands the same, whether the upstreams are as we believe or otherwise.

Everything that there is to extract is extracted twice into one warehouse: from upstreams as they
are believed to be, and from upstreams that contradict every belief at once. What lands is compared
document by document, then all of core and the marts row by row, then the mirrored images.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from extract.postgres.connections import connect
from tests.dbt_project.upstreams import Upstreams, extract_all, mirror_all, upstreams
from tests.dbt_project.warehouse import Warehouse
from tests.otherwise import switches
from tests.whole.contents import (
    BOOKS_OF_RAW,
    NOW_VIEWS,
    Contents,
    differences,
    texts,
    timeless,
    without_moments,
)

IMDB = (
    *("imdb_files", "imdb_name_basics", "imdb_title_akas", "imdb_title_basics", "imdb_title_crew"),
    *("imdb_title_episode", "imdb_title_principals", "imdb_title_ratings"),
)
LOST: Mapping[str, tuple[tuple[str, ...], str]] = {
    "images_come_in_all_languages": (
        ("tmdb_tv_images",),
        "Nothing tells of images in other languages than those that came.",
    ),
    "details_list_every_season": (
        ("tmdb_tv_details", "tmdb_tv_season_credits", "tmdb_tv_seasons"),
        "Nothing tells the id of a season that is not listed, or that there is a fifth one.",
    ),
    "aggregate_credits_count_episodes": (
        ("tmdb_tv_aggregate_credits",),
        "A count that no answer states is null.",
    ),
    "company_parent_is_told_in_brief": (
        ("tmdb_company_details",),
        "The name of a parent of which only the id came is null.",
    ),
    "error_bodies_carry_a_status_code": (
        ("tmdb_tv_details",),
        "A 404 without a code proves nothing gone: there is no tombstone.",
    ),
    "find_gives_series_as_tv_results": (
        ("tmdb_find",),
        "An id of IMDb's that no series claims stays unresolved.",
    ),
    "dataset_columns_are_as_documented": (IMDB, "Columns of other names may mean anything."),
    "pages_come_with_text_and_revision": (
        ("fandom_pages", "fandom_profiles"),
        "A page without its text is none.",
    ),
    "headings_have_a_known_form": (
        ("fandom_profiles",),
        "What stands under no heading belongs to no section.",
    ),
    "infoboxes_are_portable": (
        ("fandom_profiles",),
        "A table of another form may say anything of anybody.",
    ),
}
"""Beliefs without which something cannot be known, contradicted one at a time: the tables that are
otherwise then, and why."""

Change = Callable[[Any], Any]


def without(*paths: str) -> Change:
    """Make a change that leaves fields out of a document: `episodes[].cast`."""

    def leave_out(value: Any, steps: list[str]) -> None:
        name, is_list = steps[0].removesuffix("[]"), steps[0].endswith("[]")
        if not isinstance(value, dict) or name not in value:
            return
        if len(steps) == 1:
            del value[name]
            return
        for each in value[name] if is_list else [value[name]]:
            leave_out(each, steps[1:])

    def change(payload: Any) -> Any:
        for path in paths:
            leave_out(payload, path.split("."))
        return payload

    return change


BY_NATURE: Mapping[str, tuple[Change, str]] = {
    "tmdb_tv_seasons": (without("episodes[].cast"), "no model reads a cast of an episode"),
    "tmdb_tv_season_credits": (without("guest_stars"), "alone they have a field more"),
    "tmdb_tv_recommendations": (without("page", "total_pages", "total_results"), "no pages told"),
    "tmdb_lists": (
        without("item_count", "page", "total_pages", "total_results"),
        "neither a count told nor pages",
    ),
    "tmdb_change_windows": (without("page_count"), "an empty page is read where no count is told"),
    "imdb_files": (
        without("etag", "last_modified", "row_count", "refused_count"),
        "no version told, and rows that fit no column are counted",
    ),
    "fandom_pages": (without("parse.text"), "it says when it was made"),
    "fandom_searches": (
        without("query.pages[].lastrevid", "query.normalized"),
        "no revision told, and no change of a title",
    ),
}
"""Fields that differ because the answers do: by table, with the reason."""


NOT_EXTRACTED = frozenset(
    {"imdb_pages", "imdb_parsed_pages", "tmdb_person_ids", "tmdb_production_company_ids"}
)
"""Tables of sources that nothing here lands into: long lists, and pages that a user saved."""


def every_belief(*left_out: str) -> tuple[str, ...]:
    named = switches("tmdb") | switches("imdb") | switches("fandom") | switches("store")
    return tuple(sorted(named - set(left_out)))


def landed(warehouse: Warehouse) -> Contents:
    """Give the latest version of every document, without its moments."""
    found: dict[str, list[str]] = {}
    with connect(warehouse.url) as connection:
        tables = connection.execute(
            "select tablename from pg_tables where schemaname = 'raw' order by 1"
        )
        for (table,) in tables.fetchall():
            if table in BOOKS_OF_RAW:
                continue
            rows = connection.execute(
                f"select key, is_tombstone, payload from raw.{table} where is_latest"
            )
            change = BY_NATURE.get(table, (lambda payload: payload, ""))[0]
            found[table] = texts([[*row[:2], change(timeless(row[2]))] for row in rows])
    return found


def built(warehouse: Warehouse) -> Contents:
    """Give every row of core and the marts, without its moments."""
    tables = warehouse.rows(
        "select schemaname, tablename from pg_tables where schemaname in ('core', 'marts')"
    )
    return {
        f"{schema}.{table}": texts(
            [
                without_moments(row)
                for (row,) in warehouse.rows(f"select to_jsonb(t) from {schema}.{table} as t")
            ]
        )
        for schema, table in tables
        if table not in NOW_VIEWS
    }


@dataclass(frozen=True, slots=True)
class Held:
    """What one extraction came to."""

    landed: Contents
    built: Contents = field(default_factory=dict)
    objects: Mapping[str, bytes] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    left_out: int = 0
    """So many parts did not come at once."""


@pytest.fixture(scope="module")
def servers() -> Iterator[Upstreams]:
    """The test servers; the datasets are on a host of ours, whose files need no second between."""
    with pytest.MonkeyPatch.context() as patch, upstreams() as running:
        patch.setattr("extract.datasets.REQUESTS_PER_SECOND", 1_000.0)
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("otherwise")


@pytest.fixture(scope="module")
def warehouse(module_database: str, home: Path) -> Warehouse:
    return Warehouse(module_database, home / "dbt")


def whole(servers: Upstreams, warehouse: Warehouse, home: Path, *otherwise: str) -> Held:
    """Extract, build and mirror all that there is, into a warehouse that begins empty."""
    warehouse.forget()
    with servers.otherwise(*otherwise):
        extract_all(servers, warehouse, home)
        warehouse.build()
        objects = mirror_all(servers, warehouse, home)
        left_out = len(servers.tmdb.left_out())
    return Held(landed(warehouse), built(warehouse), objects, tuple(servers.failures), left_out)


@pytest.fixture(scope="module")
def believed(servers: Upstreams, warehouse: Warehouse, home: Path) -> Held:
    return whole(servers, warehouse, home)


@pytest.fixture(scope="module")
def contradicted(servers: Upstreams, warehouse: Warehouse, home: Path, believed: Held) -> Held:
    return whole(servers, warehouse, home, *every_belief(*LOST))


def test_the_same_lands_from_upstreams_that_are_otherwise_in_everything(
    believed: Held, contradicted: Held
) -> None:
    assert believed.failures == contradicted.failures == ()
    assert differences(believed.landed, contradicted.landed) == []
    empty = {table for table, rows in believed.landed.items() if not rows}
    of_sources = {table for table in empty if not table.startswith("showhouse_")}
    assert of_sources == NOT_EXTRACTED, "what does not land shows nothing"
    assert believed.left_out and contradicted.left_out


def test_core_the_marts_and_the_images_are_the_same(believed: Held, contradicted: Held) -> None:
    found = differences(believed.built, contradicted.built)
    assert [each.partition(":")[0] for each in found] == ["core.unknown_fields"]
    unknown = {json.loads(row)["seen"] for row in contradicted.built["core.unknown_fields"]}
    assert unknown == {"cast", "guest_stars"}, "the fields that we contradict with"
    assert believed.built["core.unknown_fields"] == []
    assert believed.objects == contradicted.objects != {}


@pytest.mark.parametrize("belief", LOST)
def test_a_wrong_belief_costs_what_it_says_and_nothing_else(
    servers: Upstreams, warehouse: Warehouse, home: Path, believed: Held, belief: str
) -> None:
    warehouse.forget()
    but = ["imdb"] if belief not in switches("imdb") else []
    but += ["fandom"] if belief not in switches("fandom") else []
    with servers.otherwise(belief):
        extract_all(servers, warehouse, home, but=but)
    found = differences(believed.landed, landed(warehouse))
    left_aside = (*(f"{source}_" for source in but), "showhouse_mirrored")
    tables = {each.partition(":")[0] for each in found}
    assert {table for table in tables if not table.startswith(left_aside)} == {*LOST[belief][0]}
