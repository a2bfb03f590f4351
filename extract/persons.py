"""Which ids are known of a person: what documents claim, and namesakes among those IMDb credits.

Who asks to be forgotten is to stay out under any id, so every one is looked for before what claimed
it is emptied. A name proves nobody; as with pages of wikis, one too many is the smaller fault here.
"""

from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection

# What stands of a person by now: of one who is gone, what was last known.
_CLAIMED: LiteralString = """
    select distinct claims.payload ->> 'imdb_id'
    from (
        (
            select payload from raw.tmdb_person_details
            where key = %(key)s and payload is not null order by load_id desc limit 1
        )
        union all
        select payload from raw.tmdb_person_external_ids
        where key = %(key)s and payload is not null and superseded_by is null
    ) as claims
    where claims.payload ->> 'imdb_id' ~ '^nm[0-9]{7,10}$'
    order by 1
"""
_CLAIMANTS: LiteralString = """
    select distinct key::integer from (
        select key, payload from raw.tmdb_person_details where superseded_by is null
        union all
        select key, payload from raw.tmdb_person_external_ids where superseded_by is null
    ) as claims
    where payload ->> 'imdb_id' = %(imdb_id)s
    order by 1
"""
# In the series that credit somebody, whom IMDb credits under that name, and nobody else claims.
_NAMESAKES: LiteralString = """
    with credited as (
        select distinct ids.payload ->> 'imdb_id' as title, lower(btrim(member ->> 'name')) as name
        from raw.tmdb_tv_aggregate_credits as credits
        cross join lateral jsonb_path_query(credits.payload, '$.cast[*]') as member
        inner join raw.tmdb_tv_external_ids as ids
            on ids.key = credits.key and ids.superseded_by is null
        where credits.superseded_by is null and member ->> 'id' = %(key)s
    ),
    titles as (
        select title, name from credited
        union
        select episodes.key, credited.name
        from credited
        inner join raw.imdb_title_episode as episodes
            on credited.title = episodes.payload ->> 'parentTconst'
            and episodes.superseded_by is null
    )
    select distinct names.key
    from titles
    inner join raw.imdb_title_principals as principals
        on md5('imdb:' || titles.title)::uuid
            = md5('imdb:' || split_part(principals.key, '/', 1))::uuid
        and principals.superseded_by is null
    inner join raw.imdb_name_basics as names
        on principals.payload ->> 'nconst' = names.key and names.superseded_by is null
    where lower(btrim(names.payload ->> 'primaryName')) = titles.name
        and not exists (
            select from raw.tmdb_person_details as others
            where others.payload ->> 'imdb_id' = names.key
                and others.superseded_by is null and others.key <> %(key)s
        )
    order by 1
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by the ids that are known of them; at least one is."""

    tmdb_id: int | None
    imdb_ids: tuple[str, ...] | None = ()
    """None where nobody could look for them."""

    @property
    def names(self) -> tuple[str, ...]:
        """IMDb's ids, as far as they are known."""
        return self.imdb_ids or ()

    @property
    def key(self) -> str:
        """The natural key: TMDb's id, else IMDb's first."""
        if self.tmdb_id is None:
            return f"imdb:{self.names[0]}"
        return f"tmdb:person:{self.tmdb_id}"

    @property
    def name(self) -> int | str:
        """What they are called here: the id that stands in their key."""
        return self.names[0] if self.tmdb_id is None else self.tmdb_id

    def is_also(self, other: "Person") -> bool:
        """Whether the two have an id in common."""
        is_one = self.tmdb_id is not None and self.tmdb_id == other.tmdb_id
        return is_one or not set(self.names).isdisjoint(other.names)


def by_id(identity: int | str) -> Person:
    """Name somebody by TMDb's id, or IMDb's (`nm0186505`), alone."""
    return Person(None, (identity,)) if isinstance(identity, str) else Person(identity)


def identified(connection: Connection[Any], identity: int | str) -> Person:
    """Find every id of whom TMDb or IMDb knows by this one."""
    if isinstance(identity, str):
        found = claimants(connection, identity)
        if len(found) != 1:  # nobody's, or nobody knows whose
            return Person(None, (identity,))
        tmdb_id, known = found[0], {identity}
    else:
        tmdb_id, known = identity, set[str]()
    key = {"key": str(tmdb_id)}
    for query in (_CLAIMED, _NAMESAKES):
        known |= {imdb_id for (imdb_id,) in connection.execute(query, key)}
    return Person(tmdb_id, tuple(sorted(known)))


def claimants(connection: Connection[Any], imdb_id: str) -> list[int]:
    """Give the people of TMDb's whose documents claim a name of IMDb's."""
    rows = connection.execute(_CLAIMANTS, {"imdb_id": imdb_id})
    return [tmdb_id for (tmdb_id,) in rows]
