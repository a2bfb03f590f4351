"""Seasons and episodes: a season's own document says more than the series' list of seasons."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.values import (
    day,
    entity_id,
    first_of,
    number,
    objects,
    text,
    voted,
    whole,
)

Rows = list[dict[str, Any]]


def season_numbers(series: Series) -> list[int]:
    """All seasons that are announced or held, the specials among them."""
    return sorted(series.announced().keys() | series.fetched().keys())


def seasons(series: Series) -> Rows:
    """Work out the seasons; one that was only announced has no episodes."""
    counts = Counter(episode["season_number"] for episode in _placed(series))
    return [
        {
            "season_id": season_id,
            "show_id": entity_id(series.natural_key),
            "season_number": season_number,
            **_season(series, season_number),
            "tmdb_season_id": tmdb_season_id,
            "disputed_tmdb_season_id": None,
            "episode_count": counts[season_number],
        }
        for season_number, (season_id, tmdb_season_id) in _season_ids(series).items()
    ]


def _season(series: Series, season_number: int) -> dict[str, Any]:
    said = [series.fetched().get(season_number, {}), series.announced().get(season_number, {})]

    def says(kind: Any, field: str) -> Any:
        return first_of(*(kind(document.get(field)) for document in said))

    return {
        "name": says(text, "name"),
        "overview": says(text, "overview"),
        "poster_path": says(text, "poster_path"),
        "air_date": says(day, "air_date"),
        "vote_average": says(number, "vote_average") or None,
    }


def _season_ids(series: Series) -> dict[int, tuple[UUID, int | None]]:
    """Ids by number; an id of TMDb's that stands at two seasons is the lower one's."""
    found: dict[int, tuple[UUID, int | None]] = {}
    taken = set()
    for season_number in season_numbers(series):
        tmdb_id = first_of(
            whole(series.fetched().get(season_number, {}).get("id")),
            whole(series.announced().get(season_number, {}).get("id")),
        )
        if tmdb_id in taken:
            tmdb_id = None
        taken.add(tmdb_id)
        natural_key = (
            f"{series.natural_key}/season/{season_number}"
            if tmdb_id is None
            else f"tmdb:season:{tmdb_id}"
        )
        found[season_number] = (entity_id(natural_key), tmdb_id)
    return found


def season_ids(series: Series) -> dict[int, UUID]:
    """Our ids of the seasons, by number."""
    return {number: season_id for number, (season_id, _) in _season_ids(series).items()}


def episode_seasons(series: Series) -> dict[UUID, int]:
    """The number of the season in which each episode stands."""
    return {episode["episode_id"]: episode["season_number"] for episode in _placed(series)}


def episodes(series: Series) -> Rows:
    """Work out the episodes."""
    season_ids = _season_ids(series)
    return [
        {
            "episode_id": episode["episode_id"],
            "show_id": entity_id(series.natural_key),
            "season_id": season_ids[episode["season_number"]][0],
            "tmdb_episode_id": whole(episode["document"].get("id")),
            "disputed_tmdb_episode_id": None,
            "imdb_episode_id": None,
            "title": episode["title"],
            "overview": text(episode["document"].get("overview")),
            "production_code": text(episode["document"].get("production_code")),
            "still_path": text(episode["document"].get("still_path")),
            "episode_type": text(episode["document"].get("episode_type")),
            **{
                f"{name}_source": None if value is None else "tmdb"
                for name, value in (
                    ("title", episode["title"]),
                    ("overview", text(episode["document"].get("overview"))),
                    ("air_date", episode["air_date"]),
                )
            },
            "season_number": episode["season_number"],
            "episode_number": episode["episode_number"],
            "runtime_minutes": whole(episode["document"].get("runtime")) or None,
            "tmdb_vote_average": voted(episode["document"]),
            "tmdb_vote_count": whole(episode["document"].get("vote_count")),
            "imdb_rating_value": None,
            "imdb_rating_count": None,
            "air_date": episode["air_date"],
        }
        for episode in _placed(series)
    ]


def regular_episodes(series: Series) -> Rows:
    """The episodes that are no specials, in the order of seasons and numbers."""
    return sorted(
        (episode for episode in _placed(series) if episode["season_number"] > 0),
        key=lambda episode: (episode["season_number"], episode["episode_number"] or 0),
    )


def aired(series: Series, as_of: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The last episode aired by a day, and the first after it; empty where there is none."""
    dated = [episode for episode in regular_episodes(series) if episode["air_date"]]
    before = [episode for episode in dated if episode["air_date"] <= as_of]
    after = [episode for episode in dated if episode["air_date"] > as_of]
    latest = max((episode["air_date"] for episode in before), default=None)
    earliest = min((episode["air_date"] for episode in after), default=None)
    return (
        [{}, *(episode for episode in before if episode["air_date"] == latest)][-1],
        next((episode for episode in after if episode["air_date"] == earliest), {}),
    )


def _placed(series: Series) -> Rows:
    """Each episode once: outside the specials if it is there too, else at its lowest place."""
    places: dict[UUID, list[tuple[Any, dict[str, Any]]]] = {}
    for season_number, season in series.fetched().items():
        for position, document in enumerate(objects(season.get("episodes"))):
            episode_number = whole(document.get("episode_number"))
            if (identity := episode_id(series, season_number, document)) is None:
                continue
            rank = (
                season_number == 0,
                season_number,
                episode_number is None,
                episode_number or 0,
                position,
            )
            episode = {
                "episode_id": identity,
                "season_number": season_number,
                "episode_number": episode_number,
                "title": text(document.get("name")),
                "air_date": day(document.get("air_date")),
                "document": document,
            }
            places.setdefault(identity, []).append((rank, episode))
    return [min(found, key=lambda place: place[0])[1] for found in places.values()]


def episode_id(series: Series, season_number: int, document: dict[str, Any]) -> UUID | None:
    """Derive our id of an episode; without any number of its own it has none."""
    tmdb_id, episode_number = whole(document.get("id")), whole(document.get("episode_number"))
    if tmdb_id is not None:
        return entity_id(f"tmdb:episode:{tmdb_id}")
    if episode_number is None:
        return None
    return entity_id(f"{series.natural_key}/season/{season_number}/episode/{episode_number}")
