"""The rows of core that follow from what was answered of series: every column but metadata."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tests.dbt_project.expectation import (
    credits,
    histories,
    images,
    lists,
    owners,
    regulars,
    seasons,
    shows,
)
from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.identity import identified_people, identified_shows
from tests.dbt_project.expectation.things import (
    Things,
    described,
    episode_orders,
    external_ids,
    people,
    person_images,
)

Row = dict[str, Any]
Rows = list[Row]


@dataclass(frozen=True, slots=True)
class Instants:
    """When what is held was answered: no recording says so, the landing does."""

    details: dict[int, datetime]
    """The answer that brought the details of a series as they are now."""
    offers: dict[int, list[datetime]]
    """Every answer that brought other offers than the one before."""
    parts: dict[tuple[int, str], datetime]
    """The answer that brought each part of a series as it is now: `details`, `season/1` …"""
    versions: dict[int, list[datetime]]
    """Every answer that brought other details."""
    metrics: dict[int, list[datetime]]
    """Every answer that brought another popularity or other votes."""


def expected(
    known: Iterable[Series], as_of: date, instants: Instants, things: Things | None = None
) -> dict[str, Rows]:
    """Work out all of core for a build of the day `as_of`; `things` were asked for besides."""
    own = things or Things()
    series = sorted(known, key=lambda one: one.series_id)
    by_age = sorted(series, key=lambda one: instants.details[one.series_id], reverse=True)

    def each(rows_of: Any) -> Rows:
        return [row for one in series for row in rows_of(one)]

    tables = {
        "shows": identified_shows([shows.show(one, as_of) for one in series]),
        "networks": described(
            owners.named(by_age, "networks", "network_id"), own, "network", "network_id"
        ),
        "production_companies": described(
            owners.named(by_age, "production_companies", "production_company_id"),
            *(own, "company", "production_company_id"),
        ),
        "watch_providers": owners.watch_providers(
            sorted(
                (one for one in series if one.offers),
                key=lambda one: instants.offers[one.series_id][-1],
                reverse=True,
            )
        ),
        "show_networks": each(lists.networks),
        "show_production_companies": each(lists.production_companies),
        "show_genres": each(lists.genres),
        "show_keywords": each(lists.keywords),
        "show_content_ratings": each(lists.content_ratings),
        "show_recommendations": each(lists.recommendations),
        "show_videos": each(lists.videos),
        "show_titles": each(lists.titles),
        "show_watch_providers": each(lists.watch_providers),
        "show_watch_provider_history": each(
            lambda one: lists.stays(one, instants.offers.get(one.series_id, ()))
        ),
        "show_metrics_history": each(
            lambda one: histories.metrics(one, instants.metrics[one.series_id])
        ),
        "show_status_history": each(
            lambda one: histories.statuses(one, instants.versions[one.series_id])
        ),
        "seasons": each(seasons.seasons),
        "episodes": each(seasons.episodes),
        "people": identified_people(people(credits.people(series, instants.parts), own)),
        "show_cast": each(credits.cast),
        "show_crew": each(credits.crew),
        "season_cast": each(regulars.season_cast),
        "episode_appearances": each(credits.appearances),
    }
    photos = person_images(tables["people"], own)
    return tables | {
        "images": [*each(images.of_show), *photos, *images.single(tables)],
        "person_images": [_without_owner(photo) for photo in photos],
        "episode_orders": episode_orders(series, tables["episodes"], own),
        "external_ids": [
            *shows.external_ids(tables["shows"]),
            *external_ids(tables["people"], own),
        ],
    }


def _without_owner(photo: Row) -> Row:
    """As it stands in the table of photos, which the view of all images reads."""
    kept = ("image_id", "file_path", "kind", "language", "is_primary", "rank", *images.MEASURED)
    return {"person_id": UUID(photo["owner_id"]), **{name: photo[name] for name in kept}}
