"""`showhouse build`: dbt build, with the right profile and one at a time."""

import click

from flows.cli.console import say
from flows.cli.options import verbose_option


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[DBT ARGS]...", nargs=-1, type=click.UNPROCESSED)
@verbose_option
def build(arguments: tuple[str, ...]) -> None:
    """Build the models with dbt, and test them.

    Arguments go to `dbt build` as they are: `showhouse build --select shows+`.
    """
    from extract.settings import load_settings
    from flows import dbt_runner
    from flows.steps import migrate_raw

    settings = load_settings()
    migrate_raw(settings)
    dbt_runner.require_success(dbt_runner.build(settings, arguments, say=say, quiet=False))
