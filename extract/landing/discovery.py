"""Finding in what is held already what a new mention names: once for each, by one statement.

Documents that land name their keys themselves (`extract.mentions`). A mention that is declared
later would never see what landed before; it is noted in `raw.discoveries` which were searched for.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from extract.landing.turns import take_turn
from extract.mentions import jsonpath
from extract.resource import Mention, Resource

_log = logging.getLogger(__name__)

_NAMED: LiteralString = """
    select found.value #>> '{{}}' as key
    from raw.{table} as version
    cross join lateral jsonb_path_query(version.payload, {path}) as found (value)
    where
        version.superseded_by is null
        and jsonb_typeof(found.value) in ('number', 'string')
        and found.value #>> '{{}}' ~ {form}
        and {condition}
"""

_ENTER: LiteralString = """
    insert into raw.fetches (resource, key, status, next_due_at)
    select distinct {resource}, named.key, 'known', now()
    from ({named}) as named
    on conflict (resource, key) do nothing
"""

_NOTE: LiteralString = """
    insert into raw.discoveries (resource, found_in, path, searched_at)
    values (%s, %s, %s, now())
    on conflict do nothing
"""


def named_in(table: str, mention: Mention, condition: LiteralString = "true") -> Composed:
    """Write the query for the keys that the latest versions of a table name, `version` by alias."""
    return SQL(_NAMED).format(
        table=Identifier(table),
        path=Literal(jsonpath(mention)),
        form=Literal(f"^({mention.form})$"),
        condition=SQL(condition),
    )


def discover(connection: Connection[Any], resources: Iterable[Resource]) -> None:
    """Enter as known what is named in documents that landed before the mention was declared."""
    rows = connection.execute("select resource, found_in, path from raw.discoveries")
    searched = set(rows.fetchall())
    for resource in resources:
        for mention in resource.mentions:
            if (mention.resource, resource.name, mention.path) not in searched:
                _search(connection, resource, mention)


def _search(connection: Connection[Any], resource: Resource, mention: Mention) -> None:
    place: Sequence[str] = (mention.resource, resource.name, mention.path)
    with connection.transaction():
        take_turn(connection)
        named = named_in(resource.name, mention)
        entered = connection.execute(
            SQL(_ENTER).format(resource=Literal(mention.resource), named=named)
        ).rowcount
        connection.execute(_NOTE, place)
    if entered:
        _log.info("%s: %s found in %s", mention.resource, f"{entered:,}", resource.name)
