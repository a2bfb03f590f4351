"""Our own decisions and receipts, landed like any response so that the warehouse can be rebuilt."""

from datetime import timedelta

from extract.resource import Resource, Source

SHOWHOUSE = Source(
    name="showhouse",
    title="Showhouse",
    attribution="",
    licence="Our own records.",
    retention=None,
)

# Nobody is asked for these again: they are true until the next decision or upload lands.
_NEVER = timedelta(days=36_500)

TRACKED_SHOWS = Resource(
    name="showhouse_tracked_shows",  # key: a show's natural key, `tmdb:tv:1396`, `imdb:tt0903747`
    source=SHOWHOUSE,
    entity="",
    max_age=_NEVER,
)

MIRRORED_IMAGES = Resource(
    name="showhouse_mirrored_images",  # key: kind, owner, upstream's path: `networks/213/abc.png`
    source=SHOWHOUSE,
    entity="",
    max_age=_NEVER,
    volatile=("at",),  # two mirrors at once store the same bytes a moment apart: one receipt
)

ABSENCES = Resource(
    name="showhouse_absences",  # key: resource and key that the last full list left out, once
    source=SHOWHOUSE,
    entity="",
    max_age=_NEVER,
)

SUPPRESSED_PEOPLE = Resource(
    name="showhouse_suppressed_people",  # key: a natural key, `tmdb:person:287`, `imdb:nm0000093`
    source=SHOWHOUSE,
    entity="",
    max_age=_NEVER,
)

SUPPRESSED_PAGES = Resource(
    name="showhouse_suppressed_pages",  # key: that of a wiki's page, `real-housewives/5687`
    source=SHOWHOUSE,
    entity="",
    max_age=_NEVER,
)

RESOURCES = (TRACKED_SHOWS, MIRRORED_IMAGES, ABSENCES, SUPPRESSED_PEOPLE, SUPPRESSED_PAGES)
