"""What Fandom answers, and what is read off it.

A wiki belongs to a series by a tag of the tracked set: `fandom:real-housewives`.
"""

import re
from datetime import timedelta

from extract.resource import Payload, Resource, Source

_DAY = timedelta(days=1)

FANDOM = Source(
    name="fandom",
    title="Fandom",
    attribution="Text of Fandom's wikis by their contributors, under CC BY-SA; each page is named.",
    licence="CC BY-SA: page and revision are named wherever its text is shown.",
    retention=None,
    images_may_be_kept=False,  # a wiki's text is under CC BY-SA; its images are often anybody's
)

TAG = "fandom:"
"""What a tag begins with that names a wiki."""

WIKI = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""The name of a wiki: it becomes part of a host's name."""


def page_fault(key: str, payload: Payload) -> str | None:
    """Say what is wrong with a page: it must be the one that was asked for, with its text."""
    page = payload.get("parse")
    if not isinstance(page, dict):
        return f"`parse` is a {type(page).__name__}"
    if str(page.get("pageid")) != key.rpartition("/")[2]:
        return f"it is the page {page.get('pageid')!r}"
    if not isinstance(page.get("text"), str) or not isinstance(page.get("title"), str):
        return "`parse` has no text, or no title"
    revision = page.get("revid")
    if type(revision) is not int or not 0 < revision < 2**63:
        return "`parse.revid` is no number of a revision"
    is_list = isinstance(page.get("categories", []), list)
    return None if is_list else "`parse.categories` is no list"


SEARCHES = Resource(
    name="fandom_searches",  # key: wiki, kind and name: `real-housewives/person/Lisa Barlow`
    source=FANDOM,
    entity="",
    path="/api.php?action=query&prop=info&redirects=1",
    max_age=30 * _DAY,
    # Which page it is, not how it stands: of searches (until 2026) and of titles.
    volatile=(
        *("**.wordcount", "**.size", "**.timestamp", "**.snippet"),
        *("**.lastrevid", "**.length", "**.touched", "**.new"),
    ),
)

PAGES = Resource(
    name="fandom_pages",  # key: wiki and the page's id: `real-housewives/5687`
    source=FANDOM,
    entity="",
    path="/api.php?action=parse",
    max_age=7 * _DAY,
    # The text ends with how long it took to make: what a page says is told by its revision.
    volatile=("parse.text",),
    check=page_fault,
)

PROFILES = Resource(
    name="fandom_profiles",  # key: the page's; what `extract.parsers.fandom` read off it
    source=FANDOM,
    entity="",
    max_age=3_650 * _DAY,
)

RESOURCES = (SEARCHES, PAGES, PROFILES)
