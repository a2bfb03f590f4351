"""`showhouse loads`: what each load brought, and taking one back."""

from collections.abc import Mapping
from typing import Any, LiteralString

import click

from flows.cli.console import progress, say, show, table
from flows.cli.options import verbose_option
from flows.progress import listening

SHOWN = 20

_NEWEST: LiteralString = """
    select load_id, committed_at, kind, resources, takes_back, taken_back_by, run_id
    from raw.loads
    order by load_id desc
    limit %s
"""
_ONE: LiteralString = """
    select load_id, committed_at, kind, resources, takes_back, taken_back_by, run_id
    from raw.loads
    where load_id = %s
"""


@click.group(invoke_without_command=True)
@click.option("--limit", default=SHOWN, show_default=True, type=click.IntRange(min=1), metavar="N")
@verbose_option
@click.pass_context
def loads(context: click.Context, limit: int) -> None:
    """List what each load did, newest first."""
    if context.invoked_subcommand is not None:
        return
    rows = [
        (row[0], _minute(row[1]), _words(row[2]), _told(row[3]), _fate(*row[4:6]), str(row[6]))
        for row in _ask(_NEWEST, limit)
    ]
    if rows:
        show(table(("load", "committed", "kind", "did", "besides", "run"), rows))
    else:
        say("Nothing was landed yet. Begin with `showhouse run --sample`.")


@loads.command("show")
@click.argument("load_id", metavar="N", type=click.IntRange(min=1))
@verbose_option
def show_(load_id: int) -> None:
    """Show what load N did, resource by resource."""
    rows = _ask(_ONE, load_id)
    if not rows:
        raise click.UsageError(f"There is no load {load_id}. `showhouse loads` lists them.")
    number, committed_at, kind, resources, takes_back, taken_back_by, run_id = rows[0]
    fate = _fate(takes_back, taken_back_by)
    show(
        f"Load {number}, a {_words(kind)} of {_minute(committed_at)}, run {run_id}. {fate}".strip()
    )
    names = list(dict.fromkeys(name for counts in resources.values() for name in counts))
    cells = [
        (resource, *(counts.get(name, 0) for name in names))
        for resource, counts in sorted(resources.items())
    ]
    show(table(("resource", *map(_words, names)), cells))


@loads.command("take-back")
@click.argument("load_id", metavar="N", type=click.IntRange(min=1))
@click.option("--yes", is_flag=True, help="Do it; without, say what would be done.")
@verbose_option
def take_back(load_id: int, yes: bool) -> int:
    """Take load N back as a whole, and build without it.

    What it brought leaves; what it superseded is the latest again, and due. Later loads stay.
    """
    from extract.settings import load_settings
    from flows import steps
    from flows.cli.run import conclude
    from flows.report import Report

    if not yes:
        rows = _ask(_ONE, load_id)
        brought = _told(rows[0][3]) if rows else "nothing, since there is none"
        raise click.UsageError(f"Load {load_id}: {brought}. Add --yes to take it back.")
    settings = load_settings()
    with progress() as tell, listening(tell):
        done = steps.take_back(settings, load_id)
        say(
            f"Load {done.load_id} took load {load_id} back: {done.taken_back:,} versions left, "
            f"{done.restored:,} before them stand again."
        )
        return conclude(Report(builds=[steps.build(settings)]))


def _ask(query: LiteralString, value: int) -> list[tuple[Any, ...]]:
    from extract.settings import load_settings
    from flows.steps import warehouse

    with warehouse(load_settings()) as connection:
        return connection.execute(query, [value]).fetchall()


def _minute(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _told(resources: Mapping[str, Mapping[str, int]]) -> str:
    """What a load did to all resources together: `14 checked, 3 landed`."""
    totals: dict[str, int] = {}
    for counts in resources.values():
        for name, count in counts.items():
            totals[name] = totals.get(name, 0) + count
    return ", ".join(f"{count:,} {_words(name)}" for name, count in totals.items() if count)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _fate(takes_back: int | None, taken_back_by: int | None) -> str:
    if takes_back is not None:
        return f"took load {takes_back} back"
    return f"taken back by load {taken_back_by}" if taken_back_by is not None else ""
