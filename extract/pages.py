"""Lands pages of IMDb that a user saved into a folder, and what is parsed of them.

    file → parsed → page and parsed page landed together

Without a folder, what is held is parsed again where an older parser did it. A file that is no such
page is refused with the reason, and the others go on. A partial page keeps what earlier saves of it
held, and is told.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection

from extract.documents import Batch, Reject, document
from extract.errors import FolderUnreadable, Unfit
from extract.landing import Landed, books, land
from extract.parsers.imdb import VERSION, Parsed, parse_page
from extract.parsers.partial import is_partial, notice, with_earlier
from extract.parsers.scripts import MAX_BYTES
from extract.postgres import clock
from extract.postgres.connections import connect, database_url
from extract.run import Extracted
from extract.settings import Settings
from extract.sources.imdb.pages import PAGES, PARSED_PAGES

SUFFIXES = (".html", ".htm", ".xhtml")

_OLDER = """
    select page.key
    from raw.imdb_pages as page
    inner join raw.imdb_parsed_pages as parsed
        on parsed.key = page.key and parsed.superseded_by is null
    where
        page.superseded_by is null
        and page.payload is not null
        and parsed.payload ->> 'parser_version' is distinct from %s
    order by page.key
"""
_PAGE = """
    select payload ->> 'html', request from raw.imdb_pages
    where key = %s and superseded_by is null
"""
_SAVES = """
    select load_id from raw.imdb_pages
    where key = %s and payload is not null and taken_back_by is null and fetched_at <= %s
    order by load_id desc
"""
_SAVE = "select payload ->> 'html' from raw.imdb_pages where key = %s and load_id = %s"


_Page = tuple[Batch, str | None]
"""What a page lands as, and a sentence about it where it is partial."""


def extract_pages(
    settings: Settings, folder: Path | None = None, *, run_id: UUID | None = None
) -> Extracted:
    """Land the pages in a folder (and those below it), or parse again what is held.

    Each page is landed by itself: memory is bounded by the largest. Raises FolderUnreadable,
    SettingsError and PostgresError.
    """
    started, done, landed = time.monotonic(), Extracted(), Landed()
    files = _pages_in(folder) if folder else []
    with connect(database_url(settings), application="showhouse pages") as connection:
        now = clock.now(connection)
        pages = _of_files(connection, files, now) if folder else _again(connection, now)
        for batch, partial in pages:
            done.notices += [partial] if partial else []
            landed += land(connection, batch, run_id=run_id or uuid4())
            done.due_counts["pages"] = done.due_counts.get("pages", 0) + 1
    done.by_resource, done.load_id = dict(landed.by_resource), landed.load_id
    done.seconds = time.monotonic() - started
    return done


def key_of(parsed: Parsed) -> str:
    """The key of a page: its title, its kind, and of episodes the season."""
    season = parsed.get("season_number")
    place = f"/{season}" if parsed["kind"] == "episodes" and season is not None else ""
    return f"{parsed['imdb_id']}/{parsed['kind']}{place}"


def _pages_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise FolderUnreadable(folder, "it is no folder")
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    # An older save never supersedes a newer one: of two in a folder the older one goes first.
    found.sort(key=_saved_at)
    if not found:
        raise FolderUnreadable(folder, f"no file in it ends in {', '.join(SUFFIXES)}")
    return found


def _saved_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0  # reading it says why


def _of_files(connection: Connection[Any], files: list[Path], now: datetime) -> Iterator[_Page]:
    for file in files:
        name = books.printable(file.name)  # of a file from another system it may be no text
        yield _of_file(connection, file, name, now)


def _of_file(connection: Connection[Any], path: Path, name: str, now: datetime) -> _Page:
    try:
        at = min(datetime.fromtimestamp(path.stat().st_mtime, UTC), now)
        with path.open("rb") as content:
            body = content.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or "it cannot be read"
        return _refused(name, Unfit("unreadable", why), b"", now), None
    about: dict[str, Any] = {"request": f"FILE {name}"[:200], "fetched_at": at}
    try:
        parsed = parse_page(body)
        key = key_of(parsed)
        parsed = _completed(connection, key, parsed, at)
        page = {"kind": parsed["kind"], "file": name, "html": body.decode(errors="replace")}
        batch = Batch([document(PAGES, key, page, **about), _parsed(key, parsed, **about)])
        return batch, notice(name, parsed)
    except Unfit as unfit:
        return _refused(name, unfit, body[:1_000], at), None


def _again(connection: Connection[Any], now: datetime) -> Iterator[_Page]:
    for (key,) in connection.execute(_OLDER, (str(VERSION),)).fetchall():
        row = connection.execute(_PAGE, (key,)).fetchone()
        if row:
            html, request = row
            try:
                parsed = _completed(connection, key, parse_page(html.encode()), now)
                batch = Batch([_parsed(key, parsed, request=request, fetched_at=now)])
                yield batch, notice(key, parsed)
            except Unfit as unfit:
                yield _refused(key, unfit, b"", now), None


def _completed(connection: Connection[Any], key: str, parsed: Parsed, at: datetime) -> Parsed:
    """Add to a partial page what earlier saves held, back to the last whole one."""
    if not is_partial(parsed):
        return parsed
    for (load_id,) in connection.execute(_SAVES, (key, at)).fetchall():
        row = connection.execute(_SAVE, (key, load_id)).fetchone()
        try:
            earlier = parse_page(row[0].encode()) if row else {}
        except Unfit:
            continue
        parsed = with_earlier(parsed, earlier)
        if not is_partial(earlier):
            break
    return parsed


def _parsed(key: str, parsed: Parsed, **about: Any) -> Any:
    return document(PARSED_PAGES, key, {**parsed, "parser_version": VERSION}, **about)


def _refused(name: str, unfit: Unfit, body: bytes, at: datetime) -> Batch:
    request, key = f"FILE {name}"[:200], name[:200]
    reject = Reject(PAGES.name, key, unfit.reason, unfit.detail, body, request, at)
    return Batch(rejects=[reject])
