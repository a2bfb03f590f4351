"""Which rows a run wrote, seen from outside: Postgres gives every row it writes a new place."""

from collections import Counter
from dataclasses import dataclass

from tests.dbt_project.manifest import models
from tests.whole.contents import BOOKS_OF_RAW
from tests.whole.house import House

_TRACES = """
    select ctid::text || ' ' || xmin::text, t::text, to_jsonb(t) ->> '{owner}'
    from {table} as t
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands: where Postgres keeps it, its text, and the show it belongs to."""

    place: str
    text: str
    owner: str | None


Traces = dict[str, list[Row]]


def traces(house: House) -> Traces:
    """Every row of the resource tables and of the incremental models."""
    names = [f"raw.{table}" for _, table in house.tables("raw") if table not in BOOKS_OF_RAW]
    found = {}
    for name in [*names, *incremental_models()]:
        query = _TRACES.format(table=name, owner="key" if name.startswith("raw.") else "show_id")
        found[name] = [Row(*row) for row in house.rows(query)]
    return found


def incremental_models() -> list[str]:
    """The models of core and marts that are changed row by row."""
    return sorted(
        f"{model.schema}.{model.name}"
        for model in models("core", "marts")
        if model.config.materialized == "incremental"
    )


def written(before: Traces, after: Traces) -> dict[str, list[Row]]:
    """The rows that stand where they did not stand before, for tables that have any."""
    found = {}
    for name, rows in after.items():
        places = {row.place for row in before.get(name, [])}
        if new := [row for row in rows if row.place not in places]:
            found[name] = new
    return found


def needless(before: Traces, after: Traces) -> dict[str, int]:
    """How many rows were written that say nothing new, for tables that have any."""
    found = {}
    for name, rows in written(before, after).items():
        said = Counter(row.text for row in before.get(name, []))
        said.subtract(Counter(row.text for row in after[name]))
        news = -sum(count for count in said.values() if count < 0)
        if len(rows) != news:
            found[name] = len(rows) - news
    return found
