"""The sequence of each job, once: `call` decides how a step is called (`flows.calling`).

A series, a model or an image that fails stops nothing else: the job goes on to its end, and its
report tells what failed. Rejected credentials stop it at once. Nothing here imports Prefect.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace

from extract.errors import MirrorError
from extract.keys import Selection
from extract.settings import Settings
from flows import sources, steps
from flows.calling import Call, Step
from flows.errors import DbtNotRun, RunIncomplete
from flows.report import Report, Share

READ_NEWS = Step("read_news", steps.read_news)
EXTRACT_BATCH = Step("extract_batch", steps.extract_batch)
READ_DATASETS = Step("read_datasets", sources.read_datasets)
READ_WIKIS = Step("read_wikis", sources.read_wikis)
DBT_BUILD = Step("dbt_build", steps.build, is_retried=False)
MIRROR_IMAGES = Step("mirror_images", steps.mirror_images)
EMPTY_PAYLOADS = Step("empty_payloads", steps.purge_overdue)

WORK_LIST = "marts.image_candidates"

ShareOut = Callable[[Selection], tuple[Selection, list[Share]]]
"""Lets other runs extract; gives what is still to be asked for, and how they ended."""


def refresh(
    call: Call,
    settings: Settings,
    asked: Selection,
    *,
    accept_shrink: bool = False,
    sample: bool = False,
    share_out: ShareOut | None = None,
) -> Report:
    """Extract what is due, build, mirror the images that are wanted, and build what shows them.

    `accept_shrink`: believe a short export; `sample`: the bundled responses. Raises
    NothingSelected and NotInSample.
    """
    report = Report()
    news = call(
        READ_NEWS,
        settings,
        asked,
        accept_shrink=accept_shrink,
        sample=sample,
        run_id=call.run_id,
    )
    report.add(news)
    if share_out is not None:
        asked, report.shares = share_out(asked)
    # What a lost worker left, and what was found too late for its share, is due here.
    extract_due(call, settings, asked, report, sample=sample)
    datasets = call(
        READ_DATASETS,
        settings,
        asked,
        accept_shrink=accept_shrink,
        sample=sample,
        run_id=call.run_id,
    )
    report.add(datasets)
    report.add(call(READ_WIKIS, settings, asked, sample=sample, run_id=call.run_id))
    build_models(call, settings, report)
    mirror_wanted(call, settings, report, sample=sample)
    return report


def extract_due(
    call: Call, settings: Settings, asked: Selection, report: Report, *, sample: bool = False
) -> None:
    """Extract what is due, batch after batch. Raises NothingSelected and NotInSample."""
    due = steps.batches_due(
        settings, asked, sample=sample, failures=report.failures, run_id=call.run_id
    )
    with closing(due) as batches:  # whatever ends a batch: its list of keys is a cursor in Postgres
        for batch in batches:
            batch = replace(batch, withheld=report.withheld)
            report.add(call(EXTRACT_BATCH, settings, batch, sample=sample, run_id=call.run_id))


def purge_overdue(call: Call, settings: Settings, report: Report) -> None:
    """Empty payloads that may be kept no longer; build where there were any."""
    report.purged = call(EMPTY_PAYLOADS, settings, run_id=call.run_id)
    if report.purged.count:
        build_models(call, settings, report)


def build_models(call: Call, settings: Settings, report: Report) -> None:
    """Build with dbt. Where dbt does not even start, the report tells so."""
    try:
        report.builds.append(call(DBT_BUILD, settings))
    except DbtNotRun as error:
        report.stops.append(str(error))


def mirror_wanted(
    call: Call,
    settings: Settings,
    report: Report,
    *,
    kinds: Iterable[str] | None = None,
    prune: bool = False,
    sample: bool = False,
) -> None:
    """Mirror the images that are wanted; build what shows them where receipts are new."""
    if report.stops or any(built.is_unfinished(WORK_LIST) for built in report.builds):
        report.stops.append(f"No image was mirrored, because `{WORK_LIST}` was not built.")
        return
    try:
        report.images = call(
            MIRROR_IMAGES, settings, kinds=kinds, prune=prune, sample=sample, run_id=call.run_id
        )
    except MirrorError as error:
        report.stops.append(str(error))
        return
    if report.images.uploaded or report.images.moved or report.images.released:
        build_models(call, settings, report)


def require_complete(report: Report) -> Report:
    """Return the report of a run in which nothing failed. Raises RunIncomplete otherwise."""
    if report.problems():
        raise RunIncomplete(report)
    return report
