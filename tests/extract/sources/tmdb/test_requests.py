"""Requests per series: one, and one more for each 20 seasons that do not fit."""

import pytest

from extract.sources.tmdb.requests import (
    APPENDS_PER_REQUEST,
    SeriesRequest,
    first_request,
    further_requests,
    season_name,
    season_number,
)
from extract.sources.tmdb.resources import PARTS


def _requests(exist: range | set[int], held: set[int]) -> list[SeriesRequest]:
    first = first_request(1396, dict.fromkeys(held))
    missing = set(exist) - set(first.seasons)
    return [first, *further_requests(1396, map(season_name, missing))]


@pytest.mark.parametrize(
    ("season_count", "at_first", "later"),
    [(1, 1, 1), (8, 1, 1), (9, 2, 1), (10, 2, 2), (29, 3, 2), (30, 3, 3), (89, 6, 5)],
)
def test_a_series_takes_one_request_and_one_more_for_each_twenty_seasons(
    season_count: int, at_first: int, later: int
) -> None:
    exist = range(1, season_count + 1)
    for held, expected in ((set[int](), at_first), (set(exist), later)):
        requests = _requests(exist, held)
        assert len(requests) == expected
        asked = [number for request in requests for number in request.seasons]
        assert set(exist) <= set(asked)
        assert len(asked) == len(set(asked))
        assert all(len(request.appends) <= APPENDS_PER_REQUEST for request in requests)


def test_eight_seasons_and_specials_come_with_the_first_request() -> None:
    assert first_request(1, {}).seasons == (0, 1, 2, 3, 4, 5, 6, 7, 8)
    assert len(_requests(range(0, 9), set())) == 1


@pytest.mark.parametrize(
    ("held", "seasons"),
    [
        ({1}, (1, 2, 0, 3, 4, 5, 6, 7, 8)),
        ({0}, (0, 1, 2, 3, 4, 5, 6, 7, 8)),
        ({0, 1, 2}, (2, 1, 0, 3, 4, 5, 6, 7, 8)),
        ({2023, 2024}, (2024, 2023, 2025, 0, 2026, 2027, 2028, 2029, 2030)),
        (set(range(1, 9)), (8, 7, 6, 5, 4, 3, 2, 1, 9)),
        (set(range(1, 30)), (29, 28, 27, 26, 25, 24, 23, 22, 21)),
    ],
    ids=str,
)
def test_known_seasons_are_asked_for_first_then_the_next_numbers(
    held: set[int], seasons: tuple[int, ...]
) -> None:
    assert first_request(1, dict.fromkeys(held)).seasons == seasons


def test_the_first_request_names_all_parts_and_a_few_languages_of_videos() -> None:
    request = first_request(1396, {})
    assert request.path == "/tv/1396"
    appended = request.params["append_to_response"].split(",")
    assert appended[:11] == [part.appended_as for part in PARTS]
    assert len(appended) == APPENDS_PER_REQUEST
    # Images come in all languages unless one is named; five were once the bound of such a list.
    assert "include_image_language" not in request.params
    languages = request.params["include_video_language"].split(",")
    assert "en" in languages and len(set(languages)) == len(languages) <= 5


def test_further_requests_ask_for_parts_first_and_then_for_the_newest_seasons() -> None:
    (request,) = further_requests(1, ["season/12", "season/10", "keywords", "season/11"])
    assert request.params == {"append_to_response": "keywords,season/12,season/11,season/10"}
    names = [*(str(part.appended_as) for part in PARTS), *map(season_name, range(30))]
    requests = further_requests(1, names)
    assert [len(request.appends) for request in requests] == [20, 20, 1]
    assert sorted(name for request in requests for name in request.appends) == sorted(names)
    assert "include_video_language" in requests[0].params
    assert "include_video_language" not in requests[1].params


@pytest.mark.parametrize(
    ("name", "number"),
    [("season/0", 0), ("season/2024", 2024), ("keywords", None), ("season/x", None),
     ("aseason/1", None), ("season/", None)],
)  # fmt: skip
def test_a_season_is_named_by_its_number(name: str, number: int | None) -> None:
    assert season_number(name) == number
    assert number is None or season_name(number) == name


def test_named_resources_are_asked_for_alone() -> None:
    one = first_request(1, {}, ["tmdb_tv_watch_providers"])
    assert one.params == {"append_to_response": "watch/providers"}
    seasons = first_request(1, {}, ["tmdb_tv_seasons"])
    assert seasons.seasons == tuple(range(20))
    assert first_request(1, {}, ["tmdb_tv_details"]).params == {}
