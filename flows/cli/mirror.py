"""`showhouse mirror`: images to the object store, and nothing else."""

import click

from flows.cli.console import progress, say, show
from flows.cli.options import sample_option, verbose_option
from flows.progress import listening

SHOWN = 20


def _known_kinds(_: click.Context, __: click.Parameter, kinds: tuple[str, ...]) -> tuple[str, ...]:
    if kinds:
        from extract.mirror.errors import KindUnknown
        from extract.mirror.kinds import chosen_kinds

        try:
            chosen_kinds(kinds)
        except KindUnknown as error:
            raise click.UsageError(str(error)) from error
    return kinds


@click.command()
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="K",
    callback=_known_kinds,
    help="Only this kind of image. May be given again.",
)
@click.option("--prune", is_flag=True, help="Delete what nothing has referred to for a while.")
@click.option(
    "--accept-shrink", is_flag=True, help="Prune even where far fewer images are referred to."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and stop.")
@sample_option
@verbose_option
def mirror(
    kinds: tuple[str, ...], prune: bool, accept_shrink: bool, dry_run: bool, sample: bool
) -> int:
    """Store the images that are wanted and not held yet.

    The columns `hosted_*` show them after the next `showhouse build`; `showhouse run` does both.
    """
    from extract.settings import load_settings
    from flows import steps

    settings = load_settings()
    steps.migrate_raw(settings)
    with progress() as tell, listening(tell):
        images = steps.mirror_images(
            settings,
            kinds=kinds or None,
            prune=prune,
            accept_shrink=accept_shrink,
            dry_run=dry_run,
            sample=sample,
        )
    if dry_run:
        _show_plan(images.wanted, images.listed, images.deleted)
        return 0
    from flows.report import Report

    report = Report(images=images)
    show("\n".join(report.lines()))
    if images.uploaded or images.moved:
        say("`showhouse build` shows them in `core`.")
    return 1 if report.problems() else 0


def _show_plan(wanted: int, listed: list[str], deleted: list[str]) -> None:
    show(f"{wanted:,} images would be stored, {len(deleted):,} objects deleted.")
    for title, keys in (("store", listed), ("delete", deleted)):
        show("\n".join(f"  {title}  {key}" for key in keys[:SHOWN]) if keys else "")
        if len(keys) > SHOWN:
            show(f"  … and {len(keys) - SHOWN:,} more")
