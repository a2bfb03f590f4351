"""Staging: documents into temporary tables, by binary COPY, before any lock is taken.

`checked` takes the hash of every document, `candidates` the payload of those that look new: they
alone are sent and parsed, as jsonb, so that what is left to do under the lock is to copy rows.
`mentioned` takes the keys of other resources that the candidates name.
(Texts staged for all and cast under the lock took a fifth longer, and the lock was held thrice as
long.) The tables live as long as their connection and empty themselves at each commit.
"""

from collections.abc import Container, Iterable, Sequence
from typing import Any, LiteralString

from psycopg import Connection

from extract.documents import Document

Identity = tuple[str, str]
"""A resource and a key."""

_CREATE: LiteralString = """
    create temporary table if not exists checked (
        resource text not null,
        key text not null,
        payload_hash bytea,
        fetched_at timestamptz not null,
        due_at timestamptz not null
    ) on commit delete rows;
    create index if not exists checked_resource on pg_temp.checked (resource);
    create temporary table if not exists candidates (
        resource text not null,
        key text not null,
        payload jsonb compression lz4,
        payload_hash bytea,
        request text not null,
        fetched_at timestamptz not null
    ) on commit delete rows;
    create index if not exists candidates_resource on pg_temp.candidates (resource);
    create temporary table if not exists changed (
        resource text not null,
        key text not null,
        is_held boolean not null,
        is_tombstone boolean not null
    ) on commit delete rows;
    create temporary table if not exists mentioned (
        resource text not null,
        key text not null
    ) on commit delete rows;
"""

_COPY_CHECKED: LiteralString = "copy pg_temp.checked from stdin (format binary)"
_COPY_CANDIDATES: LiteralString = "copy pg_temp.candidates from stdin (format binary)"
_COPY_MENTIONED: LiteralString = "copy pg_temp.mentioned from stdin (format binary)"
_JSONB_VERSION = b"\x01"  # what the binary form of jsonb begins with; text follows


def latest_of_each_key(documents: Iterable[Document]) -> list[Document]:
    """Keep one document per key, the one fetched last; the later of two fetched together."""
    latest: dict[Identity, Document] = {}
    for document in documents:
        held = latest.get((document.resource, document.key))
        if held is None or held.fetched_at <= document.fetched_at:
            latest[document.resource, document.key] = document
    return sorted(latest.values(), key=lambda document: (document.resource, document.key))


def create_staging(connection: Connection[Any]) -> None:
    """Make the temporary tables that a connection lands through, where it has none yet."""
    if connection.execute("select to_regclass('pg_temp.mentioned') is null").fetchone() == (True,):
        connection.execute(_CREATE)


def stage_checks(connection: Connection[Any], documents: Sequence[Document]) -> None:
    """Copy into `checked` what decides whether documents are new, within the open transaction."""
    with connection.cursor() as cursor, cursor.copy(_COPY_CHECKED) as copy:
        copy.set_types(["text", "text", "bytea", "timestamptz", "timestamptz"])
        for each in documents:
            due_at = each.fetched_at + each.due_after
            copy.write_row((each.resource, each.key, each.payload_hash, each.fetched_at, due_at))


def stage_candidates(
    connection: Connection[Any], documents: Iterable[Document], chosen: Container[Identity]
) -> None:
    """Copy the chosen documents whole into `candidates`, within the open transaction."""
    with connection.cursor() as cursor, cursor.copy(_COPY_CANDIDATES) as copy:
        # Payloads are UTF-8 already: told that they are bytea, psycopg sends them as they are.
        copy.set_types(["text", "text", "bytea", "bytea", "text", "timestamptz"])
        for each in documents:
            if (each.resource, each.key) in chosen:
                payload = None if each.payload is None else _JSONB_VERSION + each.payload
                copy.write_row(
                    (
                        each.resource,
                        each.key,
                        payload,
                        each.payload_hash,
                        each.request,
                        each.fetched_at,
                    )
                )


def stage_mentions(
    connection: Connection[Any], documents: Iterable[Document], chosen: Container[Identity]
) -> bool:
    """Copy what the chosen documents name into `mentioned`, each key once; says if there is any."""
    named: set[Identity] = set()
    for each in documents:
        if each.mentions and (each.resource, each.key) in chosen:
            named |= each.mentions
    if not named:
        return False
    with connection.cursor() as cursor, cursor.copy(_COPY_MENTIONED) as copy:
        copy.set_types(["text", "text"])
        for identity in sorted(named):
            copy.write_row(identity)
    return True
