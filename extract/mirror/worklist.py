"""Which images are to be fetched now: wanted by the warehouse, not held, not failing.

The mart says what was wanted when it was built; receipts landed since are taken off here, so that a
run started twice, or after a kill, asks for nothing that is held already. What another store holds
(a folder, before there was a bucket) is not held in this one, and is wanted again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString

from psycopg import Connection, errors

from extract.mirror.errors import WorkListMissing
from extract.mirror.paging import pages
from extract.mirror.policy import Policy

PAGE_SIZE = 500

CANDIDATES = "marts.image_candidates"

GONE = "gone: "
"""What the error of an image begins with that its host does not have."""

# What is missing or no image is rarely better a moment later: such a failure waits for 1, 2, 4 …
# days, at most 30, where others follow the books' own pace of minutes.
LASTING = [f"{GONE}%", "rejected: %"]


NOT_FAILING: LiteralString = """not exists (
            select from raw.fetches
            where fetches.resource = 'showhouse_mirrored_images'
                and fetches.key = {receipts}.receipt_key
                and fetches.status = 'failed'
                and greatest(fetches.next_due_at, fetches.last_failed_at + case
                    when fetches.error like any (%(lasting)s)
                        then interval '1 day' * least(2 ^ least(fetches.attempts - 1, 10), 30)
                    else interval '0'
                end) > now()
        )"""
"""The condition that a receipt's image does not wait after a failure; `lasting` is LASTING."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody whose image it is, and the key of the receipt."""

    kind: str
    owner_id: str
    receipt_key: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One image to fetch once, for all who want it: owners often share a logo."""

    position: int
    source: str
    file_path: str
    kinds: list[str]
    owner_ids: list[str]
    receipt_keys: list[str]

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Everybody whose image it is."""
        rows = zip(self.kinds, self.owner_ids, self.receipt_keys, strict=True)
        return tuple(Owner(*row) for row in rows)


def stage(connection: Connection, policy: Policy, store: str) -> int:
    """Fix the work of this run in a temporary table of the session; the number of images wanted.

    Raises WorkListMissing before the first build.
    """
    connection.execute("drop table if exists pg_temp.images_to_mirror")
    try:
        connection.execute(
            _STAGE,
            {
                "kinds": policy.kind_names,
                "sources": policy.source_names,
                "languages": list(policy.languages),
                "per_owner": policy.per_owner,
                "store": store,
                "lasting": LASTING,
            },
        )
    except (errors.UndefinedTable, errors.InvalidSchemaName) as error:
        raise WorkListMissing(CANDIDATES) from error
    row = connection.execute(
        "select coalesce(sum(cardinality(kinds)), 0)::bigint from pg_temp.images_to_mirror"
    ).fetchone()
    return int(row[0]) if row else 0


def staged(connection: Connection) -> Iterator[list[Wanted]]:
    """The staged images, a page at a time."""
    return pages(connection, "images_to_mirror", Wanted, PAGE_SIZE)


_STAGE: LiteralString = f"""
    create temporary table images_to_mirror as

    with

    receipts as materialized (

        select key, payload
        from raw.showhouse_mirrored_images
        where superseded_by is null and not is_tombstone and payload is not null

    ),

    chosen as (

        -- what is held counts: else the next in rank would follow each that was fetched
        select kind, owner_id, source, file_path,
            row_number() over (
                partition by kind, owner_id order by rank, source, file_path
            ) as place
        from marts.image_candidates
        where kind = any(%(kinds)s)
            and source = any(%(sources)s)
            and (
                language is null
                or cardinality(%(languages)s::text[]) = 0
                or language = any(%(languages)s)
            )

    ),

    asked as (

        select kind, owner_id, source, file_path
        from chosen
        where place <= %(per_owner)s

        union

        select payload ->> 'kind', payload ->> 'owner_id', payload ->> 'source',
            payload ->> 'file_path'
        from receipts
        where payload ->> 'kind' = any(%(kinds)s)
            and payload ->> 'source' = any(%(sources)s)
            and payload ->> 'store' is distinct from %(store)s

    ),

    keyed as (

        -- as networks/213/abc.png; other sources than TMDb are named in the key
        select *, kind || '/' || owner_id
            || case when source = 'tmdb' then '' else '/' || source end || file_path as receipt_key
        from asked

    ),

    due as (

        select *
        from keyed
        where not exists (
            select from receipts
            where receipts.key = keyed.receipt_key and receipts.payload ->> 'store' = %(store)s
        ) and {NOT_FAILING.format(receipts="keyed")}
            and not (
                -- forgotten since the last build
                kind = 'person_photos'
                and owner_id in (select tmdb_person_id::text from raw.suppressed_people)
            )

    )

    select
        row_number() over (order by source, file_path) as position,
        source,
        file_path,
        array_agg(kind order by receipt_key) as kinds,
        array_agg(owner_id order by receipt_key) as owner_ids,
        array_agg(receipt_key order by receipt_key) as receipt_keys
    from due
    group by source, file_path
"""
