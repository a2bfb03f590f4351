"""One series as a row of core.shows."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.dbt_project.expectation import images
from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.seasons import aired, regular_episodes, season_numbers
from tests.dbt_project.expectation.values import (
    day,
    entity_id,
    first_of,
    number,
    objects,
    once,
    text,
    texts,
    truth,
    voted,
    whole,
)

_OTHERS = ("imdb", "tvdb", "tvrage", "wikidata", "facebook", "instagram", "twitter")
_OF_IMDB = ("title", "content_rating", "rating_value", "rating_count", "start_year", "end_year")


def show(series: Series, as_of: date) -> dict[str, Any]:
    """Work out every column that is no metadata; nothing of IMDb's has landed.

    The ids are those that are claimed of it: whose they are `identity` says.
    """
    return {
        "show_id": entity_id(series.natural_key),
        "tmdb_id": series.series_id,
        **_external_ids(series),
        **_details(series),
        **_lists(series),
        **_counts(series, as_of),
        **images.primary_ids(series),
        **dict.fromkeys(f"imdb_{name}" for name in _OF_IMDB),
        "listed_on": [],
        "is_active": True,
        "needs_tmdb_resolution": False,
        "refused_ids": [],
    }


def _external_ids(series: Series) -> dict[str, Any]:
    ids = series.part("external_ids")
    imdb_id, wikidata_id = text(ids.get("imdb_id")), text(ids.get("wikidata_id"))
    return {
        "imdb_id": imdb_id if re.fullmatch(r"tt\d{7,}", imdb_id or "") else None,
        "wikidata_id": wikidata_id if re.fullmatch(r"Q\d+", wikidata_id or "") else None,
        "tvdb_id": whole(ids.get("tvdb_id")),
        "tvrage_id": whole(ids.get("tvrage_id")),
        "facebook_id": text(ids.get("facebook_id")),
        "instagram_id": text(ids.get("instagram_id")),
        "twitter_id": text(ids.get("twitter_id")),
    }


def _details(series: Series) -> dict[str, Any]:
    details = series.details
    first_air_date = day(details.get("first_air_date"))
    return {
        "name": first_of(text(details.get("name")), text(details.get("original_name"))),
        "tmdb_name": text(details.get("name")),
        "original_name": text(details.get("original_name")),
        "description": text(details.get("overview")),
        "name_source": _told(text(details.get("name")) or text(details.get("original_name"))),
        "description_source": _told(text(details.get("overview"))),
        "genres_source": _told(_genres(details) or None),
        "tagline": text(details.get("tagline")),
        "homepage": text(details.get("homepage")),
        "original_language": text(details.get("original_language")),
        "tmdb_poster_path": text(details.get("poster_path")),
        "tmdb_backdrop_path": text(details.get("backdrop_path")),
        "tmdb_status": text(details.get("status")),
        "tmdb_type": text(details.get("type")),
        "premiere_date": first_air_date,
        "tmdb_first_air_date": first_air_date,
        "tmdb_last_air_date": day(details.get("last_air_date")),
        "tmdb_vote_average": voted(details),
        "tmdb_vote_count": whole(details.get("vote_count")),
        "tmdb_popularity": number(details.get("popularity")),
        "is_in_production": truth(details.get("in_production")),
        "is_adult": truth(details.get("adult")) or False,
        "tmdb_season_count": whole(details.get("number_of_seasons")),
        "tmdb_episode_count": whole(details.get("number_of_episodes")),
    }


def _genres(details: dict[str, Any]) -> list[str]:
    return once(text(genre.get("name")) for genre in objects(details.get("genres")))


def _told(value: object) -> str | None:
    return None if value is None else "tmdb"


def _lists(series: Series) -> dict[str, Any]:
    details = series.details
    networks = objects(details.get("networks"))
    companies = objects(details.get("production_companies"))
    keywords = objects(series.part("keywords").get("results"))
    run_times = details.get("episode_run_time")
    return {
        "origin_countries": texts(details.get("origin_country")),
        "languages": texts(details.get("languages")),
        "genres": _genres(details),
        "keywords": once(text(keyword.get("name")) for keyword in keywords),
        "networks": once(text(network.get("name")) for network in networks),
        "tmdb_network_ids": once(whole(network.get("id")) for network in networks),
        "tmdb_production_company_ids": once(whole(company.get("id")) for company in companies),
        "episode_run_times": [
            minutes
            for minutes in (run_times if isinstance(run_times, list) else [])
            if whole(minutes)
        ],
    }


def _counts(series: Series, as_of: date) -> dict[str, Any]:
    most_recent, following = aired(series, as_of)
    return {
        "season_count": sum(season_number > 0 for season_number in season_numbers(series)),
        "episode_count": len(regular_episodes(series)),
        **{
            f"{role}_episode_{column}": episode.get(field)
            for role, episode in (("most_recent", most_recent), ("next", following))
            for column, field in (
                ("season", "season_number"),
                ("number", "episode_number"),
                ("title", "title"),
                ("air_date", "air_date"),
            )
        },
    }


def external_ids(shows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ids that others have for the shows, and which document claims each."""
    return [
        {
            "entity_id": show["show_id"],
            "external_id": str(show[f"{source}_id"]),
            "entity_type": "show",
            "source": source,
            "evidence": ["tmdb_tv_details" if source == "tmdb" else "tmdb_tv_external_ids"],
        }
        for show in shows
        for source in ("tmdb", *_OTHERS)
        if show[f"{source}_id"] is not None
    ]
