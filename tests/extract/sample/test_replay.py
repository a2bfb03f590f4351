"""The sample answers as TMDb does: appended parts, single parts, seasons, pictures and errors."""

import json
from typing import Any

import pytest

from extract.sample import SERIES_IDS, answer
from extract.sample.facts import facts
from extract.sample.seasons import RESERVED_IDS
from extract.sample.series import PARTS

SURVIVOR, GAME_OF_THRONES, WATCH_WHAT_HAPPENS_LIVE = 14658, 1399, 22980
ALL_PARTS = ",".join(PARTS)


def asked(path: str, **params: str) -> dict[str, Any]:
    status, headers, body = answer(path, params)
    assert status == 200, path
    assert headers["content-type"].startswith("application/json")
    document: dict[str, Any] = json.loads(body)
    return document


@pytest.mark.parametrize("show_id", SERIES_IDS)
def test_a_series_answers_with_every_part_and_its_first_season(show_id: int) -> None:
    document = asked(f"/tv/{show_id}", append_to_response=f"{ALL_PARTS},season/1")
    assert document["id"] == show_id
    assert set(PARTS) <= set(document)
    assert document["season/1"]["season_number"] == 1
    assert "id" not in document["season/1"]
    assert "id" not in document["watch/providers"]


@pytest.mark.parametrize("show_id", SERIES_IDS)
def test_every_season_of_the_list_can_be_asked_for(show_id: int) -> None:
    seen = set()
    for brief in asked(f"/tv/{show_id}")["seasons"]:
        season = asked(f"/tv/{show_id}/season/{brief['season_number']}")
        assert {key: season[key] for key in ("id", "name", "air_date")} == {
            key: brief[key] for key in ("id", "name", "air_date")
        }
        seen |= {episode["id"] for episode in season["episodes"]}
        assert all(episode["show_id"] == show_id for episode in season["episodes"])
        assert len(season["episodes"]) >= brief["episode_count"]
    assert seen


@pytest.mark.parametrize("show_id", SERIES_IDS)
def test_the_last_episode_is_the_one_of_its_season(show_id: int) -> None:
    for name in ("last_episode_to_air", "next_episode_to_air"):
        place = asked(f"/tv/{show_id}").get(name)
        if not place:
            continue
        season = asked(f"/tv/{show_id}/season/{place['season_number']}")
        assert [place] == [
            {key: episode[key] for key in place}
            for episode in season["episodes"]
            if episode["episode_number"] == place["episode_number"]
        ]


def test_a_part_asked_alone_carries_the_id_that_it_lacks_when_appended() -> None:
    alone = asked("/tv/1399/content_ratings")
    appended = asked("/tv/1399", append_to_response="content_ratings")["content_ratings"]
    assert alone == appended | {"id": 1399}


def test_a_season_asked_alone_carries_the_id_that_it_lacks_when_appended() -> None:
    alone = asked("/tv/1399/season/1")
    appended = asked("/tv/1399", append_to_response="season/1")["season/1"]
    assert "id" not in appended
    assert alone == appended | {"id": alone["id"]}


def test_the_same_request_gives_the_same_bytes_however_it_is_written() -> None:
    params = {"append_to_response": "season/1,watch/providers"}
    first = answer("/tv/1399", params)
    assert first == answer("/3/tv/1399", params)
    assert first == answer("tv/1399?append_to_response=season/1%2Cwatch%2Fproviders")


def test_a_change_to_an_answer_does_not_reach_the_next_one() -> None:
    first = answer("/tv/1399")
    dict(first[1]).clear()
    asked("/tv/1399")["seasons"].clear()
    assert answer("/tv/1399") == first


def test_more_than_twenty_parts_are_refused_as_tmdb_refuses_them() -> None:
    names = [f"season/{number}" for number in range(1, 22)]
    assert answer("/tv/14658", {"append_to_response": ",".join(names[:20])})[0] == 200
    status, _, body = answer("/tv/14658", {"append_to_response": ",".join(names)})
    assert (status, json.loads(body)["status_code"]) == (400, 27)


@pytest.mark.parametrize(
    "path",
    [
        "/tv/7",
        "/tv/7/credits",
        "/tv/7/season/1",
        "/tv/1399/season/99",
        "/tv/1399/reviews",
        "/original/none.png",
        "/person/1",
        "/",
    ],
)
def test_what_is_not_held_is_answered_404_with_tmdbs_code(path: str) -> None:
    status, _, body = answer(path, {})
    document = json.loads(body)
    assert (status, document["success"], document["status_code"]) == (404, False, 34)


def test_an_absent_season_or_an_unknown_part_is_a_missing_key() -> None:
    document = asked("/tv/1399", append_to_response="season/99,lists,keywords")
    assert {"season/99", "lists"}.isdisjoint(document)
    assert "keywords" in document


def test_there_are_enough_series_and_reality_among_them() -> None:
    reality = [show for show in facts().shows.values() if 10764 in show["genres"]]
    assert len(SERIES_IDS) >= 45
    assert len(reality) >= 20
    assert {SURVIVOR, GAME_OF_THRONES, WATCH_WHAT_HAPPENS_LIVE} <= set(SERIES_IDS)


def test_some_series_need_more_than_one_request() -> None:
    document = asked(f"/tv/{SURVIVOR}")
    assert len(document["seasons"]) > 40
    assert document["seasons"][0]["season_number"] == 0


def test_the_sample_holds_the_mess_that_tmdb_holds() -> None:
    documents = [asked(f"/tv/{show_id}") for show_id in SERIES_IDS]
    everything = b"".join(answer(f"/tv/{show_id}")[2] for show_id in SERIES_IDS)
    assert any("next_episode_to_air" not in document for document in documents)
    assert any(document["last_air_date"] == "" for document in documents)
    assert any(document["networks"] == [] for document in documents)
    assert any(document["status"] == "Ended" for document in documents)
    assert any(document.get("next_episode_to_air") for document in documents)
    assert any(
        season["episode_count"] == 0 for document in documents for season in document["seasons"]
    )
    assert b'"logo_path":null' in everything


def test_ids_are_unique_and_made_up_ones_are_recognisable() -> None:
    known = facts()
    seasons: list[int] = []
    episodes: list[int] = []
    for show_id, rows in known.seasons.items():
        for season in rows:
            document = asked(f"/tv/{show_id}/season/{season}")
            seasons.append(document["id"])
            episodes += [episode["id"] for episode in document["episodes"]]
    for ids in (seasons, episodes):
        assert len(ids) == len(set(ids))
        assert all(0 < key < 2**31 for key in ids)
    numbers = [show["number"] for show in known.shows.values()]
    assert len(numbers) == len(set(numbers))
    assert max(SERIES_IDS) < RESERVED_IDS


def test_providers_stand_in_many_regions_with_every_kind_of_offer() -> None:
    regions: set[str] = set()
    offers: set[str] = set()
    for show_id in SERIES_IDS:
        for region, found in asked(f"/tv/{show_id}/watch/providers")["results"].items():
            regions.add(region)
            assert found["link"].startswith("https://www.themoviedb.org/tv/")
            offers |= set(found) - {"link"}
    assert offers == {"flatrate", "free", "ads", "rent", "buy"}
    assert {"US", "GB", "CA", "AU", "DE", "FR", "ES", "IT", "NL", "SE", "BR", "MX"} <= regions
