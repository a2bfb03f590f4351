"""`showhouse track`: the series that every run keeps up to date."""

import csv
from pathlib import Path

import click

from flows.cli.console import say, show, table
from flows.cli.options import verbose_option

ID_COLUMN, TAGS_COLUMN, TAG_SEPARATOR = "tmdb_id", "tags", ";"
LATER = (
    "`{value}` is not a TMDb id. Series are tracked by their TMDb id, the number in their address "
    "(themoviedb.org/tv/1396); {kind} cannot be looked up yet."
)

tag_option = click.option(
    "--tag", "tags", multiple=True, metavar="TAG", help="A tag to remember. May be given again."
)


class TmdbId(click.ParamType[int]):
    """A TMDb id, with a word on what people try besides."""

    name = "TMDB_ID"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """A positive number, or a usage error that says what was recognised instead."""
        text = str(value)
        if not is_tmdb_id(text):
            self.fail(LATER.format(value=text, kind=_kind(text)), param, ctx)
        return int(text)


def is_tmdb_id(text: str) -> bool:
    """Whether the text is a number that TMDb could have given."""
    return text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0


def _kind(text: str) -> str:
    if text.startswith(("http://", "https://")):
        return "lists and pages"
    if text.startswith("tt") and text[2:].isdigit():
        return "IMDb ids"
    return "titles"


@click.group()
def track() -> None:
    """Say which series every run keeps up to date."""


@track.command()
@click.argument("tmdb_ids", nargs=-1, required=True, type=TmdbId())
@tag_option
@verbose_option
def add(tmdb_ids: tuple[int, ...], tags: tuple[str, ...]) -> None:
    """Track series, by their TMDb ids."""
    from flows.steps import track_series

    landed = track_series({tmdb_id: tags for tmdb_id in tmdb_ids})
    say(_sentence(len(set(tmdb_ids)), landed))


@track.command()
@click.argument("tmdb_ids", nargs=-1, required=True, type=TmdbId())
@verbose_option
def remove(tmdb_ids: tuple[int, ...]) -> None:
    """Track series no longer. What is held of them stays."""
    from flows.steps import untrack_series

    changed = untrack_series(tmdb_ids)
    say(f"{changed:,} of {len(set(tmdb_ids)):,} series were tracked, and are not any more.")


@track.command("list")
@verbose_option
def list_() -> None:
    """List the tracked series, with their tags."""
    from flows.steps import tracked_series

    rows = [(str(tmdb_id), ", ".join(tags)) for tmdb_id, tags in sorted(tracked_series().items())]
    if rows:
        show(table(("tmdb_id", "tags"), rows))
    say(f"{len(rows):,} series are tracked." if rows else "No series is tracked.")


@track.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@tag_option
@verbose_option
def import_(file: Path, tags: tuple[str, ...]) -> None:
    """Track the series of a CSV file.

    It has a column `tmdb_id`, and if you like a column `tags`, separated by semicolons.
    """
    from flows.steps import track_series

    series = _read(file, tags)
    say(_sentence(len(series), track_series(series)))


def _read(file: Path, tags: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
    """The series of the file with their tags; all of it is right or nothing of it is tracked."""
    series: dict[int, tuple[str, ...]] = {}
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.DictReader(lines)
            if ID_COLUMN not in (reader.fieldnames or ()):
                raise click.UsageError(f"`{file}` has no column `{ID_COLUMN}` in its first line.")
            for row in reader:
                tmdb_id, own = _row(row, f"`{file}`, line {reader.line_num}")
                series[tmdb_id] = tuple(dict.fromkeys((*series.get(tmdb_id, ()), *tags, *own)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.UsageError(f"`{file}` is not a CSV file in UTF-8: {error}.") from error
    return series


def _row(row: dict[str, str | None], where: str) -> tuple[int, list[str]]:
    text = (row[ID_COLUMN] or "").strip()
    if not is_tmdb_id(text):
        raise click.UsageError(f"{where}: `{text}` is not a TMDb id. Nothing was tracked.")
    tags = (row.get(TAGS_COLUMN) or "").split(TAG_SEPARATOR)
    return int(text), [tag.strip() for tag in tags if tag.strip()]


def _sentence(named: int, landed: int) -> str:
    return f"{named:,} series named; {landed:,} of them new or with new tags."
