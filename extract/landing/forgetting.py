"""People who asked to be forgotten: what was landed of them alone is emptied, whatever its age.

So are their name at IMDb, pages of wikis to be forgotten, and the names that led to these.
What a series says of them stays in its own document, which is the series'; models leave them out.
"""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from extract.landing import turns
from extract.landing.purging import Purged
from extract.postgres import clock
from extract.resource import Resource
from extract.sources.fandom.resources import PAGES, PROFILES, SEARCHES
from extract.sources.imdb.datasets import DATASETS

NAMES = DATASETS["imdb_name_basics"]
PERSON = "tmdb:person:"
"""The natural key of a person, as the resources of people name it."""

_EMPTY: LiteralString = """
    update raw.{table} as version
    set payload = null, purged_at = clock_timestamp(), purged_by = {load_id}
    where md5({person} || split_part(version.key, '/', 1))::uuid = any(array(
            select md5({person} || tmdb_person_id)::uuid from raw.suppressed_people
        ))
        and version.payload is not null
"""
_REJECTS: LiteralString = """
    delete from raw.rejects
    where resource = {table_name}
        and split_part(key, '/', 1) in (select tmdb_person_id::text from raw.suppressed_people)
"""
_EMPTY_NAMES: LiteralString = """
    update raw.{table} as version
    set payload = null, purged_at = clock_timestamp(), purged_by = {load_id}
    where version.key in (select imdb_person_id from raw.suppressed_names)
        and version.payload is not null
"""
_REJECTED_NAMES: LiteralString = """
    delete from raw.rejects
    where resource = {table_name} and key in (select imdb_person_id from raw.suppressed_names)
"""
_FORGOTTEN_PAGES: LiteralString = """
    select key from raw.showhouse_suppressed_pages
    where superseded_by is null and payload @> '{"is_suppressed": true}'
"""
_EMPTY_PAGES: LiteralString = """
    update raw.{table} as version
    set payload = null, purged_at = clock_timestamp(), purged_by = {load_id}
    where version.key in ({pages}) and version.payload is not null
"""
_EMPTY_SEARCHES: LiteralString = r"""
    update raw.{table} as version
    set payload = null, purged_at = clock_timestamp(), purged_by = {load_id}
    from ({pages}) as page
    where version.payload is not null
        and starts_with(version.key, split_part(page.key, '/', 1) || '/person/')
        and (
            exists (
                select from jsonb_path_query(version.payload, '$.query.pages[*]') as titled
                where titled ->> 'pageid' = split_part(page.key, '/', 2)
            )
            or exists (
                select from jsonb_path_query(version.payload, '$.query.search[*]') as hit
                where hit ->> 'pageid' = split_part(page.key, '/', 2)
                    and regexp_replace(lower(split_part(version.key, '/', 3)), '\W', '', 'g') in (
                        regexp_replace(lower(hit ->> 'title'), '\W', '', 'g'),
                        regexp_replace(lower(hit ->> 'title'), '\([^()]*\)\s*$|\W', '', 'g')
                    )
            )
        )
"""
_REJECTED_PAGES: LiteralString = """
    delete from raw.rejects where resource = {table_name} and key in ({pages})
"""
_PAGES_DUE: LiteralString = """
    update raw.fetches set next_due_at = now()
    where resource = %(pages)s and key = any(%(keys)s)
        or resource = %(searches)s and key in (
            select search.key
            from raw.fandom_searches as search
            where search.superseded_by is null and search.purged_at is not null
                and split_part(search.key, '/', 1) in (
                    select split_part(page, '/', 1) from unnest(%(keys)s::text[]) as page
                )
        )
"""
_DUE: LiteralString = """
    update raw.fetches set next_due_at = now()
    where resource = any(%s) and split_part(key, '/', 1) = %s
"""

_BESIDES: dict[str, tuple[LiteralString, LiteralString]] = {
    PAGES.name: (_EMPTY_PAGES, _REJECTED_PAGES),
    PROFILES.name: (_EMPTY_PAGES, _REJECTED_PAGES),
    SEARCHES.name: (_EMPTY_SEARCHES, _REJECTED_PAGES),
    NAMES.resource.name: (_EMPTY_NAMES, _REJECTED_NAMES),
}
"""Of other sources: how a resource is emptied, and what was refused of it."""


def of_people(resources: Iterable[Resource]) -> list[str]:
    """The names of the resources whose every document is of one person."""
    return [resource.name for resource in resources if resource.entity == PERSON]


def empty_forgotten(
    connection: Connection[Any], resources: Iterable[Resource], *, run_id: UUID
) -> Purged:
    """Empty what is held of those in `raw.suppressed_people` and `…_names`, in one transaction."""
    started_at = clock.now(connection)
    done = Purged()
    with connection.transaction():
        turns.take_turn(connection)
        load_id = turns.draw_load(connection)
        for name in of_people(resources):
            if count := connection.execute(_for_table(_EMPTY, name, load_id)).rowcount:
                done.by_resource[name] = count
            connection.execute(_for_table(_REJECTS, name, load_id))
        for name, (emptied, refused) in _BESIDES.items():
            if count := connection.execute(_for_table(emptied, name, load_id)).rowcount:
                done.by_resource[name] = count
            connection.execute(_for_table(refused, name, load_id))
        if done.count:
            done.load_id = load_id
            told = {name: {"purged": count} for name, count in done.by_resource.items()}
            turns.enter_load(connection, load_id, run_id, started_at, told, kind="purge")
    return done


def due_again(connection: Connection[Any], resources: Iterable[Resource], tmdb_id: int) -> None:
    """Let a person's documents be fetched again: nothing is held of them."""
    connection.execute(_DUE, (of_people(resources), str(tmdb_id)))


def pages_due_again(connection: Connection[Any], keys: Sequence[str]) -> None:
    """Let pages be fetched again, and the searches that say whose they are."""
    named = {"pages": PAGES.name, "searches": SEARCHES.name, "keys": list(keys)}
    connection.execute(_PAGES_DUE, named)


def _for_table(template: LiteralString, resource: str, load_id: int) -> Composed:
    return SQL(template).format(
        table=Identifier(resource),
        table_name=Literal(resource),
        person=Literal(PERSON),
        load_id=Literal(load_id),
        pages=SQL(_FORGOTTEN_PAGES),
    )
