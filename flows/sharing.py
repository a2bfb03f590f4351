"""A run shared by several: each extracts one of N shares, wherever a worker takes it up.

Nobody hands out work: which keys are whose follows from the keys, what is due from the books, and
how fast all of them ask together from the one rate gate. A run that is lost leaves its keys due.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import arun_deployment
from prefect.exceptions import FlowRunWaitTimeout
from prefect.flow_runs import wait_for_flow_run

from extract.keys import Selection, Shard
from extract.settings import load_settings
from flows import steps, tasks
from flows.report import Report

DEPLOYMENT = "extract/shard"
LONGEST_SECONDS = 24 * 3_600


@flow(name="extract", description=__doc__)
def extract(
    shard: str,
    tmdb_ids: list[int] | None = None,
    tracked: bool = False,
    changes: bool = False,
    catalogue: bool = False,
    limit: int | None = None,
    since: date | None = None,
    force: bool = False,
    series_only: bool = False,
) -> Report:
    """Land the share K/N of what is due, and build nothing; the other parameters as of `refresh`.

    Raises RunIncomplete, with the report, if anything failed.
    """
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
    for batch in steps.batches_due(load_settings(), asked):
        report.add(tasks.extract_batch(batch))
    return tasks.publish(report)


def share_out(asked: Selection, count: int) -> list[str]:
    """Start `count` runs, wait for them, and give how each ended; a lost one is nobody's failure.

    The caller then asks for what is still due.
    """
    selections = [replace(asked, shard=Shard(number, count)) for number in range(1, count + 1)]
    states = asyncio.run(_run_all(selections))
    for selection, state in zip(selections, states, strict=True):
        get_run_logger().info("shard %s: %s", selection.shard, state)
    return states


async def _run_all(selections: Sequence[Selection]) -> list[str]:
    return await asyncio.gather(*map(_run, selections))


async def _run(selection: Selection) -> str:
    started = await arun_deployment(
        DEPLOYMENT,
        parameters=_parameters(selection),
        timeout=0,
        flow_run_name=f"shard {selection.shard}",
    )
    try:
        ended: FlowRun = await wait_for_flow_run(
            started.id, timeout=LONGEST_SECONDS, poll_interval=2
        )
    except FlowRunWaitTimeout:
        return "lost"
    return ended.state_name or "lost"


def _parameters(asked: Selection) -> dict[str, Any]:
    since = asked.since.isoformat() if asked.since else None
    return {
        "shard": str(asked.shard),
        "tmdb_ids": list(asked.tmdb_ids) or None,
        "tracked": asked.tracked,
        "changes": asked.changes,
        "catalogue": asked.catalogue,
        "limit": asked.limit,
        "since": since,
        "force": asked.force,
        "series_only": asked.series_only,
    }
