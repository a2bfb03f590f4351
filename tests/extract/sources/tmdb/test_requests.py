"""Requests per series: one, and one more for each 20 seasons that do not fit."""

import pytest

from extract.sources.tmdb.requests import (
    APPENDS_PER_REQUEST,
    LANGUAGES,
    SeriesRequest,
    first_request,
    further_requests,
)
from extract.sources.tmdb.resources import PARTS


def _requests(exist: range | set[int], held: set[int]) -> list[SeriesRequest]:
    first = first_request(1396, held)
    missing = set(exist) - set(first.seasons)
    return [first, *further_requests(1396, missing)]


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
    assert first_request(1, ()).seasons == (0, 1, 2, 3, 4, 5, 6, 7, 8)
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
def test_held_seasons_are_asked_for_first_then_the_next_numbers(
    held: set[int], seasons: tuple[int, ...]
) -> None:
    assert first_request(1, held).seasons == seasons


def test_the_first_request_names_all_parts_and_all_languages() -> None:
    request = first_request(1396, ())
    assert request.path == "/tv/1396"
    appended = request.params["append_to_response"].split(",")
    assert appended[:11] == [part.appended_as for part in PARTS]
    assert len(appended) == APPENDS_PER_REQUEST
    for parameter in ("include_image_language", "include_video_language"):
        languages = request.params[parameter].split(",")
        assert {"en", "null", "xx", "cn"} <= set(languages)
        assert len(languages) == len(set(languages)) == len(LANGUAGES.split(","))


def test_further_requests_ask_for_seasons_alone() -> None:
    (request,) = further_requests(1, {12, 10, 11})
    assert request.params == {"append_to_response": "season/12,season/11,season/10"}


def test_named_resources_are_asked_for_alone() -> None:
    one = first_request(1, (), ["tmdb_tv_watch_providers"])
    assert one.params == {"append_to_response": "watch/providers"}
    seasons = first_request(1, (), ["tmdb_tv_seasons"])
    assert seasons.seasons == tuple(range(20))
    assert first_request(1, (), ["tmdb_tv_details"]).params == {}
