"""Turns: the one lock of all writers of `raw.*`, and the number of a load, drawn while it is held.

So the order of `load_id` is the order of commits, whatever a load does.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

LOCK = int.from_bytes(b"landing")
"""The advisory lock that all writers of `raw.*` take turns by."""

_LOAD: LiteralString = """
    insert into raw.loads (
        load_id, run_id, kind, started_at, committed_at,
        checked_count, landed_count, rejected_count, resources, takes_back
    )
    values (
        %(load_id)s, %(run_id)s, %(kind)s, %(started_at)s, clock_timestamp(),
        %(checked)s, %(landed)s, %(rejected)s, %(resources)s, %(takes_back)s
    )
"""


def take_turn(connection: Connection[Any]) -> None:
    """Wait for the lock; it is held until the open transaction ends."""
    connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))


def draw_load(connection: Connection[Any]) -> int:
    """Draw the number of a load, within a turn."""
    row = connection.execute("select nextval('raw.load_ids')").fetchone()
    load_id: int = row[0]  # type: ignore[index]  # nextval gives a row
    return load_id


def enter_load(
    connection: Connection[Any],
    load_id: int,
    run_id: UUID,
    started_at: datetime,
    resources: Mapping[str, Mapping[str, int]],
    *,
    kind: str = "landing",
    rejected: int = 0,
    takes_back: int | None = None,
) -> None:
    """Enter the load into `raw.loads`, with what it did to each resource."""
    connection.execute(
        _LOAD,
        {
            "load_id": load_id,
            "run_id": run_id,
            "kind": kind,
            "started_at": started_at,
            "checked": _total(resources.values(), "checked"),
            "landed": _total(resources.values(), "landed"),
            "rejected": rejected,
            "resources": Jsonb(resources),
            "takes_back": takes_back,
        },
    )


def _total(counts: Iterable[Mapping[str, int]], name: str) -> int:
    return sum(count.get(name, 0) for count in counts)
