"""`showhouse mirror`: images to the object store, and nothing else."""

from typing import TYPE_CHECKING

import click

from flows.cli.console import progress, say, show
from flows.cli.options import sample_option, verbose_option
from flows.progress import listening

if TYPE_CHECKING:
    from extract.mirror import Mirrored
    from extract.mirror.holdings import Holdings
    from extract.settings import Settings

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


def _count(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is None or value == "all" or (value.isdecimal() and 0 < int(value) < 2**31):
        return value
    raise click.UsageError(f"`{value}` is no number of objects to verify. Use a number, or `all`.")


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
    "--accept-shrink",
    is_flag=True,
    help="Prune even where far fewer images are referred to; believe that a fifth is damaged.",
)
@click.option(
    "--verify",
    "verified",
    is_flag=False,
    flag_value="1000",
    metavar="[N|all]",
    callback=_count,
    help="Fetch nothing: read 1,000, N or all of the objects back. What is wrong is wanted again.",
)
@click.option(
    "--rebuild-urls",
    is_flag=True,
    help="Fetch nothing: let the receipts follow a change of AWS_CDN_BASE_URL.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and stop.")
@sample_option
@verbose_option
def mirror(
    kinds: tuple[str, ...],
    prune: bool,
    accept_shrink: bool,
    verified: str | None,
    rebuild_urls: bool,
    dry_run: bool,
    sample: bool,
) -> int:
    """Store the images that are wanted and not held yet.

    The columns `hosted_*` show them after the next `showhouse build`; `showhouse run` does both.
    """
    from extract.mirror import held
    from extract.settings import load_settings
    from flows import steps

    if sum((prune, verified is not None, rebuild_urls)) > 1:
        raise click.UsageError("--prune, --verify and --rebuild-urls are asked for one at a time.")
    settings = load_settings()
    steps.migrate_raw(settings)
    if verified is not None:
        count = None if verified == "all" else int(verified)
        return _verify(settings, kinds, count, dry_run=dry_run, accept_shrink=accept_shrink)
    if rebuild_urls:
        return _rebuild_urls(settings)
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
        _show_plan(images)
        return 0
    from flows.report import Report

    report = Report(images=images)
    show("\n".join([*report.lines(), _held_line(held(settings))]))
    if images.uploaded or images.moved or images.renditions:
        say("`showhouse build` shows them in `core`.")
    return 1 if report.problems() else 0


def _verify(
    settings: "Settings",
    kinds: tuple[str, ...],
    sample: int | None,
    *,
    dry_run: bool,
    accept_shrink: bool,
) -> int:
    from extract.mirror import verify

    with progress() as tell:
        found = verify(
            settings,
            kinds=kinds or None,
            sample=sample,
            dry_run=dry_run,
            accept_shrink=accept_shrink,
            on_progress=lambda so_far: tell("Reading images back", so_far.objects, None),
        )
    show(
        f"{found.objects:,} of {found.held:,} objects read back, {_size(found.bytes)}: "
        f"{found.wrong_count:,} are not what was stored."
    )
    for problem in found.wrong[:SHOWN]:
        show(f"  wrong  {problem.key}: {problem.why}")
    if found.wrong_count > SHOWN:
        show(f"  … and {found.wrong_count - SHOWN:,} more")
    if found.wrong_count and not dry_run:
        say("They are wanted again: `showhouse mirror` fetches them anew.")
    return 1 if found.wrong_count else 0


def _rebuild_urls(settings: "Settings") -> int:
    from extract.mirror import rebuild_urls

    moved = rebuild_urls(settings)
    show(f"{moved:,} receipts follow the public address of the store.")
    if moved:
        say("`showhouse build` shows it in `core`.")
    return 0


def _held_line(held: "Holdings") -> str:
    line = f"Held: {held.images:,} images in {held.objects:,} objects of {_size(held.bytes)}"
    line = f"{line}; {held.sharing:,} share theirs, which saves {_size(held.saved_bytes)}."
    if held.renditions:
        line = f"{line} Renditions: {held.renditions:,} of {_size(held.rendition_bytes)}."
    return line


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB"


def _show_plan(plan: "Mirrored") -> None:
    scaled = f" {plan.lacking_renditions:,} that are held scaled," * bool(plan.lacking_renditions)
    show(f"{plan.wanted:,} images would be stored,{scaled} {len(plan.deleted):,} objects deleted.")
    for title, keys in (("store", plan.listed), ("delete", plan.deleted)):
        show("\n".join(f"  {title}  {key}" for key in keys[:SHOWN]) if keys else "")
        if len(keys) > SHOWN:
            show(f"  … and {len(keys) - SHOWN:,} more")
