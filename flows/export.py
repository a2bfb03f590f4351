"""Marts as files: CSV or Parquet, by COPY, into a folder and, if wished, into the mirror's store.

All of them show one snapshot. Parts have at most 64 MB before compression, so memory is bounded and
the store, which takes whole objects, can keep each. `manifest.json` is written last: a folder
that has one is whole. Arrays are JSON; null is an empty field, an empty text is `""`.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import Connection, IsolationLevel, sql

from extract.errors import ShowhouseError
from extract.mirror.store import ImageObject, Store
from extract.postgres.connections import connect
from extract.settings import ROOT
from flows.parquet import parquet_of

PART_BYTES = 64 * 1024 * 1024
MANIFEST = "manifest.json"

Pack = Callable[[bytes, Sequence[Sequence[str]]], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """How a part is packed: what its name ends with, its media type, and the way from CSV to it."""

    ending: str
    content_type: str
    pack: Pack


FORMATS = {
    "csv": Format("csv.gz", "text/csv", lambda body, _: gzip.compress(body, 6, mtime=0)),
    "parquet": Format("parquet", "application/vnd.apache.parquet", parquet_of),
}

_RELATIONS = """
select relations.relname::text, array_agg(
    array[columns.attname::text, format_type(columns.atttypid, columns.atttypmod)]
    order by columns.attnum
)
from pg_class as relations
inner join pg_attribute as columns
    on columns.attrelid = relations.oid and columns.attnum > 0 and not columns.attisdropped
where relations.relnamespace = to_regnamespace('marts') and relations.relname = any (%s)
group by relations.relname
order by relations.relname
"""
MODELS = ROOT / "dbt_project" / "models" / "marts"
_ATTRIBUTION = "select distinct attribution from marts.source_freshness where attribution <> ''"


@dataclass(eq=False)
class MartUnknown(ShowhouseError):
    """`name` is no mart; `known` are those that are."""

    name: str
    known: list[str]
    is_usage = True

    def __str__(self) -> str:
        if not self.known:
            return "There are no marts to export yet. Run `showhouse build` first."
        return f"`{self.name}` is no mart. There are {', '.join(self.known)}."


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a mart."""

    name: str
    bytes: int
    sha256: str


@dataclass(slots=True)
class Exported:
    """What became of one mart."""

    mart: str
    columns: list[dict[str, str]]
    row_count: int = 0
    parts: list[Part] = field(default_factory=list)


def export_marts(
    url: str,
    folder: Path,
    *,
    marts: Iterable[str] = (),
    store: Store | None = None,
    form: str = "csv",
) -> list[Exported]:
    """Write the marts named (default: all but the API's documents) into `folder`.

    `form` is one of FORMATS.

    With a `store`, its objects `exports/TIME/…` are the same files. Raises MartUnknown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC)
    prefix = f"exports/{at:%Y-%m-%dT%H%M%SZ}"
    with connect(url, autocommit=False, application="showhouse export") as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        chosen = _chosen(connection, list(marts))
        (folder / MANIFEST).unlink(missing_ok=True)
        exported = [
            _export(connection, mart, columns, folder, FORMATS[form])
            for mart, columns in chosen.items()
        ]
        attribution = sorted(line for (line,) in connection.execute(_ATTRIBUTION))
    manifest = json.dumps(
        {"at": at.isoformat(), "attribution": attribution, "marts": exported},
        default=_plain,
        indent=2,
        ensure_ascii=False,
    ).encode()
    if store is not None:
        for name in (part.name for mart in exported for part in mart.parts):
            body = (folder / name).read_bytes()
            _keep(store, f"{prefix}/{name}", body, FORMATS[form].content_type)
        _keep(store, f"{prefix}/{MANIFEST}", manifest, "application/json")
    _write(folder / MANIFEST, manifest)
    return exported


def _chosen(connection: Connection[Any], marts: list[str]) -> dict[str, list[list[str]]]:
    ours = [path.stem for path in MODELS.glob("*.sql")]  # somebody may have left other tables there
    held: dict[str, list[list[str]]] = dict(connection.execute(_RELATIONS, [ours]).fetchall())
    for name in marts or ([] if held else ["any"]):
        if name not in held:
            raise MartUnknown(name, list(held))
    wanted = marts or [name for name in held if not name.endswith("_documents")]
    return {name: held[name] for name in wanted}


def _export(
    connection: Connection[Any], mart: str, columns: list[list[str]], folder: Path, form: Format
) -> Exported:
    exported = Exported(mart, [{"name": name, "type": kind} for name, kind in columns])
    for number, (body, row_count) in enumerate(_bodies(connection, mart, columns), 1):
        part = f"{mart}-{number:04}.{form.ending}"
        packed = form.pack(body, columns)
        _write(folder / part, packed)
        exported.row_count += row_count
        exported.parts.append(Part(part, len(packed), hashlib.sha256(packed).hexdigest()))
    return exported


def _bodies(
    connection: Connection[Any], mart: str, columns: list[list[str]]
) -> Iterator[tuple[bytes, int]]:
    """The CSV in parts, each under the header, with its rows' number; at least one part."""
    listed = [
        sql.SQL("to_json({0}) as {0}" if kind.endswith("[]") else "{0}").format(
            sql.Identifier(name)
        )
        for name, kind in columns
    ]
    query = sql.SQL("copy (select {} from {}) to stdout (format csv, header)").format(
        sql.SQL(", ").join(listed), sql.Identifier("marts", mart)
    )
    with connection.cursor().copy(query) as copy:
        header = bytes(copy.read())
        body, row_count = bytearray(header), 0
        for row in copy:  # Postgres sends each row by itself
            if row_count and len(body) + len(row) > PART_BYTES:
                yield bytes(body), row_count
                body, row_count = bytearray(header), 0
            body += row
            row_count += 1
        yield bytes(body), row_count


def _write(path: Path, body: bytes) -> None:
    unfinished = path.with_name(f".unfinished-{path.name}")
    unfinished.write_bytes(body)
    unfinished.replace(path)


def _keep(store: Store, key: str, body: bytes, content_type: str) -> None:
    store.keep(ImageObject(key, content_type, body, hashlib.sha256(body).hexdigest()))


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
