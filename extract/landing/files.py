"""Whole files of rows: staged as they are read, compared in sets, landed in bounded batches.

Where a source gives a file of everything each day, most of it is what is held. So nothing is looked
up row by row: all rows are staged by COPY, without a lock; one join with what is held finds those
that differ and those that the file has no more; only they go through the landing proper, so many in
each transaction, and the file enters the books at the very end. Whatever is killed before is done
again, and lands once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection, IsolationLevel
from psycopg.sql import SQL, Identifier, Literal

from extract.errors import ListShrank
from extract.landing import staging, turns, versions
from extract.landing.lists import is_believed
from extract.landing.outcome import Counts, Landed
from extract.postgres import clock
from extract.resource import Resource

BATCH_SIZE = 20_000

Staged = tuple[str, bytes, bytes]
"""A key, the hash of its payload, the payload as canonical JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFile:
    """One file whose rows are documents of `resource`."""

    resource: Resource
    request: str
    fetched_at: datetime
    scope: LiteralString = "true"
    """Which held keys the rows were chosen among, of `held`: one that is not staged is gone."""
    unread: Collection[str] = ()
    """What keys begin with whose rows are there and were refused: these are not gone."""


_CREATE: LiteralString = """
    drop table if exists pg_temp.filed, pg_temp.unread, pg_temp.differing;
    create temporary table filed (
        number bigint generated always as identity,
        key text not null,
        payload_hash bytea not null,
        payload text not null
    );
    create temporary table unread (id text primary key);
"""
_UNREAD: LiteralString = "insert into pg_temp.unread (id) select unnest(%s::text[])"
_COPY: LiteralString = "copy pg_temp.filed (key, payload_hash, payload) from stdin (format binary)"
_REPEATED: LiteralString = """
    with repeated as (
        select key, min(number) as first from pg_temp.filed group by key having count(*) > 1
    )
    delete from pg_temp.filed
    using repeated
    where filed.key = repeated.key and filed.number > repeated.first
"""
# A payload that was purged is landed again, as anywhere.
_DIFFERING: LiteralString = """
    create temporary table differing as
    select row_number() over () as number, found.*
    from (
        select filed.key, filed.payload_hash, filed.payload
        from pg_temp.filed
        left join raw.{table} as held on held.key = filed.key and held.superseded_by is null
        where held.payload_hash is distinct from filed.payload_hash or held.purged_at is not null
        union all
        select held.key, null, null
        from raw.{table} as held
        where
            held.superseded_by is null
            and not held.is_tombstone
            and {scope}
            and not exists (select from pg_temp.filed where filed.key = held.key)
            and not exists (
                select from pg_temp.unread where unread.id = split_part(held.key, '/', 1)
            )
    ) as found
"""
_COUNTS: LiteralString = """
    select
        (
            select count(*) from raw.{table} as held
            where held.superseded_by is null and not held.is_tombstone and {scope}
        ),
        (select count(*) from pg_temp.differing where payload_hash is null),
        (select coalesce(max(number), 0) from pg_temp.differing)
"""
_CHECKED: LiteralString = """
    insert into pg_temp.checked (resource, key, payload_hash, fetched_at, due_at)
    select {name}, key, payload_hash, {at}, {due_at}
    from pg_temp.differing
    where number > {start} and number <= {end}
"""
_CANDIDATES: LiteralString = """
    insert into pg_temp.candidates (resource, key, payload, payload_hash, request, fetched_at)
    select {name}, key, payload::jsonb, payload_hash, {request}, {at}
    from pg_temp.differing
    where number > {start} and number <= {end}
"""


def stage_rows(connection: Connection[Any], rows: Iterable[Staged]) -> tuple[int, int]:
    """Stage all rows of a file; gives how many keys there are, and how many rows repeated one.

    The first row of a key counts. What reading the rows raises is raised, and nothing is staged.
    """
    connection.execute(_CREATE)
    count = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(["text", "bytea", "bytea"])  # the payload is UTF-8 already
        for row in rows:
            copy.write_row(row)
            count += 1
    repeated = connection.execute(_REPEATED).rowcount
    connection.execute("analyze pg_temp.filed")
    return count - repeated, repeated


def land_staged(
    connection: Connection[Any], file: RowFile, staged: int, *, run_id: UUID, accept_shrink: bool
) -> Landed:
    """Land what is staged where it differs from what is held, and tombstones of what is gone.

    Raises ListShrank, before anything lands, where too much is gone to be believed. Nobody else
    lands this file meanwhile.
    """
    name, scope = file.resource.name, SQL(file.scope)
    connection.execute(_UNREAD, (list(file.unread),))
    connection.execute(SQL(_DIFFERING).format(table=Identifier(name), scope=scope))
    connection.execute("create index on pg_temp.differing (number)")
    connection.execute("analyze pg_temp.differing")
    row = connection.execute(SQL(_COUNTS).format(table=Identifier(name), scope=scope)).fetchone()
    held, gone, differing = row or (0, 0, 0)
    if not accept_shrink and not is_believed(held - gone, held):
        raise ListShrank(name, held - gone, held)
    staging.create_staging(connection)
    connection.isolation_level = IsolationLevel.READ_COMMITTED
    landed = Landed(None, {name: Counts(checked=staged)})
    for start in range(0, differing, BATCH_SIZE):
        landed += _land_batch(connection, file, start, run_id)
    connection.execute("drop table pg_temp.filed, pg_temp.unread, pg_temp.differing")
    return landed


def _land_batch(connection: Connection[Any], file: RowFile, start: int, run_id: UUID) -> Landed:
    name, started_at = file.resource.name, clock.now(connection)
    values = _values(file, start)
    with connection.transaction():
        connection.execute(SQL(_CHECKED).format(**values))
        connection.execute(SQL(_CANDIDATES).format(**values))
        turns.take_turn(connection)
        changed = versions.find_changed(connection, [name])
        if not changed:
            return Landed()
        load_id, numbers = versions.replace(connection, changed), changed[name]
        told = {"landed": numbers.landed, "tombstones": numbers.tombstones}
        checked = {"checked": numbers.landed}
        turns.enter_load(connection, load_id, run_id, started_at, {name: checked | told})
    return Landed(load_id, {name: Counts(0, numbers.landed, numbers.tombstones)})


def _values(file: RowFile, start: int) -> dict[str, Literal]:
    values = {
        "name": file.resource.name,
        "request": file.request,
        "at": file.fetched_at,
        "due_at": file.fetched_at + file.resource.max_age,
        "start": start,
        "end": start + BATCH_SIZE,
    }
    return {name: Literal(value) for name, value in values.items()}
