"""Series that were tracked by their IMDb id because TMDb did not know it: whether it does by now.

One `/find` for each, once a day at most while there is no answer; what TMDb names is tracked as any
series. The title stays tracked: it is a show of its own again should the claim be withdrawn.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from extract.alone import one_by_one
from extract.references import Kind, Reference
from extract.resolving import Resolver
from extract.run import NotLanded
from extract.tracking import track, tracked_titles

# What IMDb's file calls it must not disagree with what TMDb names.
_WAITING = """
    select asked.id, title.payload ->> 'primaryTitle', title.payload ->> 'startYear'
    from unnest(%(ids)s::text[]) as asked (id)
    left join raw.imdb_title_basics as title
        on title.key = asked.id and title.superseded_by is null
    where not exists (
        select from raw.tmdb_tv_external_ids as ids
        where ids.payload ->> 'imdb_id' = asked.id and ids.superseded_by is null
    )
    order by asked.id
"""


def waiting(connection: Connection[Any]) -> list[Reference]:
    """The tracked titles that no held series of TMDb's claims to be."""
    rows = connection.execute(_WAITING, {"ids": list(tracked_titles(connection))})
    return [
        Reference(Kind.IMDB, imdb_id, int(year) if year and year.isdecimal() else None, name)
        for imdb_id, name, year in rows
    ]


async def resolve_titles(
    resolver: Resolver,
    connection: Connection[Any],
    references: Sequence[Reference],
    *,
    run_id: UUID | None = None,
) -> list[NotLanded]:
    """Track the series that TMDb names for them, with their tags; gives those that failed.

    Raises AuthenticationRejected, PostgresError.
    """

    async def take_in(reference: Reference) -> None:
        [resolved] = await resolver.resolve([reference])
        own = tracked_titles(connection).get(reference.value, ())
        track(connection, resolved.tmdb_ids, own, run_id=run_id)

    return await one_by_one("titles", references, take_in)
