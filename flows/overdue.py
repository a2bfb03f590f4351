"""What should have happened by now and has not: runs that nobody started, or that no longer end."""

from typing import Any, LiteralString

from psycopg import Connection

BUILD_DAYS = 2

_SERIES: LiteralString = """
    with tracked as (
        select (payload ->> 'tmdb_id') as key
        from raw.showhouse_tracked_shows
        where superseded_by is null and payload @> '{"is_tracked": true}' and payload ? 'tmdb_id'
    )
    select
        count(*) filter (where fetches.key is null),
        count(*) filter (where fetches.next_due_at < now() - interval '1 day')
    from tracked
    left join raw.fetches
        on fetches.resource = 'tmdb_tv_details' and fetches.key = tracked.key
"""
_BUILT: LiteralString = """
    select extract(day from now() - max(finished_at))::integer from staging.builds
"""


def overdue(connection: Connection[Any]) -> list[str]:
    """A sentence for each thing that is overdue."""
    found = []
    never, late = connection.execute(_SERIES).fetchone() or (0, 0)
    if never:
        found.append(f"{never:,} tracked series were never fetched. Fetch them: `showhouse run`.")
    if late:
        found.append(f"{late:,} tracked series are due for more than a day: `showhouse run`.")
    if connection.execute("select to_regclass('staging.builds') is null").fetchone() == (True,):
        return [*found, "Nothing was ever built. Build it: `showhouse build`."]
    (days,) = connection.execute(_BUILT).fetchone() or (None,)
    if days is None:
        found.append("No build has ended. See why: `showhouse build`.")
    elif days >= BUILD_DAYS:
        found.append(f"The last build ended {days} days ago. See why: `showhouse build`.")
    return found
