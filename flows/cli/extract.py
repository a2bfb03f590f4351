"""`showhouse extract`: landing, and nothing else."""

from typing import TYPE_CHECKING, Any

import click

from flows.cli.console import progress, show
from flows.cli.options import sample_option, selection_options, verbose_option
from flows.progress import listening

if TYPE_CHECKING:
    from extract.keys import Selection
    from extract.settings import Settings

SHOWN = 20


@click.command()
@click.argument("resources", metavar="[RESOURCE]...", nargs=-1)
@selection_options
@sample_option
@verbose_option
def extract(resources: tuple[str, ...], selected: dict[str, Any], sample: bool) -> int:
    """Land what is due, and build nothing.

    RESOURCE is a table of `raw`, as in `showhouse extract tmdb_tv_seasons`; all of them by default.
    """
    from extract.settings import load_settings
    from flows import steps
    from flows.cli.run import conclude
    from flows.report import Report

    settings = load_settings()
    asked = selection_of(selected, resources)
    steps.require_some(settings, asked, sample=sample)
    if asked.dry_run:
        return preview(settings, asked, sample=sample)
    report = Report()
    with progress() as tell, listening(tell):
        for batch in steps.batches_due(settings, asked, sample=sample):
            report.add(steps.extract_batch(settings, batch, sample=sample))
    return conclude(report)


def selection_of(selected: dict[str, Any], resources: tuple[str, ...] = ()) -> "Selection":
    """Build the selection from the options; unknown resources are a usage error."""
    from extract.keys import Selection

    since = selected["since"]
    try:
        return Selection(**{**selected, "since": since and since.date(), "resources": resources})
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def preview(settings: "Settings", asked: "Selection", *, sample: bool) -> int:
    """Say what would be asked for by what is known now; more may be found in it."""
    from flows import steps

    plan = steps.plan(settings, asked, sample=sample)
    counts = [f"{count:,} {name}" for name, count in plan.due_counts.items() if count]
    show(f"{', '.join(counts) or 'Nothing'} would be asked for; nothing was.")
    for request in plan.planned[:SHOWN]:
        show(f"  {request}")
    if len(plan.planned) > SHOWN:
        show(f"  … and {len(plan.planned) - SHOWN:,} more")
    return 0
