"""A backup holds what cannot be built again, and comes back as a whole, on a newer Postgres too."""

from pathlib import Path
from uuid import uuid4

import pytest

from extract.errors import ServerNotStarted
from extract.landing import Batch, land
from extract.postgres.backup import backup, restore
from extract.postgres.cluster import find_place
from extract.postgres.connections import connect
from extract.postgres.errors import BackupFailed, RestoreRefused
from extract.postgres.migrations import migrate
from extract.postgres.server import Server
from extract.registry import RESOURCES
from extract.settings import Settings, load_settings
from tests.conftest import Fresh
from tests.extract.landing.answers import keywords, no_keywords

pytestmark = pytest.mark.slow

REGISTERED = [(resource.name, resource.entity) for resource in RESOURCES.values()]
HISTORY = "core.show_watch_provider_history"


def of(url: str, home: Path) -> Settings:
    return load_settings(database_url=url, showhouse_home=home)


def fill(url: str) -> None:
    with connect(url) as connection:
        for at in range(3):
            batch = Batch([keywords(1, "a" * at, at), keywords(2, at, at), no_keywords(3, at)])
            land(connection, batch, run_id=uuid4())
        connection.execute("create schema core")
        connection.execute(f"create table {HISTORY} as select 1 as show_id")
        connection.execute("create table core.shows as select 1 as show_id")
        connection.execute("create view core.external_ids as select show_id from core.shows")


def held(url: str) -> list[object]:
    tables = ("loads", "fetches", "tmdb_tv_keywords", "alembic_version")
    with connect(url) as connection:
        rows = [
            list(connection.execute(f"select to_jsonb(t) from raw.{table} as t order by 1"))
            for table in tables
        ]
        return [*rows, list(connection.execute(f"select * from {HISTORY}"))]


def test_what_was_landed_comes_back_and_landing_goes_on_from_there(
    database: str, empty_database: str, tmp_path: Path
) -> None:
    fill(database)
    file = tmp_path / "showhouse.backup"
    backup(of(database, tmp_path), file)
    restore(of(empty_database, tmp_path), file)
    migrate(empty_database, REGISTERED)
    assert held(empty_database) == held(database)
    with connect(empty_database) as connection:
        assert connection.execute("select to_regclass('core.shows')").fetchone() == (None,)
        landed = land(connection, Batch([keywords(1, "new", 9)]), run_id=uuid4())
        assert landed.load_id == 4
    with connect(empty_database) as connection:
        connection.execute("set role showhouse_loader")
        land(connection, Batch([keywords(1, "newer", 10)]), run_id=uuid4())
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == [file.name]


def test_a_backup_of_an_older_major_version_comes_back_on_the_embedded_one(
    database_15: str, empty_database: str, tmp_path: Path
) -> None:
    fill(database_15)
    file = tmp_path / "from-15.backup"
    backup(of(database_15, tmp_path), file)
    restore(of(empty_database, tmp_path), file)
    migrate(empty_database, REGISTERED)
    assert held(empty_database) == held(database_15)


def test_a_restore_never_goes_over_what_is_held(database: str, tmp_path: Path) -> None:
    fill(database)
    file = tmp_path / "showhouse.backup"
    backup(of(database, tmp_path), file)
    before = held(database)
    with pytest.raises(RestoreRefused, match="the database holds something already"):
        restore(of(database, tmp_path), file)
    assert held(database) == before


def test_a_migrated_database_that_holds_nothing_takes_a_backup(
    database: str, fresh: Fresh, tmp_path: Path
) -> None:
    fill(database)
    file, other = tmp_path / "showhouse.backup", fresh()
    backup(of(database, tmp_path), file)
    restore(of(other, tmp_path), file)
    assert held(other) == held(database)


def test_a_backup_never_overwrites_another_and_a_broken_one_changes_nothing(
    database: str, empty_database: str, tmp_path: Path
) -> None:
    fill(database)
    file = tmp_path / "showhouse.backup"
    backup(of(database, tmp_path), file)
    with pytest.raises(BackupFailed, match="it is there already"):
        backup(of(database, tmp_path), file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(BackupFailed, match="pg_restore failed"):
        restore(of(empty_database, tmp_path), file)
    with connect(empty_database) as connection:
        assert connection.execute("select to_regclass('raw.loads')").fetchone() == (None,)
    (tmp_path / "page.html").write_text("<html>")
    with pytest.raises(BackupFailed, match="pg_restore failed"):
        restore(of(empty_database, tmp_path), tmp_path / "page.html")


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(
    database: str, tmp_path: Path
) -> None:
    with pytest.raises(BackupFailed, match="pg_dump failed"):
        backup(of(database, tmp_path), tmp_path / "missing" / "file")


def test_data_of_another_major_version_is_told_with_the_way_on(tmp_path: Path) -> None:
    own = Server(tmp_path / "home")
    own.start()
    try:
        own.stop()
        place = find_place(own.home)
        assert place is not None
        version = place / "data" / "PG_VERSION"
        written = version.read_text()
        version.write_text("15\n")
        with pytest.raises(ServerNotStarted, match=r"written by Postgres 15.*db backup FILE.*rest"):
            own.start()
        version.write_text(written)
        own.start()
    finally:
        own.remove()
