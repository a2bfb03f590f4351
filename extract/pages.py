"""Lands pages of IMDb that a user saved into a folder, and what is parsed of them.

    file → parsed → page and parsed page landed together

Without a folder, what is held is parsed again where an older parser did it. A file that is no such
page is refused with the reason, and the others go on.
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
        batches = (_of_file(file, now) for file in files) if folder else _again(connection, now)
        for batch in batches:
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
    if not found:
        raise FolderUnreadable(folder, f"no file in it ends in {', '.join(SUFFIXES)}")
    return found


def _of_file(path: Path, now: datetime) -> Batch:
    name = books.printable(path.name)  # of a file from another system it may be no text
    try:
        at = min(datetime.fromtimestamp(path.stat().st_mtime, UTC), now)
        with path.open("rb") as content:
            body = content.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or "it cannot be read"
        return _refused(name, Unfit("unreadable", why), b"", now)
    request = f"FILE {name}"[:200]
    try:
        parsed = parse_page(body)
        page = {
            "kind": parsed["kind"],
            "file": name,
            "html": body.decode(errors="replace"),
        }
        about: dict[str, Any] = {"request": request, "fetched_at": at}
        key = key_of(parsed)
        return Batch([document(PAGES, key, page, **about), _parsed(key, parsed, **about)])
    except Unfit as unfit:
        return _refused(name, unfit, body[:1_000], at)


def _again(connection: Connection[Any], now: datetime) -> Iterator[Batch]:
    for (key,) in connection.execute(_OLDER, (str(VERSION),)).fetchall():
        row = connection.execute(_PAGE, (key,)).fetchone()
        if row:
            html, request = row
            try:
                parsed = parse_page(html.encode())
                yield Batch([_parsed(key, parsed, request=request, fetched_at=now)])
            except Unfit as unfit:
                yield _refused(key, unfit, b"", now)


def _parsed(key: str, parsed: Parsed, **about: Any) -> Any:
    return document(PARSED_PAGES, key, {**parsed, "parser_version": VERSION}, **about)


def _refused(name: str, unfit: Unfit, body: bytes, at: datetime) -> Batch:
    request, key = f"FILE {name}"[:200], name[:200]
    reject = Reject(PAGES.name, key, unfit.reason, unfit.detail, body, request, at)
    return Batch(rejects=[reject])
