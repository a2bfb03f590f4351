"""The steps as Prefect tasks: what is tried again, and what the run's page shows.

A step is tried again only for what its own parts do not retry: a database that went away. The
client retries requests, dbt its connections, and the mirror leaves what failed to the next run.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg
from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from extract.errors import DatabaseUnreachable, MirrorError
from extract.keys import Selection
from extract.postgres.errors import DatabaseLost
from extract.settings import load_settings
from flows import sources, steps
from flows.builds import Built
from flows.errors import DbtNotRun, RunIncomplete
from flows.report import Report

if TYPE_CHECKING:
    from extract.landing.purging import Purged
    from extract.mirror import Mirrored
    from extract.run import Extracted

RETRIES = 2
RETRY_DELAY_SECONDS = 10
WORK_LIST = "marts.image_candidates"


def _is_lost_connection(_task: Any, _run: Any, state: Any) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, psycopg.OperationalError | DatabaseUnreachable | DatabaseLost)


RETRIED: dict[str, Any] = {
    "cache_policy": NO_CACHE,
    "retries": RETRIES,
    "retry_delay_seconds": RETRY_DELAY_SECONDS,
    "retry_condition_fn": _is_lost_connection,
}
"""How a task is run that is tried again where the database went away."""


@task(**RETRIED)
def extract_batch(selection: Selection, *, sample: bool = False) -> "Extracted":
    """Extract one batch of series; what single series failed by is in the result."""
    return steps.extract_batch(load_settings(), selection, sample=sample, run_id=_run_id())


@task(**RETRIED)
def read_news(
    selection: Selection, *, accept_shrink: bool = False, sample: bool = False
) -> "Extracted | None":
    """Read the exports and feeds that a selection rests on; what failed is in the result."""
    return steps.read_news(
        load_settings(), selection, accept_shrink=accept_shrink, sample=sample, run_id=_run_id()
    )


@task(**RETRIED)
def read_datasets(
    selection: Selection, *, accept_shrink: bool = False, sample: bool = False
) -> "Extracted | None":
    """Read IMDb's datasets where the settings name them; what failed is in the result."""
    return sources.read_datasets(
        load_settings(), selection, accept_shrink=accept_shrink, sample=sample, run_id=_run_id()
    )


@task(**RETRIED)
def read_wikis(selection: Selection, *, sample: bool = False) -> "Extracted | None":
    """Read the wikis of tracked series; what failed is in the result."""
    return sources.read_wikis(load_settings(), selection, sample=sample, run_id=_run_id())


@task(cache_policy=NO_CACHE)
def dbt_build() -> Built:
    """Build with dbt; the models and tests that failed are in the result."""
    return steps.build(load_settings())


@task(**RETRIED)
def mirror_images(kinds: list[str] | None, prune: bool, sample: bool) -> "Mirrored":
    """Mirror the images that are wanted; those that failed are in the result."""
    return steps.mirror_images(
        load_settings(), kinds=kinds, prune=prune, sample=sample, run_id=_run_id()
    )


@task(**RETRIED)
def empty_payloads() -> "Purged":
    """Empty the payloads that may be kept no longer, in batches that commit as they go."""
    return steps.purge_overdue(load_settings(), run_id=_run_id())


def purge_overdue(report: Report) -> None:
    """Purge, then build without what went."""
    report.purged = empty_payloads()
    if report.purged.count:
        build_models(report)


def build_models(report: Report) -> None:
    """Build, and report it; where dbt does not even start, the run goes on to tell so."""
    try:
        report.builds.append(dbt_build())
    except DbtNotRun as error:
        report.stops.append(str(error))


def mirror_wanted(
    report: Report, *, kinds: list[str] | None = None, prune: bool = False, sample: bool = False
) -> None:
    """Mirror, then build what depends on the receipts, if there are new ones."""
    if report.stops or any(built.is_unfinished(WORK_LIST) for built in report.builds):
        report.stops.append(f"No image was mirrored, because `{WORK_LIST}` was not built.")
        return
    try:
        report.images = mirror_images(kinds, prune, sample)
    except MirrorError as error:
        report.stops.append(str(error))
        return
    if report.images.uploaded or report.images.moved or report.images.released:
        build_models(report)


def publish(report: Report) -> Report:
    """Put the report on the run's page. Raises RunIncomplete where anything failed."""
    name = (flow_run.get_flow_name() or "run").replace("_", "-")
    create_markdown_artifact(report.markdown(), key=f"{name}-summary", description="What was done")
    if report.resources:
        create_table_artifact(report.rows(), key=f"{name}-resources", description="Per resource")
    if failed := report.failed_rows():
        create_table_artifact(failed, key=f"{name}-failures", description="What failed")
    if report.problems():
        raise RunIncomplete(report)
    return report


def _run_id() -> UUID:
    """The flow run's id, which the loads then carry: a load leads to the page of its run."""
    return UUID(flow_run.get_id()) if flow_run.get_id() else uuid4()
