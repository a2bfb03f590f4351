"""The steps of a run as plain functions: what flows and commands are made of.

Each loads what it needs when it is called: `showhouse track` waits for neither boto3 nor dbt.
"""

import asyncio
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg

from extract.keys import Selection, due, selected
from extract.landing.discovery import discover
from extract.postgres.connections import connect, database_url
from extract.sample import SERIES_IDS, WIKI, WIKI_SERIES
from extract.settings import Settings
from extract.sources.fandom.resources import TAG
from extract.tracking import track, tracked, tracked_titles
from flows import progress
from flows.errors import NothingSelected, NotInSample

if TYPE_CHECKING:
    from extract.landing.purging import Purged
    from extract.landing.taking_back import TakenBack
    from extract.mirror import Mirrored
    from extract.run import Extracted, NotLanded
    from flows.builds import Built

BATCH_SIZE = 500
SAMPLE_TAG = "sample"


def migrate_raw(settings: Settings) -> list[str]:
    """Bring the raw schema up to date, with a table for each resource of the registry.

    Gives the roles that are missing because the user of the database may not make them.
    """
    with connect(url := database_url(settings)) as connection:
        return _migrate(connection, url)


def _migrate(connection: psycopg.Connection[Any], url: str) -> list[str]:
    from extract.postgres.migrations import migrate
    from extract.registry import RESOURCES

    tables = [(resource.name, resource.entity) for resource in RESOURCES.values()]
    missing = migrate(url, tables, connection=connection)
    discover(connection, RESOURCES.values())
    return missing


@contextmanager
def warehouse(settings: Settings) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the migrated database."""
    with connect(url := database_url(settings)) as connection:
        _migrate(connection, url)
        yield connection


def require_some(settings: Settings, asked: Selection, *, sample: bool = False) -> None:
    """Check that series were named, or are tracked. Raises NothingSelected, NotInSample."""
    with warehouse(settings) as connection:
        if sample:
            _require_bundled(asked)
        elif not (asked.tmdb_ids or asked.changes or asked.catalogue or _is_tracked(connection)):
            raise NothingSelected


def _is_tracked(connection: psycopg.Connection[Any]) -> bool:
    return bool(tracked(connection) or tracked_titles(connection))


def require_credentials(settings: Settings, *, sample: bool = False) -> None:
    """Check that TMDb can be asked. Raises SettingsError."""
    from extract.sources.tmdb.connection import require_credentials

    if not sample:
        require_credentials(settings)


def batches_due(
    settings: Settings,
    asked: Selection,
    *,
    sample: bool = False,
    failures: "list[NotLanded] | None" = None,
    run_id: UUID | None = None,
) -> Generator[Selection, None, None]:
    """Split what is due into selections of at most 500 keys, in order: series first.

    What is found in them is looked for when they have landed, so take a batch, extract it, take the
    next. To `failures` is added what was not learnt of the tracked series. Raises NothingSelected,
    NotInSample.
    """
    from flows.naming import update_tracked

    require_some(settings, asked, sample=sample)
    with warehouse(settings) as connection:
        if sample:
            track(connection, SERIES_IDS, [SAMPLE_TAG], run_id=run_id)
            track(connection, [WIKI_SERIES], [f"{TAG}{WIKI}"], run_id=run_id)
    failed = update_tracked(settings, asked, sample=sample, run_id=run_id)
    if failures is not None:
        failures += failed
    asked = selected(asked, sample=sample)
    for subject in asked.subjects:
        with (
            connect(database_url(settings)) as connection,
            closing(due(connection, subject, asked)) as keys,
        ):
            at = 0
            for chunk in keys.chunks(BATCH_SIZE):
                progress.expect(f"Extracting {subject.name}", at, len(keys))
                at += len(chunk)
                batch = replace(asked, subject=subject.name, keys=tuple(chunk))
                yield replace(batch, tmdb_ids=(), tracked=False, catalogue=False, limit=None)


def read_news(
    settings: Settings,
    asked: Selection,
    *,
    names: Sequence[str] = (),
    accept_shrink: bool = False,
    sample: bool = False,
    run_id: UUID | None = None,
) -> "Extracted | None":
    """Land the exports and feeds that a selection rests on, or those of `names`.

    None where it needs none; the sample has no news, its series are the catalogue.
    """
    from extract.news import news_for
    from extract.news import read_news as read

    wanted = tuple(names) or news_for(asked)
    if sample or asked.dry_run or not wanted:
        return None
    progress.tell("Reading what is new at TMDb")
    news = read(settings, wanted, run_id=run_id, accept_shrink=accept_shrink)
    return asyncio.run(news)


def is_anything_due(settings: Settings, asked: Selection, *, sample: bool = False) -> bool:
    """Whether there is a batch to ask for."""
    with closing(batches_due(settings, asked, sample=sample)) as batches:
        return next(batches, None) is not None


def plan(settings: Settings, asked: Selection, *, sample: bool = False) -> "Extracted":
    """Say what would be asked for, by what is known now."""
    from extract.run import extract

    return asyncio.run(extract(settings, replace(asked, dry_run=True), sample=sample))


def _require_bundled(asked: Selection) -> None:
    unknown = sorted(set(asked.tmdb_ids) - set(SERIES_IDS))
    if unknown:
        raise NotInSample(unknown[0])


def extract_batch(
    settings: Settings,
    selection: Selection,
    *,
    sample: bool = False,
    run_id: UUID | None = None,
) -> "Extracted":
    """Ask for one selection and land the answers."""
    from extract.run import extract

    def tell(subject: str, done: int, total: int) -> None:
        progress.tell(f"Extracting {subject}", done, total)

    return asyncio.run(extract(settings, selection, on_progress=tell, run_id=run_id, sample=sample))


def mirror_images(
    settings: Settings,
    *,
    kinds: Iterable[str] | None = None,
    prune: bool = False,
    accept_shrink: bool = False,
    dry_run: bool = False,
    sample: bool = False,
    run_id: UUID | None = None,
) -> "Mirrored":
    """Mirror what is wanted, telling how far it has come."""
    from extract.mirror import Mirrored, mirror

    def tell(so_far: Mirrored) -> None:
        done = so_far.uploaded + so_far.skipped + so_far.rejected + so_far.failed
        progress.tell("Mirroring images", done, so_far.wanted)

    return mirror(
        settings,
        kinds=kinds,
        prune=prune,
        accept_shrink=accept_shrink,
        dry_run=dry_run,
        sample=sample,
        on_progress=tell,
        run_id=run_id,
    )


def forget_photos(settings: Settings) -> int:
    """Take photos of people who are to be forgotten out of the store; how many objects went.

    Raises MirrorError.
    """
    from extract.mirror import forget

    return len(forget(settings).deleted)


def purge_overdue(
    settings: Settings, *, dry_run: bool = False, run_id: UUID | None = None
) -> "Purged":
    """Empty the payloads that may be kept no longer, telling how far it has come.

    Between builds: one build shows one state of the world. What was under way when somebody was
    forgotten, and landed later, goes as well.
    """
    from extract.landing.forgetting import empty_forgotten
    from extract.landing.purging import purge
    from extract.registry import RESOURCES
    from extract.suppression import follow
    from flows import dbt_runner

    def tell(done: int, total: int) -> None:
        progress.tell("Purging payloads", done, total)

    with warehouse(settings) as connection:
        resources = RESOURCES.values()
        run_id = run_id or uuid4()
        if dry_run:
            return purge(connection, resources, run_id=run_id, dry_run=True)
        with dbt_runner.between_builds(database_url(settings), progress.tell):
            follow(connection, run_id=run_id)
            forgotten = empty_forgotten(connection, resources, run_id=run_id)
            return forgotten + purge(connection, resources, run_id=run_id, on_progress=tell)


def take_back(settings: Settings, load_id: int) -> "TakenBack":
    """Take a load back as a whole. Raises LoadNotTakenBack."""
    from extract.landing.taking_back import take_back

    with warehouse(settings) as connection:
        return take_back(connection, load_id, run_id=uuid4())


def build(settings: Settings) -> "Built":
    """Build with dbt what changed, and tell what answers hold that none held before."""
    from flows import dbt_runner, drift

    nodes = 0
    tell = progress.listener()

    def on_node(_: str) -> None:
        nonlocal nodes
        nodes += 1
        tell("Building and testing models", nodes, None)

    with connect(database_url(settings)) as connection:
        since = drift.horizon(connection)
    built = dbt_runner.build(settings, say=progress.tell, on_node=on_node, only_if_needed=True)
    if built.is_left_out:
        return built
    with connect(database_url(settings)) as connection:
        return replace(built, drift=drift.drift_since(connection, since))
