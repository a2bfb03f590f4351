"""What upstream tells of a key without being asked for it, as SQL over its entry in the books.

A key is signalled when it was not checked since
- the change feed named it (a window names an id at the time of the first reading that did),
- the exports dropped it, while we hold it, or list it again, while we take it for gone,
- the feed begins: what was edited before the first of the windows that were read without a gap is
  not known. That makes a sweep after a gap, and only where it is asked for (`swept`).
"""

from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Identifier, Literal

from extract.resource import Resource
from extract.sources.tmdb.catalogue import EXPORTS, FEEDS, Export, Feed

_CHANGED = SQL("""
    exists (
        select from raw.{changes} as changes
        where
            md5({entity} || split_part(changes.key, '/', 1))::uuid
            = md5({entity} || books.key)::uuid
            and changes.fetched_at > books.last_checked_at
    )
    or (
        %(swept)s
        and books.last_checked_at < (
            select min(windows.end_date) - 1
            from (
                select
                    split_part(key, '/', 2)::date as end_date,
                    split_part(key, '/', 2)::date
                    + row_number() over (order by key desc)::integer as run
                from raw.tmdb_change_windows
                where
                    superseded_by is null and not is_tombstone
                    and starts_with(key, {kind} || '/')
                    and split_part(key, '/', 2)::date <= (%(at)s at time zone 'utc')::date
            ) as windows
            where windows.run = (
                select max(split_part(key, '/', 2)::date) + 1
                from raw.tmdb_change_windows
                where
                    superseded_by is null and not is_tombstone
                    and starts_with(key, {kind} || '/')
                    and split_part(key, '/', 2)::date <= (%(at)s at time zone 'utc')::date
            )
        )
    )
""")
_LISTED = SQL("""
    exists (
        select from raw.{ids} as listed
        where
            listed.key = books.key
            and listed.superseded_by is null
            and listed.fetched_at > books.last_checked_at
            and books.status in ('ok', 'gone')
            and listed.is_tombstone = (books.status = 'ok')
    )
""")
_ALL_CHANGED = SQL("""
    select books.key
    from raw.{changes} as changes
    inner join raw.fetches as books
        on books.resource = {details} and books.key = split_part(changes.key, '/', 1)
    where changes.fetched_at > books.last_checked_at
""")
_ALL_LISTED = SQL("""
    select books.key
    from raw.{ids} as listed
    inner join raw.fetches as books
        on books.resource = {details} and books.key = listed.key
    where
        listed.superseded_by is null
        and listed.fetched_at > books.last_checked_at
        and books.status in ('ok', 'gone')
        and listed.is_tombstone = (books.status = 'ok')
""")


@dataclass(frozen=True, slots=True)
class Signals:
    """Two forms of one thing; the parameter of both is `swept`."""

    of_one: Composable
    """Whether the entry `books` is signalled: a condition, answered by indexes."""
    of_all: Composable
    """The keys that are signalled, but for those that a sweep takes."""


def signals_of(details: Resource) -> Signals:
    """Say how upstream tells of the keys of a resource; where it does not, nothing is signalled."""
    feed = next((each for each in FEEDS.values() if each.concerns == details.name), None)
    export = next((each for each in EXPORTS.values() if each.concerns == details.name), None)
    conditions: list[Composable] = [SQL("false")]
    queries: list[Composable] = [SQL("select null::text where false")]
    for each, one, all_ in ((feed, _CHANGED, _ALL_CHANGED), (export, _LISTED, _ALL_LISTED)):
        if each is not None:
            names = _names(each, details)
            conditions.append(one.format(**names))
            queries.append(all_.format(**names))
    condition = SQL("(") + SQL(" or ").join(conditions) + SQL(")")
    return Signals(condition, SQL(" union all ").join(queries))


def _names(of: Feed | Export, details: Resource) -> dict[str, Composable]:
    names: dict[str, Composable] = {
        "details": Literal(details.name),
        "entity": Literal(details.entity),
    }
    if isinstance(of, Feed):
        return names | {"changes": Identifier(of.changes.name), "kind": Literal(of.kind)}
    return names | {"ids": Identifier(of.ids.name)}
