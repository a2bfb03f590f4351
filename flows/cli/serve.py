"""`showhouse serve`: the API over the marts."""

import errno
import os
import socket

import click

from flows.cli.console import say
from flows.cli.options import verbose_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1))
@verbose_option
def serve(host: str, port: int, workers: int) -> None:
    """Serve the API; it describes itself at /openapi.json."""
    import uvicorn

    from extract.postgres.connections import database_url
    from extract.settings import load_settings

    _require_free(host, port)
    settings = load_settings()
    # The API reads its own settings: what this process learned from `.env` and the embedded server.
    os.environ["DATABASE_URL"] = database_url(settings)
    os.environ["SHOWHOUSE_HOME"] = str(settings.showhouse_home)
    say(f"Serving on http://{host}:{port} with {workers} worker(s); Ctrl-C ends it.")
    uvicorn.run(
        "api.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
    )


def _require_free(host: str, port: int) -> None:
    """Say in a sentence what uvicorn would say with an exit code of its own."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                why = f"Port {port} of `{host}` is in use. Choose another one with `--port`."
            else:
                why = f"`{host}` port {port} cannot be listened on: {error.strerror or error}."
            raise click.ClickException(why) from error
