"""The way to TMDb: address, credentials, pace and bounds, all in one client."""

from extract.errors import SettingsError
from extract.http.client import Client, Credentials, Gate, OpenGate, host_of
from extract.sample import answer
from extract.settings import Settings
from extract.sources.tmdb.resources import TMDB
from extract.sources.tmdb.verdicts import TMDB_SLOWDOWNS, classify

MAX_BODY_BYTES = 64 * 1024 * 1024


def open_client(settings: Settings, database: str, *, sample: bool = False) -> Client:
    """Make the one client of a process; `sample` answers from the bundled set, without a network.

    Raises SettingsError where there is neither a token nor a key.
    """
    if not sample:
        require_credentials(settings)
    host = host_of(settings.tmdb_base_url)
    return Client(
        source=TMDB.title,
        base_url=settings.tmdb_base_url,
        gate=OpenGate() if sample else Gate(database, host, settings.tmdb_requests_per_second),
        credentials=Credentials(settings.tmdb_bearer_token, settings.tmdb_api_key),
        user_agent=settings.showhouse_user_agent,
        classify=classify,
        slowdowns=TMDB_SLOWDOWNS,
        max_connections=settings.tmdb_max_connections,
        max_body_bytes=MAX_BODY_BYTES,
        answerer=answer if sample else None,
    )


def require_credentials(settings: Settings) -> None:
    """Check that there is a token or a key. Raises SettingsError."""
    if not (settings.tmdb_bearer_token or settings.tmdb_api_key):
        raise SettingsError(
            "TMDB_BEARER_TOKEN",
            "is missing",
            "create a read token in your TMDb account settings and put it in `.env`, "
            "or try `showhouse run --sample`",
        )
