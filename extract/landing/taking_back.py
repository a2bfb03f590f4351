"""Taking a load back: what it brought leaves, what it superseded is the latest again.

That is a load itself, so that a build that goes on sees the world as it was, and the next one sees
all of it changed. A version that was superseded since is only marked: history passes over it. What
is restored is inserted again under the new load, since the old row may not become the latest again
under a reader; it remembers the load that it first came with, and leaves with it.
"""

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from extract.errors import LoadNotTakenBack
from extract.landing import turns
from extract.postgres import clock


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What taking a load back did, in numbers of versions."""

    load_id: int
    """The load that took it back."""
    taken_back: int
    """Versions that the load had brought."""
    restored: int
    """Versions before them that are the latest again."""


_MARK: LiteralString = """
    update raw.{table} as version
    set taken_back_by = {load_id}, superseded_by = coalesce(version.superseded_by, {load_id})
    where (version.load_id = {bad} or version.restored_from = {bad})
        and version.taken_back_by is null
"""

# Those that were the latest are the ones that this load superseded.
_RESTORE: LiteralString = """
    insert into raw.{table} (
        key, payload, payload_hash, is_tombstone, purged_at, purged_by,
        request, fetched_at, load_id, restored_from
    )
    select
        earlier.key, earlier.payload, earlier.payload_hash, earlier.is_tombstone,
        earlier.purged_at, earlier.purged_by, earlier.request, earlier.fetched_at,
        {load_id}, coalesce(earlier.restored_from, earlier.load_id)
    from raw.{table} as left_behind
    cross join lateral (
        select * from raw.{table} as version
        where version.key = left_behind.key
            and version.load_id < left_behind.load_id
            and version.taken_back_by is null
        order by version.load_id desc
        limit 1
    ) as earlier
    where left_behind.superseded_by = {load_id}
"""

# The books know again what they knew when the restored version was answered, and that it is due.
_REMEMBER: LiteralString = """
    update raw.fetches as held
    set
        status = case when earlier.is_tombstone then 'gone' else 'ok' end,
        attempts = 0,
        error = null,
        last_checked_at = earlier.fetched_at,
        last_changed_at = earlier.fetched_at,
        last_failed_at = null,
        next_due_at = {at}
    from raw.{table} as earlier
    where held.resource = {name} and held.key = earlier.key and earlier.load_id = {load_id}
"""
_FORGET: LiteralString = """
    delete from raw.fetches as held
    using raw.{table} as left_behind
    where held.resource = {name}
        and held.key = left_behind.key
        and left_behind.superseded_by = {load_id}
        and not exists (
            select from raw.{table} as earlier
            where earlier.key = left_behind.key and earlier.load_id = {load_id}
        )
"""

# What came in a file has no entry of its own in the books, the file has: an entry without a version
# of its key. Whichever file is newest has to be read again, also one that only confirmed the rows.
_UNREAD: LiteralString = """
    with files as (
        select file.key
        from raw.fetches as file
        where file.resource = {name} and file.last_checked_at is not null
            and not exists (select from raw.{table} as version where version.key = file.key)
    )
    delete from raw.fetches as held
    using files
    where held.key = files.key
"""


def take_back(connection: Connection[Any], bad: int, *, run_id: UUID) -> TakenBack:
    """Take the load `bad` back, as a whole, in one transaction. Raises LoadNotTakenBack."""
    started_at = clock.now(connection)
    told: dict[str, dict[str, int]] = {}
    with connection.transaction():
        turns.take_turn(connection)
        resources = _resources_of(connection, bad)
        load_id = turns.draw_load(connection)
        connection.execute(
            "update raw.loads set taken_back_by = %s where load_id = %s", (load_id, bad)
        )
        for resource in resources:
            taken_back, restored, *_ = (
                connection.execute(
                    _for_table(step, resource, load_id=load_id, bad=bad, at=started_at)
                ).rowcount
                for step in (_MARK, _RESTORE, _REMEMBER, _FORGET)
            )
            connection.execute(_for_table(_UNREAD, resource))
            told[resource] = {"taken_back": taken_back, "restored": restored}
        turns.enter_load(
            connection, load_id, run_id, started_at, told, kind="take_back", takes_back=bad
        )
    return TakenBack(
        load_id,
        sum(counts["taken_back"] for counts in told.values()),
        sum(counts["restored"] for counts in told.values()),
    )


def _resources_of(connection: Connection[Any], bad: int) -> list[str]:
    row = connection.execute(
        "select kind, taken_back_by, resources from raw.loads where load_id = %s", (bad,)
    ).fetchone()
    if row is None:
        raise LoadNotTakenBack(bad, "there is no such load")
    kind, taken_back_by, resources = row
    if taken_back_by is not None:
        raise LoadNotTakenBack(bad, f"load {taken_back_by} has taken it back already")
    if kind != "landing":
        raise LoadNotTakenBack(bad, "it brought no documents")
    return sorted(name for name, counts in resources.items() if counts.get("landed"))


def _for_table(template: LiteralString, resource: str, **values: object) -> Composed:
    literals = {name: Literal(value) for name, value in values.items()}
    return SQL(template).format(table=Identifier(resource), name=Literal(resource), **literals)
