"""`showhouse extract`: landing, and nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.console import progress, show
from flows.cli.options import sample_option, selection_options, verbose_option
from flows.progress import listening

if TYPE_CHECKING:
    from extract.keys import Selection
    from extract.settings import Settings

SHOWN = 20
PAGES = "imdb_pages"


@click.command()
@click.argument("resources", metavar="[RESOURCE]...", nargs=-1)
@selection_options
@click.option(
    "--from-folder",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With imdb_pages: the folder of pages that you saved.",
)
@sample_option
@verbose_option
def extract(
    resources: tuple[str, ...], selected: dict[str, Any], folder: Path | None, sample: bool
) -> int:
    """Land what is due, and build nothing.

    RESOURCE is a table of `raw`, as in `showhouse extract tmdb_tv_seasons`; all of TMDb's by
    default. `imdb_datasets` are the daily files of IMDb, of which lands what belongs to the series
    that are held; with --catalogue, all of television. `imdb_pages` are pages of IMDb that you
    saved; without a folder, those that are held are parsed again by the parser of today.
    `fandom_pages` are those of the wikis that tracked series are tagged with.
    """
    from extract.settings import load_settings
    from flows import job, steps
    from flows.calling import PlainCall
    from flows.cli.run import conclude
    from flows.report import Report

    settings = load_settings()
    if folder or PAGES in resources:
        return _extract_pages(settings, resources, folder, dry_run=selected["dry_run"])
    news, files, wikis, others = divided(resources)
    is_of_series = bool(others or not (news or files or wikis))
    asked = selected_series(settings, selected, others, sample=sample)
    if is_of_series:
        steps.require_some(settings, asked, sample=sample)
    if asked.dry_run:
        for name in (*news, *files, *wikis):
            show(f"`{name}` would be read, as far as it is due or new; it was not.")
        return preview(settings, asked, sample=sample) if is_of_series else 0
    report, call = Report(), PlainCall()
    options: dict[str, Any] = {"sample": sample, "run_id": call.run_id}
    of_files = options | {"accept_shrink": selected["accept_shrink"]}
    with progress() as tell, listening(tell):
        if news or is_of_series:
            report.add(call(job.READ_NEWS, settings, asked, names=news, **of_files))
        if is_of_series:
            job.extract_due(call, settings, asked, report, sample=sample)
        if files:
            report.add(call(job.READ_DATASETS, settings, asked, names=files, **of_files))
        if wikis:
            report.add(call(job.READ_WIKIS, settings, asked, is_named=True, **options))
    return conclude(report)


def _extract_pages(
    settings: "Settings", resources: tuple[str, ...], folder: Path | None, *, dry_run: bool
) -> int:
    from flows import sources
    from flows.cli.run import conclude
    from flows.report import Report

    if resources != (PAGES,):
        raise click.UsageError(f"--from-folder is of {PAGES}, which is extracted by itself.")
    if dry_run:
        raise click.UsageError(f"{PAGES} asks nobody for anything, so --dry-run is not of it.")
    report = Report()
    with progress() as tell, listening(tell):
        report.add(sources.read_pages(settings, folder))
    return conclude(report)


def divided(resources: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Divide the names of resources: exports and feeds, IMDb's files, wikis, what has a key.

    Raises UsageError for a name that nothing is extracted under.
    """
    from extract.datasets import GROUP
    from extract.sources.fandom.resources import RESOURCES as FANDOM
    from extract.sources.imdb.datasets import DATASETS
    from extract.sources.tmdb.catalogue import EXPORTS, FEEDS
    from extract.sources.tmdb.subjects import SUBJECTS

    news = tuple(name for name in resources if name in EXPORTS or name in FEEDS)
    files = tuple(DATASETS) if GROUP in resources else ()
    files = files or tuple(name for name in resources if name in DATASETS)
    wikis = tuple(each.name for each in FANDOM if each.name in resources)
    others = tuple(name for name in resources if name not in (*news, *files, *wikis, GROUP))
    keyed = {each.name for subject in SUBJECTS for each in subject.resources}
    if unknown := sorted(set(others) - keyed):
        every = {*keyed, *EXPORTS, *FEEDS, *DATASETS, GROUP, PAGES, *(each.name for each in FANDOM)}
        names = ", ".join(f"`{name}`" for name in sorted(every))
        why = f"`{unknown[0]}` is no resource that is extracted. There are {names}."
        raise click.UsageError(why)
    return news, files, wikis, others


def selected_series(
    settings: "Settings",
    selected: dict[str, Any],
    resources: tuple[str, ...] = (),
    *,
    sample: bool = False,
) -> "Selection":
    """Build the selection from the options; what cannot be read is a usage error.

    Ids of IMDb's and of ours and lists are looked up.
    """
    from extract.keys import Selection, Shard
    from extract.references import Kind, Reference
    from flows.naming import with_references

    since = selected["since"]
    fields = ("tmdb_ids", "tracked", "changes", "catalogue", "limit", "force", "series_only")
    try:
        asked = Selection(
            **{name: selected[name] for name in (*fields, "dry_run")},
            shard=selected["shard"] or Shard(),
            since=since and since.date(),
            resources=resources,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    references = [*selected["imdb_ids"], *selected["lists"]]
    references += [Reference(Kind.SHOW, str(show_id)) for show_id in selected["show_ids"]]
    return with_references(settings, asked, references, sample=sample)


def preview(settings: "Settings", asked: "Selection", *, sample: bool) -> int:
    """Say what would be asked for by what is known now; more may be found in it."""
    from flows import steps

    plan = steps.plan(settings, asked, sample=sample)
    counts = [f"{count:,} {name}" for name, count in plan.due_counts.items() if count]
    show(f"{', '.join(counts) or 'Nothing'} would be asked for; nothing was.")
    for request in plan.planned[:SHOWN]:
        show(f"  {request}")
    if len(plan.planned) > SHOWN:
        show(f"  … and {len(plan.planned) - SHOWN:,} more")
    return 0
