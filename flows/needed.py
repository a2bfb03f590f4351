"""What a build has to do, read from what earlier builds noted and from what has landed since.

`staging.builds` has a row for each build; its `code` is noted at the end of one that built all and
in which nothing failed. What such a build left is what a build of the same code, for the same
date and the same loads, would leave.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString

from psycopg import Connection, sql

from flows.project import Model, Project, Test

_HAS_BOOKS: LiteralString = """
    select exists (
        select from pg_attribute
        where attrelid = to_regclass(%s) and attname = 'code'
    )
"""
_LAST: LiteralString = """
    select builds.build_id, builds.horizon, builds.as_of, builds.code,
        builds.build_id = (select max(every.build_id) from {builds} as every)
    from {builds} as builds
    where builds.code is not null
    order by builds.build_id desc limit 1
"""
_TODAY: LiteralString = """
    select (now() at time zone 'utc')::date,
        coalesce((select max(loads.load_id) from raw.loads as loads), 0)
"""
_LOST: LiteralString = """
    select exists (
        select from {watermarks} as watermarks
        where not exists (
            select from pg_class as relations
            where relations.relname = watermarks.model
                and relations.relnamespace::regnamespace::text in ({schemas})
                and relations.oid <> '{changes}'::regclass -- a mart has the name as well
        )
    )
"""
_STANDING: LiteralString = """
    select relations.relnamespace::regnamespace::text || '.' || relations.relname
    from pg_class as relations
    where relations.relkind in ('r', 'v', 'p')
"""
_CHANGED: LiteralString = """
    select {name} where exists (
        select from {table}
        where load_id > %(since)s or superseded_by > %(since)s
            or purged_by > %(since)s or taken_back_by > %(since)s
    )
"""
_LANDED: LiteralString = """
    select attrelid::regclass::text from pg_attribute
    where attname = 'superseded_by' and not attisdropped
        and attrelid::regclass::text = any (%s)
"""
_WRITTEN: LiteralString = """
    select distinct changes.model from {changes} as changes where changes.changed_in > %(since)s
    union
    select watermarks.model from {watermarks} as watermarks
    where watermarks.full_build_id > %(since)s
"""
_CAME_OR_WENT: LiteralString = """
    select distinct changes.model from {changes} as changes where changes.appeared_in > %(since)s
    union
    select watermarks.model from {watermarks} as watermarks
    where watermarks.full_build_id > %(since)s
"""
_BEHIND: LiteralString = """
    select asked.model
    from unnest(%(models)s::text[], %(parents)s::text[], %(is_loose)s::boolean[])
        as asked (model, parent, is_loose)
    left join {watermarks} as own on asked.model = own.model
    left join {watermarks} as parent on asked.parent = parent.model
    where own.model is null or parent.model is null or parent.full_build_id > own.build_id
        or exists (
            select from {changes} as changes
            where changes.model = asked.parent and changes.changed_in > own.build_id
                and (changes.appeared_in > own.build_id or not asked.is_loose)
        )
"""
_ORPHANS: LiteralString = """
    select relations.oid::regclass::text
    from pg_class as relations
    where relations.relkind in ('r', 'p', 'v', 'm', 'f')
        and relations.relnamespace::regnamespace::text = any (%(schemas)s)
        and relations.relnamespace::regnamespace::text || '.' || relations.relname
            <> all (%(known)s)
    order by 1
"""
BOOKS = ("builds", "watermarks", "changes")


@dataclass(frozen=True, slots=True)
class Complete:
    """The last build that built all, and in which nothing failed."""

    build_id: int
    horizon: int
    as_of: date
    code: str
    is_last: bool
    """No build has begun since, not even of a part."""


class Books:
    """What builds noted in one target's schemas, and what has landed in `raw`."""

    def __init__(self, connection: Connection[Any], staging: str = "staging") -> None:
        """`staging` is the schema of the target's layer of that name."""
        self._connection = connection
        self._staging = staging

    def last_complete(self) -> Complete | None:
        """The last complete build; None where there was none."""
        row = self._connection.execute(_HAS_BOOKS, [f"{self._staging}.builds"]).fetchone()
        if not row or not row[0]:
            return None
        last = self._ask(_LAST)
        return Complete(*last[0]) if last else None

    def is_current(self, code: str, last: Complete) -> bool:
        """Whether a build of this code would leave today what the last one left."""
        [(today, load_id)] = self._connection.execute(_TODAY).fetchall()
        if not last.is_last or (last.code, last.as_of, last.horizon) != (code, today, load_id):
            return False
        return self._ask(_LOST) == [(False,)]

    def now(self) -> tuple[date, int]:
        """The date for which a build builds that is told none, and the highest load."""
        [(today, load_id)] = self._connection.execute(_TODAY).fetchall()
        return today, load_id

    def missing(self, project: Project) -> frozenset[str]:
        """The models whose table or view does not stand."""
        standing = {name for (name,) in self._connection.execute(_STANDING)}
        return frozenset(m.name for m in project.models.values() if m.relation not in standing)

    def changed_sources(self, project: Project, since: int) -> frozenset[str]:
        """The raw tables in which versions came or went after the load `since`."""
        read = sorted(frozenset().union(*(m.sources for m in project.models.values())))
        landed = [name for (name,) in self._connection.execute(_LANDED, [read])]
        if not landed:
            return frozenset()
        query = sql.SQL("union all").join(
            sql.SQL(_CHANGED).format(name=name, table=sql.Identifier(*name.split(".")))
            for name in landed
        )
        changed = self._connection.execute(query, {"since": since})
        return frozenset(name for (name,) in changed)

    def written(self, since: int) -> frozenset[str]:
        """The tables of which rows changed in builds after the build `since`."""
        return frozenset(name for (name,) in self._ask(_WRITTEN, {"since": since}))

    def came_or_went(self, since: int) -> frozenset[str]:
        """The tables in which keys came or went in builds after the build `since`."""
        return frozenset(name for (name,) in self._ask(_CAME_OR_WENT, {"since": since}))

    def behind(self, models: Iterable[Model], sources: frozenset[str]) -> frozenset[str]:
        """Those of the tables that read something that changed since they were built."""
        models = list(models)
        pairs = [(model, parent) for model in models for parent in sorted(model.tables)]
        asked = {
            "models": [model.name for model, _ in pairs],
            "parents": [parent for _, parent in pairs],
            "is_loose": [parent in model.exists_in for model, parent in pairs],
        }
        found = {name for (name,) in self._ask(_BEHIND, asked)}
        return frozenset(found | {m.name for m in models if not sources.isdisjoint(m.sources)})

    def orphans(self, project: Project) -> tuple[str, ...]:
        """What stands in the schemas of the warehouse and is made by no model."""
        known = {model.relation for model in project.models.values()}
        schemas = sorted({relation.split(".")[0] for relation in known})
        known |= {f"{self._staging}.{name}" for name in BOOKS}
        values = {"schemas": schemas, "known": sorted(known)}
        return tuple(name for (name,) in self._connection.execute(_ORPHANS, values))

    def note_end(self, project: Project, name: str, code: str | None) -> None:
        """Note that all models of the build `name` stand; `code` where it was complete."""
        self._ask(_END, {"name": name, "code": code})
        for book in ("watermarks", "changes"):
            query = sql.SQL(_LOST_MODELS).format(sql.Identifier(self._staging, book))
            self._connection.execute(query, {"known": list(project.models)})

    def note_nothing_to_build(self, name: str, code: str, as_of: date, horizon: int) -> None:
        """Note a complete build of what no model reads, for which dbt was not started."""
        self._ask(_EMPTY, {"name": name, "code": code, "as_of": as_of, "horizon": horizon})

    def _ask(self, query: LiteralString, values: dict[str, Any] | None = None) -> list[Any]:
        places = {name: sql.Identifier(self._staging, name) for name in BOOKS}
        layers = [self._staging.removesuffix("staging") + name for name in _LAYERS]
        schemas = sql.SQL(", ").join(map(sql.Literal, layers))
        cursor = self._connection.execute(
            sql.SQL(query).format(**places, schemas=schemas), values or {}
        )
        return cursor.fetchall() if cursor.description else []


_LAYERS = ("staging", "core", "marts")
_END: LiteralString = """
    update {builds} set finished_at = clock_timestamp(), code = %(code)s
    where invocation_id = %(name)s
"""
_LOST_MODELS: LiteralString = "delete from {} where model <> all (%(known)s)"
_EMPTY: LiteralString = """
    insert into {builds} (invocation_id, horizon, as_of, started_at, finished_at, code)
    values (%(name)s, %(horizon)s, %(as_of)s, clock_timestamp(), clock_timestamp(), %(code)s)
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed since a build: tables written, tables whose rows came or went, raw tables."""

    written: frozenset[str]
    came_or_went: frozenset[str]
    sources: frozenset[str]


def tests_of(project: Project, changed: Changed) -> list[Test]:
    """The tests of data that can have another result.

    Those of a table that was written, or of a view over one; those that look into another table
    for rows that are not there any more; those of a raw table in which versions came or went. A
    test that names nothing looks for itself.
    """
    return [
        test
        for test in project.tests
        if any(_can_change(project.models[name], test, changed) for name in test.models)
        or not changed.sources.isdisjoint(test.sources)
        or not (test.models or test.sources)
    ]


def _can_change(model: Model, test: Test, changed: Changed) -> bool:
    if model.is_view:
        return not (
            changed.written.isdisjoint(model.tables) and changed.sources.isdisjoint(model.sources)
        )
    is_looked_into = test.of not in (None, model.name) and model.has_key_of_parent
    return model.name in (changed.came_or_went if is_looked_into else changed.written)
