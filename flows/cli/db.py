"""`showhouse db`: the embedded Postgres server, and the raw schema."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.console import say, show
from flows.cli.options import verbose_option

if TYPE_CHECKING:
    from extract.settings import Settings


@click.group()
def db() -> None:
    """Start, stop and open the database; migrate the raw schema."""


@db.command()
@verbose_option
def start() -> None:
    """Start the embedded server and leave it running."""
    from extract.postgres.server import Server

    settings = _embedded("start")
    server = Server(settings.showhouse_home)
    server.start()
    show(server.url())


@db.command()
@verbose_option
def stop() -> None:
    """Stop the embedded server, cleanly."""
    from extract.postgres.server import Server

    stopped = Server(_embedded("stop").showhouse_home).stop()
    say("Stopped." if stopped else "It was not running.")


@db.command()
@verbose_option
def url() -> None:
    """Print the database's address, its password included.

    The embedded server is started for it.
    """
    from extract.postgres.connections import database_url
    from extract.settings import load_settings

    show(database_url(load_settings()))


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[PSQL ARGS]...", nargs=-1, type=click.UNPROCESSED)
@verbose_option
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the database.

    Arguments go to psql as they are: `showhouse db psql -c "select * from core.shows"`.
    """
    from extract.settings import load_settings

    settings = load_settings()
    command, variables = _psql_elsewhere(settings) if settings.database_url else _psql(settings)
    os.execvpe(command[0], [*command, *arguments], {**os.environ, **variables})


@db.command()
@verbose_option
def migrate() -> None:
    """Bring the raw schema up to date.

    That is the books, and a table for each resource.
    """
    from extract.settings import load_settings
    from flows.steps import migrate_raw

    missing = migrate_raw(load_settings())
    say("The raw schema is up to date.")
    if missing:
        making = " ".join(f"create role {role} nologin;" for role in missing)
        say(
            "Roles are missing, and this user may not make them. Let somebody who may run "
            f"`{making}`, then migrate again."
        )


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@verbose_option
def backup(file: Path) -> None:
    """Write FILE with all that cannot be built again.

    That is what was landed, and the history tables.
    """
    from extract.postgres.backup import backup
    from extract.settings import load_settings

    backup(load_settings(), file)
    say(f"`{file}` holds {file.stat().st_size:,} bytes.")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@verbose_option
def restore(file: Path) -> None:
    """Bring a backup into an empty database."""
    from extract.postgres.backup import restore
    from extract.settings import load_settings
    from flows.steps import migrate_raw

    settings = load_settings()
    restore(settings, file)
    migrate_raw(settings)
    say("Restored. `showhouse build` builds the rest from it.")


def _embedded(verb: str) -> "Settings":
    from extract.settings import load_settings

    settings = load_settings()
    if settings.database_url:
        raise click.UsageError(
            f"`DATABASE_URL` names a Postgres of yours, so there is no embedded server to {verb}. "
            "Unset it to use the embedded one."
        )
    return settings


def _psql(settings: "Settings") -> tuple[list[str], dict[str, str]]:
    from extract.postgres.server import Server

    server = Server(settings.showhouse_home)
    server.start()
    return server.psql()


def _psql_elsewhere(settings: "Settings") -> tuple[list[str], dict[str, str]]:
    """The password goes by the environment: arguments are for every user of the machine to read."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    if shutil.which("psql") is None:
        raise click.UsageError("`psql` is not on the PATH. Install Postgres' client programs.")
    fields = conninfo_to_dict(settings.database_url or "")
    password = fields.pop("password", None)
    return (
        ["psql", make_conninfo("", **fields)],
        {"PGPASSWORD": str(password)} if password else {},
    )
