"""Lists of IMDb's as a user saved their pages."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from extract.references import Reference

LIST_TAG = "imdb-list:"
PAGES = (".html", ".htm", ".xhtml")


def read_list(file: Path) -> "tuple[list[Reference], tuple[str, ...]]":
    """Read the titles of a list, and its tag where its id is known; or a usage error."""
    from extract.errors import Unfit
    from extract.parsers.imdb import parse_list
    from extract.parsers.scripts import MAX_BYTES
    from extract.references import Kind, Reference

    with file.open("rb") as content:
        body = content.read(MAX_BYTES + 1)
    try:
        list_id, ids = parse_list(body)
    except Unfit as unfit:
        raise click.UsageError(f"`{file}` is no list of IMDb's: {unfit.detail}.") from None
    tags = (f"{LIST_TAG}{list_id}",) if list_id else ()
    return [Reference(Kind.IMDB, each) for each in ids], tags
