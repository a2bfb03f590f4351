"""TMDb's series: which documents exist, when they age, what is wrong with one.

One request brings them all (`append_to_response`, 20 names). Upstream's quirks: `popularity` stands
in every credit and moves daily; appended parts and seasons lack the `id` that their own endpoints
answer with. The API is described at https://developer.themoviedb.org/reference.

A document is refused only for what makes it wrong: another id than the one asked for, another
season's number, text where a list belongs. It is never refused for what it lacks.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from extract.resource import Check, Mention, Payload, Resource, Source

TMDB = Source(
    name="tmdb",
    title="TMDb",
    attribution="This product uses the TMDB API but is not endorsed or certified by TMDB.",
    licence="TMDb API terms of use; commercial use needs an agreement with TMDb.",
    retention=timedelta(days=180),
    images_may_be_kept=True,
)

# No resource is named after it: its data comes as TMDb's watch providers, under TMDb's terms.
JUSTWATCH = Source(
    name="justwatch",
    title="JustWatch",
    attribution="Watch provider data by JustWatch.",
    licence="Told through TMDb, whose terms ask that JustWatch be named wherever it is shown.",
    retention=TMDB.retention,
)

SERIES = "tmdb:tv:"
MEASURES = ("popularity", "vote_average", "vote_count")
AIRING_AGE = timedelta(hours=20)  # less than a day, so that a daily run always finds it due
RUNNING_AGE = timedelta(days=7)
ENDED_AGE = timedelta(days=30)


def holding(**containers: type) -> Check:
    """Build a check of a part: no id but the key's own, and containers (`results=list`) that fit.

    A container that is missing, null or empty fits: it lacks entries, it has no wrong ones.
    """

    def check(key: str, payload: Payload) -> str | None:
        return another_id(key.partition("/")[0], payload) or misshapen(payload, containers)

    return check


def naming_itself(key: str, payload: Payload) -> str | None:
    """Check details: an object with neither id nor name is nobody's, whatever else it holds."""
    if payload.get("id") is None and not payload.get("name"):
        return "it has neither an id nor a name"
    return another_id(key, payload)


def another_id(own: str, payload: Payload, name: str = "id") -> str | None:
    """Say whose document it is instead, where its id is another than `own`; None: nothing wrong."""
    identity = payload.get(name)
    if isinstance(identity, float) and identity.is_integer():
        identity = int(identity)
    is_own = identity is None or (isinstance(identity, int | str) and str(identity) == own)
    return None if is_own else f"its {name} is `{str(identity)[:40]}`"


def misshapen(payload: Payload, containers: Mapping[str, type]) -> str | None:
    """Name the first container that holds something of another type; None: there is none."""
    for name, kind in containers.items():
        value = payload.get(name)
        is_empty = value is None or value in ("", [], {})
        if not is_empty and not isinstance(value, kind):
            return f"`{name}` is a {type(value).__name__}, not a {kind.__name__}"
    return None


def _check_season(key: str, payload: Payload) -> str | None:
    own = key.partition("/season/")[2]
    return another_id(own, payload, "season_number") or misshapen(payload, {"episodes": list})


def _check_season_credits(key: str, payload: Payload) -> str | None:
    # Its `id` is the season's, which the key does not tell.
    return misshapen(payload, {"cast": list, "crew": list})


def _age_of_details(payload: Payload) -> timedelta:
    """A series with an announced episode is due daily, an ended one monthly."""
    if isinstance(payload.get("next_episode_to_air"), dict):
        return AIRING_AGE
    ended = payload.get("status") in ("Ended", "Canceled")
    return ENDED_AGE if ended else RUNNING_AGE


def _people(*paths: str) -> tuple[Mention, ...]:
    return tuple(Mention("tmdb_person_details", f"{path}.id") for path in paths)


def _part(name: str, appended_as: str, check: Check, **more: Any) -> Resource:
    return Resource(
        name=f"tmdb_tv_{name}",
        source=TMDB,
        entity=SERIES,
        path=f"/tv/{{series_id}}/{appended_as}",
        appended_to="tmdb_tv_details",
        appended_as=appended_as,
        check=check,
        **{"max_age": ENDED_AGE, **more},
    )


DETAILS = Resource(
    name="tmdb_tv_details",
    source=TMDB,
    entity=SERIES,
    path="/tv/{series_id}",
    max_age=ENDED_AGE,
    age=_age_of_details,
    volatile=(
        *MEASURES,
        *(
            f"{episode}_episode_to_air.{name}"
            for episode in ("last", "next")
            for name in MEASURES[1:]
        ),
        "**.popularity",
    ),
    mentions=(
        *_people("created_by[]"),
        Mention("tmdb_network_details", "networks[].id"),
        Mention("tmdb_company_details", "production_companies[].id"),
    ),
    check=naming_itself,
)

METRICS = Resource(
    name="tmdb_tv_metrics",  # cut out of details, so that a vote makes no new version of them
    source=TMDB,
    entity=SERIES,
    cut_out=MEASURES,
    max_age=ENDED_AGE,
    check=holding(),
)

PARTS = (
    _part("external_ids", "external_ids", holding()),
    _part("alternative_titles", "alternative_titles", holding(results=list)),
    _part("translations", "translations", holding(translations=list)),
    _part("content_ratings", "content_ratings", holding(results=list)),
    _part("keywords", "keywords", holding(results=list)),
    _part("videos", "videos", holding(results=list)),
    _part("images", "images", holding(backdrops=list, posters=list)),
    _part(
        "aggregate_credits",
        "aggregate_credits",
        holding(cast=list, crew=list),
        volatile=("**.popularity",),
        mentions=_people("cast[]", "crew[]"),
    ),
    _part(
        "credits",
        "credits",
        holding(cast=list, crew=list),
        volatile=("**.popularity",),
        mentions=_people("cast[]", "crew[]"),
    ),
    # Providers change without an edit that TMDb would list, and people plan their evening by them.
    _part("watch_providers", "watch/providers", holding(results=dict), max_age=RUNNING_AGE),
    _part(
        "episode_groups",
        "episode_groups",
        holding(results=list),
        mentions=(Mention("tmdb_episode_group_details", "results[].id", form="[0-9a-f]{24}"),),
    ),
    # Page 1, as parts give it. The series that it names are not found by it: their measures and the
    # length of the whole list move daily, and are no news of this series.
    _part(
        "recommendations",
        "recommendations",
        holding(results=list),
        has_id=False,
        volatile=(
            *(f"**.{name}" for name in MEASURES),
            "total_pages",
            "total_results",
        ),
    ),
)
"""A thirteenth part would take the place of the fourth season and its credits in the first request:
of 20 names, 12 are parts, and four seasons take two each."""

SEASONS = _part(
    "seasons",
    "season/{season_number}",
    _check_season,
    volatile=("**.popularity",),
    mentions=_people("episodes[].guest_stars[]", "episodes[].crew[]"),
)

# Who is a regular of the season: TMDb lists regulars by season, guests and crew by episode.
SEASON_CREDITS = _part(
    "season_credits",
    "season/{season_number}/credits",
    _check_season_credits,
    volatile=("**.popularity",),
    mentions=_people("cast[]", "crew[]"),
)

RESOURCES = (DETAILS, METRICS, *PARTS, SEASONS, SEASON_CREDITS)
