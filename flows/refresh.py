"""The whole job: extract what is due, build, mirror the images wanted, build what follows.

The client retries requests; a task is tried again only for what the client cannot retry, a database
that went away. A series, a model or an image that fails stops nothing else: the run goes on to its
end, tells what failed, and fails as a whole. Rejected credentials stop it at once.

The steps stand in `flows.job`. Run it alone with `prefect deployment run 'refresh/daily'`, or with
`showhouse run` where `PREFECT_API_URL` names a server; without one the same steps run plainly.
"""

from datetime import date
from functools import partial

from prefect import flow

from extract.keys import Selection, Shard
from extract.settings import load_settings
from flows import alerts, job
from flows.errors import SampleNotShared
from flows.report import Report
from flows.sharing import share_out
from flows.tasks import TaskCall, publish


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
    report = job.refresh(
        TaskCall(),
        load_settings(),
        asked,
        accept_shrink=accept_shrink,
        sample=sample,
        share_out=partial(share_out, count=shards) if shards > 1 else None,
    )
    return publish(report)
