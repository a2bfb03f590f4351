"""What is known, held and due of each kind of thing, and the requests left for today's work.

What is due is asked of `extract.keys.due`, as a run of `--changes` asks; nothing decides it again.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from extract.keys import Selection, due
from extract.postgres import clock
from extract.sources.tmdb.catalogue import EXPORTS
from extract.sources.tmdb.subjects import SUBJECTS
from extract.subject import Subject

ASKED = Selection(changes=True)
OVERDUE_AFTER = timedelta(days=1)

_BOOKS: LiteralString = """
    select
        count(*),
        count(*) filter (where status = 'ok'),
        count(*) filter (where status = 'failed'),
        count(*) filter (where status = 'known'),
        count(*) filter (where next_due_at <= %(overdue_since)s)
    from raw.fetches
    where resource = %(resource)s
"""
_LISTED_ALONE: LiteralString = """
    select count(*)
    from raw.{ids} as listed
    where
        listed.superseded_by is null
        and not listed.is_tombstone
        and not exists (
            select from raw.fetches
            where fetches.resource = %(resource)s and fetches.key = listed.key
        )
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One kind of thing; counts of keys, but for `requests`."""

    source: str
    subject: str
    known: int
    """Named by a list or a document, asked for or not."""
    held: int
    """Their last answer was a document."""
    never_asked: int
    """Named by a document that is held, and never asked for."""
    due: int
    """A run would ask for them now."""
    overdue: int
    """Due by their age for more than a day."""
    failing: int
    """Their last try failed."""
    requests: int
    """What is due by the end of the day (UTC) takes at least."""


def workloads(connection: Connection[Any], *, at: datetime | None = None) -> list[Workload]:
    """Count it for each kind of thing, in the order in which they are asked for; `at` is now."""
    now = at or clock.now(connection)
    return [_workload(connection, subject, now) for subject in SUBJECTS]


def _workload(connection: Connection[Any], subject: Subject, now: datetime) -> Workload:
    details = subject.details
    values = {"resource": details.name, "overdue_since": now - OVERDUE_AFTER}
    row = connection.execute(_BOOKS, values).fetchone()
    in_books, held, failing, never_asked, overdue = row or (0, 0, 0, 0, 0)
    midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    return Workload(
        source=details.source.title,
        subject=subject.name,
        known=in_books + _listed_alone(connection, details.name),
        held=held,
        never_asked=never_asked,
        due=_due_count(connection, subject, now),
        overdue=overdue,
        failing=failing,
        requests=_requests(connection, subject, midnight),
    )


def _listed_alone(connection: Connection[Any], details: str) -> int:
    """How many the newest list of ids names that the books do not know."""
    for export in EXPORTS.values():
        if export.concerns == details:
            query = SQL(_LISTED_ALONE).format(ids=Identifier(export.ids.name))
            row = connection.execute(query, {"resource": details}).fetchone()
            return int(row[0]) if row else 0
    return 0


def _due_count(connection: Connection[Any], subject: Subject, at: datetime) -> int:
    with closing(due(connection, subject, ASKED, at=at)) as keys:
        return len(keys)


def _requests(connection: Connection[Any], subject: Subject, at: datetime) -> int:
    further: Mapping[str, int] = subject.further_requests(connection)
    with closing(due(connection, subject, ASKED, at=at)) as keys:
        return len(keys) + (sum(further.get(key, 0) for key in keys) if further else 0)
