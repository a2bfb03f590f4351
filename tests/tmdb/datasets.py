"""IMDb's daily datasets, of the same world: its series and episodes, and others besides.

Names, columns, gzip and what stands for null are documented ([D]). Beliefs of the list: the ETag
and the date (`datasets_name_their_version`), 304 (`held_dataset_is_304`), parts
(`datasets_come_in_parts`), 403 for what is not there (`absent_dataset_is_403`). A file stands as it
is until a row of it is written or removed, or it is spoilt; the spoils are faults, no rule of
IMDb's.
"""

import gzip
import hashlib
import re
from collections.abc import Container, Iterable, Iterator

from tests.tmdb.chance import mix, tag
from tests.tmdb.upstream import Upstream
from tests.tmdb.wire import Incoming, Outgoing
from tests.tmdb.world import season_number

DATASETS = "/datasets/"
FIRST_EPISODE = 20_000_000
FIRST_STRANGER = 90_000_000
STRANGERS = 50
"""Titles, half of them series of one episode, that TMDb does not have."""
SPOILS = (
    "cut",
    "torn",
    "html",
    "plain",
    "twice",
    "garbage",
    "columns",
    "short",
    "fields",
    "missing",
)
"""cut: the connection breaks halfway, once; torn: the gzip stream ends early; html: a page with
200; plain: not packed; twice: packed twice; garbage: bytes of no known form; columns: one column
more; short: the first five rows only; fields: rows of other lengths and without text; missing:
there is no file."""
BAD_ROWS = (b"tt1000001", b"tt1000001" + b"\tx" * 12, b"\tt\t" * 3, b"tt1000001\t\xff")

HEADERS = {
    "title.basics": "tconst titleType primaryTitle originalTitle isAdult startYear endYear"
    " runtimeMinutes genres",
    "title.ratings": "tconst averageRating numVotes",
    "title.episode": "tconst parentTconst seasonNumber episodeNumber",
    "title.akas": "titleId ordering title region language types attributes isOriginalTitle",
    "title.crew": "tconst directors writers",
    "title.principals": "tconst ordering nconst category job characters",
    "name.basics": "nconst primaryName birthYear deathYear primaryProfession knownForTitles",
}
_FILE = re.compile(DATASETS + r"([a-z.]+)\.tsv\.gz")
_HTML = b"<!DOCTYPE html><html><head><title>Attention</title></head><body>One moment.</body></html>"
_IMDB = tag("imdb")
_DATE = "Sat, 21 Nov 2026 08:00:00 GMT"

Row = tuple[str, ...]


class Datasets:
    """Answers for the host of the datasets."""

    def __init__(self, upstream: Upstream, otherwise: Container[str] = ()) -> None:
        self._upstream, self._otherwise = upstream, otherwise
        self._rows: dict[str, dict[str, Row]] = {}
        self._spoils: dict[str, str] = {}

    def write_row(self, name: str, row: list[str]) -> None:
        """Write a row of a file (`title.ratings`) over the one of its key, or add it."""
        self._of(name)[_key(name, row)] = tuple(row)

    def remove_rows(self, name: str, ids: list[str]) -> None:
        """Remove all rows of these ids from a file."""
        held = self._of(name)
        for key in [key for key in held if key.partition("/")[0] in ids]:
            del held[key]

    def rows(self, name: str) -> list[Row]:
        """Give all rows of a file as they stand."""
        return list(self._of(name).values())

    def spoil_dataset(self, name: str, how: str | None) -> None:
        """Let a file go wrong, None to heal it."""
        if how is None:
            self._spoils.pop(name, None)
        elif how in SPOILS:
            self._spoils[name] = how
        else:
            raise ValueError(f"`{how}` spoils nothing; choose one of {', '.join(SPOILS)}.")

    def answer(self, incoming: Incoming, path: str) -> tuple[str | None, Outgoing]:
        """Give a file, a part of it, or what a spoilt one looks like, and what was done to it."""
        found = _FILE.fullmatch(path)
        name = found[1] if found else ""
        spoil = self._spoils.get(name)
        if name not in HEADERS or spoil == "missing":
            if "absent_dataset_is_403" in self._otherwise:
                return spoil, Outgoing(200, _HTML, "text/html")
            return spoil, Outgoing(403, b"<Error><Code>AccessDenied</Code></Error>")
        if spoil == "html":
            return spoil, Outgoing(200, _HTML, "text/html")
        body = self._packed(name, spoil)
        etag = f'"{hashlib.md5(body).hexdigest()}"'
        about: tuple[tuple[str, str], ...] = (
            ("etag", etag),
            ("last-modified", _DATE),
            ("accept-ranges", "bytes"),
        )
        if "datasets_name_their_version" in self._otherwise:
            about = ()
        is_held = incoming.headers.get("if-none-match") == etag
        if is_held and "held_dataset_is_304" not in self._otherwise:
            return spoil, Outgoing(304, b"", headers=about)
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", incoming.headers.get("range", ""))
        is_divided = "datasets_come_in_parts" not in self._otherwise
        if asked and is_divided and incoming.headers.get("if-range", etag) == etag:
            start, last = int(asked[1]), min(int(asked[2] or len(body)), len(body) - 1)
            told = ("content-range", f"bytes {start}-{last}/{len(body)}")
            part = body[start : last + 1]
            return spoil, Outgoing(206, part, "binary/octet-stream", (*about, told))
        ending = "truncated" if spoil == "cut" else "whole"
        if spoil == "cut":
            del self._spoils[name]
        whole = Outgoing(200, body, "binary/octet-stream", about, ending=ending)  # type: ignore[arg-type]
        return spoil, whole

    def _packed(self, name: str, spoil: str | None) -> bytes:
        header = "\t".join(HEADERS[name].split() + ["more"] * (spoil == "columns"))
        lines = ["\t".join(row).encode() for row in self._of(name).values()]
        if "dataset_columns_are_as_documented" in self._otherwise:
            header = f"{header}\tmore"
        if "dataset_rows_fit_their_columns" in self._otherwise:
            lines = [*lines[:3], *BAD_ROWS, *lines[3:]]
        if spoil == "short":
            lines = lines[:5]
        elif spoil == "fields":
            lines = [*lines[:3], *BAD_ROWS, *lines[3:]]
        text = b"".join(line + b"\n" for line in (header.encode(), *lines))
        packed = gzip.compress(text, 1, mtime=0)
        if spoil is None and "datasets_are_gzipped" in self._otherwise:
            return text
        spoilt = {
            "plain": text,
            "twice": gzip.compress(packed, 1, mtime=0),
            "garbage": packed[1:],
            "torn": packed[: len(packed) // 2],
        }
        return spoilt.get(spoil or "", packed)

    def _of(self, name: str) -> dict[str, Row]:
        if name not in HEADERS:
            raise ValueError(f"`{name}` is no dataset; there are {', '.join(HEADERS)}.")
        if not self._rows:
            self._rows = {each: {} for each in HEADERS}
            for each, row in _world(self._upstream):
                self._rows[each][_key(each, row)] = row
        return self._rows[name]


def _key(name: str, row: Iterable[str]) -> str:
    first, second, *_ = row
    return f"{first}/{second}" if name in ("title.akas", "title.principals") else first


def _world(upstream: Upstream) -> Iterator[tuple[str, Row]]:
    for series_id in upstream.ids():
        imdb_id = (upstream.document(series_id, "external_ids") or {}).get("imdb_id")
        if not imdb_id:
            continue
        title = str((upstream.document(series_id) or {}).get("name"))
        yield from _title(imdb_id, "tvSeries", title)
        for part in upstream.names(series_id):
            number = season_number(part)
            if number is None:
                continue
            for episode in (upstream.document(series_id, part) or {}).get("episodes", ()):
                episode_id = f"tt{FIRST_EPISODE + episode['id']}"
                place = (str(number), str(episode["episode_number"]))
                yield "title.episode", (episode_id, imdb_id, *place)
                yield from _title(episode_id, "tvEpisode", str(episode["name"]).strip())
    for number in range(FIRST_STRANGER, FIRST_STRANGER + STRANGERS, 2):
        yield from _title(f"tt{number}", "tvSeries" if number % 4 else "movie", f"Other {number}")
        yield from _title(f"tt{number + 1}", "tvEpisode", "Pilot")
        yield "title.episode", (f"tt{number + 1}", f"tt{number}", "1", r"\N")


def _title(imdb_id: str, kind: str, title: str) -> Iterator[tuple[str, Row]]:
    bits = mix(_IMDB, int(imdb_id[2:]))
    year = str(1980 + bits % 45)
    runtime = str(20 + bits % 60) if bits % 5 else r"\N"
    genres = "Reality-TV,Drama" if bits % 3 else r"\N"
    yield (
        "title.basics",
        (imdb_id, kind, title, title, str(int(bits % 50 == 0)), year, r"\N", runtime, genres),
    )
    if bits % 4:
        yield "title.ratings", (imdb_id, f"{1 + bits % 90 / 10:.1f}", str(5 + bits % 9_000))
    region = "DE" if bits % 2 else r"\N"
    yield "title.akas", (imdb_id, "1", f"{title} (aka)", region, r"\N", "imdbDisplay", r"\N", "0")
    people = [f"nm{1 + (bits >> shift) % 900:07d}" for shift in (3, 11, 17)]
    yield "title.crew", (imdb_id, people[0], ",".join(people[1:]))
    for ordering, person in enumerate(dict.fromkeys(people), 1):
        is_self = (bits >> ordering) % 2
        about = ("self", r"\N", '["Self - Host"]') if is_self else ("writer", "written by", r"\N")
        yield "title.principals", (imdb_id, str(ordering), person, *about)
        known = ("1970", r"\N", "actor,producer", imdb_id)
        yield "name.basics", (person, f"Person {int(person[2:])}", *known)
