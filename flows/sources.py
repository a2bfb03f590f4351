"""The steps that read other sources than TMDb: IMDb's files and saved pages, Fandom's wikis.

They come after TMDb's in a run, since what they are read for was found there. None of them asks a
source that nobody named: a setting, a folder or a tag does.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from extract.keys import Selection
from extract.settings import Settings
from flows import progress
from flows.steps import migrate_raw

if TYPE_CHECKING:
    from extract.run import Extracted


def read_datasets(
    settings: Settings,
    asked: Selection,
    *,
    names: Sequence[str] = (),
    accept_shrink: bool = False,
    sample: bool = False,
    run_id: UUID | None = None,
) -> "Extracted | None":
    """Land IMDb's datasets: those of `names`, or, without names, those that a run reads.

    A run reads them once a day, and only where `IMDB_DATASETS_BASE_URL` is set: they are large, and
    nobody should fetch them who did not ask; with `sample`, the bundled rows. For series that are
    named nothing is read.
    """
    is_named = bool(asked.tmdb_ids) and not (asked.tracked or asked.changes or asked.catalogue)
    is_asked = sample or "imdb_datasets_base_url" in settings.model_fields_set
    is_wanted = is_asked and not is_named
    if asked.dry_run or not (names or is_wanted):
        return None
    from extract.datasets import extract_datasets

    progress.tell("Reading IMDb's datasets")
    return asyncio.run(
        extract_datasets(
            settings,
            names,
            catalogue=asked.catalogue,
            accept_shrink=accept_shrink,
            only_due=not names,
            force=asked.force and bool(names),
            sample=sample,
            run_id=run_id,
        )
    )


def read_pages(settings: Settings, folder: Path | None) -> "Extracted":
    """Land the pages of IMDb's in a folder, or parse again those that are held."""
    from extract.pages import extract_pages

    migrate_raw(settings)
    progress.tell("Reading pages")
    return extract_pages(settings, folder)


def read_wikis(
    settings: Settings,
    asked: Selection,
    *,
    is_named: bool = False,
    sample: bool = False,
    run_id: UUID | None = None,
) -> "Extracted | None":
    """Land the pages of the wikis that tracked series are tagged with, where any is.

    A run for series that are named leaves them out; `is_named`: they were asked for themselves.
    `sample`: the bundled page.
    """
    is_wanted = not asked.tmdb_ids or asked.tracked or asked.changes or asked.catalogue
    if asked.dry_run or not (is_named or is_wanted):
        return None
    from extract.wikis import extract_wikis

    migrate_raw(settings)
    progress.tell("Reading wikis")
    force, limit = asked.force and is_named, asked.limit
    return asyncio.run(
        extract_wikis(settings, force=force, limit=limit, sample=sample, run_id=run_id)
    )
