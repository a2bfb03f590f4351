"""What the warehouse holds, in one sentence: what a newcomer wants to know first."""

from typing import TYPE_CHECKING, Any, LiteralString

from flows.cli.console import show

if TYPE_CHECKING:
    import psycopg

COUNTS: LiteralString = """
    select
        (select count(*) from core.shows),
        (select count(*) from core.seasons),
        (select count(*) from core.episodes),
        (select count(*) from core.people),
        (select count(*) from core.networks),
        (select count(*) from core.production_companies),
        (select count(*) from core.watch_providers),
        (select count(distinct region) from core.show_watch_providers)
"""
NAMES = (
    ("show", "shows"),
    ("season", "seasons"),
    ("episode", "episodes"),
    ("person", "people"),
    ("network", "networks"),
    ("production company", "production companies"),
)


def show_holdings(connection: "psycopg.Connection[Any]") -> None:
    """Say how many there are of each; the models are built."""
    row = connection.execute(COUNTS).fetchone()
    assert row, "counts come without a table too"
    *counts, providers, regions = row
    held = [
        f"{count:,} {one if count == 1 else many}"
        for count, (one, many) in zip(counts, NAMES, strict=True)
    ]
    services = f"{providers:,} watch providers in {regions:,} regions"
    show(f"The warehouse holds {', '.join(held)} and {services}.")
