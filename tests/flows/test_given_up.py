"""Purging and taking back as a user does it: the command says what it did, and a build follows."""

import asyncio
import hashlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

from extract.documents import Batch, document
from extract.landing import land
from extract.mirror import open_store
from extract.mirror.kinds import KINDS
from extract.mirror.ledger import RECEIPTS
from extract.mirror.store import ImageObject
from extract.postgres.connections import connect
from extract.run import Selection, extract
from extract.sample import SERIES_IDS
from extract.settings import ROOT, Settings, load_settings
from flows import dbt_runner
from flows.purge import purge
from tests.dbt_project.warehouse import Warehouse
from tests.extract.mirror.images import png
from tests.flows.conftest import Showhouse
from tests.flows.prefect_server import PrefectServer

pytestmark = [pytest.mark.usefixtures("profile"), pytest.mark.xdist_group("prefect")]

ONE, OTHER = SERIES_IDS[:2]
SHOWS = "select count(*) from core.shows"
AGED = "interval '200 days'"


@pytest.fixture(scope="module")
def house(
    module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Warehouse, Settings]]:
    """Two series of the sample, the second landed after the first, and built."""
    folder = tmp_path_factory.mktemp("given_up")
    shutil.copy(ROOT / "profiles.example.yml", folder / "profiles.yml")
    settings = load_settings(database_url=module_database, showhouse_home=folder / "home")
    asyncio.run(extract(settings, Selection(tmdb_ids=(ONE,)), sample=True))
    others = Selection(tmdb_ids=(OTHER,), series_only=True)
    asyncio.run(extract(settings, others, sample=True))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DBT_PROFILES_DIR", str(folder))
        dbt_runner.require_success(dbt_runner.build(settings))
    warehouse = Warehouse(module_database, folder / "dbt")
    warehouse.save()
    yield warehouse, settings
    warehouse.drop_saved()


@pytest.fixture
def settings(house: tuple[Warehouse, Settings]) -> Settings:
    """Of the house as it was when it was built."""
    house[0].rewind()
    return house[1]


def ask(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def keep_photo(settings: Settings, tmdb_id: int) -> Path:
    """A photo as the mirror keeps it, with its receipt; where its file is."""
    store, body, path = open_store(settings), png(), "/face.png"
    sha256 = hashlib.sha256(body).hexdigest()
    key = KINDS["person_photos"].object_key(str(tmdb_id), "tmdb", sha256, "png")
    store.keep(ImageObject(key, "image/png", body, sha256))
    told = {"kind": "person_photos", "owner_id": tmdb_id, "source": "tmdb", "file_path": path}
    told |= {"store": store.name, "key": key, "url": f"/media/{key}", "sha256": sha256}
    at = datetime.now(UTC)
    receipt = document(RECEIPTS, f"person_photos/{tmdb_id}{path}", told, request="-", fetched_at=at)
    with connect(settings.database_url or "") as connection:
        land(connection, Batch([receipt]), run_id=uuid4())
    return settings.showhouse_home / "mirror" / key


def test_a_load_is_listed_shown_and_taken_back_with_all_that_was_built_from_it(
    showhouse: Showhouse, settings: Settings
) -> None:
    assert ask(settings, SHOWS) == [(2,)]
    [(load_id,)] = ask(settings, f"select load_id from raw.tmdb_tv_details where key = '{OTHER}'")
    listed = showhouse("loads", "--limit", "1").out.splitlines()
    assert len(listed) == 3
    assert listed[2].lstrip().startswith(f"{load_id} ")
    assert "landed" in listed[2]
    shown = showhouse("loads", "show", str(load_id)).out
    assert "tmdb_tv_details" in shown
    assert showhouse("loads", "take-back", str(load_id)).code == 2
    taken = showhouse("loads", "take-back", str(load_id), "--yes")
    assert taken.code == 0, taken.err
    assert f"took load {load_id} back" in taken.err
    assert ask(settings, SHOWS) == [(1,)]
    assert f"taken back by load {load_id + 1}" in showhouse("loads", "show", str(load_id)).out


def test_a_person_is_forgotten_by_name_and_shown_again_by_id(
    showhouse: Showhouse, settings: Settings
) -> None:
    unique = "select min(tmdb_id), name from core.people group by name having count(*) = 1 limit 1"
    [(tmdb_id, name)] = ask(settings, unique)
    held = f"select count(*) from core.people where tmdb_id = {tmdb_id}"
    photo, of_another = keep_photo(settings, tmdb_id), keep_photo(settings, tmdb_id + 1)
    forgotten = showhouse("forget", "person", name.upper())
    assert forgotten.code == 0, forgotten.err
    assert f"Person {tmdb_id} is forgotten" in forgotten.err
    assert ask(settings, held) == [(0,)]
    assert "1 objects of theirs were deleted from the mirror's store" in forgotten.err
    assert (photo.exists(), of_another.exists()) == (False, True)
    hosted = "select owner_id from core.hosted_images where kind = 'person_photos'"
    assert ask(settings, hosted) == [(str(tmdb_id + 1),)]
    assert "Nobody held is called" in showhouse("forget", "person", name).err
    assert showhouse("forget", "list").out == f"{tmdb_id}\n"
    assert showhouse("forget", "person", str(tmdb_id), "--undo").code == 0
    assert ask(settings, held) == [(1,)]
    assert showhouse("forget", "list").out == ""


def age(settings: Settings, resource: str) -> None:
    """Have a document of one of the series been asked for for the last time long ago."""
    asked = f"where resource = '{resource}' and key = '{ONE}'"
    ask(settings, f"update raw.fetches set last_checked_at = last_checked_at - {AGED} {asked}")
    ask(settings, f"update raw.{resource} set fetched_at = fetched_at - {AGED} where key = '{ONE}'")


def test_what_is_purged_is_told_and_leaves_the_models(
    showhouse: Showhouse, settings: Settings
) -> None:
    assert "No payload was overdue." in showhouse("purge").out
    age(settings, "tmdb_tv_details")
    planned = showhouse("purge", "--dry-run")
    assert planned.code == 0
    assert planned.out.startswith("Nothing was purged; it would be: 1 payloads purged")
    assert ask(settings, SHOWS) == [(2,)]
    purged = showhouse("purge")
    assert purged.code == 0, purged.out + purged.err
    assert "1 payloads purged: tmdb_tv_details 1." in purged.out
    assert ask(settings, SHOWS) == [(1,)]


def test_the_purge_flow_purges_builds_and_then_finds_nothing(
    environment: dict[str, str], settings: Settings, prefect: PrefectServer
) -> None:
    age(settings, "tmdb_tv_videos")
    with temporary_settings({PREFECT_API_URL: prefect.url, PREFECT_LOGGING_TO_API_ENABLED: False}):
        first, second = purge(), purge()
    assert first.purged is not None
    assert first.purged.by_resource == {"tmdb_tv_videos": 1}
    assert len(first.builds) == 1
    assert second.purged is not None
    assert (second.purged.count, second.builds) == (0, [])
