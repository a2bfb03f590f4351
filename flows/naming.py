"""Which series people name, and which of them are tracked: the steps of `showhouse track`."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg

from extract.errors import SettingsError
from extract.keys import Selection
from extract.postgres.connections import database_url
from extract.references import ASKED, Kind, Reference
from extract.settings import Settings, load_settings
from extract.tracking import track, track_titles, tracked, tracked_titles, untag, untrack
from flows import progress
from flows.errors import Unresolved
from flows.series_files import read_series
from flows.steps import warehouse

if TYPE_CHECKING:
    from extract.resolved import Resolved
    from extract.run import NotLanded

_log = logging.getLogger(__name__)


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


def split_unknown(
    resolved: "Sequence[Resolved]", *, unknown: bool
) -> "tuple[list[Resolved], list[str]]":
    """Split off the IMDb ids that TMDb does not know, where these are to be tracked as well.

    Raises Unresolved where anything else is not certain.
    """
    titles = [each.reference.value for each in resolved if unknown and is_unknown(each)]
    known = [each for each in resolved if not (unknown and is_unknown(each))]
    if doubtful := [each for each in known if not each.is_certain]:
        raise Unresolved(doubtful)
    return known, titles


def is_unknown(resolved: "Resolved") -> bool:
    """Whether it is an IMDb id of which TMDb knows nothing (yet)."""
    return resolved.reference.kind is Kind.IMDB and resolved.reason == "no_tv_results"


def track_unknown(imdb_ids: Iterable[str], tags: Sequence[str] = ()) -> int:
    """Track series by their IMDb ids; gives how many are new or have new tags."""
    with warehouse(load_settings()) as connection:
        return track_titles(connection, imdb_ids, tags)


def update_tracked(
    settings: Settings, asked: Selection, *, sample: bool = False, run_id: UUID | None = None
) -> "list[NotLanded]":
    """Ask TMDb what belongs to the tracked series by now; gives what failed.

    That is what joined the lists that are followed, and series that are tracked by their IMDb id
    because TMDb did not know them. Only in runs of all that is tracked, and in the first of several
    shares. What cannot be asked waits for the next run. Raises AuthenticationRejected.
    """
    is_named = (asked.tmdb_ids or asked.keys) and not (asked.tracked or asked.changes)
    if sample or asked.dry_run or is_named or asked.catalogue or asked.shard.number > 1:
        return []
    from extract.following import follow, followed
    from extract.resolving import Resolver
    from extract.sources.tmdb.connection import open_client
    from extract.titles import resolve_titles, waiting

    run = run_id or uuid4()

    async def ask(connection: psycopg.Connection[Any]) -> "list[NotLanded]":
        async with open_client(settings, database_url(settings), sample=sample) as client:
            resolver = Resolver(client, connection, run)
            failures = await follow(resolver, connection, lists, run_id=run)
            return failures + await resolve_titles(resolver, connection, titles, run_id=run)

    with warehouse(settings) as connection:
        lists, titles = followed(connection), waiting(connection)
        if not (lists or titles):
            return []
        progress.tell("Asking TMDb what belongs to the tracked series by now")
        try:
            return asyncio.run(ask(connection))
        except SettingsError as error:  # without credentials nothing is asked; IMDb's files are
            _log.warning("%s", error)
            return []


def track_resolved(resolved: "Sequence[Resolved]", tags: Sequence[str] = ()) -> tuple[int, int]:
    """Track what references mean; gives how many series that is, and how many of them changed.

    A list's own tag is taken off the series that left the list; they stay tracked. From a list that
    came incomplete (`shortfall`) nothing is taken off.
    """
    series: dict[int, tuple[str, ...]] = {}
    for each in resolved:
        for number in each.tmdb_ids:
            series[number] = tuple(dict.fromkeys((*series.get(number, ()), *tags, *each.tags)))
    changed = track_series(series)
    with warehouse(load_settings()) as connection:
        for each in resolved:
            for tag in each.tags if not each.shortfall else ():
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


def track_file(file: Path, tags: Sequence[str] = (), *, unknown: bool = False) -> Imported:
    """Track the series that a CSV file names. Raises FileNotTaken, and what asking TMDb raises.

    With `unknown` those that TMDb does not know are tracked by their IMDb id.

    The tag of a list of IMDb's is taken off the series that left it; they stay tracked.
    """
    read = read_series(file)
    given = (*tags, read.list_tag) if read.list_tag else tuple(tags)
    references = list(dict.fromkeys(named.reference for named in read.named))
    found = dict(zip(references, resolve(load_settings(), references), strict=True))
    series: dict[int, tuple[str, ...]] = {}
    titles: dict[str, tuple[str, ...]] = {}
    unresolved = []
    for named in read.named:
        resolved = found[named.reference]
        if unknown and is_unknown(resolved):
            titles[resolved.reference.value] = tuple(dict.fromkeys((*given, *named.tags)))
        elif not resolved.is_certain:
            unresolved.append(f"`{file}`, line {named.line}: {resolved}")
        for number in resolved.tmdb_ids:
            own = (*series.get(number, ()), *given, *named.tags)
            series[number] = tuple(dict.fromkeys(own))
    changed = track_series(series)
    changed += sum(track_unknown([imdb_id], own) for imdb_id, own in titles.items())
    if read.list_tag:
        with warehouse(load_settings()) as connection:
            untag(connection, read.list_tag, but=series, but_titles=titles)
    return Imported(len(series) + len(titles), changed, read.passed_over, unresolved)


def with_references(
    settings: Settings, asked: Selection, references: Sequence[Reference], *, sample: bool = False
) -> Selection:
    """Add the series that references mean to those asked for; those of a list are tracked as well.

    Raises Unresolved.
    """
    if not references:
        return asked
    resolved = resolve_all(settings, references, sample=sample)
    for each in resolved:
        if each.shortfall:
            _log.warning("%s", each.shortfall)
    if not asked.dry_run:
        track_resolved([each for each in resolved if each.reference.kind is Kind.LIST])
    ids = (number for each in resolved for number in each.tmdb_ids)
    return replace(asked, tmdb_ids=tuple(dict.fromkeys((*asked.tmdb_ids, *ids))))


def untrack_resolved(resolved: "Sequence[Resolved]") -> tuple[int, int]:
    """Track series no longer; gives how many are named and how many of them were tracked.

    Raises Unresolved where it is not certain of each which it is.
    """
    named = {each.reference.value for each in resolved if each.reference.kind is Kind.IMDB}
    with warehouse(load_settings()) as connection:
        titles = named & tracked_titles(connection).keys()
        if doubtful := [
            each for each in resolved if not each.is_certain and each.reference.value not in titles
        ]:
            raise Unresolved(doubtful)
        numbers = {number for each in resolved for number in each.tmdb_ids}
        return len(numbers | titles), untrack(connection, numbers, titles)


def tracked_series() -> dict[str, tuple[str, ...]]:
    """Give what is tracked, each with its tags: TMDb's ids, then IMDb's of what TMDb lacks."""
    with warehouse(load_settings()) as connection:
        known = {str(number): tags for number, tags in tracked(connection).items()}
        return known | tracked_titles(connection)
