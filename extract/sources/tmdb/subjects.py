"""What is asked of TMDb, in the order of asking: series, then what was found in them.

Each has a query for the keys that are due, in this order: forced; never asked for; the last try
failed (and its pause is over); upstream tells of a change (`extract.sources.tmdb.signals`); older
than it may be, or a part or season of it did not come (and its pause is over); last checked before
a date. Series are named, tracked, held or listed. The others are found: named in a document that
landed, they stand in the books as known. A due date further away than the maximum age means that
the database's clock was wrong when it was set: the key is due, too.
"""

from typing import LiteralString

from psycopg.sql import SQL, Literal

from extract.landing.discovery import named_in
from extract.resource import Resource
from extract.sources.tmdb import resources as series
from extract.sources.tmdb.entities import COMPANIES, EPISODE_GROUPS, NETWORKS, PEOPLE
from extract.sources.tmdb.series import fetch_series, further_series_requests, series_requests
from extract.sources.tmdb.signals import signals_of
from extract.sources.tmdb.single import fetch_single, single_requests
from extract.subject import Subject

# What did not come of a thing that is there, seasons included: by an index that holds failing keys
# alone. What was refused for its shape waits for the thing: asking at once would bring the same.
_FAILING = SQL("""
        left join lateral (
            select min(failing.next_due_at) as next_due_at
            from raw.fetches as failing
            where
                failing.resource = any({parts})
                and (
                    cardinality(%(resources)s::text[]) = 0
                    or failing.resource = any(%(resources)s)
                )
                and failing.status = 'failed'
                and split_part(failing.key, '/', 1) = selected.key
                and (
                    not starts_with(failing.error, 'rejected: ')
                    or starts_with(failing.error, 'rejected: error_body')
                )
                and books.status = 'ok'
        ) as failing on true
""")

# A part comes due by its own age, but only while the series is there: of a gone one nothing else is
# asked.
_SERIES_DUE = SQL("""
    with selected as (
        select key from unnest(%(keys)s::text[] || %(series)s::text[]) as named (key)
        union
        select payload ->> 'tmdb_id'
        from raw.showhouse_tracked_shows
        where
            %(tracked)s and superseded_by is null
            and payload @> '{{"is_tracked": true}}' and payload ? 'tmdb_id'
        union
        select key from raw.fetches
        where %(held)s and resource = {details} and last_checked_at is not null
        union
        select key from raw.tmdb_tv_series_ids as listed
        where
            %(catalogue)s and superseded_by is null
            and (
                not is_tombstone
                or exists (
                    select from raw.fetches
                    where fetches.resource = {details} and fetches.key = listed.key
                )
            )
    ),
    states as (
        select
            selected.key,
            books.status,
            books.last_checked_at,
            least(books.next_due_at, parts.next_due_at, failing.next_due_at) as next_due_at,
            {is_signalled} as is_signalled
        from selected
        left join raw.fetches as books
            on books.resource = {details} and books.key = selected.key
        left join lateral (
            select min(part.next_due_at) as next_due_at
            from raw.fetches as part
            where
                part.resource = any({parts})
                and (cardinality(%(resources)s::text[]) = 0 or part.resource = any(%(resources)s))
                and part.key = selected.key
                and part.status = 'ok'
                and books.status = 'ok'
        ) as parts on true
        {failing}
        where {in_shard}
    ),
    {ranked}
""")

# A stable share of the keys, the same in every process: md5 is the same on every machine.
_IN_SHARD = SQL("""(
    %(shards)s = 1
    or ('x' || left(md5(selected.key), 8))::bit(32)::bigint %% %(shards)s = %(shard)s
)""")

_RANKED = SQL("""
    ranked as (
        select
            key,
            next_due_at,
            case
                when %(force)s
                    and coalesce(last_checked_at < %(forced_before)s, true)
                    then 1
                when coalesce(status, 'known') = 'known' then 2
                when status = 'failed'
                    and (next_due_at <= %(at)s or next_due_at > %(at)s + interval '1 day')
                    then 3
                when is_signalled and status <> 'failed' then 4
                when next_due_at <= %(at)s then 5
                when next_due_at > %(at)s + {longest} and status <> 'failed' then 5
                when last_checked_at < %(since)s and status <> 'failed' then 6
            end as rank
        from states
    )
    select key from ranked
    where rank is not null and (%(among)s::text[] is null or key = any(%(among)s))
    order by rank, next_due_at, length(key), key
    limit %(limit)s
""")

# Where keys or series are named, the others stay out of it: the due ones of a whole catalogue are
# a day's work. All of a thing's parts come with its details, so these say when it is due, and the
# parts that did not come.
# Who asked to be forgotten is never asked for, named, forced or not.
_FOUND_DUE = SQL("""
    with selected as (
        select key from unnest(%(keys)s::text[]) as named (key)
        union
        select key from ({named}) as named
        union
        select key from raw.fetches
        where
            %(found)s
            and resource = {details}
            and (
                %(force)s or next_due_at <= %(at)s or next_due_at > %(at)s + {longest}
                or last_checked_at < %(since)s
                or key in ({signalled})
            )
        union
        select split_part(key, '/', 1) from raw.fetches
        where
            %(found)s
            and resource = any({parts}) and status = 'failed' and next_due_at <= %(at)s
    ),
    states as (
        select
            selected.key,
            books.status,
            books.last_checked_at,
            least(books.next_due_at, failing.next_due_at) as next_due_at,
            {is_signalled} as is_signalled
        from selected
        left join raw.fetches as books
            on books.resource = {details} and books.key = selected.key
        {failing}
        where {in_shard}
            and {entity} || selected.key not in (
                select 'tmdb:person:' || tmdb_person_id from raw.suppressed_people
            )
    ),
    {ranked}
""")

_OF_SERIES: LiteralString = """
    md5('tmdb:tv:' || split_part(version.key, '/', 1))::uuid = any(
        select md5('tmdb:tv:' || key)::uuid from unnest(%(series)s::text[]) as key
    )
"""


def _found(name: str, resources: tuple[Resource, ...]) -> Subject:
    """Describe a subject that is found in series, and asked for with one request."""
    details, entity = resources[0].name, resources[0].entity
    longest, parts = Literal(resources[0].max_age), Literal([each.name for each in resources[1:]])
    signals = signals_of(resources[0])
    named = [
        named_in(resource.name, mention, _OF_SERIES)
        for resource in series.RESOURCES
        for mention in resource.mentions
        if mention.resource == details
    ]
    return Subject(
        name=name,
        resources=resources,
        due=_FOUND_DUE.format(
            details=Literal(details),
            entity=Literal(entity),
            named=SQL(" union all ").join(named),
            is_signalled=signals.of_one,
            signalled=signals.of_all,
            in_shard=_IN_SHARD,
            parts=parts,
            failing=_FAILING.format(parts=parts),
            ranked=_RANKED.format(longest=longest),
            longest=longest,
        ),
        requests=lambda _, wanted, keys: single_requests(resources, wanted, keys),
        fetch=fetch_single,
    )


_PARTS = Literal([part.name for part in (*series.PARTS, series.SEASONS, series.SEASON_CREDITS)])

SERIES = Subject(
    name="series",
    resources=series.RESOURCES,
    due=_SERIES_DUE.format(
        details=Literal(series.DETAILS.name),
        parts=_PARTS,
        failing=_FAILING.format(parts=_PARTS),
        is_signalled=signals_of(series.DETAILS).of_one,
        in_shard=_IN_SHARD,
        ranked=_RANKED.format(longest=Literal(series.DETAILS.max_age)),
    ),
    requests=series_requests,
    fetch=fetch_series,
    further_requests=further_series_requests,
)

SUBJECTS = (
    SERIES,
    _found("people", PEOPLE),
    _found("episode groups", EPISODE_GROUPS),
    _found("networks", NETWORKS),
    _found("companies", COMPANIES),
)
