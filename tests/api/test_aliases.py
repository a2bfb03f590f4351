"""An id that a show or a person stood under before leads to them, under every path of theirs."""

import uuid

import httpx
import pytest

from tests.api.marts import show_id

OLD = show_id({"tmdb_id": None, "imdb_id": "tt0903747"})
PRESENT = show_id({"tmdb_id": 1396})
PARTS = ("", "/seasons", "/seasons/1", "/cast", "/watch-providers?region=US", "/images")


@pytest.mark.parametrize("part", PARTS)
def test_a_former_id_is_answered_308_with_the_same_path_under_the_present_one(
    client: httpx.Client, part: str
) -> None:
    for spelled in (OLD, OLD.upper()):
        answer = client.get(f"/shows/{spelled}{part}")
        assert (answer.status_code, answer.headers["location"]) == (308, f"/shows/{PRESENT}{part}")
        assert client.get(answer.headers["location"]).status_code == 200
    assert client.head(f"/shows/{OLD}{part}").status_code == 308


def test_a_former_id_of_a_person_is_answered_308(client: httpx.Client) -> None:
    former = show_id({"tmdb_id": None, "imdb_id": "nm0186505"})
    answer = client.get(f"/people/{former}")
    assert answer.status_code == 308
    present = client.get(answer.headers["location"])
    assert present.json()["tmdb_id"] == 17419
    assert client.get(f"/shows/{former}").status_code == 404


def test_an_id_of_nothing_and_one_of_another_kind_are_not_found(client: httpx.Client) -> None:
    for path in (f"/shows/{uuid.uuid4()}", f"/people/{OLD}", "/shows/imdb:tt9999999"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("not-found")


def test_a_title_that_imdb_alone_knows_answers_by_its_id(client: httpx.Client) -> None:
    answer = client.get("/shows/imdb:tt1234567")
    assert answer.status_code == 200
    assert answer.json()["id"] == show_id({"tmdb_id": None, "imdb_id": "tt1234567"})
