"""Lists of IMDb's as a user saved their pages."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from extract.references import Reference

LIST_TAG = "imdb-list:"
PAGES = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True)
class SavedList:
    """What a saved page of a list names."""

    references: "list[Reference]"
    tags: tuple[str, ...]
    """The list's tag, where its id is known."""
    notice: str | None
    """A sentence that says of a partial page what it lacks; None: it is not known to be one."""


def read_list(file: Path) -> SavedList:
    """Read a saved page of a list. Raises UsageError where it is none."""
    from extract.errors import Unfit
    from extract.parsers.imdb import parse_list
    from extract.parsers.scripts import MAX_BYTES
    from extract.references import Kind, Reference

    with file.open("rb") as content:
        body = content.read(MAX_BYTES + 1)
    try:
        parsed = parse_list(body)
    except Unfit as unfit:
        raise click.UsageError(f"`{file}` is no list of IMDb's: {unfit.detail}.") from None
    list_id = parsed["list_id"]
    references = [Reference(Kind.IMDB, each) for each in parsed["imdb_ids"]]
    tags = (f"{LIST_TAG}{list_id}",) if list_id else ()
    return SavedList(references, tags, _notice(file, parsed))


def _notice(file: Path, parsed: dict[str, Any]) -> str | None:
    if not parsed["is_partial"]:
        return None
    total, held = parsed["total_count"], len(parsed["imdb_ids"])
    of = f"{held:,} of the {total:,} titles" if total else f"the first {held:,} titles"
    return (
        f"`{file}` is a partial page: it holds {of} of the list; import the list's other pages as "
        "well, or the list exported as CSV; no tag was taken off."
    )
