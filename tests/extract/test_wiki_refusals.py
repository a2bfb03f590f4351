"""Wikis that refuse this client: two refusals in a row end them, in one sentence."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from extract.postgres.connections import connect
from extract.settings import Settings
from tests.fandom.server import REFUSALS, Page, Reply, Wikis
from tests.fandom.tracked import ADA, BO, SHOW, WIKI, hold_cast, page_text, read, samples

OTHER_WIKI = "the-other"
MANY = [*(f"Nobody {number}" for number in range(120)), "Ada Sample", "Bo Sample"]
"""Names for three requests."""

Connection = psycopg.Connection[Any]


@pytest.fixture
def fandom() -> Iterator[Wikis]:
    with samples() as running:
        running.pages[OTHER_WIKI] = {1: Page("Bo Sample", 7, page_text("Bo Sample", "1975"))}
        yield running


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        hold_cast(connection, MANY, f"fandom:{OTHER_WIKI}")
        yield connection


def _count(connection: Connection, table: str, wiki: str = WIKI) -> int:
    query = f"select count(*) from raw.{table} where starts_with(key, %s)"
    row = connection.execute(query, (f"{wiki}/",)).fetchone()
    assert row
    count: int = row[0]
    return count


def _asked(fandom: Wikis, wiki: str = WIKI) -> int:
    return sum(asked == wiki for asked, _ in fandom.requests)


@pytest.mark.parametrize("reply", REFUSALS.values(), ids=REFUSALS)
def test_two_refusals_in_a_row_end_a_wiki_in_one_sentence_and_no_other(
    settings: Settings, fandom: Wikis, connection: Connection, reply: Reply
) -> None:
    fandom.refusals[WIKI] = [reply] * 50
    done = read(settings, fandom)
    assert _asked(fandom) == 2
    (failure,) = done.failures
    assert failure.key == WIKI
    assert f"The wiki `{WIKI}` refuses this client: it answered {reply[0]} with" in failure.why
    assert "set `SHOWHOUSE_USER_AGENT` to an agent with your contact" in failure.why
    tables = ("fandom_searches", "fandom_pages", "fandom_profiles", "rejects")
    assert [_count(connection, table) for table in tables] == [0, 0, 0, 0]
    assert _count(connection, "fandom_pages", OTHER_WIKI) == 1


def test_a_wiki_that_refuses_no_more_is_read_in_the_next_run(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    fandom.refusals[WIKI] = [REFUSALS["403"]] * 2
    read(settings, fandom)
    assert read(settings, fandom).failures == []
    assert _count(connection, "fandom_searches") == len(MANY) + 1
    assert _count(connection, "fandom_pages") == 3


def test_a_single_refusal_is_told_and_the_wiki_is_asked_on(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    fandom.refusals[WIKI] = [REFUSALS["challenge"]]
    fandom.broken = {SHOW}
    names, page = read(settings, fandom).failures
    assert names.key == f"{WIKI}/person/Ada Sample" and "refuses this client" in names.why
    assert page.key == f"{WIKI}/{SHOW}"
    assert _count(connection, "fandom_searches") == len(MANY) + 1 - 50
    fandom.broken = set()
    assert read(settings, fandom).failures == []
    assert _count(connection, "fandom_searches") == len(MANY) + 1
    assert _count(connection, "fandom_pages") == len({ADA, BO, SHOW})


def test_refused_pages_that_are_held_stay_as_they_are(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    read(settings, fandom)
    connection.execute('update raw.fandom_profiles set payload = payload || \'{"name": "?"}\'')
    connection.execute("""
        update raw.fandom_profiles
        set payload = payload || '{"parser_version": 0}', payload_hash = sha256(key::bytea)
    """)
    fandom.requests.clear()
    fandom.refusals[WIKI] = [REFUSALS["402"]] * 50
    done = read(settings, fandom, force=True)
    assert [failure.key for failure in done.failures] == [WIKI]
    assert _asked(fandom) == 2
    latest = "select key, is_tombstone from raw.fandom_pages where is_latest order by 1"
    held = [(f"{WIKI}/{page}", False) for page in (ADA, BO, SHOW)]
    assert connection.execute(latest).fetchall() == [*held, (f"{OTHER_WIKI}/1", False)]
    again = "select payload ->> 'name' from raw.fandom_profiles where is_latest and key = %s"
    parsed = connection.execute(again, (f"{WIKI}/{ADA}",)).fetchone()
    assert parsed == ("Ada Sample",), "the parser read it again, without a request"
