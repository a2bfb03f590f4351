"""`showhouse purge`: payloads that may be kept no longer, and what they show."""

import click

from flows.cli.console import progress, show
from flows.cli.options import verbose_option
from flows.progress import listening


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be emptied, and stop.")
@verbose_option
def purge(dry_run: bool) -> int:
    """Empty payloads that may be kept no longer.

    Each source says for how long. What they show leaves the models: a build follows.
    """
    from extract.settings import load_settings
    from flows import job, steps
    from flows.calling import PlainCall
    from flows.cli.run import conclude
    from flows.report import Report, purged_line

    settings, report = load_settings(), Report()
    with progress() as tell, listening(tell):
        if dry_run:
            purged = steps.purge_overdue(settings, dry_run=True)
            show(f"Nothing was purged; it would be: {purged_line(purged)}")
            return 0
        job.purge_overdue(PlainCall(), settings, report)
    return conclude(report)
