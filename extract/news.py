"""What is new upstream, read before anything is asked for: the daily exports, the change feeds."""

import logging
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

from extract.changes import land_changes
from extract.exports import land_exports, open_exports
from extract.keys import Selection
from extract.landing import Landed
from extract.postgres.connections import connect, database_url
from extract.run import Extracted, NotLanded
from extract.settings import Settings
from extract.sources.tmdb.catalogue import (
    COMPANY_IDS,
    EXPORTS,
    FEEDS,
    NETWORK_IDS,
    PERSON_CHANGES,
    SERIES_IDS,
    TV_CHANGES,
)
from extract.sources.tmdb.connection import open_client

_log = logging.getLogger(__name__)


def news_for(selection: Selection) -> tuple[str, ...]:
    """The lists and feeds that a selection rests on, by the names of their resources.

    The catalogue of people is not among them: they are asked for where a series credits them.
    """
    if selection.keys or not (selection.changes or selection.catalogue):
        return ()
    wanted = [SERIES_IDS]
    if selection.catalogue and not selection.series_only:
        wanted += [NETWORK_IDS, COMPANY_IDS]
    if selection.changes:
        wanted.append(TV_CHANGES)
    if selection.changes and not selection.series_only:
        wanted.append(PERSON_CHANGES)
    return tuple(resource.name for resource in wanted)


async def read_news(
    settings: Settings,
    names: Sequence[str],
    *,
    run_id: UUID | None = None,
    accept_shrink: bool = False,
) -> Extracted:
    """Land the newest of each list and feed named, where it has not landed yet.

    What fails is listed and stops nothing: without it, what is held and its age decide. Raises
    AuthenticationRejected, SettingsError and PostgresError.
    """
    started, done, url = time.monotonic(), Extracted(), database_url(settings)
    run, landed = run_id or uuid4(), Landed()
    exports = [EXPORTS[name] for name in names if name in EXPORTS]
    feeds = [FEEDS[name] for name in names if name in FEEDS]
    with connect(url, application="showhouse news") as connection:
        if exports:
            async with open_exports(settings, url) as client:
                listed = await land_exports(
                    client, connection, exports, run_id=run, accept_shrink=accept_shrink
                )
            landed += listed.landed
            done.requests += listed.requests
            done.failures += [NotLanded("exports", key, why) for key, why in listed.failures]
        if feeds:
            async with open_client(settings, url) as client:
                for feed in feeds:
                    told = await land_changes(client, connection, feed, run_id=run)
                    landed += told.landed
                    done.failures += [NotLanded("changes", key, why) for key, why in told.failures]
                done.requests += client.statistics.requests
    done.by_resource, done.load_id = dict(landed.by_resource), landed.load_id
    done.seconds = time.monotonic() - started
    for line in done.lines():
        _log.info(line)
    return done
