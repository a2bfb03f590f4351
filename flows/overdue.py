"""What should have happened by now and has not: runs that nobody started, or that no longer end."""

from typing import Any, LiteralString

from psycopg import Connection

BUILD_DAYS = 2
FEED_DAYS = 2

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
# A house that reads the feed keeps up all that it holds; one that never did, the tracked alone.
_FEED: LiteralString = """
    select extract(day from now() - max(last_checked_at))::integer
    from raw.fetches
    where resource = 'tmdb_tv_changes'
"""
_HELD: LiteralString = """
    select count(*)
    from raw.fetches
    where
        resource = 'tmdb_tv_details'
        and status not in ('gone', 'known')
        and next_due_at < now() - interval '1 day'
        and not exists (
            select from raw.showhouse_tracked_shows as tracked
            where
                tracked.superseded_by is null
                and tracked.payload @> '{"is_tracked": true}'
                and tracked.payload ->> 'tmdb_id' = fetches.key
        )
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
    (days_unread,) = connection.execute(_FEED).fetchone() or (None,)
    if days_unread is not None:
        (held,) = connection.execute(_HELD).fetchone() or (0,)
        if held:
            found.append(
                f"{held:,} more series that are held are due for more than a day: "
                "`showhouse run --changes`."
            )
        if days_unread >= FEED_DAYS:
            found.append(
                f"TMDb's change feed was read {days_unread} days ago: `showhouse run --changes`."
            )
    if connection.execute("select to_regclass('staging.builds') is null").fetchone() == (True,):
        return [*found, "Nothing was ever built. Build it: `showhouse build`."]
    (days,) = connection.execute(_BUILT).fetchone() or (None,)
    if days is None:
        found.append("No build has ended. See why: `showhouse build`.")
    elif days >= BUILD_DAYS:
        found.append(f"The last build ended {days} days ago. See why: `showhouse build`.")
    return found
