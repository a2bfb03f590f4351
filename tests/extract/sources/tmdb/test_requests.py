"""Requests per series: one, and one more for each ten seasons that do not fit."""

import pytest

from extract.resource import Resource
from extract.sources.tmdb.requests import (
    APPENDS_PER_REQUEST,
    SeriesRequest,
    first_request,
    further_requests,
    season_name,
    season_piece,
)
from extract.sources.tmdb.resources import PARTS, SEASON_CREDITS, SEASONS
from tests.tmdb.plan import plan_series


def _requests(exist: range | set[int], held: set[int]) -> list[SeriesRequest]:
    first = first_request(1396, dict.fromkeys(held))
    missing = set(exist) - set(first.seasons)
    names = [season_name(each, kind) for each in missing for kind in (SEASONS, SEASON_CREDITS)]
    return [first, *further_requests(1396, names)]


@pytest.mark.parametrize(
    ("season_count", "at_first", "later"),
    [(1, 1, 1), (3, 1, 1), (4, 2, 1), (5, 2, 2), (13, 2, 2), (14, 3, 2), (15, 3, 3), (89, 10, 10)],
)
def test_a_series_takes_one_request_and_one_more_for_each_ten_seasons(
    season_count: int, at_first: int, later: int
) -> None:
    exist = range(1, season_count + 1)
    for held, expected in ((set[int](), at_first), (set(exist), later)):
        requests = _requests(exist, held)
        assert len(requests) == expected
        for asked in (
            [number for request in requests for number in request.seasons],
            [number for request in requests for number in request.season_credits],
        ):
            assert set(exist) <= set(asked)
            assert len(asked) == len(set(asked))
        assert all(len(request.appends) <= APPENDS_PER_REQUEST for request in requests)


def test_the_whole_catalogue_takes_at_most_1_15_requests_a_series() -> None:
    plans = [plan_series(1, series_id, {}) for series_id in range(1, 10_001)]
    seasons = [{season.number for season in plan.seasons} for plan in plans]
    assert sum(len(_requests(each, set())) for each in seasons) / len(plans) <= 1.15
    assert sum(len(_requests(each, each)) for each in seasons) / len(plans) <= 1.15


def test_three_seasons_and_specials_come_with_the_first_request_and_their_credits() -> None:
    assert first_request(1, {}).seasons == first_request(1, {}).season_credits == (0, 1, 2, 3)
    assert len(_requests(range(0, 4), set())) == 1


@pytest.mark.parametrize(
    ("held", "seasons"),
    [
        ({1}, (1, 2, 0, 3)),
        ({0}, (0, 1, 2, 3)),
        ({0, 1, 2}, (2, 1, 0, 3)),
        ({2023, 2024}, (2024, 2023, 2025, 0)),
        (set(range(1, 4)), (3, 2, 1, 4)),
        (set(range(1, 30)), (29, 28, 27, 26)),
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
    assert appended[:12] == [part.appended_as for part in PARTS]
    assert len(appended) == APPENDS_PER_REQUEST
    # Images come in all languages unless one is named; five were once the bound of such a list.
    assert "include_image_language" not in request.params
    languages = request.params["include_video_language"].split(",")
    assert "en" in languages and len(set(languages)) == len(languages) <= 5


def test_further_requests_ask_for_parts_first_and_then_for_the_newest_seasons() -> None:
    (request,) = further_requests(1, ["season/9", "season/10/credits", "keywords", "season/10"])
    assert request.params == {"append_to_response": "keywords,season/10,season/9,season/10/credits"}
    names = [*(str(part.appended_as) for part in PARTS), *map(season_name, range(29))]
    requests = further_requests(1, names)
    assert [len(request.appends) for request in requests] == [20, 20, 1]
    assert sorted(name for request in requests for name in request.appends) == sorted(names)
    assert "include_video_language" in requests[0].params
    assert "include_video_language" not in requests[1].params


@pytest.mark.parametrize(
    ("name", "piece"),
    [("season/0", (SEASONS, 0)), ("season/2024", (SEASONS, 2024)), ("keywords", None),
     ("season/12/credits", (SEASON_CREDITS, 12)), ("season/x", None), ("season/1/", None),
     ("aseason/1", None), ("season/", None), ("season/1/images", None)],
)  # fmt: skip
def test_a_season_and_its_credits_are_named_by_its_number(
    name: str, piece: tuple[Resource, int] | None
) -> None:
    assert season_piece(name) == piece
    assert piece is None or season_name(piece[1], piece[0]) == name


def test_named_resources_are_asked_for_alone() -> None:
    one = first_request(1, {}, ["tmdb_tv_watch_providers"])
    assert one.params == {"append_to_response": "watch/providers"}
    seasons = first_request(1, {}, ["tmdb_tv_seasons"])
    assert (seasons.seasons, seasons.season_credits) == (tuple(range(20)), ())
    credits = first_request(1, {}, ["tmdb_tv_season_credits"])
    assert (credits.seasons, credits.season_credits) == ((), tuple(range(20)))
    assert first_request(1, {}, ["tmdb_tv_details"]).params == {}
