"""Versions: which documents are new, and how they replace what was latest.

Statements name the tables of the resources at hand. Each looks versions up key by key, by index: a
batch touches a few keys of tables that hold millions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from extract.landing.staging import Identity
from extract.landing.turns import draw_load

# New is: nothing held, or another hash, or the held payload was purged. An answer older than the
# last check never is, unless that lies in the future, where no check can be: the clock was set
# back. `limit 1` keeps the planner from reading a whole table to join it.
_NEW: LiteralString = """
    select
        checked.resource, checked.key,
        held.key is not null as is_held, checked.payload_hash is null as is_tombstone
    from pg_temp.checked
    left join raw.fetches
        on fetches.resource = checked.resource and fetches.key = checked.key
    left join lateral (
        select version.key, version.payload_hash, version.purged_at
        from raw.{table} as version
        where version.key = checked.key and version.superseded_by is null
        limit 1
    ) as held on true
    where
        checked.resource = {name}
        and coalesce(
            fetches.last_checked_at <= checked.fetched_at
            or fetches.last_checked_at > clock_timestamp(),
            true
        )
        and (
            held.key is null
            or held.payload_hash is distinct from checked.payload_hash
            or (held.purged_at is not null and checked.payload_hash is not null)
        )
"""

_SUPERSEDE: LiteralString = """
    update raw.{table} as version
    set superseded_by = {load_id}
    from pg_temp.changed
    where
        changed.resource = {name}
        and changed.is_held
        and version.key = changed.key
        and version.superseded_by is null
"""

_INSERT: LiteralString = """
    insert into raw.{table}
        (key, payload, payload_hash, is_tombstone, request, fetched_at, load_id)
    select
        candidates.key, candidates.payload, candidates.payload_hash, changed.is_tombstone,
        candidates.request, candidates.fetched_at, {load_id}
    from pg_temp.candidates
    inner join pg_temp.changed
        on changed.resource = {name} and changed.key = candidates.key
    where candidates.resource = {name}
"""

_COUNTS: LiteralString = """
    select
        changed.resource,
        count(*),
        count(*) filter (where is_held),
        count(*) filter (where is_tombstone),
        count(*) filter (where candidates.key is null)
    from pg_temp.changed
    left join pg_temp.candidates
        on candidates.resource = changed.resource and candidates.key = changed.key
    group by changed.resource
"""


def _for_each(template: LiteralString, resources: Sequence[str]) -> Composed:
    return SQL(" union all ").join(_for_table(template, name) for name in resources)


def _for_table(template: LiteralString, resource: str, load_id: int | None = None) -> Composed:
    return SQL(template).format(
        table=Identifier(resource), name=Literal(resource), load_id=Literal(load_id)
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """What is new of one resource, in numbers of versions."""

    landed: int
    held: int
    """Those that replace another."""
    tombstones: int
    unstaged: int
    """Those that did not look new when the candidates were staged."""


def look_for_new(connection: Connection[Any], resources: Sequence[str]) -> set[Identity]:
    """Find what looks new in `checked` before the lock: nearly always what is new under it."""
    rows = connection.execute(_for_each(_NEW, resources))
    return {(resource, key) for resource, key, *_ in rows}


def find_changed(connection: Connection[Any], resources: Sequence[str]) -> dict[str, Changed]:
    """Fill `changed` from `checked`, and count it by resource; one without changes is not named."""
    connection.execute(SQL("insert into pg_temp.changed {}").format(_for_each(_NEW, resources)))
    return {resource: Changed(*numbers) for resource, *numbers in connection.execute(_COUNTS)}


def replace(connection: Connection[Any], changed: dict[str, Changed]) -> int:
    """Draw a load's number, supersede what is held, insert what is new; gives the number."""
    load_id = draw_load(connection)
    statements = []
    for resource, numbers in changed.items():
        if numbers.held:
            statements.append(_for_table(_SUPERSEDE, resource, load_id))
        statements.append(_for_table(_INSERT, resource, load_id))
    # Sent together: each would wait for this process's other threads before and after.
    connection.execute(SQL(";").join(statements))
    return load_id
