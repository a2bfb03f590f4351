"""Upstream changes while the server runs, and the server says so at once."""

from collections.abc import Iterator

import pytest

from tests.tmdb.asking import FULL, ask
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

SERIES = f"/3/tv/1?append_to_response={FULL},season/1"


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=300)) as server:
        yield server


def test_a_touch_changes_what_it_says_it_changes(tmdb: Tmdb) -> None:
    before = ask(tmdb, SERIES).json()
    assert tmdb.touch([1], ["keywords"]) == {1: ["keywords"]}
    after = ask(tmdb, SERIES).json()
    assert after.pop("keywords") != before.pop("keywords")
    assert after == before


def test_a_season_that_grows_changes_the_details_too(tmdb: Tmdb) -> None:
    before = tmdb.document(1, "season/1")
    assert tmdb.touch([1], ["season/1"]) == {1: ["details", "season/1"]}
    after = tmdb.document(1, "season/1")
    assert len(after["episodes"]) == len(before["episodes"]) + 1


def test_touching_a_share_touches_that_many_and_others_the_next_time(tmdb: Tmdb) -> None:
    before = {number: ask(tmdb, f"/3/tv/{number}").body for number in tmdb.ids()}
    first = tmdb.touch_share(0.1)
    second = tmdb.touch_share(0.1)
    assert len(first) == len(second) == 30
    assert first.keys() != second.keys()
    untouched = before.keys() - first.keys() - second.keys()
    assert all(ask(tmdb, f"/3/tv/{number}").body == before[number] for number in untouched)


def test_a_deleted_series_is_404_and_comes_back_as_it_was(tmdb: Tmdb) -> None:
    before = ask(tmdb, SERIES).body
    tmdb.delete_series(1, is_told=True)
    assert ask(tmdb, SERIES).json()["status_code"] == 34
    assert 1 not in tmdb.ids()
    tmdb.return_series(1)
    assert ask(tmdb, SERIES).body == before


def test_a_removed_season_leaves_the_details_too(tmdb: Tmdb) -> None:
    before = ask(tmdb, SERIES).json()
    tmdb.remove_season(1, 1)
    after = ask(tmdb, SERIES).json()
    assert "season/1" not in after
    assert 1 not in [season["season_number"] for season in after["seasons"]]
    assert after["number_of_seasons"] == before["number_of_seasons"] - 1
    assert ask(tmdb, "/3/tv/1/season/1").status == 404
    tmdb.return_season(1, 1)
    assert ask(tmdb, SERIES).json() == before


def test_a_removed_part_is_a_missing_key(tmdb: Tmdb) -> None:
    tmdb.remove_part(1, "watch/providers")
    answer = ask(tmdb, SERIES).json()
    assert "watch/providers" not in answer
    assert "keywords" in answer
    tmdb.return_part(1, "watch/providers")
    assert "watch/providers" in ask(tmdb, SERIES).json()


def test_sets_can_be_emptied_and_refilled(tmdb: Tmdb) -> None:
    before = ask(tmdb, SERIES).json()
    tmdb.empty(1, "details", "networks")
    tmdb.empty(1, "watch/providers")
    tmdb.empty(1, "season/1")
    after = ask(tmdb, SERIES).json()
    assert after["networks"] == []
    assert after["genres"] == before["genres"]
    assert after["watch/providers"] == {"results": {}}
    assert after["season/1"]["episodes"] == []
    for part in ("details", "watch/providers", "season/1"):
        tmdb.refill(1, part)
    assert ask(tmdb, SERIES).json() == before


def test_values_can_be_written_over_and_taken_back(tmdb: Tmdb) -> None:
    before = ask(tmdb, SERIES).body
    tmdb.override(1, "details", {"name": "Another", "first_air_date": None})
    after = ask(tmdb, SERIES).json()
    assert (after["name"], after["first_air_date"]) == ("Another", None)
    tmdb.forget_overrides(1)
    assert ask(tmdb, SERIES).body == before


def test_a_changed_logo_changes_wherever_it_is_named(tmdb: Tmdb) -> None:
    named = [(number, tmdb.document(number)["networks"]) for number in tmdb.ids()]
    network = next(networks[0] for _, networks in named if networks)
    users = [number for number, networks in named if network in networks]
    assert len(users) > 1
    tmdb.change_logo("networks", network["id"])
    for number in users:
        answer = ask(tmdb, f"/3/tv/{number}").json()
        (changed,) = [item for item in answer["networks"] if item["id"] == network["id"]]
        assert changed["logo_path"] != network.get("logo_path")


def test_popularity_drifts_when_days_pass(tmdb: Tmdb) -> None:
    before = ask(tmdb, "/3/tv/1").json()
    tmdb.advance_days(1)
    first = ask(tmdb, "/3/tv/1").json()
    tmdb.advance_days(1)
    second = ask(tmdb, "/3/tv/1").json()
    assert len({details.pop("popularity") for details in (before, first, second)}) == 3
    assert before == first == second
