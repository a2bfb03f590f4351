"""The commands together, and what a user sees when one of them fails.

What takes long to import (prefect, dbt, boto3, pydantic) is imported inside the functions that need
it, so that `showhouse --help` answers at once.
"""

import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

import click

from extract.errors import ShowhouseError
from flows.cli.build import build
from flows.cli.db import db
from flows.cli.export import export
from flows.cli.extract import extract
from flows.cli.forget import forget
from flows.cli.key import key
from flows.cli.loads import loads
from flows.cli.mirror import mirror
from flows.cli.options import forget_verbose, is_verbose
from flows.cli.probe import probe
from flows.cli.purge import purge
from flows.cli.run import run
from flows.cli.serve import serve
from flows.cli.status import status
from flows.cli.track import track

DONE, FAILED, USAGE = 0, 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="showhouse")
def showhouse() -> None:
    """Run the warehouse of TV metadata.

    Start with `showhouse run --sample`: the whole job on bundled series, no key, no network.
    """


for command in (
    run,
    extract,
    build,
    mirror,
    export,
    serve,
    key,
    track,
    status,
    loads,
    probe,
    purge,
    forget,
    db,
):
    showhouse.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and exit: 0 done, 1 something failed, 2 it was called wrongly."""
    sys.exit(_exit_code(arguments))


def _exit_code(arguments: Sequence[str] | None) -> int:
    forget_verbose()
    try:
        code = showhouse.main(arguments, prog_name="showhouse", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _tell("Interrupted. What was landed stays; run the same command again to go on.")
    except Exception as error:
        _trace()
        return _tell_of(error)
    return code if isinstance(code, int) else DONE


def _tell_of(error: Exception) -> int:
    if not isinstance(error, ShowhouseError):
        from extract.postgres.errors import understood

        told = understood(error)
        if not isinstance(told, ShowhouseError):
            hint = "" if is_verbose() else " Run the command again with --verbose to see where."
            return _tell(f"{type(error).__name__}: {str(error).strip() or 'no message'}.{hint}")
        return _tell(str(told))
    return _tell(str(error), USAGE if getattr(error, "is_usage", False) else FAILED)


def _trace() -> None:
    if is_verbose():
        traceback.print_exc()


def _tell(message: str, code: int = FAILED) -> int:
    click.echo(message, err=True)
    return code
