"""Lists of TMDb that are followed: what joins one is tracked, what leaves it loses its tag.

A list is followed for as long as a tracked series bears its tag, and is asked for once a day. What
stood on it before is not tracked again: whoever took that off the tracked series meant it. A list
that is empty or gone changes nothing: its tag is all that says that it was followed.
"""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from extract.references import Kind, Reference
from extract.resolving import LIST_TAG, Resolver, series_on
from extract.sources.tmdb.lookups import LISTS
from extract.tracking import track, tracked, tracked_titles, untag

_log = logging.getLogger(__name__)

_FRESH = "select key from raw.fetches where resource = %s and next_due_at > now()"
_BEFORE = """
    select payload from raw.{table}
    where key = %s and payload is not null
    order by load_id desc
    limit 1
"""


def followed(connection: Connection[Any]) -> list[Reference]:
    """The lists that are due to be asked for, in order."""
    every = (*tracked(connection).values(), *tracked_titles(connection).values())
    tags = {tag for tags in every for tag in tags if tag.startswith(LIST_TAG)}
    fresh = {key for (key,) in connection.execute(_FRESH, (LISTS.name,))}
    numbers = {tag.removeprefix(LIST_TAG) for tag in tags} - fresh
    wellformed = (number for number in numbers if number.isascii() and number.isdigit())
    return [Reference(Kind.LIST, number) for number in sorted(wellformed, key=int)]


async def follow(
    resolver: Resolver, connection: Connection[Any], lists: Sequence[Reference], *, run_id: UUID
) -> None:
    """Ask for lists, and track what joined them. Raises what asking raises."""
    query = SQL(_BEFORE).format(table=Identifier(LISTS.name))
    for reference in lists:
        row = connection.execute(query, (reference.value,)).fetchone()
        before = series_on(row[0]) if row else ()
        [listed] = await resolver.resolve([reference])
        if not listed.is_certain:
            _log.warning("%s", listed)
            continue
        joined = set(listed.tmdb_ids) - set(before)
        track(connection, sorted(joined), listed.tags, run_id=run_id)
        for tag in listed.tags:
            untag(connection, tag, but=listed.tmdb_ids, run_id=run_id)
