"""Rows that were staged in a temporary table of the session, a page at a time.

A cursor over what they were staged from would hold a transaction open for as long as the work on
them takes, and block the next build.
"""

from collections.abc import Iterator
from typing import LiteralString, Protocol, TypeVar

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier


class Staged(Protocol):
    """A row that says where it stands among the others, from 1."""

    @property
    def position(self) -> int:
        """Unique, and the order in which rows come."""


Row = TypeVar("Row", bound=Staged)


def pages(
    connection: Connection, table: LiteralString, row: type[Row], size: int
) -> Iterator[list[Row]]:
    """All rows of the temporary `table`, in order; its columns are the fields of `row`."""
    page = SQL("select * from pg_temp.{} where position > %s order by position limit %s").format(
        Identifier(table)
    )
    position = 0
    with connection.cursor(row_factory=class_row(row)) as cursor:
        while rows := cursor.execute(page, (position, size)).fetchall():
            yield rows
            position = rows[-1].position
