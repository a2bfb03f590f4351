"""`showhouse status tt…`: what is held of a series that IMDb alone knows, and when it is due."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, LiteralString

import click

from extract.sources.imdb.datasets import DATASETS
from flows.cli.ages import age, until
from flows.cli.console import say, show, table

if TYPE_CHECKING:
    import psycopg

HELD: LiteralString = """
    select
        {resource}, fetches.key, count(held.key), fetches.last_checked_at, max(held.fetched_at),
        fetches.next_due_at
    from (values (true)) as one (is_there)
    left join raw.{table} as held
        on {is_of} and held.superseded_by is null and not held.is_tombstone
    left join raw.fetches on fetches.resource = {resource} and fetches.key = {file}
    group by fetches.key, fetches.last_checked_at, fetches.next_due_at
"""
OF_TITLE: LiteralString = "held.key = %(id)s"
OF_ROWS: LiteralString = "starts_with(held.key, %(id)s || '/')"
OF_EPISODES: LiteralString = "held.payload ->> 'parentTconst' = %(id)s"
IS_TRACKED: LiteralString = """
    select exists (
        select from raw.showhouse_tracked_shows
        where superseded_by is null and key = 'imdb:' || %(id)s
            and payload @> '{"is_tracked": true}'
    )
"""


def show_title(connection: "psycopg.Connection[Any]", imdb_id: str) -> None:
    """Show each of IMDb's files with what is held of the series. Raises ClickException."""
    rows = [row for name in DATASETS if (row := _held(connection, name, imdb_id)) is not None]
    tracked = connection.execute(IS_TRACKED, {"id": imdb_id}).fetchone() == (True,)
    if not tracked and not any(row[2] for row in rows):
        raise click.ClickException(
            f"Nothing is held of {imdb_id}. Track it with `showhouse track add {imdb_id}`; where "
            "TMDb does not know it, with --unknown."
        )
    headings = ("resource", "file", "rows", "file read", "changed", "due")
    show(table(headings, [_told(*row) for row in rows]))
    say(
        f"Series {imdb_id} is known to IMDb alone: TMDb names no series that has this id, so there "
        "is nothing to ask TMDb for. Its rows come with IMDb's files "
        "(`showhouse extract imdb_datasets`); once TMDb names it, it becomes TMDb's by itself."
    )
    if not tracked:
        say(f"It is not tracked: `showhouse track add {imdb_id} --unknown` keeps it fresh.")


def _held(connection: "psycopg.Connection[Any]", name: str, imdb_id: str) -> tuple[Any, ...] | None:
    from psycopg.sql import SQL, Identifier, Literal

    dataset = DATASETS[name]
    if dataset.wanted == "people":
        return None
    by_parent = OF_EPISODES if dataset.wanted == "series" else OF_TITLE
    query = SQL(HELD).format(
        resource=Literal(name),
        table=Identifier(name),
        file=Literal(dataset.file),
        is_of=SQL(OF_ROWS if dataset.is_ordered else by_parent),
    )
    return connection.execute(query, {"id": imdb_id}).fetchone()


def _told(
    resource: str,
    file: str | None,
    count: int,
    read: datetime | None,
    changed: datetime | None,
    due: datetime | None,
) -> tuple[str | None, ...]:
    return (resource, file or "never read", f"{count:,}", age(read), age(changed), until(due))
