"""Retention: payloads that a source's terms let us keep no longer are emptied.

Counted is from the last successful check for the latest version of a key, and from its supersession
for an older one. Hash, ids and times stay. Each batch is a load of its own, so that builds notice
it; killed in between, the next purge goes on with what is left. The same content landed again after
a purge is a new version.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from extract.landing import turns
from extract.postgres import clock
from extract.resource import Resource

AHEAD = timedelta(days=2)
"""Payloads go so long before their limit: a purge that fails one night is not late the next."""
BATCH_SIZE = 500

Progress = Callable[[int, int], None]
"""Called with the payloads emptied so far, and all that are to be, of one resource."""


@dataclass(slots=True)
class Purged:
    """How many payloads were emptied, or in a dry run would be, by resource; and the last load."""

    by_resource: dict[str, int] = field(default_factory=dict)
    load_id: int | None = None

    @property
    def count(self) -> int:
        """Over all resources."""
        return sum(self.by_resource.values())

    def __add__(self, other: "Purged") -> "Purged":
        """Add a later purge."""
        total = Counter(self.by_resource) + Counter(other.by_resource)
        return Purged(dict(total), other.load_id or self.load_id)


def purge(
    connection: Connection[Any],
    resources: Iterable[Resource],
    *,
    run_id: UUID,
    at: datetime | None = None,
    dry_run: bool = False,
    on_progress: Progress = lambda _done, _of: None,
) -> Purged:
    """Empty what is overdue at `at` (default: now), in batches that commit as they go."""
    at = at or clock.now(connection)
    done = Purged()
    for resource in resources:
        if resource.retention is None:
            continue
        limit = at - resource.retention + AHEAD
        count = _list_overdue(connection, resource.name, limit)
        emptied = count if dry_run else 0
        for start in range(0, 0 if dry_run else count, BATCH_SIZE):
            load_id, batch = _empty(connection, resource.name, limit, start, run_id)
            done.load_id, emptied = load_id or done.load_id, emptied + batch
            on_progress(emptied, count)
        if emptied:
            done.by_resource[resource.name] = emptied
    return done


# By load for those that were superseded: nearly all that is looked at is overdue.
_OVERDUE: LiteralString = """
    create temporary table overdue as
    select row_number() over () as number, found.key, found.load_id
    from (
        select version.key, version.load_id
        from raw.{table} as version
        left join raw.fetches on fetches.resource = {name} and fetches.key = version.key
        where version.superseded_by is null and version.payload is not null
            and greatest(fetches.last_checked_at, version.fetched_at) < {limit}
        union all
        select version.key, version.load_id
        from raw.{table} as version
        inner join raw.loads on loads.load_id = version.superseded_by
        where version.superseded_by <= (
                select max(earlier.load_id) from raw.loads as earlier
                where earlier.committed_at < {limit}
            )
            and version.payload is not null
            and loads.committed_at < {limit}
    ) as found
"""

# Looked at again within the turn: a key may have been checked, or a version superseded, meanwhile.
_EMPTY: LiteralString = """
    update raw.{table} as version
    set payload = null, purged_at = clock_timestamp(), purged_by = {load_id}
    from pg_temp.overdue
    where overdue.number > {start} and overdue.number <= {end}
        and version.key = overdue.key
        and version.load_id = overdue.load_id
        and version.payload is not null
        and case
            when version.superseded_by is null
                then greatest(version.fetched_at, (
                    select fetches.last_checked_at from raw.fetches
                    where fetches.resource = {name} and fetches.key = version.key
                ))
            else (
                select loads.committed_at from raw.loads
                where loads.load_id = version.superseded_by
            )
        end < {limit}
"""


def _list_overdue(connection: Connection[Any], resource: str, limit: datetime) -> int:
    connection.execute("drop table if exists pg_temp.overdue")
    connection.execute(_for_table(_OVERDUE, resource, limit=limit))
    connection.execute("create index on pg_temp.overdue (number)")
    connection.execute("analyze pg_temp.overdue")
    row = connection.execute("select count(*) from pg_temp.overdue").fetchone()
    return int(row[0]) if row else 0


def _empty(
    connection: Connection[Any], resource: str, limit: datetime, start: int, run_id: UUID
) -> tuple[int | None, int]:
    started_at = clock.now(connection)
    with connection.transaction():
        turns.take_turn(connection)
        load_id = turns.draw_load(connection)
        values = {"limit": limit, "load_id": load_id, "start": start, "end": start + BATCH_SIZE}
        count = connection.execute(_for_table(_EMPTY, resource, **values)).rowcount
        if not count:
            return None, 0
        told = {resource: {"purged": count}}
        turns.enter_load(connection, load_id, run_id, started_at, told, kind="purge")
    return load_id, count


def _for_table(template: LiteralString, resource: str, **values: object) -> Composed:
    literals = {name: Literal(value) for name, value in values.items()}
    return SQL(template).format(table=Identifier(resource), name=Literal(resource), **literals)
