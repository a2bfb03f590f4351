"""The warehouse as the API sees it: a pool of read-only connections, one query for each request.

Every connection is read only, bounded in time, in UTC, and takes the role `showhouse_reader`
where it exists. Text arrives as the bytes that Postgres sent: documents are passed on, never
decoded.
A restart of Postgres costs at most a 503: stale connections are replaced as they are met.
"""

import logging
from collections.abc import Mapping
from typing import Any, LiteralString

from psycopg import AsyncConnection, InterfaceError, OperationalError, errors
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from api.problems import Unavailable

STATEMENT_TIMEOUT_SECONDS = 5
CONNECTION_TIMEOUT_SECONDS = 3
_MOST_CONNECTIONS = 8
_MOST_WAITING = 2_000

Row = tuple[Any, ...]
_log = logging.getLogger("showhouse.api.database")

_PREPARE = """
select
    set_config('default_transaction_read_only', 'on', false),
    set_config('statement_timeout', %s, false),
    set_config('timezone', 'UTC', false),
    set_config(
        'search_path',
        -- the operators of similarity, where an extension brings them
        concat_ws(', ', 'pg_catalog', (
            select quote_ident(nspname)
            from pg_catalog.pg_extension
            inner join pg_catalog.pg_namespace on pg_namespace.oid = extnamespace
            where extname = 'pg_trgm'
        )),
        false
    ),
    set_config('pg_trgm.word_similarity_threshold', '0.5', false),
    (
        select set_config('role', rolname, false)
        from pg_catalog.pg_roles
        where rolname = 'showhouse_reader' and pg_has_role(session_user, oid, 'member')
    )
"""


class _Bytes(Loader):
    """Text as it came over the wire."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


async def _configure(connection: AsyncConnection[Row]) -> None:
    await connection.set_autocommit(True)
    await connection.execute(_PREPARE, (f"{STATEMENT_TIMEOUT_SECONDS}s",))
    for kind in ("text", "varchar"):
        connection.adapters.register_loader(kind, _Bytes)


class Database:
    """Runs the API's queries. Every failure to get an answer is raised as Unavailable."""

    def __init__(self, conninfo: str) -> None:
        self._pool = AsyncConnectionPool(
            conninfo,
            connection_class=AsyncConnection[Row],
            kwargs={
                "connect_timeout": CONNECTION_TIMEOUT_SECONDS,
                "application_name": "showhouse-api",
                "client_encoding": "utf8",
            },
            configure=_configure,
            min_size=1,
            max_size=_MOST_CONNECTIONS,
            timeout=CONNECTION_TIMEOUT_SECONDS,
            max_waiting=_MOST_WAITING,
            # After a longer outage the pool would wait minutes between attempts; given up early,
            # the next request tries anew.
            reconnect_timeout=CONNECTION_TIMEOUT_SECONDS,
            open=False,
        )

    async def open(self) -> None:
        """Begin to connect; does not wait, so that the API answers 503 while Postgres is away."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give all connections back."""
        await self._pool.close()

    async def row(
        self, query: LiteralString, values: Mapping[str, Any], *, anew: bool = False
    ) -> Row | None:
        """The first row of the answer, or None."""
        found = await self.rows(query, values, anew=anew)
        return found[0] if found else None

    async def rows(
        self, query: LiteralString, values: Mapping[str, Any], *, anew: bool = False
    ) -> list[Row]:
        """All rows of the answer. Planned `anew` for these very values, or as the last time."""
        for _ in range(_MOST_CONNECTIONS + 1):
            try:
                return await self._ask(query, values, anew)
            except _StaleConnection:
                continue
        raise Unavailable("The database closes its connections. Try again in a moment.")

    async def _ask(self, query: LiteralString, values: Mapping[str, Any], anew: bool) -> list[Row]:
        try:
            async with self._pool.connection() as connection:
                return await _execute(connection, query, values, anew)
        except (PoolTimeout, TooManyRequests) as error:
            _log.warning("no connection: %s", error)
            raise Unavailable(
                "The database cannot be reached or is busy. `/ready` says when it is back."
            ) from error


async def _execute(
    connection: AsyncConnection[Row], query: LiteralString, values: Mapping[str, Any], anew: bool
) -> list[Row]:
    try:
        cursor = await connection.execute(query, values, prepare=False if anew else None)
        return await cursor.fetchall()
    except errors.QueryCanceled as error:
        _log.warning("statement timeout: %s", error)
        raise Unavailable(
            f"The answer took longer than {STATEMENT_TIMEOUT_SECONDS} s. "
            "Ask for less, with more filters or a lower `limit`, or try again."
        ) from error
    except (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedColumn) as error:
        _log.warning("marts: %s", error)
        raise Unavailable(
            "The marts are not built, or by another version. "
            "Whoever runs this warehouse builds them with `showhouse run`.",
            retry_after=60,
        ) from error
    except errors.InsufficientPrivilege as error:
        _log.warning("marts: %s", error)
        raise Unavailable(
            "The marts cannot be read by the role of the API. "
            "Whoever runs this warehouse grants it with `showhouse db migrate` and a build.",
            retry_after=60,
        ) from error
    except errors.FeatureNotSupported as error:
        # A build replaced a table by one with other column types: the plans held are void.
        _log.warning("plan: %s", error)
        await connection.close()
        raise _StaleConnection from error
    except (OperationalError, InterfaceError) as error:
        _log.warning("connection: %s", error)
        if connection.closed:
            raise _StaleConnection from error
        raise Unavailable("The database failed to answer. Try again in a moment.") from error


class _StaleConnection(Exception):
    """The connection went away; another may do."""
