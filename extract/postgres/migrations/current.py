"""Whether anything is left to migrate, by two queries: every command asks, and Alembic is slow.

Alembic takes a second of processor time to import and looks through all revisions each time. What
is asked here is what an upgrade would find out: the revision, a table for each resource, the roles
and their rights (as `raw.grant_rights` does).
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import Connection

ROLES = ("showhouse_analyst", "showhouse_loader", "showhouse_reader", "showhouse_transformer")

_STANDS: LiteralString = """
    select
        array(select version_num::text from raw.alembic_version) = array[%(newest)s]
        and not exists (
            select from unnest(%(names)s::text[]) as name
            where not exists (
                select from pg_class where relnamespace = 'raw'::regnamespace and relname = name
            )
        )
"""
_RIGHTS: LiteralString = """
    with

    me as (

        select
            rolsuper or rolcreaterole as may_make_roles,
            (
                select pg_has_role(nspowner, 'usage') from pg_namespace where nspname = 'raw'
            ) as may_migrate
        from pg_roles
        where rolname = current_user

    ),

    lacks as (

        select
            array(
                select role from unnest(%(roles)s::text[]) as role
                where to_regrole(role) is null order by role
            ) as roles,
            exists (
                select from pg_roles, pg_class
                where
                    rolname in ('showhouse_loader', 'showhouse_transformer')
                    and relnamespace = 'raw'::regnamespace
                    and relkind in ('r', 'v')
                    and not has_table_privilege(pg_roles.oid, pg_class.oid, 'select')
            ) as tables,
            exists (
                select from pg_roles, pg_database
                where
                    rolname = 'showhouse_transformer'
                    and datname = current_database()
                    and not has_database_privilege(pg_roles.oid, pg_database.oid, 'create')
                    and has_database_privilege(pg_database.oid, 'create with grant option')
            ) as database

    )

    select
        case when me.may_migrate then lacks.roles else '{}' end,
        me.may_migrate
        and (lacks.tables or lacks.database or (me.may_make_roles and lacks.roles <> '{}'))
    from me cross join lacks
"""


def newest_revision() -> str:
    """The revision that an upgrade ends at: files are called `0002_what_it_does.py`."""
    return max(file.name for file in (Path(__file__).parent / "versions").glob("*.py"))[:4]


def missing_roles(connection: Connection[Any], names: Collection[str]) -> list[str] | None:
    """The roles that are missing and that we may not make; None where there is anything to do.

    `names` are the resources that need a table.
    """
    try:
        stands = connection.execute(_STANDS, {"newest": newest_revision(), "names": list(names)})
        if stands.fetchone() != (True,):
            return None
        lacking = connection.execute(_RIGHTS, {"roles": list(ROLES)}).fetchone()
    except psycopg.ProgrammingError:  # there is no schema yet, or nothing in it is for us
        return None
    if lacking is None or lacking[1]:
        return None
    roles: list[str] = lacking[0]
    return roles
