"""What is misspelt finds what it resembles: by the words of titles, then by the titles."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from api.settings import load_settings
from extract.postgres.server import Server
from tests.api.conftest import fresh_database, serve
from tests.api.marts import FOLD, WORDS, create_marts, put_show

TITLES = {
    101: "Hannibal",
    102: "Dexter",
    103: "Westworld",
    104: "The Wire",
    105: "Game of Thrones",
    106: "Pokémon",
    107: "Grey's Anatomy",
    108: "Better Call Saul",
    109: "Zirkonia",
    110: "東京タワー物語",
}
CROWD = [f"Zirko{first}{second}" for first in "abcdef" for second in "abcdef"]
"""More words that begin as another one than are looked at."""
FREQUENT = range(3_000, 3_700)
"""More shows with one word than are looked at of any word; the later ones are the more popular."""


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    """The address of a database with shows whose titles are often mistyped."""
    with fresh_database(server) as url:
        create_marts(url)
        with psycopg.connect(url) as connection:
            for tmdb_id, name in TITLES.items():
                put_show(connection, _show(tmdb_id, name, popularity=tmdb_id))
            for tmdb_id, name in enumerate(CROWD, 300):
                put_show(connection, _show(tmdb_id, name, popularity=1))
            for tmdb_id in FREQUENT:
                put_show(connection, _show(tmdb_id, "Story", popularity=tmdb_id))
            put_show(connection, _show(201, "Hannibal Uncut", popularity=999, adult=True))
            put_show(connection, _show(202, "Westworld Diaries", popularity=1, genres=["Reality"]))
            put_show(connection, _show(203, "Hannah", popularity=999))
            connection.execute(FOLD)
            connection.execute(WORDS)
        yield url


@pytest.fixture(scope="module")
def client(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of an API over these."""
    settings = load_settings(database_url=url, showhouse_home=tmp_path_factory.mktemp("home"))
    with serve(settings) as address, httpx.Client(base_url=address, timeout=300) as client:
        yield client


def _show(tmdb_id: int, name: str, **told: Any) -> dict[str, Any]:
    return {
        "tmdb_id": tmdb_id,
        "name": name,
        "premiere_date": None,
        "genres": ["Drama"],
        "status": "Ended",
    } | told


def _found(client: httpx.Client, **query: Any) -> list[int]:
    return [item["tmdb_id"] for item in client.get("/shows", params=query).json()["items"]]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("hannbal", 101),
        ("hanibal", 101),
        ("HÁNNBAL", 101),
        ("dextre", 102),
        ("westwrold", 103),
        ("pokemonn", 106),
        ("Pokêmn", 106),
        ("greys anatmy", 107),
        ("東京タワ物語", 110),
        ("beter cal saul", 108),
        ("betetr call saul", 108),
        ("saul call better", 108),
        ("game of trhones", 105),
        ("gmae of throns", 105),
        ("better xqzzvk saul", 108),
    ],
)
def test_a_misspelt_title_is_found_first(client: httpx.Client, q: str, expected: int) -> None:
    assert _found(client, q=q)[:1] == [expected]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("thewire", 104),
        ("gameofthrones", 105),
        ("bettercall saul", 108),
        ("hanni bal", 101),
        ("zirko nia", 109),
        ("bet ter call saul", 108),
        ("game ofthrones", 105),
    ],
)
def test_a_space_may_be_missing_or_too_much(client: httpx.Client, q: str, expected: int) -> None:
    assert _found(client, q=q)[:1] == [expected]


@pytest.mark.parametrize(("q", "expected"), [("hanib", 101), ("westwo wo", 103), ("thw", 104)])
def test_a_misspelt_beginning_is_enough(client: httpx.Client, q: str, expected: int) -> None:
    assert expected in _found(client, q=q)


@pytest.mark.parametrize("q", ["xqzzvk", "saul xqzzvkxqzzvk", "xq", "!?", "of zz zz zz zz"])
def test_what_resembles_nothing_finds_nothing(client: httpx.Client, q: str) -> None:
    assert 108 not in _found(client, q=q)


def test_of_what_is_as_similar_the_popular_come_first(client: httpx.Client) -> None:
    assert _found(client, q="storry") == list(reversed(FREQUENT))[:20]
    assert _found(client, q="storry", limit=100) == list(reversed(FREQUENT))[:100]


def test_the_more_similar_comes_before_the_popular(client: httpx.Client) -> None:
    assert _found(client, q="hannbal") == [101, 203]


def test_filters_hold_for_what_resembles(client: httpx.Client) -> None:
    assert _found(client, q="westwrold", genre="Reality") == [202]
    assert _found(client, q="westwrold", genre="Comedy") == []
    assert 201 not in _found(client, q="hannbal")
    assert _found(client, q="hannbal", include_adult=True) == [201, 101, 203]


def test_without_trigrams_what_is_misspelt_finds_nothing(server: Server, tmp_path: Path) -> None:
    with fresh_database(server) as url:
        create_marts(url)
        with psycopg.connect(url) as connection:
            connection.execute("drop extension pg_trgm cascade")
        settings = load_settings(database_url=url, showhouse_home=tmp_path)
        with serve(settings) as address, httpx.Client(base_url=address, timeout=300) as client:
            assert _found(client, q="breaking") == [1396]
            assert _found(client, q="braking bad") == []
            people = client.get("/people", params={"q": "brian cransten"})
            assert (people.status_code, people.json()["items"]) == (200, [])
