"""Pages of a list by keyset: sorts, opaque cursors, and the one query that reads a page.

A cursor holds where the last page ended (sort value and id) and a fingerprint of the sort and
filters it was made for. It needs no signature: a forged one is a place in a public list or is
refused.
Rows whose sort value is null come last in both directions, by id.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, LiteralString

import orjson

from api.problems import Invalid


def is_text(value: str) -> bool:
    """Whether Postgres can hold it as text."""
    return "\x00" not in value


def is_date(value: str) -> bool:
    """Whether it is a day as Postgres writes one."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_number(value: str) -> bool:
    """Whether it is a number of a sane size, as Postgres writes one."""
    return re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,30})?(e[+-]?[0-9]{1,2})?", value) is not None


def is_integer(value: str) -> bool:
    """Whether it is a count, a change of one or an id: a `bigint`, whatever the column is."""
    return re.fullmatch(r"-?[0-9]{1,18}", value) is not None


def is_uuid(value: str) -> bool:
    """Whether it is a UUID as Postgres writes one."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None


@dataclass(frozen=True, slots=True)
class Column:
    """A column to sort or page by: its Postgres type, and which text can be one of its values."""

    name: LiteralString
    type: LiteralString
    holds: Callable[[str], bool]
    is_computed: bool = False
    """Whether `name` is an expression over the row and the selection's values; it is never null."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table that is read by pages: what is sent of a row, its unique key, its sorts."""

    table: LiteralString
    document: LiteralString
    key: Column
    sorts: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Selection:
    """One request for a page: filters (conditions over named values), the sort, where, how many."""

    sort: str
    limit: int
    cursor: str | None
    conditions: list[LiteralString] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def where(self, condition: LiteralString, **values: Any) -> None:
        """Filter further, where the one value given is not None."""
        if all(value is not None for value in values.values()):
            self.conditions.append(condition)
            self.values.update(values)

    def fingerprint(self) -> str:
        """What sort and filters this page belongs to."""
        values = sorted((name, str(value)) for name, value in self.values.items())
        told = orjson.dumps([self.sort, self.conditions, values])
        return hashlib.blake2b(told, digest_size=6).hexdigest()


def page_query(listing: Listing, selection: Selection) -> tuple[LiteralString, dict[str, Any]]:
    """The query for a page and one row more: document, sort value as text, key as text."""
    column, descending = _sort(listing, selection)
    values = {**selection.values, "rows": selection.limit + 1}
    order = _order(listing, column, descending)
    if selection.cursor is None:
        return (
            f"{_rows(listing, column, selection.conditions)} order by {order} limit %(rows)s",
            values,
        )
    position, key = _read(listing, selection)
    values |= {"position": position, "key": key}
    key_after: LiteralString = f"{listing.key.name} > %(key)s::{listing.key.type}"
    is_null: LiteralString = f"{column.name} is null"
    if position is None:
        after = _rows(listing, column, [*selection.conditions, is_null, key_after])
        return f"{after} order by {order} limit %(rows)s", values
    direction: LiteralString = "desc" if descending else "asc"
    value: LiteralString = f"%(position)s::{column.type}"
    beyond: LiteralString = "<" if descending else ">"
    passed: LiteralString = (
        f"{column.name} {beyond}= {value} and ({column.name} {beyond} {value} or {key_after})"
    )
    after = _rows(listing, column, [*selection.conditions, passed])
    if column.is_computed:
        return f"{after} order by {order} limit %(rows)s", values
    nulls = _rows(listing, column, [*selection.conditions, is_null])
    # Two branches, each of which an index can serve; `or … is null` in one would scan the table.
    return (
        f"select document, place, key from ("
        f"(select 0 as part, r.* from ({after} order by {order} limit %(rows)s) as r) union all "
        f"(select 1 as part, r.* from ({nulls} order by {order} limit %(rows)s) as r)"
        f") as page order by part, place::{column.type} {direction}, "
        f"key::{listing.key.type} limit %(rows)s",
        values,
    )


def page_query_beside(
    owner: LiteralString, told: LiteralString, listing: Listing, selection: Selection
) -> tuple[LiteralString, dict[str, Any]]:
    """The query for a page and for what it belongs to, so that one query tells both.

    `owner` is what stands after `from`, `told` what is selected of it. No rows: there is no owner.
    Else, before document, sort value and key, each row has `told`; of a page without rows the one
    row has a document that is null.
    """
    query, values = page_query(listing, selection)
    column, descending = _sort(listing, selection)
    direction: LiteralString = "desc" if descending else "asc"
    return (
        f"with page as ({query}) "
        f"select {told}, page.document, page.place, page.key from {owner} left join page on true "
        f"order by page.place::{column.type} {direction} nulls last, page.key::{listing.key.type}",
        values,
    )


def page(
    listing: Listing, selection: Selection, rows: list[tuple[Any, ...]]
) -> tuple[bytes, str | None]:
    """The documents of a page joined by commas, and the cursor of the next one, from its rows."""
    shown = rows[: selection.limit]
    following = None
    if len(rows) > len(shown):
        _, position, key = shown[-1]
        text = None if position is None else position.decode()
        following = _write(selection.fingerprint(), text, key.decode())
    return b",".join(row[0] for row in shown), following


def _rows(listing: Listing, column: Column, conditions: list[LiteralString]) -> LiteralString:
    where: LiteralString = f" where {' and '.join(conditions)}" if conditions else ""
    return (
        f"select {listing.document} as document, {column.name}::text as place, "
        f"{listing.key.name}::text as key from {listing.table}{where}"
    )


def _order(listing: Listing, column: Column, descending: bool) -> LiteralString:
    direction: LiteralString = "desc nulls last" if descending else "asc nulls last"
    value: LiteralString = column.name if column.is_computed else f"{listing.table}.{column.name}"
    return f"{value} {direction}, {listing.table}.{listing.key.name}"


def _sort(listing: Listing, selection: Selection) -> tuple[Column, bool]:
    name = selection.sort.removeprefix("-")
    return listing.sorts[name], selection.sort.startswith("-")


def _write(fingerprint: str, position: str | None, key: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([fingerprint, position, key])).decode().rstrip("=")


def _read(listing: Listing, selection: Selection) -> tuple[str | None, str]:
    column, _ = _sort(listing, selection)
    text = selection.cursor or ""
    try:
        told = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        told = None
    match told:
        case [str(fingerprint), None | str() as position, str(key)]:
            pass
        case _:
            raise _not_ours()
    if fingerprint != selection.fingerprint():
        raise Invalid(
            "`cursor` belongs to another sort or other filters. Leave it out to begin anew, "
            "or send the filters and `sort` it was given out for."
        )
    if not (listing.key.holds(key) and (position is None or column.holds(position))):
        raise _not_ours()
    return position, key


def _not_ours() -> Invalid:
    return Invalid(
        "`cursor` was not given out by this API. Leave it out to begin, "
        "then send the `next` of the page before."
    )
