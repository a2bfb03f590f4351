"""`showhouse probe`: asks the sources whether they are what this program believes."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from flows.cli.console import say, show
from flows.cli.options import Words, verbose_option

if TYPE_CHECKING:
    from extract.probe.outcomes import Report

# The same names as in `extract.probe`, which is imported when the command runs.
SOURCES = ("tmdb", "imdb", "fandom", "store")


@click.command()
@click.argument("source", type=click.Choice(SOURCES), required=False)
@click.option(
    "--tmdb-id",
    "series_id",
    type=click.IntRange(1, 2**31 - 1),
    metavar="N",
    help="The series to ask TMDb for, instead of 1396.",
)
@click.option("--wiki", type=Words(), metavar="W", help="The wiki to ask, instead of breakingbad.")
@click.option("--page", type=Words(), metavar="TITLE", help="A page of that wiki with an infobox.")
@verbose_option
def probe(
    source: Literal["tmdb", "imdb", "fandom", "store"] | None,
    series_id: int | None,
    wiki: str | None,
    page: str | None,
) -> int:
    """Ask the sources, in few requests, whether they are as believed.

    Nothing is landed. Shapes of the answers, without values, go to `probe-SOURCE-DATE.json` in this
    folder. Without SOURCE all are asked that are configured.
    """
    from extract.postgres import clock
    from extract.postgres.connections import connect, database_url
    from extract.probe import run
    from extract.settings import load_settings
    from flows import steps

    _check_options(source, series_id, wiki, page)
    settings = load_settings()
    chosen = (source,) if source else run.SOURCES
    reasons = {each: run.why_not(settings, each) for each in chosen}
    if source and reasons[source]:
        raise click.UsageError(f"{source} cannot be asked: {reasons[source]}.")
    steps.migrate_raw(settings)
    with connect(url := database_url(settings)) as connection:
        today = clock.now(connection).date()
    surprises = 0
    for each in chosen:
        if reasons[each]:
            say(f"{each} is not asked: {reasons[each]}.")
            continue
        named = {"series_id": series_id, "wiki": wiki, "title": page}
        given = {name: value for name, value in named.items() if value is not None}
        report = run.probe(settings, url, each, **given)  # type: ignore[arg-type]
        _show(report)
        _write(report, today)
        surprises += report.is_surprise
    return 1 if surprises else 0


def _check_options(
    source: str | None, series_id: int | None, wiki: str | None, page: str | None
) -> None:
    from extract.sources.fandom.resources import WIKI

    if source not in (None, "tmdb") and series_id is not None:
        raise click.UsageError(f"--tmdb-id is for TMDb, and only {source} is asked.")
    if source not in (None, "fandom") and (wiki, page) != (None, None):
        raise click.UsageError(f"--wiki and --page are for Fandom, and only {source} is asked.")
    if wiki is not None and not WIKI.fullmatch(wiki):
        raise click.UsageError(f"`{wiki}` is no name of a wiki, as breakingbad is one.")
    if wiki is not None and page is None:
        raise click.UsageError("--wiki needs a page of that wiki: --page TITLE.")
    if page is not None and (not page.strip() or "|" in page):
        raise click.UsageError(f"`{page}` is no title of a page.")


def _show(report: "Report") -> None:
    for each in report.findings:
        outcome, belief = each.told.outcome.value, each.belief
        what = "Why" if each.told.outcome.name == "NOT_ASKED" else "Came"
        show(f"{outcome:<11}  {belief.name}: {belief.statement} {what}: {each.told.came}.")
    if report.trouble:
        show(f"{report.source}: {report.trouble.removesuffix('.')}.")
        return
    counts = [each.told.outcome.value for each in report.findings]
    told = ", ".join(f"{counts.count(name)} {name}" for name in dict.fromkeys(sorted(counts)))
    say(f"{report.source}: {told}, in {len(report.replies)} requests.")


def _write(report: "Report", day: date) -> None:
    import orjson

    from extract.probe.run import shapes

    file = Path(f"probe-{report.source}-{day.isoformat()}.json")
    text = orjson.dumps(shapes(report, day), option=orjson.OPT_INDENT_2)
    try:
        file.write_bytes(text + b"\n")
    except OSError as error:
        raise click.ClickException(f"`{file}` cannot be written here: {error.strerror}.") from None
    say(f"The shapes of the answers are in `{file}`; it holds no values.")
