"""What a build found in answers that was never there before: `marts.schema_drift`, since a load."""

from typing import Any, LiteralString, NamedTuple

from psycopg import Connection

_HORIZON: LiteralString = """
    select coalesce(max(horizon), 0) from staging.builds where finished_at is not null
"""
_SINCE: LiteralString = """
    select resource, drift_kind, json_path, seen, example_key, document_count
    from marts.schema_drift
    where first_load_id > %s
    order by resource, json_path, drift_kind, seen
"""


class Drift(NamedTuple):
    """One thing that TMDb never told before."""

    resource: str
    kind: str
    """`key` or `value`."""
    path: str
    """Where it stands: `episodes[]`; of a value with its key. Empty: in the document itself."""
    seen: str
    example_key: str
    documents: int

    def __str__(self) -> str:
        place = f"`{self.path}` of {self.resource}" if self.path else self.resource
        many = f"{self.documents:,} documents" if self.documents > 1 else "one document"
        verb = "has a new key" if self.kind == "key" else "has a new value"
        return f"{place} {verb}, `{self.seen}`, in {many}: {self.example_key}"


def horizon(connection: Connection[Any]) -> int:
    """The highest load that a build went up to; 0 where there was none."""
    if not _exists(connection, "staging.builds"):
        return 0
    row = connection.execute(_HORIZON).fetchone()
    return int(row[0]) if row else 0


def drift_since(connection: Connection[Any], load_id: int) -> tuple[Drift, ...]:
    """What loads after this one brought first; nothing where the mart is not built."""
    if not _exists(connection, "marts.schema_drift"):
        return ()
    return tuple(map(Drift._make, connection.execute(_SINCE, [load_id]).fetchall()))


def _exists(connection: Connection[Any], relation: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null", [relation]).fetchone()
    return bool(row and row[0])
