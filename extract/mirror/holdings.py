"""What a store holds by its receipts, and what is saved where several of them name one object."""

from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import class_row

from extract.mirror.store import Store


@dataclass(frozen=True, slots=True)
class Holdings:
    """Live receipts of a store: `images` in `objects`, `sharing` of them in one with others."""

    images: int = 0
    objects: int = 0
    sharing: int = 0
    bytes: int = 0
    renditions: int = 0
    rendition_bytes: int = 0
    saved_bytes: int = 0
    """What further copies of the shared objects would take."""


def holdings(connection: Connection, store: Store) -> Holdings:
    """Count, by one query."""
    with connection.cursor(row_factory=class_row(Holdings)) as cursor:
        return cursor.execute(_HOLDINGS, (store.name,)).fetchone() or Holdings()


_HOLDINGS = """
    select
        coalesce(sum(receipts), 0)::bigint as images,
        count(*) as objects,
        coalesce(sum(receipts) filter (where receipts > 1), 0)::bigint as sharing,
        coalesce(sum(bytes), 0)::bigint as bytes,
        coalesce(sum(renditions), 0)::bigint as renditions,
        coalesce(sum(rendition_bytes), 0)::bigint as rendition_bytes,
        coalesce(sum((receipts - 1) * bytes), 0)::bigint as saved_bytes
    from (
        select
            count(*) as receipts,
            max((payload ->> 'bytes')::bigint) as bytes,
            max(coalesce(jsonb_array_length(payload -> 'renditions'), 0)) as renditions,
            max(coalesce((
                select sum(made.bytes)
                from jsonb_to_recordset(payload -> 'renditions') as made (bytes bigint)
            ), 0)) as rendition_bytes
        from raw.showhouse_mirrored_images
        where superseded_by is null and payload ->> 'store' = %s
        group by payload ->> 'key'
    ) as objects
"""
