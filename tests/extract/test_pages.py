"""Saved pages of IMDb's: landed with what was parsed of them, refused one by one, parsed again."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from extract.errors import FolderUnreadable
from extract.pages import extract_pages
from extract.parsers.imdb import VERSION
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
    monkeypatch.setattr("extract.pages.VERSION", VERSION + 1)
    for path in folder.rglob("*.*"):
        path.unlink()
    done = extract_pages(settings)
    assert done.by_resource["imdb_parsed_pages"].landed == 3
    versions = {each["parser_version"] for each in _held(connection, "imdb_parsed_pages").values()}
    assert versions == {VERSION + 1}


def _save(folder: Path, at: int, body: bytes) -> None:
    for path in folder.rglob("*.*"):
        path.unlink()
    path = folder / "season.html"
    path.write_bytes(body)
    os.utime(path, (at, at))


def _season(*numbers: int, total: int | None = None, plot: str = "Something happens.") -> bytes:
    entries = [pages.episode(number, plot=plot) for number in numbers]
    return pages.episodes("tt0000101", *entries, total=total)


def test_a_partial_page_hides_no_episode_that_an_earlier_save_held(
    settings: Settings, folder: Path, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held() -> dict[int, str]:
        parsed = _held(connection, "imdb_parsed_pages")["tt0000101/episodes/1"]
        return {each["episode_number"]: each["overview"] for each in parsed["episodes"]}

    _save(folder, 1_000, _season(1, 2, 9, total=3, plot="Too old."))
    extract_pages(settings, folder)
    _save(folder, 2_000, _season(1, 2, 3, total=3, plot="Old."))
    extract_pages(settings, folder)
    assert held() == {1: "Old.", 2: "Old.", 3: "Old."}, "a whole page says what there is"
    for at, number in ((3_000, 1), (4_000, 2)):
        _save(folder, at, _season(number, total=3, plot="New."))
        extract_pages(settings, folder)
    assert held() == {1: "New.", 2: "New.", 3: "Old."}
    assert extract_pages(settings, folder).load_id is None, "the same page again is nothing new"
    monkeypatch.setattr("extract.pages.VERSION", VERSION + 1)
    extract_pages(settings)
    assert held() == {1: "New.", 2: "New.", 3: "Old."}, "a better parser lost what was kept"


def test_of_two_saves_in_one_folder_the_older_one_goes_first(
    settings: Settings, folder: Path, connection: Connection
) -> None:
    _save(folder, 2_000, _season(1, total=2))
    whole = folder / "the whole season.html"
    whole.write_bytes(_season(1, 2, total=2))
    os.utime(whole, (1_000, 1_000))
    extract_pages(settings, folder)
    parsed = _held(connection, "imdb_parsed_pages")["tt0000101/episodes/1"]
    assert (parsed["is_partial"], len(parsed["episodes"])) == (True, 2)


def test_a_partial_page_of_credits_keeps_whom_an_earlier_save_named_in_the_same_category(
    settings: Settings, folder: Path, connection: Connection
) -> None:
    _save(folder, 1_000, pages.credits(total=1))
    extract_pages(settings, folder)
    other = pages.credits(total=2).replace(b"nm0000005", b"nm0000006")
    _save(folder, 2_000, other)
    done = extract_pages(settings, folder)
    parsed = _held(connection, "imdb_parsed_pages")["tt0000101/credits"]
    named = [each["imdb_person_id"] for each in parsed["credits"]]
    assert (named, parsed["kept_count"]) == (["nm0000006", "nm0000005"], 1)
    assert "1 of the 2 credits of tt0000101 (earlier saves add 1)" in done.notices[0]


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
