"""Which ids TMDb has, and which of them changed: its daily exports and its change feeds.

An export lists all ids of a kind, one JSON object a line, gzipped, without credentials; it is ready
by 08:00 UTC and kept for three months (https://developer.themoviedb.org/docs/daily-id-exports). The
feeds name the ids edited between two dates; null ids occur in them, and edits are missed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from extract.resource import Payload, Resource
from extract.sources.tmdb.resources import SERIES, TMDB

MAX_ID = 2**31 - 1
READY_AT = time(8, tzinfo=UTC)
PERSON, NETWORK, COMPANY = "tmdb:person:", "tmdb:network:", "tmdb:company:"

_DAY = timedelta(days=1)


def _listed(key: str, payload: Payload) -> str | None:
    identity = payload.get("id")
    if type(identity) is not int or str(identity) != key or not 0 < identity <= MAX_ID:
        return f"its id is `{str(identity)[:40]}`"
    return None


def _measured(key: str, payload: Payload) -> str | None:
    value = payload.get("popularity")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"its popularity is `{str(value)[:40]}`"
    return _listed(key, payload)


def _ids(kind: str, entity: str) -> Resource:
    return Resource(
        name=f"tmdb_{kind}_ids",  # key: the id
        source=TMDB,
        entity=entity,
        path=f"/{kind}_ids_{{date}}.json.gz",
        max_age=_DAY,
        volatile=("popularity",),
        check=_listed,
    )


def _changes(kind: str, entity: str) -> Resource:
    return Resource(
        name=f"tmdb_{kind}_changes",  # key: id and the day on which the window ends
        source=TMDB,
        entity=entity,
        path=f"/{kind}/changes",
        max_age=_DAY,
        check=_named,
    )


def _named(key: str, payload: Payload) -> str | None:
    return _listed(key.partition("/")[0], payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One of the daily exports: where its ids land, and where their popularity does."""

    kind: str
    """What its files are named after: `tv_series`."""
    ids: Resource
    concerns: str
    """The resource whose keys it lists."""
    popularity: Resource | None = None
    """None: what popularity it tells is left alone."""

    def file(self, day: date) -> str:
        """The name of the file of a day, which is its key in the books."""
        return f"{self.kind}_ids_{day:%m_%d_%Y}.json.gz"

    def day_of(self, file: str) -> date:
        """The day of a file."""
        stamp = file.removeprefix(f"{self.kind}_ids_").removesuffix(".json.gz")
        return datetime.strptime(stamp, "%m_%d_%Y").replace(tzinfo=UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One of the change feeds."""

    kind: str
    """What its path begins with: `tv`."""
    changes: Resource
    concerns: str
    """The resource whose documents it makes due."""

    def window(self, end: date) -> str:
        """The key of the window that ends on a day."""
        return f"{self.kind}/{end.isoformat()}"


def newest_day(now: datetime) -> date:
    """The day of the newest export there is: yesterday's, until today's is ready."""
    now = now.astimezone(UTC)
    return now.date() if now.timetz() >= READY_AT else now.date() - _DAY


def ready_after(day: date) -> datetime:
    """When the export after that of `day` is ready."""
    return datetime.combine(day + _DAY, READY_AT)


SERIES_IDS = _ids("tv_series", SERIES)
PERSON_IDS = _ids("person", PERSON)
NETWORK_IDS = _ids("tv_network", NETWORK)
COMPANY_IDS = _ids("production_company", COMPANY)

SERIES_POPULARITY = Resource(
    name="tmdb_tv_series_popularity",  # of the whole catalogue, without a request for any of it
    source=TMDB,
    entity=SERIES,
    max_age=_DAY,
    check=_measured,
)

TV_CHANGES = _changes("tv", SERIES)
PERSON_CHANGES = _changes("person", PERSON)

CHANGE_WINDOWS = Resource(
    name="tmdb_change_windows",  # key: `tv/2026-11-21`, a window of which all changes are landed
    source=TMDB,
    entity="",
    max_age=_DAY,
)

# Four million people move their popularity every day, and nearly nobody asked for any of them: that
# of those we hold comes with them.
EXPORTS: Mapping[str, Export] = {
    export.ids.name: export
    for export in (
        Export(
            kind="tv_series",
            ids=SERIES_IDS,
            concerns="tmdb_tv_details",
            popularity=SERIES_POPULARITY,
        ),
        Export(kind="person", ids=PERSON_IDS, concerns="tmdb_person_details"),
        Export(kind="tv_network", ids=NETWORK_IDS, concerns="tmdb_network_details"),
        Export(kind="production_company", ids=COMPANY_IDS, concerns="tmdb_company_details"),
    )
}

FEEDS: Mapping[str, Feed] = {
    feed.changes.name: feed
    for feed in (
        Feed(kind="tv", changes=TV_CHANGES, concerns="tmdb_tv_details"),
        Feed(kind="person", changes=PERSON_CHANGES, concerns="tmdb_person_details"),
    )
}

RESOURCES = (
    SERIES_IDS,
    SERIES_POPULARITY,
    PERSON_IDS,
    NETWORK_IDS,
    COMPANY_IDS,
    TV_CHANGES,
    PERSON_CHANGES,
    CHANGE_WINDOWS,
)
