"""The whole job: extract what is due, build, mirror the images wanted, build what follows.

The client retries requests; a task is tried again only for what the client cannot retry, a database
that went away. A series, a model or an image that fails stops nothing else: the run goes on to its
end, tells what failed, and fails as a whole. Rejected credentials stop it at once.

Run it alone with `showhouse run`, or `prefect deployment run 'refresh/daily'`.
"""

from datetime import date

from prefect import flow

from extract.keys import Selection
from extract.settings import load_settings
from flows import steps, tasks
from flows.report import Report


@flow(name="refresh", description=__doc__)
def refresh(
    tmdb_ids: list[int] | None = None,
    tracked: bool = False,
    limit: int | None = None,
    since: date | None = None,
    force: bool = False,
    series_only: bool = False,
    sample: bool = False,
) -> Report:
    """Refresh the series of `tmdb_ids` where they are due; the tracked ones too, or without ids.

    And the people, networks and so on that are found in them, unless `series_only`. `limit`: at
    most so many of each; `since`: also what was last checked before it; `force`: series due or not;
    `sample`: the bundled responses. Raises RunIncomplete, with the report, if anything failed.
    """
    asked = Selection(
        tmdb_ids=tuple(tmdb_ids or ()),
        tracked=tracked,
        limit=limit,
        since=since,
        force=force,
        series_only=series_only,
    )
    report = Report()
    for batch in steps.batches_due(load_settings(), asked, sample=sample):
        report.add(tasks.extract_batch(batch, sample=sample))
    tasks.build_models(report)
    tasks.mirror_wanted(report, sample=sample)
    return tasks.publish(report)
