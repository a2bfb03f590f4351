"""`showhouse run`: the whole job, as the flow `refresh`, with a Prefect server of its own."""

import importlib
import sys
from typing import TYPE_CHECKING, Any

import click

from flows.cli.console import progress, say, show
from flows.cli.extract import preview, selected_series
from flows.cli.options import is_verbose, sample_option, selection_options, verbose_option
from flows.progress import listening

if TYPE_CHECKING:
    from flows.report import Report


@click.command()
@selection_options
@sample_option
@verbose_option
def run(selected: dict[str, Any], sample: bool) -> int:
    """Extract what is due, build, mirror, and say what changed."""
    from extract.settings import load_settings
    from flows import steps

    settings = load_settings()
    asked = selected_series(settings, selected, sample=sample)
    steps.require_some(settings, asked, sample=sample)
    if asked.dry_run:
        return preview(settings, asked, sample=sample)
    has_news = asked.changes or asked.catalogue
    if has_news or steps.is_anything_due(settings, asked, sample=sample):
        steps.require_credentials(settings, sample=sample)  # before all that takes its time

    from flows.errors import RunIncomplete
    from flows.orchestrator import start_server

    wait_for_server = start_server(settings.showhouse_home, verbose=is_verbose())
    with progress() as tell, listening(tell):
        tell("Starting", 0, None)
        # Prefect first: it leaves logging alone where dbt has set up some already.
        from flows.refresh import refresh

        # While the server starts.
        importlib.import_module("dbt.cli.main")
        wait_for_server()
        try:
            report = refresh(
                tmdb_ids=list(asked.tmdb_ids) or None,
                tracked=asked.tracked,
                changes=asked.changes,
                catalogue=asked.catalogue,
                shard=str(asked.shard),
                limit=asked.limit,
                since=asked.since,
                force=asked.force,
                series_only=asked.series_only,
                accept_shrink=selected["accept_shrink"],
                sample=sample,
            )
        except RunIncomplete as incomplete:
            report = incomplete.report
    return conclude(report)


def conclude(report: "Report") -> int:
    """Print the report, and the problems once more where errors go; the exit code."""
    show("\n".join(report.lines()))
    sys.stdout.flush()
    problems = report.problems()
    for problem in problems:
        say(problem)
    return 1 if problems else 0
