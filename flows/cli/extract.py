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
    from extract.sources.tmdb.resources import RESOURCES

    known = {resource.name for resource in RESOURCES}
    for resource in resources:
        if resource not in known:
            names = ", ".join(sorted(known))
            raise click.UsageError(f"`{resource}` is no resource that is extracted. Use {names}.")
    since = selected["since"]
    return Selection(**{**selected, "since": since and since.date(), "resources": resources})


def preview(settings: "Settings", asked: "Selection", *, sample: bool) -> int:
    """Say what would be asked for."""
    from flows import steps

    batches = steps.batches_due(settings, asked, sample=sample)
    ids = [tmdb_id for batch in batches for tmdb_id in batch.tmdb_ids]
    show(f"{len(ids):,} series would be asked for; nothing was.")
    for tmdb_id in ids[:SHOWN]:
        show(f"  {tmdb_id}")
    if len(ids) > SHOWN:
        show(f"  … and {len(ids) - SHOWN:,} more")
    return 0
