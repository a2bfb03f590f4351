"""Lists of TMDb that are followed: what joins one is tracked, what leaves it loses its tag.

A list is followed for as long as a tracked series bears its tag, and is asked for once a day. What
somebody took off the tracked series stays off, whatever list it stands on. A list that is empty or
gone changes nothing: its tag is all that says that it was followed. From an answer that is shorter
than the list's `item_count` no tag is taken off: TMDb was seen to give 38 of 182 items.
"""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from extract.alone import one_by_one
from extract.references import Kind, Reference
from extract.resolving import LIST_TAG, Resolver
from extract.run import NotLanded
from extract.sources.tmdb.lookups import LISTS
from extract.tracking import taken_off, track, tracked, tracked_titles, untag

_log = logging.getLogger(__name__)

_FRESH = "select key from raw.fetches where resource = %s and next_due_at > now()"


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
) -> list[NotLanded]:
    """Ask for lists, and track what stands on them; gives those that failed or were cut short.

    Raises AuthenticationRejected, PostgresError.
    """
    incomplete: list[NotLanded] = []

    async def take_in(reference: Reference) -> None:
        [listed] = await resolver.resolve([reference])
        if listed.shortfall:
            # Not raised: three such lists in a row would keep the others from being asked.
            incomplete.append(NotLanded("lists", reference.value, listed.shortfall))
        elif not listed.is_certain:
            _log.warning("%s", listed)
            return
        wanted = set(listed.tmdb_ids) - taken_off(connection)
        track(connection, sorted(wanted), listed.tags, run_id=run_id)
        for tag in listed.tags if not listed.shortfall else ():
            untag(connection, tag, but=listed.tmdb_ids, run_id=run_id)

    return await one_by_one("lists", lists, take_in) + incomplete
