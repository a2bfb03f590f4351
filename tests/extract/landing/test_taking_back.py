"""A load taken back: what it brought is gone, what it superseded stands again."""

from random import Random
from threading import Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.errors import LoadNotTakenBack
from extract.landing import Batch, land
from extract.landing.taking_back import take_back
from extract.postgres.connections import connect
from tests.extract.landing.answers import KEYWORDS, fetch, keywords, minute, no_keywords, versions

Connection = psycopg.Connection[Any]
RUN = uuid4()
Latest = dict[str, tuple[Any, ...]]


def put(connection: Connection, *documents: Any) -> int:
    landed = land(connection, Batch(list(documents)), run_id=RUN)
    assert landed.load_id is not None
    return landed.load_id


def latest(connection: Connection) -> Latest:
    """What is held of each key, and when it was answered."""
    rows = connection.execute(
        "select key, payload, payload_hash, is_tombstone, fetched_at"
        " from raw.tmdb_tv_keywords where is_latest"
    )
    return {key: content for key, *content in map(tuple, rows)}  # type: ignore[misc]


def test_what_a_load_superseded_is_the_latest_again_as_a_new_version(
    connection: Connection,
) -> None:
    put(connection, keywords(1, "a", 1), keywords(2, "a", 1))
    bad = put(connection, keywords(1, "b", 2), keywords(3, "b", 2), no_keywords(2, 2))
    done = take_back(connection, bad, run_id=RUN)
    assert (done.load_id, done.taken_back, done.restored) == (bad + 1, 3, 2)
    assert versions(connection, "1") == [("a", False), ("b", False), ("a", True)]
    assert versions(connection, "2") == [("a", False), (None, False), ("a", True)]
    assert versions(connection, "3") == [("b", False)]
    marks = "select load_id, superseded_by, taken_back_by, restored_from from raw.tmdb_tv_keywords"
    rows = connection.execute(f"{marks} where key = '1' order by load_id").fetchall()
    assert rows == [(1, 2, None, None), (2, 3, 3, None), (3, None, None, 1)]
    load = "select kind, takes_back, landed_count, resources from raw.loads where load_id = 3"
    told = {KEYWORDS.name: {"taken_back": 3, "restored": 2}}
    assert connection.execute(load).fetchone() == ("take_back", bad, 0, told)


def test_what_was_superseded_since_stays_so(connection: Connection) -> None:
    put(connection, keywords(1, "a", 1))
    bad = put(connection, keywords(1, "b", 2))
    put(connection, keywords(1, "c", 3))
    assert take_back(connection, bad, run_id=RUN).restored == 0
    assert versions(connection, "1") == [("a", False), ("b", False), ("c", True)]
    assert fetch(connection, "1")[3] == minute(3)


def test_several_loads_may_be_taken_back_in_any_order(connection: Connection) -> None:
    first = put(connection, keywords(1, "a", 1))
    second = put(connection, keywords(1, "b", 2))
    third = put(connection, keywords(1, "c", 3))
    take_back(connection, second, run_id=RUN)
    take_back(connection, third, run_id=RUN)
    assert versions(connection, "1")[-1] == ("a", True)
    take_back(connection, first, run_id=RUN)  # its content leaves where it was restored as well
    assert latest(connection) == {}
    assert fetch(connection, "1") is None


def test_the_books_know_what_they_knew_and_that_it_is_due(connection: Connection) -> None:
    put(connection, keywords(1, "a", 1), no_keywords(2, 1))
    bad = put(connection, keywords(1, "b", 2), keywords(2, "b", 2), keywords(3, "b", 2))
    take_back(connection, bad, run_id=RUN)
    assert fetch(connection, "1")[:5] == ("ok", 0, None, minute(1), minute(1))
    assert fetch(connection, "2")[0] == "gone"
    assert fetch(connection, "3") is None
    due = "select count(*) from raw.fetches where next_due_at <= now()"
    assert connection.execute(due).fetchone() == (2,)


def test_what_was_taken_back_may_land_again(connection: Connection) -> None:
    put(connection, keywords(1, "a", 1))
    bad = put(connection, keywords(1, "b", 2))
    take_back(connection, bad, run_id=RUN)
    put(connection, keywords(1, "b", 3))
    assert versions(connection, "1")[-1] == ("b", True)


def test_a_load_that_cannot_be_taken_back_is_refused_with_the_reason(
    connection: Connection,
) -> None:
    bad = put(connection, keywords(1, "a", 1))
    back = take_back(connection, bad, run_id=RUN).load_id
    for load_id, why in [(99, "no such load"), (bad, "already"), (back, "no documents")]:
        with pytest.raises(LoadNotTakenBack, match=why):
            take_back(connection, load_id, run_id=RUN)
    assert connection.execute("select count(*) from raw.loads").fetchone() == (2,)


def test_two_who_take_the_same_load_back_do_it_once(connection: Connection, database: str) -> None:
    bad = put(connection, *(keywords(n, "a", 1) for n in range(1, 200)))
    refused: list[LoadNotTakenBack] = []

    def work() -> None:
        with connect(database) as own:
            try:
                take_back(own, bad, run_id=RUN)
            except LoadNotTakenBack as error:
                refused.append(error)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert connection.execute("select count(*) from raw.loads").fetchone() == (2,)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_held_is_as_if_the_loads_taken_back_had_never_landed(
    connection: Connection, seed: int
) -> None:
    chance = Random(seed)
    expected: dict[str, list[tuple[int, Any]]] = {}
    loads: list[int] = []
    for at in range(1, 25):
        if loads and chance.random() < 0.3:
            bad = loads.pop(chance.randrange(len(loads)))
            take_back(connection, bad, run_id=RUN)
            for chain in expected.values():
                chain[:] = [entry for entry in chain if entry[0] != bad]
            continue
        batch = [
            no_keywords(n, at) if chance.random() < 0.2 else keywords(n, [at, n], at)
            for n in chance.sample(range(1, 6), chance.randint(1, 4))
        ]
        landed = land(connection, Batch(batch), run_id=RUN)
        if landed.load_id is None:  # tombstones of what was gone already
            continue
        loads.append(landed.load_id)
        new = connection.execute(
            "select key from raw.tmdb_tv_keywords where load_id = %s", (landed.load_id,)
        ).fetchall()
        for document in batch:
            if (document.key,) in new:
                entry = (landed.load_id, (document.payload_hash, document.fetched_at))
                expected.setdefault(document.key, []).append(entry)
    held = {key: (row[1], row[3]) for key, row in latest(connection).items()}
    assert held == {key: chain[-1][1] for key, chain in expected.items() if chain}
