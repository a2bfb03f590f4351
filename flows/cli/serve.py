"""`showhouse serve`: the API over the marts."""

import errno
import os
import socket
from contextlib import ExitStack
from tempfile import TemporaryDirectory

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

    from api.rates import SHARED_FOLDER
    from api.serving import OPTIONS
    from extract.postgres.connections import database_url
    from extract.settings import load_settings

    _require_free(host, port)
    settings = load_settings()
    # The API reads its own settings: what this process learned from `.env` and the embedded server.
    os.environ["DATABASE_URL"] = database_url(settings)
    os.environ["SHOWHOUSE_HOME"] = str(settings.showhouse_home)
    _check_settings_of_the_api()
    say(f"Serving on http://{host}:{port} with {workers} worker(s); Ctrl-C ends it.")
    with ExitStack() as until_the_end:
        if workers > 1:
            folder = until_the_end.enter_context(TemporaryDirectory(prefix="showhouse-api-"))
            os.environ[SHARED_FOLDER] = folder
        uvicorn.run(
            "api.app:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_level="warning",
            **OPTIONS,
        )


def _check_settings_of_the_api() -> None:
    """Say here, in a sentence, what each worker would say with a traceback."""
    from api.settings import ApiSettingsError, load_settings

    try:
        load_settings()
    except ApiSettingsError as error:
        raise click.ClickException(str(error)) from error


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
