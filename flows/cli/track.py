"""`showhouse track`: the series that every run keeps up to date."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.console import say, show, table
from flows.cli.options import Words, verbose_option

if TYPE_CHECKING:
    from extract.references import Reference

tag_option = click.option(
    "--tag",
    "tags",
    type=Words(),
    multiple=True,
    metavar="TAG",
    help="A tag to remember. May be given again.",
)

unknown_option = click.option(
    "--unknown",
    is_flag=True,
    help="Track by its IMDb id what TMDb does not know: IMDb's files then make a show of it, until "
    "TMDb does.",
)


@click.group()
def track() -> None:
    """Say which series every run keeps up to date."""


def _references(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> Any:
    """Read what was written, or a usage error that says what can be."""
    from extract.references import parse

    try:
        return [parse(text) for text in texts]
    except ValueError as error:
        raise click.UsageError(str(error)) from None


series_argument = click.argument(
    "references",
    type=Words(),
    metavar="SERIES...",
    nargs=-1,
    required=True,
    callback=_references,
)


@track.command()
@series_argument
@tag_option
@unknown_option
@verbose_option
def add(references: "list[Reference]", tags: tuple[str, ...], unknown: bool) -> None:
    """Track series.

    SERIES is an id (1396, tt0903747), an address at TMDb or IMDb, a list of TMDb (list/5, or its
    address), or a title: 'Breaking Bad', 'Survivor (2000)'. A title is taken where exactly one
    series bears it; otherwise those that may be meant are proposed, and nothing is tracked.
    """
    from extract.settings import load_settings
    from flows.naming import resolve, split_unknown, track_resolved, track_unknown

    resolved, titles = split_unknown(resolve(load_settings(), references), unknown=unknown)
    named, changed = track_resolved(resolved, tags)
    if titles:
        named, changed = named + len(titles), changed + track_unknown(titles, tags)
    for each in resolved:
        if each.candidates:
            how = f"{each.reason}, {each.score:.0%} certain"
            say(f"`{each.reference}` is {each.candidates[0]}: {how}.")
        if each.shortfall:
            say(f"{each.shortfall}.")
    say(_sentence(named, changed))


@track.command()
@series_argument
@verbose_option
def remove(references: "list[Reference]") -> None:
    """Track series no longer, named as in `track add`. What is held of them stays."""
    from extract.settings import load_settings
    from flows.naming import resolve, untrack_resolved

    named, changed = untrack_resolved(resolve(load_settings(), references))
    say(f"{changed:,} of {named:,} series were tracked, and are not any more.")


@track.command("list")
@verbose_option
def list_() -> None:
    """List the tracked series, with their tags."""
    from flows.naming import tracked_series

    rows = [(number, ", ".join(tags)) for number, tags in tracked_series().items()]
    if rows:
        show(table(("id", "tags"), rows))
    say(f"{len(rows):,} series are tracked." if rows else "No series is tracked.")


@track.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@tag_option
@unknown_option
@verbose_option
def import_(file: Path, tags: tuple[str, ...], unknown: bool) -> int:
    """Track the series of a CSV file, your own or IMDb's.

    IMDb's is a list as it exports it. Columns: `tmdb_id`, `imdb_id` (IMDb's `Const`) or `title`
    with `year`, the first that a row fills; if you like `tags`, separated by semicolons. Rows of
    movies and episodes are passed over. The page of a list of IMDb's, saved as HTML, is taken as
    well; it may hold a part of the list only, so no tag is taken off by it.
    """
    from flows.cli.imdb_lists import PAGES
    from flows.naming import track_file

    if file.suffix.lower() in PAGES:
        return _import_page(file, tags, unknown=unknown)
    imported = track_file(file, tags, unknown=unknown)
    for told in (*imported.passed_over, *imported.unresolved):
        say(told)
    if imported.passed_over:
        say(f"{len(imported.passed_over):,} rows are no series and were passed over.")
    say(_sentence(imported.series_count, imported.changed_count))
    return 1 if imported.unresolved else 0


def _import_page(file: Path, tags: tuple[str, ...], *, unknown: bool) -> int:
    from extract.settings import load_settings
    from flows.cli.imdb_lists import read_list
    from flows.naming import is_unknown, resolve, track_resolved, track_unknown

    saved = read_list(file)
    resolved = resolve(load_settings(), saved.references)
    certain = [each for each in resolved if each.is_certain]
    titles = [each.reference.value for each in resolved if unknown and is_unknown(each)]
    named, changed = track_resolved(certain, saved.tags + tags)
    if titles:
        changed += track_unknown(titles, saved.tags + tags)
        named += len(titles)
    say(_sentence(named, changed))
    if saved.notice:
        say(saved.notice)
    doubtful = [each for each in resolved if each not in certain]
    for each in doubtful:
        if each.reference.value not in titles:
            say(f"Not tracked: {each}")
    return 1 if len(doubtful) > len(titles) else 0


def _sentence(named: int, landed: int) -> str:
    return f"{named:,} series named; {landed:,} of them new or with new tags."
