"""A warehouse as dbt builds it, for tests of the API.

What is landed: the bundled sample through the real client, forty made-up series of which half carry
hostile values, one series gone upstream, receipts of mirrored images, tags of tracked shows.
"""

import asyncio
from pathlib import Path
from typing import Any

from extract.mirror.kinds import KINDS
from extract.postgres.connections import connect
from extract.postgres.migrations import migrate
from extract.registry import RESOURCES
from extract.run import Selection, extract
from extract.sample import SERIES_IDS
from extract.settings import load_settings
from extract.tracking import track
from tests.dbt_project.warehouse import TABLES, Warehouse
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

GONE = 4  # of the sample
LISTED = 2
TITLE = "tt7654321"  # tracked; TMDb knows no such series
MADE_UP = tuple(i for i in range(1, 46) if i not in SERIES_IDS)[:40]


def build(url: str, scratch: Path) -> Warehouse:
    """Build the empty database at `url` twice, whole and by what changed: as marts in use are."""
    migrate(url, [(resource.name, resource.entity) for resource in RESOURCES.values()])
    warehouse = Warehouse(url, scratch)
    _extract_all(warehouse)
    warehouse.dbt("run", *TABLES)
    with connect(url) as connection:
        track(connection, [LISTED], ["tmdb-list:5"])
    ((warehouse.clock,),) = warehouse.rows("select max(fetched_at) from raw.tmdb_tv_details")
    mirrored = "rank = 1 and kind ~ '^(networks|show_|season_)'"
    warehouse.answer(
        receipts(warehouse, mirrored)
        | _title()
        | _wiki_pages(warehouse)
        | {("tmdb_tv_details", str(GONE)): None}
    )
    warehouse.dbt("run", *TABLES)
    return warehouse


def _extract_all(warehouse: Warehouse) -> None:
    settings = load_settings(database_url=warehouse.url)
    asyncio.run(extract(settings, Selection(tmdb_ids=tuple(SERIES_IDS)), sample=True))
    with tmdb_server(Options(series_count=50, people_count=100, hostile_share=0.5)) as tmdb:
        there = load_settings(
            database_url=warehouse.url, tmdb_bearer_token="any", tmdb_base_url=tmdb.base_url
        )
        asyncio.run(extract(there, Selection(tmdb_ids=MADE_UP)))


def _title() -> dict[tuple[str, str], dict[str, Any] | None]:
    """Track a series that IMDb's files alone name."""
    row = {"tconst": TITLE, "titleType": "tvSeries", "primaryTitle": "Of IMDb", "genres": "Drama"}
    rating = {"tconst": TITLE, "averageRating": "7.5", "numVotes": "12"}
    decision = {"imdb_id": TITLE, "is_tracked": True, "tags": []}
    return {
        ("imdb_title_basics", TITLE): row,
        ("imdb_title_ratings", TITLE): rating,
        ("showhouse_tracked_shows", f"imdb:{TITLE}"): decision,
    }


def _wiki_pages(warehouse: Warehouse) -> dict[tuple[str, str], dict[str, Any] | None]:
    """A page that says much, on a person of the sample; one that says nothing, on somebody else."""
    ((name,),) = warehouse.rows("select min(name) from core.people where tmdb_id is not null")
    page = {"kinds": ["person"], "revision": 7, "parser_version": 1}
    known = page | {
        "title": f"{name} (singer)",
        "url": "https://w.example/wiki/1",
        "name": name.upper(),
        "birth_date": "1969-01-11",
        "fields": {"Residence": ["Here", "and there"]},
        "relatives": [{"name": "Bo", "relation": "sister", "page": "Bo"}, {"name": "Cy"}],
        "taglines": [{"season": "1", "text": "I am here."}],
        "trivia": ["Sings."],
    }
    unknown = page | {"title": "Nobody Else", "url": "https://w.example/wiki/2"}
    return {("fandom_profiles", "w/1"): known, ("fandom_profiles", "w/2"): unknown}


def receipts(warehouse: Warehouse, condition: str) -> dict[tuple[str, str], dict[str, Any] | None]:
    """Say that these of the images that the mirror may hold are mirrored."""
    wanted = warehouse.rows(
        f"select kind, owner_id, file_path from marts.image_candidates where {condition}"
    )
    return {
        ("showhouse_mirrored_images", f"{kind}/{owner}{path}"): {
            "kind": kind,
            "owner_id": int(owner) if owner.isdigit() else owner,
            "source": "tmdb",
            "file_path": path,
            "key": KINDS[kind].object_key(owner, "tmdb", "ab" * 32, "png"),
            "url": f"/media/{KINDS[kind].object_key(owner, 'tmdb', 'ab' * 32, 'png')}",
            "sha256": "ab" * 32,
            "content_type": "image/png",
            "bytes": 4_213,
            "etag": "cd" * 16,
            "at": "2026-11-20T08:00:00.123456Z",
            "renditions": [
                {
                    "url": f"/media/images/{kind}/{owner}/w185/{'ab' * 32}.webp",
                    "width": 185,
                    "height": 278,
                    "content_type": "image/webp",
                    "bytes": 912,
                }
            ],
        }
        for kind, owner, path in wanted
    }
