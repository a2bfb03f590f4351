"""Saved pages of IMDb's: landed with what was parsed of them, refused one by one, parsed again."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from extract.errors import FolderUnreadable
from extract.pages import extract_pages
from extract.postgres.connections import connect
from extract.settings import Settings
from tests.extract.parsers import imdb_pages as pages

Connection = psycopg.Connection[Any]


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    saved = tmp_path / "saved"
    (saved / "more").mkdir(parents=True)
    (saved / "A Series - IMDb.html").write_bytes(pages.title())
    (saved / "more" / "episodes.htm").write_bytes(pages.episodes("tt0000101", pages.episode(1)))
    (saved / "credits.HTML").write_bytes(pages.credits())
    (saved / "broken.html").write_bytes(b"<html><body>Are you a robot?")
    (saved / "notes.txt").write_text("not a page")
    return saved


def _held(connection: Connection, table: str) -> dict[str, Any]:
    rows = connection.execute(f"select key, payload from raw.{table} where is_latest")
    return dict(rows.fetchall())


def test_each_page_lands_with_what_was_parsed_of_it_and_a_wrong_one_is_refused_alone(
    settings: Settings, folder: Path, connection: Connection
) -> None:
    done = extract_pages(settings, folder)
    keys = {"tt0000101/title", "tt0000101/episodes/1", "tt0000101/credits"}
    held, parsed = _held(connection, "imdb_pages"), _held(connection, "imdb_parsed_pages")
    assert set(held) == set(parsed) == keys
    assert done.requests == 0
    assert held["tt0000101/title"]["html"] == pages.title().decode()
    assert parsed["tt0000101/title"]["content_rating"] == "TV-MA"
    refused = connection.execute("select resource, key, reason from raw.rejects").fetchall()
    assert refused == [("imdb_pages", "broken.html", "no_title")]
    again = extract_pages(settings, folder)
    assert again.load_id is None


def test_a_page_saved_anew_is_a_version_and_an_older_save_is_none(
    settings: Settings, folder: Path, connection: Connection
) -> None:
    extract_pages(settings, folder)
    path = folder / "A Series - IMDb.html"
    path.write_bytes(pages.title(contentRating="TV-14"))
    os.utime(path, (0, 0))
    assert extract_pages(settings, folder).load_id is None
    os.utime(path)
    extract_pages(settings, folder)
    parsed = _held(connection, "imdb_parsed_pages")["tt0000101/title"]
    assert parsed["content_rating"] == "TV-14"


def test_a_better_parser_reads_again_what_is_held_and_needs_no_file(
    settings: Settings, folder: Path, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract_pages(settings, folder)
    assert extract_pages(settings).load_id is None
    monkeypatch.setattr("extract.pages.VERSION", 2)
    for path in folder.rglob("*.*"):
        path.unlink()
    done = extract_pages(settings)
    assert done.by_resource["imdb_parsed_pages"].landed == 3
    assert {each["parser_version"] for each in _held(connection, "imdb_parsed_pages").values()} == {
        2
    }


def test_a_folder_without_a_page_says_so(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(FolderUnreadable, match="Save some"):
        extract_pages(settings, tmp_path)
    with pytest.raises(FolderUnreadable, match="no folder"):
        extract_pages(settings, tmp_path / "nowhere")


def test_a_file_whose_name_is_no_text_is_read_or_refused_as_any_other(
    settings: Settings, folder: Path, connection: Connection
) -> None:
    (folder / os.fsdecode(b"caf\xe9.html")).write_bytes(pages.title("tt0000202"))
    (folder / os.fsdecode(b"\xe9\n.html")).write_bytes(b"<html><body>Are you a robot?")
    extract_pages(settings, folder)
    held = _held(connection, "imdb_pages")
    assert len(held) == 4 and held["tt0000202/title"]["file"] == "caf?.html"
    refused = connection.execute("select key, request from raw.rejects order by key").fetchall()
    assert ("?\ufffd.html", "FILE ?\ufffd.html") in refused
