"""Which series a CSV file names: a list as IMDb exports it, or a plain file, row by row.

IMDb:  Position,Const,Created,Modified,Description,Title,…,URL,Title Type,IMDb Rating,…,Year,…
plain: tmdb_id, imdb_id, title and year, whichever are there, and tags, separated by semicolons

The first of `tmdb_id`, `imdb_id` (IMDb's `Const`) and `title` that a row fills names its series.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from extract.references import Kind, Reference
from flows.errors import FileNotTaken

TAG_SEPARATOR = ";"
LONGEST_TITLE = 300
MAX_BYTES = 8 * 1024 * 1024
"""A list of IMDb's has ten thousand titles at most, some 3 MB."""
MOST_ROWS = 100_000
COLUMNS = {"const": "imdb_id", "name": "title", "primarytitle": "title", "titletype": "title type"}
"""What others call our columns, in lower case."""
SERIES_TYPES = frozenset({"", "tvseries", "tvminiseries"})

_LIST = re.compile(r"ls[0-9]{6,12}")
_TMDB_ID = re.compile(r"0*([1-9][0-9]{0,8})")
_IMDB_ID = re.compile(r"tt[0-9]{5,10}")
_YEAR = re.compile(r"(?:18|19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Named:
    """A series that a line of a file names, with its tags."""

    line: int
    reference: Reference
    tags: tuple[str, ...]


@dataclass(slots=True)
class SeriesFile:
    """What a file names, and the lines that name something else than a series."""

    named: list[Named] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    list_tag: str | None = None
    """`imdb-list:ls012345678`, where the file's name says which list it was."""


def read_series(file: Path) -> SeriesFile:
    """Read the series of a file. Raises FileNotTaken, which names every line that is wrong."""
    found = SeriesFile(list_tag=_list_tag(file))
    faults: list[str] = []
    if file.stat().st_size > MAX_BYTES:
        raise FileNotTaken([f"`{file}` has more than {MAX_BYTES // 2**20} MB: split it."])
    try:
        for line, row in _rows(file):
            if len(found.named) + len(found.passed_over) + len(faults) >= MOST_ROWS:
                raise FileNotTaken([f"`{file}` has more than {MOST_ROWS:,} rows: split it."])
            try:
                _take(found, line, row)
            except ValueError as fault:
                faults.append(f"`{file}`, line {line}: {fault}")
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileNotTaken([f"`{file}` is not a CSV file in UTF-8: {error}."]) from error
    if faults:
        raise FileNotTaken(faults)
    return found


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(newline="", encoding="utf-8-sig") as lines:
        reader = csv.reader(lines)
        heading = [_column(name) for name in next(reader, [])]
        if not {"tmdb_id", "imdb_id", "title"} & set(heading):
            columns = "`tmdb_id`, `imdb_id` (or IMDb's `Const`) and `title`"
            raise FileNotTaken([f"`{file}` has none of the columns {columns} in its first line."])
        for cells in reader:
            row = {name: cell.strip() for name, cell in zip(heading, cells, strict=False)}
            if any(row.values()):
                yield reader.line_num, row


def _column(name: str) -> str:
    name = " ".join(name.lower().split())
    return COLUMNS.get(name, name)


def _take(found: SeriesFile, line: int, row: dict[str, str]) -> None:
    kind = row.get("title type", "")
    if re.sub(r"[^a-z]", "", kind.lower()) not in SERIES_TYPES:
        found.passed_over.append(f"line {line}: {_shown(row.get('title', ''))} is a {kind[:40]}")
        return
    tags = (tag.strip() for tag in row.get("tags", "").split(TAG_SEPARATOR))
    found.named.append(Named(line, _reference(row), tuple(tag for tag in tags if tag)))


def _reference(row: dict[str, str]) -> Reference:
    """Read what the row names. Raises ValueError."""
    tmdb_id, imdb_id, title = (row.get(name, "") for name in ("tmdb_id", "imdb_id", "title"))
    if len(title) > LONGEST_TITLE or not title.isprintable():
        raise ValueError(f"{_shown(title)} is not a title.")
    year = int(row["year"]) if _YEAR.fullmatch(row.get("year", "")) else None
    if tmdb_id:
        if not (number := _TMDB_ID.fullmatch(tmdb_id)):
            raise ValueError(f"{_shown(tmdb_id)} is not a TMDb id.")
        return Reference(Kind.TMDB, number[1])
    if imdb_id:
        if not _IMDB_ID.fullmatch(imdb_id):
            raise ValueError(f"{_shown(imdb_id)} is not the IMDb id of a title.")
        return Reference(Kind.IMDB, imdb_id, year, title or None)
    if title:
        return Reference(Kind.TITLE, title, year)
    raise ValueError("it has no id and no title.")


def _list_tag(file: Path) -> str | None:
    found = _LIST.search(file.name)
    return f"imdb-list:{found[0]}" if found else None


def _shown(text: str) -> str:
    text = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:60]}…` (cut)"
