"""Which series are due, decided in one query over the books.

Named ids and tracked series are asked for if they are due; naming one does not track it, that is a
decision of its own. In this order: forced; never fetched; the last try failed (and its pause is
over); older than it may be; last checked before a date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, LiteralString

from psycopg import Connection

from extract.sources.tmdb.resources import DETAILS, PARTS, RESOURCES, SEASONS

MAX_SERIES_ID = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a run is asked to do."""

    tmdb_ids: tuple[int, ...] = ()
    """Series by TMDb's ids."""
    tracked: bool = False
    """The tracked series as well; they alone where no ids are named."""
    limit: int | None = None
    """At most so many series."""
    force: bool = False
    """Due or not."""
    since: date | None = None
    """Also what was last checked before this date (UTC), due or not."""
    dry_run: bool = False
    """Say what would be asked for, and stop."""
    resources: tuple[str, ...] = ()
    """These parts only, besides the details that they arrive with; empty: all."""

    def __post_init__(self) -> None:
        """Refuse a name that no resource of a series has."""
        known = {resource.name for resource in RESOURCES}
        if unknown := sorted(set(self.resources) - known):
            names = ", ".join(f"`{name}`" for name in sorted(known))
            raise ValueError(f"`{unknown[0]}` is not a resource of a series. There are {names}.")


# A part comes due by its own age, but only while the series is there: of a gone one nothing else is
# asked. A part that was refused waits for the series: asking again at once would bring the same.
_DUE: LiteralString = """
    with selected as (
        select series_id from unnest(%(ids)s::integer[]) as named (series_id)
        union
        select (payload ->> 'tmdb_id')::integer
        from raw.showhouse_tracked_shows
        where %(tracked)s and superseded_by is null and payload @> '{"is_tracked": true}'
    ),
    states as (
        select
            selected.series_id,
            details.status,
            details.last_checked_at,
            least(details.next_due_at, parts.next_due_at) as next_due_at
        from selected
        left join raw.fetches as details
            on details.resource = %(details)s and details.key = selected.series_id::text
        left join lateral (
            select min(part.next_due_at) as next_due_at
            from raw.fetches as part
            where
                part.resource = any(%(parts)s)
                and part.key = selected.series_id::text
                and part.status = 'ok'
                and details.status = 'ok'
        ) as parts on true
    ),
    ranked as (
        select
            series_id,
            next_due_at,
            case
                when %(force)s then 1
                when status is null then 2
                when next_due_at <= %(at)s and status = 'failed' then 3
                when next_due_at <= %(at)s then 4
                when last_checked_at < %(since)s and status <> 'failed' then 5
            end as rank
        from states
    )
    select series_id from ranked
    where rank is not null
    order by rank, next_due_at, series_id
    limit %(limit)s
"""

_HELD: LiteralString = """
    select
        split_part(key, '/', 1)::integer as series_id,
        array_agg(split_part(key, '/', 3)::integer) as numbers
    from raw.tmdb_tv_seasons
    where
        superseded_by is null
        and not is_tombstone
        and md5('tmdb:tv:' || split_part(key, '/', 1))::uuid = any(
            select md5('tmdb:tv:' || series_id)::uuid from unnest(%(ids)s::integer[]) as series_id
        )
    group by 1
"""


def due(
    connection: Connection[Any], selection: Selection, *, at: datetime | None = None
) -> list[int]:
    """List the TMDb ids of the series to ask for, in order; `at` is now, unless told otherwise."""
    since = selection.since and datetime.combine(selection.since, time(), UTC)
    rows = connection.execute(
        _DUE,
        {
            "ids": [number for number in selection.tmdb_ids if 0 < number <= MAX_SERIES_ID],
            "tracked": selection.tracked or not selection.tmdb_ids,
            "details": DETAILS.name,
            "parts": _parts(selection.resources),
            "force": selection.force,
            "at": at or datetime.now(UTC),
            "since": since,
            "limit": selection.limit,
        },
    )
    return [series_id for (series_id,) in rows]


def held_seasons(
    connection: Connection[Any], series_ids: Sequence[int]
) -> dict[int, frozenset[int]]:
    """Give the numbers of the seasons that are held and not gone, for each of the series."""
    rows = connection.execute(_HELD, {"ids": list(series_ids)})
    held = {series_id: frozenset(numbers) for series_id, numbers in rows}
    return {series_id: held.get(series_id, frozenset()) for series_id in series_ids}


def _parts(resources: Iterable[str]) -> list[str]:
    chosen = frozenset(resources)
    return [part.name for part in (*PARTS, SEASONS) if not chosen or part.name in chosen]
