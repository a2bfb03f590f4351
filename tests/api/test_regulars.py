"""Regulars by season as the API tells them, held against what was landed, read without dbt."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.routers.appearances import Appearance, Appearances
from api.routers.credits import ShowCast
from api.routers.people import Person
from api.routers.reality import QualifiedPeople
from api.routers.seasons import Season
from api.settings import load_settings
from tests.api.conftest import serve
from tests.api.test_marts import get, pages
from tests.dbt_project.expectation.credits import is_archive_footage, is_self
from tests.dbt_project.warehouse import Warehouse

Regulars = dict[int, dict[int, list[dict[str, Any]]]]
"""The entries of the lists of regulars: by series, by season."""


@pytest.fixture(scope="module")
def client(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of an API over the sample and made-up series."""
    settings = load_settings(database_url=built.url, showhouse_home=tmp_path_factory.mktemp("home"))
    with serve(settings) as url, httpx.Client(base_url=url, timeout=300) as client:
        yield client


@pytest.fixture(scope="module")
def landed(built: Warehouse) -> Regulars:
    """What TMDb said, of series that are shown."""
    found: Regulars = defaultdict(dict)
    for key, cast in built.rows(
        "select key, payload -> 'cast' from raw.tmdb_tv_season_credits as credits"
        " where is_latest and not is_tombstone and jsonb_typeof(payload -> 'cast') = 'array'"
        " and exists (select from marts.show_documents where not is_adult"
        " and tmdb_id::text = split_part(credits.key, '/', 1))"
    ):
        series, _, season = key.split("/")
        entries = [each for each in cast if isinstance(each, dict)]
        found[int(series)][int(season)] = [each for each in entries if _is_id(each.get("id"))]
    assert sum(len(seasons) for seasons in found.values()) > 40
    return found


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def test_a_season_has_its_regulars(client: httpx.Client, landed: Regulars) -> None:
    compared = 0
    for series, seasons in [*landed.items()][::3]:
        for number, entries in seasons.items():
            answer = client.get(f"/shows/tmdb:{series}/seasons/{number}")
            if answer.status_code == 404:
                continue  # the season left
            told = Season.model_validate(answer.json()).cast
            assert {each.tmdb_id for each in told} == {each["id"] for each in entries}
            orders = [each.billing_order for each in told if each.billing_order is not None]
            assert orders == sorted(orders)
            assert len({(each.id, each.character) for each in told}) == len(told)
            compared += len(told)
    assert compared > 20


def test_a_regular_is_in_their_seasons_wherever_they_are_told(
    client: httpx.Client, landed: Regulars
) -> None:
    compared = 0
    for series, seasons in [*landed.items()][::4]:
        of_person: dict[int | None, set[int]] = defaultdict(set)
        for number, entries in seasons.items():
            for each in entries:
                if not is_archive_footage(each.get("character")):
                    of_person[each["id"]].add(number)
        lines = _appearances(client, series)
        cast = {each.id: each for each in get(client, f"/shows/tmdb:{series}/cast", ShowCast).items}
        assert cast.keys() == lines.keys()
        for person_id, line in lines.items():
            assert line.regular_season_numbers == sorted(of_person[line.person_tmdb_id])
            assert {*line.regular_season_numbers} <= {*line.season_numbers}
            proper = [number for number in line.season_numbers if number > 0]
            assert line.season_count == (len(proper) or None)
            member = cast[person_id]
            assert member.season_numbers == line.season_numbers
            assert member.regular_season_numbers == line.regular_season_numbers
            compared += bool(line.regular_season_numbers)
    assert compared


def _appearances(client: httpx.Client, series: int) -> dict[UUID, Appearance]:
    lines = pages(client, f"/shows/tmdb:{series}/appearances", Appearances, limit=100)
    return {line.person_id: line for line in lines}


def test_an_episode_count_is_one_number_and_never_nought(
    client: httpx.Client, built: Warehouse, landed: Regulars
) -> None:
    """It is what TMDb counts over all roles; where it counts nothing, who lists the person."""
    asked: set[UUID] = set()
    for series in [*landed][::6]:
        counted = _counted(built, series)
        cast = {each.id: each for each in get(client, f"/shows/tmdb:{series}/cast", ShowCast).items}
        for person_id, line in _appearances(client, series).items():
            assert line.episode_count == cast[person_id].episode_count != 0
            wanted = counted.get(line.person_tmdb_id or 0, line.listed_episode_count)
            assert line.episode_count == wanted
            for count in ("listed_episode_count", "self_episode_count", "self_season_count"):
                assert getattr(line, count) != 0
            asked.add(person_id)
    for person_id in sorted(asked)[:8]:
        person = get(client, f"/people/{person_id}", Person)
        lines = pages(client, f"/people/{person_id}/appearances", Appearances, limit=100)
        assert {(each.show_id, each.episode_count) for each in person.cast} == {
            (line.show_id, line.episode_count) for line in lines
        }


def _counted(built: Warehouse, series: int) -> dict[int, int]:
    """By person the episodes that TMDb counts, each credit once and archive footage left out."""
    credits = {}
    for (member,) in built.rows(
        "select jsonb_path_query(payload, '$.cast[*]') from raw.tmdb_tv_aggregate_credits"
        " where is_latest and key = %s",
        str(series),
    ):
        for role in member.get("roles", []):
            character, count = role.get("character"), role.get("episode_count")
            if count and not is_archive_footage(character):
                credits[member.get("id"), (character or "").strip(), role.get("credit_id")] = count
    counted: dict[int, int] = defaultdict(int)
    for (person, *_), count in credits.items():
        counted[person] += count
    return counted


def test_reality_stars_are_in_the_seasons_of_which_they_are_regulars(
    client: httpx.Client, landed: Regulars
) -> None:
    """Of none is it said that they are in no season, or in no episode."""
    seasons_as_self: dict[tuple[int, int], set[int]] = defaultdict(set)
    for series, seasons in landed.items():
        for number, entries in seasons.items():
            for each in entries:
                character = each.get("character")
                if number > 0 and is_self(character) and not is_archive_footage(character):
                    seasons_as_self[series, each["id"]].add(number)
    stars = pages(client, "/stats/qualified-people", QualifiedPeople, limit=100)
    assert stars
    regulars = 0
    for star in stars:
        counts = (star.season_count, star.most_season_count, star.episode_count)
        assert 0 not in (*counts, star.most_episode_count)
        path = f"/people/{star.person_id}/appearances"
        lines = pages(client, path, Appearances, limit=100)
        counting = [line for line in lines if line.is_cast_as_self]
        assert {line.show_id for line in counting} == {*star.show_ids}
        for line in counting:
            seasons_of_show = seasons_as_self[line.show_tmdb_id or 0, star.tmdb_id or 0]
            assert (line.self_season_count or 0) >= len(seasons_of_show)
            regulars += bool(seasons_of_show)
        known = [line.self_season_count for line in counting if line.self_season_count]
        assert star.season_count == (sum(known) or None)
        episodes = [line.self_episode_count for line in counting if line.self_episode_count]
        assert star.episode_count == (sum(episodes) or None)
        days = [line.first_air_date for line in counting if line.first_air_date]
        assert star.first_air_date == min(days, default=None)
    assert regulars
