"""Databases for tests. One that a test left as it was made is emptied and lent to the next test.

Making a database from a template of a thousand relations and dropping it costs ten times as much as
emptying it. A database is lent again only where nothing but rows and sequences can have changed:

- For whatever a statement defines, alters, grants, comments or sets, Postgres writes a new row into
  a catalogue, and the numbers of its transactions only rise. So while the number of rows of a
  catalogue and the sum of the transactions that wrote them are the same, nothing was written.
- What the server's own catalogues say about the database (settings, comment, owner, privileges) is
  compared word by word, and so are the rows of the tables that had rows when it was made.
- Sessions that are still there are ended, and with them their locks and temporary tables. The
  database gets a new name, so that no process of an earlier test finds it.

What belongs to the whole server, such as a role or a tablespace, each test removes itself.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.errors import ObjectInUse
from psycopg.sql import SQL, Identifier, Literal

from extract.postgres.connections import connect

UrlOf = Callable[[str], str]
State = list[tuple[Any, ...]]

_ATTEMPTS = 100
_END_SESSIONS = "select pg_terminate_backend(pid, 60000) from pg_stat_activity where datname = %s"
# Statistics come and go by themselves, and no answer depends on them.
_CATALOGUES = """
    select relname from pg_class
    where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and not relisshared
        and relname not in ('pg_statistic', 'pg_statistic_ext_data')
    order by relname
"""
_WRITTEN = SQL("select {0}, count(*), sum(xmin::text::bigint) from pg_catalog.{1} where {2}")
# The namespace of a session's temporary tables stays for the next session that needs one.
_ALL_BUT = {"pg_namespace": SQL("nspname !~ '^pg_(toast_)?temp_'")}
_ABOUT_THE_DATABASE = """
    with this as (select oid from pg_database where datname = current_database())

    select 'database', (to_jsonb(pg_database) - '{datname,datfrozenxid,datminmxid}'::text[])::text
    from pg_database natural join this
    union all
    select 'setting', (setrole, setconfig)::text
    from pg_db_role_setting join this on setdatabase = this.oid
    union all
    select 'comment', description
    from pg_shdescription join this on objoid = this.oid and classoid = 'pg_database'::regclass
    union all
    select 'label', (provider, label)::text
    from pg_shseclabel join this on objoid = this.oid and classoid = 'pg_database'::regclass
    union all
    select 'subscription', (subname, pg_subscription.xmin)::text
    from pg_subscription join this on subdbid = this.oid
    union all
    select 'dependency', (count(*), sum(pg_shdepend.xmin::text::bigint))::text
    from pg_shdepend join this on dbid = this.oid
    order by 1, 2
"""
_TABLES_WITH_ROWS = """
    select nspname, relname
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where pg_class.oid >= 16384 and relkind in ('r', 'm') and pg_relation_size(pg_class.oid) > 0
        and not starts_with(nspname, 'pg_')
    order by nspname, relname
"""
_ROWS = SQL("select md5(string_agg(t::text, '' order by t::text)) from {} as t")
_SEQUENCES = """
    select nspname, relname
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind = 'S' and not starts_with(nspname, 'pg_')
    order by nspname, relname
"""
_numbers = itertools.count()


@contextmanager
def new_database(url_of: UrlOf, template: str) -> Iterator[str]:
    """The address of a database that is made for the block, and dropped after it."""
    with connect(url_of("postgres")) as server:
        name = _create(server, template)
        try:
            yield url_of(name)
        finally:
            _drop(server, name)


@dataclass
class _Database:
    """A database that no test has, and what it was when it was made or emptied."""

    name: str
    catalogue: State
    sequences: State
    filled: State  # the tables that had rows from the beginning, and a hash of their rows


class Lender:
    """Databases like `template`, each for one test at a time."""

    def __init__(self, url_of: UrlOf, template: str) -> None:
        self._url_of = url_of
        self.template = template
        self._idle: list[_Database] = []

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The address of a database that is as good as new, for the block."""
        with connect(self._url_of("postgres")) as server:
            lent = self._idle.pop() if self._idle else self._make(server)
            try:
                yield self._url_of(lent.name)
            finally:
                self._take_back(server, lent)

    def _make(self, server: Connection) -> _Database:
        name = _create(server, self.template)
        with connect(self._url_of(name)) as connection:
            tables = connection.execute(_TABLES_WITH_ROWS).fetchall()
            return _Database(
                name,
                catalogue=_catalogue(connection),
                sequences=_sequences(connection),
                filled=[(*table, _rows(connection, *table)) for table in tables],
            )

    def _take_back(self, server: Connection, lent: _Database) -> None:
        lent.name = _rename(server, lent.name)
        with connect(self._url_of(lent.name)) as connection:
            is_as_made = _catalogue(connection) == lent.catalogue and all(
                _rows(connection, schema, table) == rows for schema, table, rows in lent.filled
            )
            if is_as_made:
                _empty(connection, lent)
                lent.catalogue = _catalogue(connection)
        if is_as_made:
            self._idle.append(lent)
        else:
            _drop(server, lent.name)


_CREATORS = """
    select held.grantee::regrole::text
    from pg_database as databases
    cross join lateral aclexplode(databases.datacl) as held
    where databases.datname = %s and held.privilege_type = 'CREATE'
        and held.grantee not in (0, databases.datdba)
"""


def _create(server: Connection, template: str) -> str:
    name = f"test_{next(_numbers)}"
    statement = SQL("create database {} template {}")
    server.execute(statement.format(Identifier(name), Identifier(template)))
    # A copy has none of the rights that the template gives on itself; without, each first command
    # on it would go through all migrations.
    for (role,) in server.execute(_CREATORS, [template]).fetchall():
        grant = SQL("grant create on database {} to {}")
        server.execute(grant.format(Identifier(name), Identifier(role)))
    return name


def _drop(server: Connection, name: str) -> None:
    server.execute(SQL("drop database if exists {} with (force)").format(Identifier(name)))


def _rename(server: Connection, name: str) -> str:
    """End every session of a database, and give it a name that none of them knows."""
    renamed = f"test_{next(_numbers)}"
    statement = SQL("alter database {} rename to {}")
    for _ in range(_ATTEMPTS):
        server.execute(_END_SESSIONS, [name])
        try:
            server.execute(statement.format(Identifier(name), Identifier(renamed)))
        except ObjectInUse:  # a process of the test has just connected once more
            continue
        return renamed
    raise RuntimeError(f"Processes of the test connect to `{name}` again and again: end them.")


def _catalogue(connection: Connection) -> State:
    """Equal to what it was before only where no statement has changed anything but rows."""
    written = [
        _WRITTEN.format(Literal(name), Identifier(name), _ALL_BUT.get(name, SQL("true")))
        for (name,) in connection.execute(_CATALOGUES)
    ]
    counted = connection.execute(SQL(" union all ").join(written)).fetchall()
    return counted + connection.execute(_ABOUT_THE_DATABASE).fetchall()


def _rows(connection: Connection, schema: str, table: str) -> Any:
    return connection.execute(_ROWS.format(Identifier(schema, table))).fetchall()


def _sequences(connection: Connection) -> State:
    state = SQL("select {}, {}, last_value, is_called from {}")
    queries = [
        state.format(Literal(schema), Literal(name), Identifier(schema, name))
        for schema, name in connection.execute(_SEQUENCES)
    ]
    return connection.execute(SQL(" union all ").join(queries)).fetchall() if queries else []


def _empty(connection: Connection, made: _Database) -> None:
    """Leave the rows that the database was made with, and set sequences back."""
    kept = {(schema, table) for schema, table, _ in made.filled}
    tables = [
        Identifier(*table)
        for table in connection.execute(_TABLES_WITH_ROWS).fetchall()
        if table not in kept
    ]
    with connection.transaction():
        if tables:
            connection.execute(SQL("truncate {}").format(SQL(", ").join(tables)))
        for schema, name, last_value, is_called in made.sequences:
            connection.execute(
                "select setval(format('%%I.%%I', %s::text, %s::text)::regclass, %s, %s)",
                [schema, name, last_value, is_called],
            )
        connection.execute("delete from pg_statistic where starelid >= 16384")
        connection.execute("select pg_stat_reset()")
