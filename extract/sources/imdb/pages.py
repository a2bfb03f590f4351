"""IMDb's pages that a user saved: landed as they are, and as they were parsed.

Pages have been behind a browser's challenge since 2026: none is fetched. What was parsed is a
document of its own with the parser's version, so that a better parser needs no page again. That of
a partial page holds what earlier saves of the page held as well.
"""

from datetime import timedelta

from extract.resource import Resource
from extract.sources.imdb.datasets import ENTITY, IMDB

# Nobody is asked for these again: a page stands until it is saved anew.
_NEVER = timedelta(days=36_500)

PAGES = Resource(
    name="imdb_pages",  # key: `tt0903747/title`, `tt0903747/episodes/1`, `tt0903747/credits`
    source=IMDB,
    entity=ENTITY,
    max_age=_NEVER,
    volatile=("file",),
)

PARSED_PAGES = Resource(
    name="imdb_parsed_pages",  # the same key
    source=IMDB,
    entity=ENTITY,
    max_age=_NEVER,
)

RESOURCES = (PAGES, PARSED_PAGES)
