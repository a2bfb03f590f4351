"""A database whose clock is wrong, or whose days pass as a test wants.

Functions of Postgres' own names in a schema that is searched first: whoever asks this database for
the time without naming `pg_catalog` gets the time of the test. `current_date` and the like stay.
"""

from datetime import timedelta

from extract.postgres.connections import connect

_CLOCKS = ("clock_timestamp", "now")


def set_clock(url: str, ahead: timedelta) -> None:
    """Set the clock of the database at `url` so far ahead of the true one, for new connections."""
    with connect(url) as connection:
        connection.execute("create schema if not exists wrong_clock")
        for name in _CLOCKS:
            connection.execute(
                f"create or replace function wrong_clock.{name}() returns timestamptz"
                f" language sql {'volatile' if name == 'clock_timestamp' else 'stable'}"
                f" as $$ select pg_catalog.{name}() + interval '{ahead.total_seconds()} s' $$"
            )
        database = connection.info.dbname
        connection.execute(
            f"alter database {database} set search_path = wrong_clock, pg_catalog, public"
        )
