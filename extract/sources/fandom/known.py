"""Which pages of wikis may be of a person: found by a name of theirs, or named as their homepage.

A name proves nobody. Where somebody asks to be forgotten a page too many is the smaller fault.
"""

from typing import Any, LiteralString

from psycopg import Connection

from extract.persons import Person
from extract.references import normalised
from extract.sources.fandom.held import hit, without_brackets

# By every version of what was landed: people change their names. Of series, by those of wikis.
_NAMES: LiteralString = """
    select payload ->> 'name', payload ->> 'homepage'
    from raw.tmdb_person_details
    where key = %(key)s and payload is not null
    union
    select also ->> 0, null
    from raw.tmdb_person_details
    cross join lateral jsonb_path_query(payload, '$.also_known_as[*]') as name
    cross join lateral jsonb_build_array(name) as also
    where key = %(key)s and payload is not null
    union
    select member ->> 'name', null
    from raw.tmdb_tv_aggregate_credits as credits
    cross join lateral jsonb_path_query(credits.payload, '$.cast[*]') as member
    where credits.payload is not null
        and member ->> 'id' = %(key)s
        and credits.key in (
            select payload ->> 'tmdb_id'
            from raw.showhouse_tracked_shows
            where jsonb_path_exists(payload, '$.tags[*] ? (@ starts with "fandom:")')
        )
    union
    select payload ->> 'primaryName', null
    from raw.imdb_name_basics
    where key = any(%(names)s) and payload is not null
"""
_SEARCHES: LiteralString = """
    select key, payload from raw.fandom_searches
    where split_part(key, '/', 2) = 'person' and payload is not null
"""
_PROFILES: LiteralString = """
    select key, payload ->> 'url', payload ->> 'title', payload ->> 'name', payload ->> 'full_name'
    from raw.fandom_profiles
    where superseded_by is null and payload @> '{"kinds": ["person"]}'
"""


def pages_of(connection: Connection[Any], person: Person) -> list[str]:
    """Give the keys of the pages that may be of a person, as long as something is held of them."""
    ids = {"key": str(person.tmdb_id), "names": list(person.names)}
    told = connection.execute(_NAMES, ids).fetchall()
    names = {normalised(name) for name, _ in told if name} - {""}
    homepages = {_address(homepage) for _, homepage in told if homepage}
    found = set()
    for key, payload in connection.execute(_SEARCHES):
        wiki, _, name = key.split("/", 2)
        if normalised(name) in names and (number := hit(name, payload)) is not None:
            found.add(f"{wiki}/{number}")
    for key, url, title, *called in connection.execute(_PROFILES):
        called += [title, without_brackets(title or "")]
        is_called = not names.isdisjoint(normalised(each) for each in called if each)
        if is_called or _address(url or "") in homepages:
            found.add(key)
    return sorted(found)


def _address(url: str) -> str:
    return url.strip().partition("://")[2].partition("?")[0].rstrip("/").lower()
