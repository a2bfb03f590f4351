"""Generated series: the same for the same seed, unique in their ids, as messy as real ones."""

from collections import Counter
from statistics import median
from typing import Any

import orjson
import pytest

from tests.tmdb.generator import GeneratedWorld
from tests.tmdb.hostility import HOSTILE, HOSTILE_KINDS
from tests.tmdb.plan import MOST_SERIES, plan_series
from tests.tmdb.sizes import (
    GIANT_EVERY,
    GIANT_SEASONS,
    LARGEST_CAST,
    LARGEST_CAST_ID,
    LONGEST_SEASON,
    LONGEST_SEASON_ID,
)
from tests.tmdb.upstream import Upstream
from tests.tmdb.world import DETAILS, SETS, Part, season_number

SAMPLE = range(1, 601)
CATALOGUE = 10_000


def everything(world: GeneratedWorld, series_id: int) -> dict[str, Part]:
    series = world.series(series_id)
    assert series is not None
    return dict(series)


def test_two_worlds_of_one_seed_are_equal_and_another_seed_differs() -> None:
    one, same, other = GeneratedWorld(3), GeneratedWorld(3), GeneratedWorld(4)
    # The second world is read backwards: what was asked before must not matter.
    read = {number: everything(same, number) for number in reversed(range(1, 80))}
    for number in range(1, 80):
        assert everything(one, number) == read[number]
        assert everything(one, number) != everything(other, number)


def test_a_series_does_not_depend_on_how_many_there_are() -> None:
    assert everything(GeneratedWorld(1, 50), 7) == everything(GeneratedWorld(1, 300_000), 7)
    assert GeneratedWorld(1, 50).series(51) is None


def test_no_two_seasons_or_episodes_share_an_id() -> None:
    world = GeneratedWorld(1, 10**6)
    seasons: list[int] = []
    episodes: list[int] = []
    extremes = (GIANT_EVERY - 1, LONGEST_SEASON_ID, LONGEST_SEASON_ID + 1)
    for series_id in (*range(1, 400), *extremes, 233_998, 233_999, 234_000, MOST_SERIES - 1):
        for name, part in everything(world, series_id).items():
            if season_number(name) is not None:
                seasons.append(part["id"])
                episodes.extend(episode["id"] for episode in part["episodes"])
    assert len(set(seasons)) == len(seasons)
    assert len(set(episodes)) == len(episodes)
    assert max(episodes) < 2**31


def test_ids_stay_unique_and_in_place_when_seasons_grow() -> None:
    series_id = GIANT_EVERY - 1
    names = [f"season/{number}" for number in range(1, GIANT_SEASONS + 1)]
    world = GeneratedWorld()
    before, after = world.series(series_id), world.series(series_id, dict.fromkeys(names, 3))
    assert before is not None and after is not None
    ids: list[int] = []
    for name in names:
        old = [episode["id"] for episode in before[name]["episodes"]]
        new = [episode["id"] for episode in after[name]["episodes"]]
        assert new[: len(old)] == old
        assert len(new) == len(old) + 3
        ids += new
    assert len(set(ids)) == len(ids)


def test_details_and_seasons_agree() -> None:
    world = GeneratedWorld()
    for series_id in SAMPLE:
        series = everything(world, series_id)
        listed = {season["season_number"]: season for season in series[DETAILS]["seasons"]}
        for number, brief in listed.items():
            season = series[f"season/{number}"]
            assert season["id"] == brief["id"]
            if "episode_count" in brief:
                assert len(season["episodes"]) == brief["episode_count"]


def test_sizes_are_those_of_the_whole_catalogue() -> None:
    plans = [plan_series(1, number, {}) for number in range(1, CATALOGUE + 1)]
    numbers = [[season.number for season in plan.seasons] for plan in plans]
    regular = Counter(sum(number > 0 for number in each) for each in numbers)
    assert 0.075 < regular[0] / CATALOGUE < 0.085
    assert 0.78 < regular[1] / CATALOGUE < 0.80
    within = sum(all(number <= 8 for number in each) for each in numbers)
    assert 0.965 < within / CATALOGUE < 0.975
    assert 1.65 < sum(map(len, numbers)) / CATALOGUE < 1.78
    episodes = [sum(len(season.episodes) for season in plan.seasons) for plan in plans]
    assert 27 < sum(episodes) / CATALOGUE < 30
    assert 13 < sum(plan.cast_count for plan in plans) / CATALOGUE < 15
    assert median(episodes) < 10 and median(plan.cast_count for plan in plans) < 10


def test_about_a_third_of_all_cast_entries_are_regulars_of_a_season() -> None:
    world, entries, regulars = GeneratedWorld(), 0, 0
    for series_id in range(1, 1_001):
        series = world.series(series_id)
        assert series is not None
        credited = [name for name in series if name.endswith("/credits")]
        entries += len({each["id"] for each in series["aggregate_credits"]["cast"]})
        regulars += len({each["id"] for name in credited for each in series[name]["cast"]})
    assert 0.27 < regulars / entries < 0.38


def test_giants_and_the_two_extremes_stand_at_fixed_ids() -> None:
    world = GeneratedWorld(count=CATALOGUE)
    giant = everything(world, GIANT_EVERY - 1)
    assert giant[DETAILS]["number_of_seasons"] == GIANT_SEASONS
    assert len(giant[DETAILS]["seasons"]) == GIANT_SEASONS
    longest = everything(world, LONGEST_SEASON_ID)
    assert len(longest["season/1"]["episodes"]) == LONGEST_SEASON
    assert longest[DETAILS]["number_of_seasons"] == 1
    assert len(everything(world, LARGEST_CAST_ID)["aggregate_credits"]["cast"]) >= LARGEST_CAST


def test_a_series_is_found_by_the_number_of_its_seasons() -> None:
    upstream = Upstream(GeneratedWorld(count=200))
    for found, fewest, most in (
        (upstream.series_with(0), 0, 0),
        (upstream.series_with(1), 1, 1),
        (upstream.series_with(9, or_more=True), 9, GIANT_SEASONS),
    ):
        assert found
        for series_id in found:
            assert fewest <= upstream.document(series_id)["number_of_seasons"] <= most  # type: ignore[index]


def mess() -> set[str]:
    """Collect the kinds of mess that are met in a sample."""
    met: set[str] = set()
    world = GeneratedWorld()
    for series_id in SAMPLE:
        series = everything(world, series_id)
        met |= mess_in_details(series[DETAILS])
        for name, part in series.items():
            if season_number(name) is not None:
                met |= mess_in_season(part)
        met |= mess_in_sets(series)
    return met


def mess_in_details(details: Part) -> set[str]:
    stated = sum(season.get("episode_count", 0) for season in details["seasons"])
    networks = details["networks"]
    return {
        name
        for name, is_met in {
            "no adult": "adult" not in details,
            "no next episode": "next_episode_to_air" not in details,
            "no networks": not networks,
            "empty country": any(network["origin_country"] == "" for network in networks),
            "no logo key": any("logo_path" not in network for network in networks),
            "svg logo": any(str(n.get("logo_path")).endswith(".svg") for n in networks),
            "no episode_count": any("episode_count" not in s for s in details["seasons"]),
            "counts differ": details["number_of_episodes"] != stated,
            "trailing space": details["name"].endswith(" "),
            "specials": any(season["season_number"] == 0 for season in details["seasons"]),
        }.items()
        if is_met
    }


def mess_in_season(season: Part) -> set[str]:
    numbers = [episode["episode_number"] for episode in season["episodes"]]
    dates = {episode.get("air_date", "absent") for episode in season["episodes"]}
    return {
        name
        for name, is_met in {
            "no _id": "_id" not in season,
            "no episodes": not numbers,
            "gap": numbers != list(range(1, len(numbers) + 1)),
            "empty date": "" in dates,
            "null date": None in dates,
            "absent date": "absent" in dates,
            "no runtime": any("runtime" not in episode for episode in season["episodes"]),
        }.items()
        if is_met
    }


def mess_in_sets(series: dict[str, Part]) -> set[str]:
    cast = [member["id"] for member in series["aggregate_credits"]["cast"]]
    rated = [rating["iso_3166_1"] for rating in series["content_ratings"]["results"]]
    ids = set(series["external_ids"].values())
    offers: list[Any] = []
    repeated = False
    for region in series["watch/providers"]["results"].values():
        named = [offer for kind in region.values() if isinstance(kind, list) for offer in kind]
        repeated |= len({offer["provider_id"] for offer in named}) < len(named)
        offers += named
    return {
        name
        for name, is_met in {
            "person twice": len(set(cast)) < len(cast),
            "country twice": len(set(rated)) < len(rated),
            "empty and null ids": "" in ids and None in ids,
            "no priority": any("display_priority" not in offer for offer in offers),
            "provider twice": repeated,
        }.items()
        if is_met
    }


def test_the_mess_of_real_answers_is_there() -> None:
    assert mess() == {
        *("no adult", "no next episode", "no networks", "empty country", "no logo key"),
        *("svg logo", "no episode_count", "counts differ", "trailing space", "specials"),
        *("no _id", "no episodes", "gap", "empty date", "null date", "absent date", "no runtime"),
        *("person twice", "country twice", "empty and null ids", "no priority", "provider twice"),
    }


def test_every_revision_of_a_part_changes_it_and_only_it() -> None:
    world = GeneratedWorld()
    for series_id in Upstream(GeneratedWorld(count=40)).series_with(seasons=1, or_more=True)[:24]:
        base = everything(world, series_id)
        for name in (*SETS, "season/1", DETAILS):
            editions = []
            for revision in range(4):
                series = world.series(series_id, {name: revision})
                assert series is not None
                editions.append(orjson.dumps(series[name]))
                others = {*SETS, DETAILS} - {name, DETAILS if name == "season/1" else name}
                assert all(series[other] == base[other] for other in others)
            assert len(set(editions)) == 4, name


def test_popularity_drifts_with_the_day_and_nothing_else() -> None:
    world = GeneratedWorld()
    still = orjson.loads(orjson.dumps(everything(world, 5)))
    world.day = 20_000
    moved = orjson.loads(orjson.dumps(everything(world, 5)))
    assert moved != still
    assert without_popularity(moved) == without_popularity(still)
    world.day = 0
    assert everything(world, 5) == still


def without_popularity(node: Any) -> Any:
    if isinstance(node, list):
        return [without_popularity(item) for item in node]
    if isinstance(node, dict):
        return {
            key: without_popularity(value) for key, value in node.items() if key != "popularity"
        }
    return node


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_series_carries_its_kind_and_its_neighbours_do_not(kind: str) -> None:
    upstream = Upstream(GeneratedWorld())
    healthy = {name: orjson.dumps(upstream.document(1, name)) for name in upstream.names(1)}
    upstream.make_hostile([1], kind)
    hostile = {name: orjson.dumps(upstream.document(1, name)) for name in upstream.names(1)}
    assert hostile != healthy
    upstream.make_hostile([1], None)
    assert {name: orjson.dumps(upstream.document(1, name)) for name in healthy} == healthy


def test_the_hostile_share_is_spread_over_all_kinds() -> None:
    upstream = Upstream(GeneratedWorld(), hostile_share=0.1)
    kinds = [upstream.hostile_kind(series_id) for series_id in range(1, 2_001)]
    assert 140 < sum(kind is not None for kind in kinds) < 260
    assert set(kinds) == {None, *HOSTILE_KINDS}
