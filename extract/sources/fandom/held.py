"""What is held of a wiki, and what of it is due: read from raw, in sets."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, LiteralString

from psycopg import Connection

from extract.parsers.fandom import VERSION
from extract.references import normalised
from extract.sources.fandom.resources import PAGES, SEARCHES, TAG

_TAGS: LiteralString = """
    select distinct substr(tag, %(length)s)
    from raw.showhouse_tracked_shows
    cross join lateral jsonb_array_elements_text(payload -> 'tags') as tag
    where superseded_by is null and payload @> '{"is_tracked": true}' and starts_with(tag, %(tag)s)
    order by 1
"""

# Everyone in the cast of the wiki's series but the forgotten, and the series themselves. No page
# can have the names that are left out: `|` would part them, and what follows `#` would be cut off.
_NAMES: LiteralString = """
    with series as (
        select payload ->> 'tmdb_id' as key
        from raw.showhouse_tracked_shows
        where superseded_by is null
            and payload @> jsonb_build_object(
                'is_tracked', true, 'tags', jsonb_build_array(%(tag)s::text)
            )
    ),
    names as (
        select 'show' as kind, details.payload ->> 'name' as name
        from raw.tmdb_tv_details as details
        where details.key in (select key from series)
            and details.superseded_by is null and details.payload is not null
        union
        select 'person', member ->> 'name'
        from raw.tmdb_tv_aggregate_credits as credits
        cross join lateral jsonb_array_elements(
            case when jsonb_typeof(credits.payload -> 'cast') = 'array'
                then credits.payload -> 'cast' else '[]' end
        ) as member
        where credits.key in (select key from series)
            and credits.superseded_by is null and credits.payload is not null
            and not exists (
                select from raw.suppressed_people
                where tmdb_person_id::text = member ->> 'id'
            )
    ),
    keys as (
        select distinct %(wiki)s || '/' || kind || '/' || btrim(name) as key
        from names
        where btrim(name) <> '' and length(name) <= 200 and octet_length(btrim(name)) <= 255
            and name !~ '[][#<>{}|[:cntrl:]]' and btrim(name) !~ '^:'
    )
    select keys.key
    from keys
    left join raw.fetches on fetches.resource = %(resource)s and fetches.key = keys.key
    where %(force)s or coalesce(fetches.next_due_at <= now(), true)
    order by fetches.last_checked_at nulls first, keys.key
"""

_HITS: LiteralString = """
    select substr(key, length(%(wiki)s) + 2), payload
    from raw.fandom_searches
    where starts_with(key, %(wiki)s || '/') and superseded_by is null and payload is not null
"""

# A revision that is none, held from before it was looked at, is none that is held.
_HELD: LiteralString = """
    select
        pages.key,
        case when pages.payload -> 'parse' ->> 'revid' ~ '^[0-9]{1,18}$'
            then (pages.payload -> 'parse' ->> 'revid')::bigint end
    from raw.fandom_pages as pages
    where starts_with(pages.key, %(wiki)s || '/') and pages.superseded_by is null
        and not pages.is_tombstone
"""

_NOT_DUE: LiteralString = """
    select key
    from raw.fetches
    where resource = %(resource)s and starts_with(key, %(wiki)s || '/') and next_due_at > now()
"""

_UNREAD: LiteralString = """
    select pages.key, pages.fetched_at
    from raw.fandom_pages as pages
    where starts_with(pages.key, %(wiki)s || '/')
        and pages.superseded_by is null and pages.payload is not null
        and not exists (
            select from raw.fandom_profiles as profiles
            where profiles.key = pages.key and profiles.superseded_by is null
                and profiles.payload @> jsonb_build_object(
                    'parser_version', %(version)s::integer,
                    'revision', pages.payload -> 'parse' -> 'revid'
                )
        )
        and not exists (
            select from raw.rejects
            where rejects.resource = 'fandom_profiles' and rejects.key = pages.key
        )
    order by pages.key
"""

_PAYLOAD: LiteralString = """
    select payload from raw.fandom_pages where key = %(key)s and superseded_by is null
"""

_FORGOTTEN: LiteralString = """
    select key from raw.showhouse_suppressed_pages
    where superseded_by is null and payload @> '{"is_suppressed": true}'
"""

# From the first of several spaces only: from each of them it would take a title of spaces for ever.
_IN_BRACKETS = re.compile(r"(?<!\s)\s*\([^()]*\)\s*$")


def wikis_of_tracked(connection: Connection[Any]) -> list[str]:
    """Give the wikis that tracked series are tagged with."""
    rows = connection.execute(_TAGS, {"tag": TAG, "length": len(TAG) + 1})
    return [wiki for (wiki,) in rows]


def due_names(connection: Connection[Any], wiki: str, *, force: bool) -> list[str]:
    """Give the keys of the names that are due: `real-housewives/person/Lisa Barlow`."""
    values = {"wiki": wiki, "tag": f"{TAG}{wiki}", "resource": SEARCHES.name, "force": force}
    return [key for (key,) in connection.execute(_NAMES, values)]


def found_pages(connection: Connection[Any], wiki: str) -> dict[int, list[str]]:
    """Give the pages that have a name as their title, by id, each with what it names: `person`."""
    found: dict[int, set[str]] = {}
    for asked, payload in connection.execute(_HITS, {"wiki": wiki}):
        kind, _, name = asked.partition("/")
        if (number := hit(name, payload)) is not None:
            found.setdefault(number, set()).add(kind)
    return {number: sorted(kinds) for number, kinds in found.items()}


def due_pages(
    connection: Connection[Any], wiki: str, found: Iterable[int], *, force: bool
) -> list[tuple[int, int | None]]:
    """Give the ids of the pages that are due, those held and those found, each with its revision.

    A page that is not held has none; one that is forgotten is not due.
    """
    values = {"wiki": wiki, "resource": PAGES.name}
    rows = connection.execute(_HELD, values)
    held = {int(key.rpartition("/")[2]): revision for key, revision in rows}
    fresh = set() if force else {key for (key,) in connection.execute(_NOT_DUE, values)}
    fresh |= {key for (key,) in connection.execute(_FORGOTTEN)}
    wanted = dict.fromkeys([*found, *held])
    return [(each, held.get(each)) for each in wanted if f"{wiki}/{each}" not in fresh]


def unread_pages(connection: Connection[Any], wiki: str) -> list[tuple[str, datetime]]:
    """Give the held pages that the parser, as it is now, has not read, with when they came."""
    return connection.execute(_UNREAD, {"wiki": wiki, "version": VERSION}).fetchall()


def held_payload(connection: Connection[Any], key: str) -> Mapping[str, Any]:
    """Give the page that is held under a key."""
    row = connection.execute(_PAYLOAD, {"key": key}).fetchone()
    assert row and row[0], f"there is no page under `{key}`"
    payload: Mapping[str, Any] = row[0]
    return payload


def hit(name: str, payload: Mapping[str, Any]) -> int | None:
    """Give the id of the page that was found under exactly this name: by its title, or a search.

    What the title was redirected to counts by its own title: a wiki sends the names of many to the
    list of a season. Only articles count (namespace 0), no files or categories.
    """
    query = payload["query"]
    for each in query["search"] if "search" in query else query["pages"]:
        if not isinstance(each, dict) or each.get("ns", 0) != 0:
            continue
        title, number = each.get("title"), each.get("pageid")
        if isinstance(title, str) and type(number) is int and number > 0:
            plain = without_brackets(title)
            if normalised(name) in (normalised(title), normalised(plain)):
                return number
    return None


def without_brackets(title: str) -> str:
    """Give a title without what tells it from others: `Ada Sample (S1)` is `Ada Sample`."""
    return _IN_BRACKETS.sub("", title)
