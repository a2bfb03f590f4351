"""`showhouse export`: the marts as files."""

from pathlib import Path

import click

from flows.cli.console import show, table
from flows.cli.options import verbose_option


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--mart", "marts", multiple=True, metavar="M", help="Only this one; may be repeated.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="CSV is compressed by gzip, Parquet by zstd.",
)
@click.option("--store", "to_store", is_flag=True, help="Into the store of the images as well.")
@verbose_option
def export(folder: Path, marts: tuple[str, ...], form: str, to_store: bool) -> None:
    """Write the marts into FOLDER as CSV or Parquet, all of one moment.

    Without --mart: all but the documents of the API. `manifest.json` says what is there.
    """
    from extract.mirror.run import open_store
    from extract.postgres.connections import database_url
    from extract.settings import load_settings
    from flows.export import export_marts

    settings = load_settings()
    store = open_store(settings) if to_store else None
    exported = export_marts(database_url(settings), folder, marts=marts, store=store, form=form)
    rows = [
        (mart.mart, mart.row_count, len(mart.parts), sum(part.bytes for part in mart.parts))
        for mart in exported
    ]
    show(table(["mart", "rows", "files", "bytes"], rows))
