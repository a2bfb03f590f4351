"""A run shared by several: each extracts one of N shares, wherever a worker takes it up.

Nobody hands out work: which keys are whose follows from the keys, what is due from the books, and
how fast all of them ask together from the one rate gate. A run that is lost leaves its keys due.

Prefect never learns that a machine is gone: the run stays `Running`. So each share holds a lock in
Postgres for as long as it lives, and who waits for it looks for that.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from prefect import flow, get_client, get_run_logger
from prefect.client.schemas.objects import State
from prefect.deployments import arun_deployment
from prefect.runtime import flow_run

from extract.errors import DatabaseUnreachable
from extract.keys import Selection, Shard
from extract.postgres import clock
from extract.postgres.connections import connect, database_url
from extract.settings import load_settings
from flows import job
from flows.report import Report, Share
from flows.tasks import TaskCall, publish

DEPLOYMENT = "extract/shard"
LOST_SECONDS = 30
"""A run that shows no life for so long is lost: enough to start, or for Postgres to restart."""
LATE_SECONDS = 600
"""A run that no worker has taken up by then is not waited for."""
LONGEST_SECONDS = 24 * 3_600
LOOK_SECONDS = 2

_ALIVE = "showhouse: run {}"


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
    settings = load_settings()
    with _showing_life(database_url(settings), flow_run.get_id() or ""):
        job.extract_due(TaskCall(), settings, asked, report)
    return publish(report)


@contextmanager
def _showing_life(url: str, run_id: str) -> Iterator[None]:
    with connect(url, application="showhouse shard") as connection:
        lock = "select pg_advisory_lock(hashtextextended(%s, 0))"
        connection.execute(lock, [_ALIVE.format(run_id)])
        yield


def _shows_life(url: str, run_id: UUID) -> bool:
    """Whether the run holds its lock; where nobody can say, it may."""
    lock = "select pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
    try:
        with connect(url, application="showhouse shard") as connection:
            row = connection.execute(lock, [_ALIVE.format(run_id)]).fetchone()
    except (psycopg.OperationalError, DatabaseUnreachable):
        return True
    return row != (True,)


def share_out(asked: Selection, count: int) -> tuple[Selection, list[Share]]:
    """Start `count` runs, wait for them, and give what to ask for then, and how they ended.

    What to ask for is what is still due; of what is forced what no run has checked meanwhile. So
    one that is lost is no failure. One that failed is: what failed in it may not be due for days.
    """
    with connect(database_url(load_settings())) as connection:
        began = clock.now(connection)
    selections = [replace(asked, shard=Shard(number, count)) for number in range(1, count + 1)]
    shares = asyncio.run(_run_all(selections))
    for share in shares:
        get_run_logger().info(str(share))
    return replace(asked, forced_before=began), shares


async def _run_all(selections: Sequence[Selection]) -> list[Share]:
    return await asyncio.gather(*map(_run, selections))


async def _run(selection: Selection) -> Share:
    started = await arun_deployment(
        DEPLOYMENT,
        parameters=_parameters(selection),
        timeout=0,
        flow_run_name=f"shard {selection.shard}",
    )
    return await _end_of(started.id, str(selection.shard), database_url(load_settings()))


async def _end_of(run_id: UUID, name: str, url: str) -> Share:
    """Wait until the run has ended, is lost, or is not taken up by any worker."""
    begun = alive = time.monotonic()
    async with get_client() as client:
        while (now := time.monotonic()) - begun < LONGEST_SECONDS:
            state = (await client.read_flow_run(run_id)).state
            if state is not None and state.is_final():
                return _ended(name, state)
            if state is None or not state.is_running():
                if now - begun > LATE_SECONDS:
                    return Share(name, "late")
                alive = now
            elif await asyncio.to_thread(_shows_life, url, run_id):
                alive = now
            elif now - alive > LOST_SECONDS:
                return Share(name, "lost")
            await asyncio.sleep(LOOK_SECONDS)
    return Share(name, "endless", has_failed=True)


def _ended(name: str, state: State[Any]) -> Share:
    # Crashed is what Prefect calls a run whose process was killed: it left its keys due.
    said = "" if state.is_completed() else (state.message or "")
    return Share(name, state.name or state.type.value, said, has_failed=state.is_failed())


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
