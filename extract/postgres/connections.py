"""The database's address, and connections to it."""

import psycopg
from psycopg.conninfo import conninfo_to_dict

from extract.errors import DatabaseUnreachable
from extract.postgres.server import Server
from extract.settings import Settings

_OLDEST_VERSION = 15
_CONNECT_TIMEOUT_SECONDS = 20


def database_url(settings: Settings) -> str:
    """DATABASE_URL, else the address of the embedded server, which is started if need be."""
    if settings.database_url is not None:
        return settings.database_url
    server = Server(settings.showhouse_home)
    server.start()
    return server.url()


def connect(
    url: str, *, autocommit: bool = True, application: str = "showhouse"
) -> psycopg.Connection:
    """A connection to Postgres 15 or later at `url`. Raises DatabaseUnreachable."""
    try:
        connection = psycopg.connect(
            url,
            autocommit=autocommit,
            application_name=application,
            connect_timeout=_CONNECT_TIMEOUT_SECONDS,
        )
    except psycopg.Error as error:
        raise DatabaseUnreachable(address(url), _first_line(error)) from None
    version = connection.info.server_version // 10_000
    if version < _OLDEST_VERSION:
        connection.close()
        why = f"it is Postgres {version}, and {_OLDEST_VERSION} or later is needed"
        raise DatabaseUnreachable(address(url), why)
    return connection


def address(url: str) -> str:
    """The part of `url` that may be shown: `host:port/database`."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        return "DATABASE_URL"
    host = parts.get("host") or parts.get("hostaddr") or "the default host"
    return f"{host}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"


def _first_line(error: psycopg.Error) -> str:
    # libpq puts the parameters that it could not read, a password among them, into these.
    if isinstance(error, psycopg.ProgrammingError):
        return "the address cannot be read"
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
