"""The books: what is known about each key (`raw.fetches`), and what was refused (`raw.rejects`)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, LiteralString

from psycopg import Connection

from extract.documents import Failure, Reject

_EXCERPT = 200  # characters
_UNPRINTABLE = {code: "\ufffd" for code in (*range(32), 127)}

_CHECKS: LiteralString = """
    insert into raw.fetches as held
        (resource, key, status, last_checked_at, last_changed_at, next_due_at)
    select
        checked.resource,
        checked.key,
        case when checked.payload_hash is null then 'gone' else 'ok' end,
        checked.fetched_at,
        case when changed.key is not null then checked.fetched_at end,
        checked.due_at
    from pg_temp.checked
    left join pg_temp.changed
        on changed.resource = checked.resource and changed.key = checked.key
    on conflict (resource, key) do update
    set
        status = excluded.status,
        attempts = 0,
        error = null,
        last_checked_at = excluded.last_checked_at,
        last_changed_at = coalesce(excluded.last_changed_at, held.last_changed_at),
        next_due_at = excluded.next_due_at
    where coalesce(
        held.last_checked_at <= excluded.last_checked_at
        or held.last_checked_at > clock_timestamp(),
        true
    )
"""

# Whoever commits a document commits with it that what it names is known: a kill between loses none.
_MENTIONS: LiteralString = """
    insert into raw.fetches (resource, key, status, next_due_at)
    select resource, key, 'known', now()
    from pg_temp.mentioned
    on conflict (resource, key) do nothing
"""

# The first failure is due at once, in the next run; then after 5, 10, 20 … minutes, at most a day.
# None is later than now, whatever the clock of the process says that met it.
_FAILURES: LiteralString = """
    insert into raw.fetches as held
        (resource, key, status, attempts, error, last_failed_at, next_due_at)
    select
        resource, key, 'failed', 1, error, past.failed_at,
        past.failed_at + coalesce(failure.due_after, interval '0')
    from unnest(
        %(resources)s::text[], %(keys)s::text[], %(errors)s::text[], %(times)s::timestamptz[],
        %(pauses)s::interval[]
    ) as failure (resource, key, error, failed_at, due_after)
    cross join lateral (select least(failure.failed_at, clock_timestamp()) as failed_at) as past
    on conflict (resource, key) do update
    set
        status = 'failed',
        attempts = held.attempts + 1,
        error = excluded.error,
        last_failed_at = excluded.last_failed_at,
        next_due_at = excluded.last_failed_at + case
            -- a pause of its own stands in the row that would be inserted
            when excluded.next_due_at > excluded.last_failed_at
                then excluded.next_due_at - excluded.last_failed_at
            when held.attempts = 0 then interval '0'
            else least(interval '5 minutes' * 2 ^ least(held.attempts - 1, 10), interval '1 day')
        end
    where
        coalesce(
            held.last_checked_at <= excluded.last_failed_at
            or held.last_checked_at > clock_timestamp(),
            true
        )
        and coalesce(
            held.last_failed_at < excluded.last_failed_at
            or held.last_failed_at > clock_timestamp(),
            true
        )
"""

_REJECTS: LiteralString = """
    insert into raw.rejects as held (
        resource, key, reason, detail, body_excerpt, body_hash, request,
        first_seen_at, last_seen_at, seen_count
    )
    values (
        %(resource)s, %(key)s, %(reason)s, %(detail)s, %(excerpt)s, %(hash)s, %(request)s,
        %(at)s, %(at)s, %(count)s
    )
    on conflict (resource, key, reason, body_hash) do update
    set
        last_seen_at = greatest(held.last_seen_at, excluded.last_seen_at),
        seen_count = held.seen_count + excluded.seen_count
"""


_FILE: LiteralString = """
    insert into raw.fetches as held
        (resource, key, status, last_checked_at, last_changed_at, next_due_at)
    select
        resource, %(file)s, 'ok', %(at)s,
        case when %(changed)s then %(at)s end, %(due_at)s
    from unnest(%(resources)s::text[]) as resource
    on conflict (resource, key) do update
    set
        status = 'ok',
        attempts = 0,
        error = null,
        last_checked_at = excluded.last_checked_at,
        last_changed_at = coalesce(excluded.last_changed_at, held.last_changed_at),
        next_due_at = excluded.next_due_at
"""

# The newest list says all that an earlier one would have: nobody asks for that one again.
_EARLIER_FAILED: LiteralString = """
    delete from raw.fetches
    where resource = any(%(resources)s) and key <> %(file)s and last_checked_at is null
"""
_EARLIER: LiteralString = """
    update raw.fetches set next_due_at = last_checked_at + interval '100 years'
    where resource = any(%(resources)s) and key <> %(file)s
        and next_due_at < last_checked_at + interval '100 years'
"""


def enter_checks(connection: Connection[Any]) -> None:
    """Enter what is in `checked` as checked, and what is in `changed` as changed."""
    connection.execute(_CHECKS)


def enter_mentions(connection: Connection[Any]) -> None:
    """Enter what is in `mentioned` as known and due, where it is not in the books yet."""
    connection.execute(_MENTIONS)


def enter_file(
    connection: Connection[Any],
    resources: Sequence[str],
    file: str,
    at: datetime,
    due_at: datetime,
    has_changed: bool,
) -> None:
    """Enter a file that is landed to its end, of each resource that it brought; earlier ones rest.

    `due_at` is when the next one is there.
    """
    values = {"resources": list(resources), "file": file, "at": at, "due_at": due_at}
    with connection.transaction():
        for statement in (_FILE, _EARLIER_FAILED, _EARLIER):
            connection.execute(statement, values | {"changed": has_changed})


def enter_rejects(connection: Connection[Any], rejects: Iterable[Reject]) -> None:
    """Enter refused answers, each once however often it comes; a reject is a failure of its key."""
    counted: Counter[tuple[str, str, str, bytes]] = Counter()
    latest: dict[tuple[str, str, str, bytes], Reject] = {}
    for reject in rejects:
        identity = (reject.resource, reject.key, reject.reason, sha256(reject.body).digest())
        counted[identity] += 1
        latest[identity] = reject
    rows = [
        {
            "resource": reject.resource,
            "key": printable(reject.key),
            "reason": reject.reason,
            "detail": printable(reject.detail)[: 2 * _EXCERPT],
            "excerpt": printable(reject.body[: 4 * _EXCERPT].decode(errors="replace"))[:_EXCERPT],
            "hash": identity[-1],
            "request": printable(reject.request),
            "at": reject.fetched_at,
            "count": counted[identity],
        }
        for identity, reject in latest.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_REJECTS, rows)
    enter_failures(
        connection,
        (
            Failure(row.resource, row.key, f"rejected: {row.reason}: {row.detail}", row.fetched_at)
            for row in latest.values()
        ),
    )


def enter_failures(connection: Connection[Any], failures: Iterable[Failure]) -> None:
    """Enter keys without an answer, and when to try again."""
    latest = {(failure.resource, printable(failure.key)): failure for failure in failures}
    if not latest:
        return
    errors: list[str] = [printable(failure.error)[: 2 * _EXCERPT] for failure in latest.values()]
    times: list[datetime] = [failure.failed_at for failure in latest.values()]
    pauses: list[timedelta | None] = [failure.due_after for failure in latest.values()]
    connection.execute(
        _FAILURES,
        {
            "resources": [resource for resource, _ in latest],
            "keys": [key for _, key in latest],
            "errors": errors,
            "times": times,
            "pauses": pauses,
        },
    )


def printable(text: str) -> str:
    """Replace control characters and half surrogate pairs, which Postgres or a terminal refuses."""
    return text.translate(_UNPRINTABLE).encode(errors="replace").decode()
