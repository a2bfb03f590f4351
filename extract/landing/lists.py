"""Full lists: a file that names all keys of a resource, and what is missing from two in a row.

Documents of a file land as any do, in batches, but the books have one entry, that of the file. It
is made at the very end: whatever is killed before is done again, and lands once. A key that a list
leaves out is noted (an absence, landed too); left out by the next list as well, it is a tombstone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from extract.documents import Batch, Document, Reject, document, tombstone
from extract.errors import ListShrank
from extract.landing import books
from extract.landing.outcome import Landed
from extract.landing.transaction import land
from extract.resource import Resource
from extract.sources.showhouse import ABSENCES

BATCH_SIZE = 10_000
BELIEVED_SHARE = 0.1
BELIEVED_COUNT = 20
"""A list that lost more than a tenth of its keys, and more than so many, is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """One file that lists all keys of `resource`; its documents may be of others as well."""

    resource: Resource
    name: str
    """Its key in the books."""
    day: date
    request: str
    fetched_at: datetime
    due_at: datetime
    """When the next one is there."""


_COUNT: LiteralString = """
    select count(*) from raw.{table} where superseded_by is null and not is_tombstone
"""

_ABSENT: LiteralString = """
    select version.key, absences.payload ->> 'missed_on' < %(day)s
    from raw.{table} as version
    left join raw.showhouse_absences as absences
        on absences.key = %(resource)s || '/' || version.key and absences.superseded_by is null
    where
        version.superseded_by is null
        and not version.is_tombstone
        and not exists (select from pg_temp.listed where listed.key = version.key)
    order by version.key
"""

_RETURNED: LiteralString = """
    select absences.payload ->> 'key'
    from raw.showhouse_absences as absences
    where
        absences.superseded_by is null
        and starts_with(absences.key, %(resource)s || '/')
        and absences.payload ->> 'key' in (select listed.key from pg_temp.listed)
"""


def land_list(
    connection: Connection[Any],
    file: ListedFile,
    documents: Iterable[Document],
    rejects: Sequence[Reject],
    *,
    run_id: UUID,
) -> Landed:
    """Land what a file lists; the keys it no longer lists are noted, then gone.

    The connection is idle, and nobody else lands a list of this resource meanwhile.
    """
    landed = Landed()
    connection.execute("create temporary table if not exists listed (key text primary key)")
    connection.execute("truncate pg_temp.listed")
    for batch in _batches(documents):
        _list_keys(connection, [each.key for each in batch if each.resource == file.resource.name])
        landed += land(connection, Batch(batch), run_id=run_id, by_key=False)
    connection.execute("analyze pg_temp.listed")
    for batch in _batches(_of_absent(connection, file)):
        landed += land(connection, Batch(batch), run_id=run_id, by_key=False)
    landed += land(connection, Batch(rejects=list(rejects)), run_id=run_id)
    resources = {file.resource.name, *landed.by_resource} - {ABSENCES.name}
    books.enter_file(
        connection, sorted(resources), file.name, file.fetched_at, file.due_at, landed.landed > 0
    )
    return landed


def refuse_shrunk(connection: Connection[Any], resource: Resource, listed: int) -> None:
    """Raise ListShrank where a list of so many keys is too short to be believed."""
    before = listed_count(connection, resource)
    if not is_believed(listed, before):
        raise ListShrank(resource.name, listed, before)


def is_believed(listed: int, before: int) -> bool:
    """Whether a list of so many keys, where there were so many before, may be believed."""
    lost = before - listed
    return lost <= BELIEVED_COUNT or lost <= before * BELIEVED_SHARE


def listed_count(connection: Connection[Any], resource: Resource) -> int:
    """How many keys the lists of a resource name by now."""
    row = connection.execute(_for_table(_COUNT, resource)).fetchone()
    return int(row[0]) if row else 0


def _list_keys(connection: Connection[Any], keys: Iterable[str]) -> None:
    with connection.cursor() as cursor, cursor.copy("copy pg_temp.listed from stdin") as copy:
        for key in keys:
            copy.write_row((key,))


def _of_absent(connection: Connection[Any], file: ListedFile) -> Iterator[Document]:
    """Give what lands of keys that are listed no more, and of those that are listed again."""
    name, day = file.resource.name, file.day.isoformat()
    values = {"resource": name, "day": day}
    gone = partial(tombstone, request=file.request, fetched_at=file.fetched_at)
    note = partial(document, request=file.request, fetched_at=file.fetched_at)
    absent = connection.execute(_for_table(_ABSENT, file.resource), values).fetchall()
    for key, was_missed in absent:
        if was_missed:
            yield gone(file.resource, key)
            yield gone(ABSENCES, f"{name}/{key}")
        elif was_missed is None:
            payload = {"resource": name, "key": key, "missed_on": day}
            yield note(ABSENCES, f"{name}/{key}", payload)
    for (key,) in connection.execute(_RETURNED, values).fetchall():
        yield gone(ABSENCES, f"{name}/{key}")


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, BATCH_SIZE)):
        yield batch


def _for_table(template: LiteralString, resource: Resource) -> Composed:
    return SQL(template).format(table=Identifier(resource.name))
