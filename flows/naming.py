"""Which series people name, and which of them are tracked: the steps of `showhouse track`."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg

from extract.keys import Selection
from extract.postgres.connections import database_url
from extract.references import ASKED, Kind, Reference
from extract.settings import Settings, load_settings
from extract.tracking import track, tracked, untag, untrack
from flows.errors import Unresolved
from flows.series_files import read_series
from flows.steps import warehouse

if TYPE_CHECKING:
    from extract.resolving import Resolved


def track_series(series: Mapping[int, Sequence[str]]) -> int:
    """Track series, each with its tags; gives how many are new or have new tags."""
    ids_by_tags: dict[tuple[str, ...], list[int]] = {}
    for tmdb_id, tags in series.items():
        ids_by_tags.setdefault(tuple(tags), []).append(tmdb_id)
    with warehouse(load_settings()) as connection:
        return sum(track(connection, ids, tags) for tags, ids in ids_by_tags.items())


def resolve(
    settings: Settings,
    references: Sequence[Reference],
    *,
    sample: bool = False,
    run_id: UUID | None = None,
) -> "list[Resolved]":
    """Say which series references mean; TMDb is asked only where they do not say it themselves."""
    from extract.resolving import Resolver
    from extract.sources.tmdb.connection import open_client

    async def ask(connection: psycopg.Connection[Any]) -> "list[Resolved]":
        if not any(reference.kind in ASKED for reference in references):
            return await Resolver(None, connection, run_id or uuid4()).resolve(references)
        async with open_client(settings, database_url(settings), sample=sample) as client:
            return await Resolver(client, connection, run_id or uuid4()).resolve(references)

    with warehouse(settings) as connection:
        return asyncio.run(ask(connection))


def resolve_all(
    settings: Settings, references: Sequence[Reference], *, sample: bool = False
) -> "list[Resolved]":
    """Say which series references mean. Raises Unresolved where that is not certain of each."""
    resolved = resolve(settings, references, sample=sample)
    if doubtful := [each for each in resolved if not each.is_certain]:
        raise Unresolved(doubtful)
    return resolved


def track_resolved(resolved: "Sequence[Resolved]", tags: Sequence[str] = ()) -> tuple[int, int]:
    """Track what references mean; gives how many series that is, and how many of them changed.

    A list's own tag is taken off the series that left the list; they stay tracked.
    """
    series: dict[int, tuple[str, ...]] = {}
    for each in resolved:
        for number in each.tmdb_ids:
            series[number] = tuple(dict.fromkeys((*series.get(number, ()), *tags, *each.tags)))
    changed = track_series(series)
    with warehouse(load_settings()) as connection:
        for each in resolved:
            for tag in each.tags:
                untag(connection, tag, but=each.tmdb_ids)
    return len(series), changed


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file of series."""

    series_count: int
    changed_count: int
    passed_over: list[str]
    unresolved: list[str]
    """A sentence for each line whose series is not certain; the others are tracked."""


def track_file(file: Path, tags: Sequence[str] = ()) -> Imported:
    """Track the series that a CSV file names. Raises FileNotTaken, and what asking TMDb raises.

    The tag of a list of IMDb's is taken off the series that left it; they stay tracked.
    """
    read = read_series(file)
    given = (*tags, read.list_tag) if read.list_tag else tuple(tags)
    references = list(dict.fromkeys(named.reference for named in read.named))
    found = dict(zip(references, resolve(load_settings(), references), strict=True))
    series: dict[int, tuple[str, ...]] = {}
    unresolved = []
    for named in read.named:
        resolved = found[named.reference]
        if not resolved.is_certain:
            unresolved.append(f"`{file}`, line {named.line}: {resolved}")
        for number in resolved.tmdb_ids:
            own = (*series.get(number, ()), *given, *named.tags)
            series[number] = tuple(dict.fromkeys(own))
    changed = track_series(series)
    if read.list_tag:
        with warehouse(load_settings()) as connection:
            untag(connection, read.list_tag, but=series)
    return Imported(len(series), changed, read.passed_over, unresolved)


def with_references(
    settings: Settings, asked: Selection, references: Sequence[Reference], *, sample: bool = False
) -> Selection:
    """Add the series that references mean to those asked for; those of a list are tracked as well.

    Raises Unresolved.
    """
    if not references:
        return asked
    resolved = resolve_all(settings, references, sample=sample)
    if not asked.dry_run:
        track_resolved([each for each in resolved if each.reference.kind is Kind.LIST])
    ids = (number for each in resolved for number in each.tmdb_ids)
    return replace(asked, tmdb_ids=tuple(dict.fromkeys((*asked.tmdb_ids, *ids))))


def untrack_series(tmdb_ids: Iterable[int]) -> int:
    """Track series no longer; gives how many were tracked."""
    with warehouse(load_settings()) as connection:
        return untrack(connection, tmdb_ids)


def tracked_series() -> dict[int, tuple[str, ...]]:
    """Give the tracked series, each with its tags."""
    with warehouse(load_settings()) as connection:
        return tracked(connection)
