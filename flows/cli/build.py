"""`showhouse build`: dbt build, with the right profile and one at a time."""

import click

from flows.cli.console import say
from flows.cli.options import verbose_option


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[DBT ARGS]...", nargs=-1, type=click.UNPROCESSED)
@click.option("--all-tests", is_flag=True, help="Test all data, not only what was written.")
@verbose_option
def build(arguments: tuple[str, ...], all_tests: bool) -> None:
    """Build with dbt what changed, and test the data that was written.

    Arguments go to `dbt build` as they are: `showhouse build --select shows+`.
    """
    from extract.settings import load_settings
    from flows import dbt_runner
    from flows.dbt_arguments import ALL_TESTS
    from flows.steps import migrate_raw

    settings = load_settings()
    migrate_raw(settings)
    asked = (*arguments, *([ALL_TESTS] if all_tests else ()))
    built = dbt_runner.build(settings, asked, say=say, quiet=False)
    for remark in built.remarks():
        say(remark)
    dbt_runner.require_success(built)
