"""`showhouse run`: the whole job, as plain calls, or as a flow where a Prefect server is named."""

import os
import sys
from socket import gaierror
from typing import TYPE_CHECKING, Any

import click

from flows.cli.console import progress, say, show
from flows.cli.extract import preview, selected_series
from flows.cli.options import is_verbose, sample_option, selection_options, verbose_option
from flows.progress import listening

if TYPE_CHECKING:
    from extract.keys import Selection
    from extract.settings import Settings
    from flows.report import Report

SECONDS_TO_ANSWER = 20.0
FOR_PREFECT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "extract",  # so that the run's page holds what they say
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
"""What Prefect's client reads from the environment; a variable that is set already stays."""


@click.command()
@selection_options
@sample_option
@verbose_option
def run(selected: dict[str, Any], sample: bool) -> int:
    """Extract what is due, build, mirror, and say what changed."""
    from extract.errors import SettingsError
    from extract.settings import load_settings
    from flows import steps
    from flows.errors import RunIncomplete

    settings = load_settings()
    asked = selected_series(settings, selected, sample=sample)
    steps.require_some(settings, asked, sample=sample)
    if asked.dry_run:
        return preview(settings, asked, sample=sample)
    try:
        steps.require_credentials(settings, sample=sample)  # before all that takes its time
    except SettingsError:
        has_news = asked.changes or asked.catalogue
        if has_news or steps.is_anything_due(settings, asked, sample=sample):
            raise
    run_job = _run_flow if settings.prefect_api_url else _run_plainly
    with progress() as tell, listening(tell):
        tell("Starting", 0, None)
        try:
            report = run_job(
                settings, asked, accept_shrink=selected["accept_shrink"], sample=sample
            )
        except RunIncomplete as incomplete:
            report = incomplete.report
    return conclude(report)


def _run_plainly(
    settings: "Settings", asked: "Selection", *, accept_shrink: bool, sample: bool
) -> "Report":
    from flows import alerts, job
    from flows.calling import PlainCall

    with alerts.on_plain_failure(settings, "refresh"):
        report = job.refresh(
            PlainCall(), settings, asked, accept_shrink=accept_shrink, sample=sample
        )
        return job.require_complete(report)


def _run_flow(
    settings: "Settings", asked: "Selection", *, accept_shrink: bool, sample: bool
) -> "Report":
    url = settings.prefect_api_url or ""
    require_prefect(url)
    # Prefect reads its environment once, when it is imported.
    os.environ.update(FOR_PREFECT | dict(os.environ) | {"PREFECT_API_URL": url})
    if not is_verbose():
        # What went wrong is in the command's own summary; the run's page keeps Prefect's log.
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    from flows.refresh import refresh

    return refresh(
        tmdb_ids=list(asked.tmdb_ids) or None,
        tracked=asked.tracked,
        changes=asked.changes,
        catalogue=asked.catalogue,
        shard=str(asked.shard),
        limit=asked.limit,
        since=asked.since,
        force=asked.force,
        series_only=asked.series_only,
        accept_shrink=accept_shrink,
        sample=sample,
    )


def require_prefect(url: str) -> None:
    """Check that somebody answers at the address of a Prefect server. Raises PrefectUnreachable.

    Prefect itself finds out after a quarter of a minute.
    """
    from urllib.error import HTTPError, URLError
    from urllib.parse import urlsplit
    from urllib.request import urlopen

    from flows.errors import PrefectUnreachable

    parts = urlsplit(url)
    address = parts.netloc.rpartition("@")[2]
    try:
        health = parts._replace(netloc=address, path=f"{parts.path}/health")
        urlopen(health.geturl(), timeout=SECONDS_TO_ANSWER).close()
    except HTTPError as error:
        error.close()  # somebody answers: Prefect itself knows better what it means
    except OSError as error:
        why = error.reason if isinstance(error, URLError) else error
        if isinstance(why, (ConnectionError, TimeoutError, gaierror)):
            raise PrefectUnreachable(address, why.strerror or "it took too long") from None


def conclude(report: "Report") -> int:
    """Print the report, and the problems once more where errors go; the exit code."""
    show("\n".join(report.lines()))
    sys.stdout.flush()
    problems = report.problems()
    for problem in problems:
        say(problem)
    return 1 if problems else 0
