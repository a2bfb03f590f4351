"""`core.images` is a view over all that has images: whose they are is looked up, not searched."""

import re
from random import Random
from typing import Any

import pytest

from extract.postgres.connections import connect
from tests.dbt_project.histories import (
    PEOPLE,
    credits,
    details,
    images,
    photos,
    season,
    watch_providers,
)
from tests.dbt_project.warehouse import Warehouse

OWNERS = {
    "show": {"int_show_images__ranked", "shows"},
    "season": {"seasons", "shows"},
    "episode": {"episodes", "shows"},
    "person": {"person_images", "people"},
    "network": {"networks"},
    "production_company": {"production_companies"},
    "watch_provider": {"watch_providers"},
}
"""The tables that say what images an owner of the type has."""
SHOWN = ("image_candidates", "show_documents", "season_documents", "person_documents")
"""What tells of images besides `core.images`."""
HOSTED = ("key", "url", "sha256", "content_type", "etag", "bytes")


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = Warehouse(module_database, tmp_path_factory.mktemp("dbt"))
    chance = Random(3)
    for number in range(101, 121):
        warehouse.answer(
            {
                ("tmdb_tv_details", str(number)): details(chance, number),
                ("tmdb_tv_images", str(number)): images(chance, number),
                ("tmdb_tv_seasons", f"{number}/season/1"): season(chance, number, 1),
                ("tmdb_tv_aggregate_credits", str(number)): credits(chance, number),
                ("tmdb_tv_watch_providers", str(number)): watch_providers(chance, number),
            }
        )
    warehouse.answer({("tmdb_person_images", str(i)): photos(chance, i) for i in PEOPLE})
    warehouse.build("images", *SHOWN)
    return warehouse


def _plan(warehouse: Warehouse, condition: str) -> str:
    """How Postgres would read tables that are too large to be read from end to end."""
    with connect(warehouse.url) as connection:
        connection.execute("set enable_seqscan = off")
        rows = connection.execute(f"explain select * from core.images where {condition}").fetchall()
    return "\n".join(line for (line,) in rows)


@pytest.mark.parametrize("owner_type", OWNERS)
def test_the_images_of_an_owner_are_looked_up_where_that_type_of_owner_stands(
    warehouse: Warehouse, owner_type: str
) -> None:
    plan = _plan(warehouse, f"owner_type = '{owner_type}' and owner_id = '7'")
    scanned = set(re.findall(r"Scan using \S+ on (\w+)", plan))
    assert scanned == OWNERS[owner_type] | {"hosted_images"}, plan
    assert "Seq Scan" not in plan


def test_all_images_of_a_show_are_looked_up(warehouse: Warehouse) -> None:
    plan = _plan(warehouse, "show_id = '00000000-0000-0000-0000-00000000000a'")
    assert "Seq Scan" not in plan


def test_an_owner_has_one_primary_image_of_each_kind(warehouse: Warehouse) -> None:
    counted = warehouse.rows(
        "select owner_type, count(*) filter (where is_primary) from core.images"
        " group by owner_type, owner_id, kind"
    )
    assert {owner_type for owner_type, _ in counted} == OWNERS.keys()
    assert {count for _, count in counted} == {1}


@pytest.mark.parametrize("kind", ["poster", "backdrop", "logo"])
def test_the_image_that_a_show_names_is_its_primary_one(warehouse: Warehouse, kind: str) -> None:
    named = warehouse.rows(
        f"select show_id, primary_{kind}_image_id from core.shows"
        f" where primary_{kind}_image_id is not null order by 1"
    )
    held = warehouse.rows(
        "select show_id, image_id from core.images"
        " where owner_type = 'show' and kind = %s and is_primary order by 1",
        kind,
    )
    assert named
    assert named == held


def _receipts(warehouse: Warehouse, sha256: str) -> dict[str, dict[str, Any]]:
    """A receipt for the first image in rank of every owner and kind, by its key."""
    rows = warehouse.rows(
        "select kind, owner_id, file_path from marts.image_candidates where rank = 1"
    )
    return {
        f"{kind}/{owner}{path}": {
            "kind": kind,
            "owner_id": owner,
            "source": "tmdb",
            "file_path": path,
            "store": "folder",
            "key": f"images/{kind}/{owner}/{sha256}.png",
            "url": f"/media/images/{kind}/{owner}/{sha256}.png",
            "sha256": sha256,
            "content_type": "image/png",
            "bytes": 4_213,
            "etag": "cd" * 16,
            "at": "2026-11-20T08:00:00Z",
            "renditions": [
                _rendition(kind, owner, sha256, width) | {"key": "k", "sha256": sha256}
                for width in (500, 185)
            ],
        }
        for kind, owner, path in rows
    }


def _rendition(kind: str, owner: str, sha256: str, width: int) -> dict[str, Any]:
    """A rendition as clients see it."""
    url = f"/media/images/{kind}/{owner}/w{width}/{sha256}.webp"
    return {"url": url, "width": width, "height": 278, "content_type": "image/webp", "bytes": 912}


def _hosted(warehouse: Warehouse) -> dict[str, dict[str, Any]]:
    """What core says of each image that is held, by the key of its receipt."""
    columns = ", ".join(f"hosted_{name}" for name in HOSTED)
    rows = warehouse.rows(
        f"select mirror_kind || '/' || mirror_owner || file_path, {columns}"
        " from core.images where hosted_key is not null"
    )
    return {key: dict(zip(HOSTED, values, strict=True)) for key, *values in rows}


def test_a_receipt_stands_beside_its_image_and_in_the_documents_until_it_is_taken_back(
    warehouse: Warehouse,
) -> None:
    for sha256 in ("ab" * 32, "ef" * 32):
        receipts = _receipts(warehouse, sha256)
        assert len({receipt["kind"] for receipt in receipts.values()}) == 9
        landed = {("showhouse_mirrored_images", key): told for key, told in receipts.items()}
        warehouse.answer(dict(landed))
        warehouse.build("images", *SHOWN)
        assert _hosted(warehouse) == {
            key: {name: told[name] for name in HOSTED} for key, told in receipts.items()
        }
        assert _renditions(warehouse) == {
            kind: [
                [_rendition(kind, told["owner_id"], sha256, width) for width in (185, 500)]
                for told in sorted(receipts.values(), key=lambda told: str(told["url"]))
                if told["kind"] == kind
            ]
            for kind in SCALED
        }
        urls = {told["url"] for told in receipts.values()}
        assert _told_in_documents(warehouse) == {
            kind: {url for url in urls if f"/{kind}/" in url} for kind in TOLD
        }
    warehouse.answer(dict.fromkeys(landed))
    warehouse.build("images", *SHOWN)
    assert _hosted(warehouse) == {}
    assert _renditions(warehouse) == {kind: [] for kind in SCALED}
    assert _told_in_documents(warehouse) == {kind: set() for kind in TOLD}


SCALED = {
    "show_posters": "select document::jsonb -> 'hosted_poster_renditions' as made,"
    " document::jsonb ->> 'hosted_poster_url' as url from marts.show_documents",
    "person_photos": "select image -> 'renditions' as made, image ->> 'hosted_url' as url"
    " from marts.person_documents, jsonb_array_elements(document::jsonb -> 'images') as image",
}


def _renditions(warehouse: Warehouse) -> dict[str, list[Any]]:
    """Those that the documents tell of, by the address of their original."""
    return {
        kind: [
            made
            for (made,) in warehouse.rows(
                f"select made from ({query}) as told where made <> '[]' order by url collate \"C\""
            )
        ]
        for kind, query in SCALED.items()
    }


TOLD = {
    "show_posters": "select document::jsonb ->> 'hosted_poster_url' from marts.show_documents",
    "show_backdrops": "select document::jsonb ->> 'hosted_backdrop_url' from marts.show_documents",
    "show_logos": "select document::jsonb ->> 'hosted_logo_url' from marts.show_documents",
    "season_posters": "select document::jsonb ->> 'hosted_poster_url' from marts.season_documents",
    "episode_stills": "select episode ->> 'hosted_still_url' from marts.season_documents,"
    " jsonb_array_elements(episodes::jsonb) as episode",
    "person_photos": "select image ->> 'hosted_url' from marts.person_documents,"
    " jsonb_array_elements(document::jsonb -> 'images') as image",
}
"""Where a document tells the address of our copy of an image of the kind."""


def _told_in_documents(warehouse: Warehouse) -> dict[str, set[str]]:
    return {
        kind: {url for (url,) in warehouse.rows(query) if url is not None}
        for kind, query in TOLD.items()
    }
