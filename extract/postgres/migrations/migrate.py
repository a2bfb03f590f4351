"""Brings the raw schema up to date.

A new revision is a pair of files: `versions/0002_what_it_does.py`, which names its predecessor,
and the SQL of the same name beside it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from extract.postgres.migrations.current import missing_roles

if TYPE_CHECKING:
    import sqlalchemy as sa


def migrate(
    url: str,
    resources: Iterable[tuple[str, str]],
    *,
    connection: psycopg.Connection[Any] | None = None,
) -> list[str]:
    """Bring `raw` up to date, with a table for each of `resources` (name, entity prefix).

    Any number of processes may do so at once; one that is killed leaves nothing behind. Gives the
    roles that are missing because we may not make them. A user who may not migrate goes without
    where nothing is to be done; a `connection` to the same database, which commits by itself, is
    asked whether that is so. Raises SchemaIsNewer, SchemaIsOlder, DatabaseUnreachable.
    """
    resources = list(resources)
    if connection is not None:
        missing = missing_roles(connection, [name for name, _ in resources])
        if missing is not None:
            return missing
    from extract.postgres.migrations.upgrade import upgrade

    return upgrade(url, resources)


def run_sql_beside(connection: "sa.Connection", revision: str) -> None:
    """Execute the SQL file of the same name as `revision`, the path of a revision's module."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.execute(Path(revision).with_suffix(".sql").read_bytes())
