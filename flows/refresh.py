"""The whole job: extract what is due, build, mirror the images wanted, build what follows.

The client retries requests; a task is tried again only for what the client cannot retry, a database
that went away. A series, a model or an image that fails stops nothing else: the run goes on to its
end, tells what failed, and fails as a whole. Rejected credentials stop it at once.

Run it alone with `showhouse run`, or `prefect deployment run 'refresh/daily'`.
"""

from dataclasses import replace
from datetime import date

from prefect import flow

from extract.keys import Selection, Shard
from extract.settings import load_settings
from flows import alerts, steps, tasks
from flows.errors import SampleNotShared
from flows.report import Report
from flows.sharing import share_out


@flow(
    name="refresh",
    description=__doc__,
    on_failure=[alerts.on_failure],
    on_crashed=[alerts.on_failure],
)
def refresh(
    tmdb_ids: list[int] | None = None,
    tracked: bool = False,
    changes: bool = False,
    catalogue: bool = False,
    shard: str = "1/1",
    shards: int = 1,
    limit: int | None = None,
    since: date | None = None,
    force: bool = False,
    series_only: bool = False,
    accept_shrink: bool = False,
    sample: bool = False,
) -> Report:
    """Refresh the series of `tmdb_ids` where they are due; the tracked ones too, or without ids.

    `changes`: all that are held as well, and what TMDb's change feed names; `catalogue`: all that
    its newest export lists. And the people, networks and so on that are found in them, unless
    `series_only`. `shard`: the share K/N alone; `shards`: so many runs of `extract/shard`
    share the work. `limit`: at most so many of each, in each share; `since`: also what was last
    checked before it; `force`: series due or not; `accept_shrink`: believe a short export;
    `sample`: the bundled responses, which are not shared. Raises SampleNotShared, and
    RunIncomplete, with the report, if anything failed.
    """
    if sample and shards > 1:
        raise SampleNotShared(shards)
    asked = Selection(
        tmdb_ids=tuple(tmdb_ids or ()),
        tracked=tracked,
        changes=changes,
        catalogue=catalogue,
        shard=Shard.parse(shard),
        limit=limit,
        since=since,
        force=force,
        series_only=series_only,
    )
    report = Report()
    report.add(tasks.read_news(asked, accept_shrink=accept_shrink, sample=sample))
    if shards > 1:
        asked, report.shares = share_out(asked, shards)
    # What a lost worker left, and what was found too late for its share, is due here.
    batches = steps.batches_due(load_settings(), asked, sample=sample, failures=report.failures)
    for batch in batches:
        batch = replace(batch, withheld=report.withheld)
        report.add(tasks.extract_batch(batch, sample=sample))
    report.add(tasks.read_datasets(asked, accept_shrink=accept_shrink, sample=sample))
    report.add(tasks.read_wikis(asked, sample=sample))
    tasks.build_models(report)
    tasks.mirror_wanted(report, sample=sample)
    return tasks.publish(report)
