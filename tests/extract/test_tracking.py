"""The tracked set is made of landed decisions."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from extract.postgres.connections import connect
from extract.tracking import track, tracked, untrack


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(database) as connection:
        yield connection


def test_tags_add_up_and_a_decision_made_twice_lands_once(
    connection: psycopg.Connection[Any],
) -> None:
    assert track(connection, [5, 3], ["tmdb-list:1"]) == 2
    assert track(connection, [5], ["imdb-list:2", "tmdb-list:1"]) == 1
    assert track(connection, [5, 3]) == 0
    assert tracked(connection) == {3: ("tmdb-list:1",), 5: ("imdb-list:2", "tmdb-list:1")}


def test_what_is_taken_off_stays_known_and_may_come_back(
    connection: psycopg.Connection[Any],
) -> None:
    track(connection, [5], ["tmdb-list:1"])
    assert untrack(connection, [5, 6]) == 1
    assert untrack(connection, [5]) == 0
    assert tracked(connection) == {}
    assert track(connection, [5]) == 1
    assert tracked(connection) == {5: ()}
    rows = connection.execute(
        "select key, payload, is_tombstone from raw.showhouse_tracked_shows order by load_id"
    ).fetchall()
    assert [key for key, *_ in rows] == ["tmdb:tv:5"] * 3
    assert [payload["is_tracked"] for _, payload, _ in rows] == [True, False, True]
    assert not any(is_tombstone for *_, is_tombstone in rows)


def test_tags_given_at_once_by_many_are_all_kept(database: str) -> None:
    def add(tag: str) -> None:
        with connect(database) as connection:
            track(connection, [1], [tag])

    tags = [f"list:{number}" for number in range(8)]
    with ThreadPoolExecutor(len(tags)) as threads:
        list(threads.map(add, tags))
    with connect(database) as connection:
        assert tracked(connection) == {1: tuple(tags)}
