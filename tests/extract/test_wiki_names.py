"""The names of a cast, asked of a wiki as titles: few requests, a document for each name."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.documents import Batch, document
from extract.landing import land
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.settings import Settings
from extract.suppression import suppress, suppress_page, suppressed_pages
from tests.fandom.server import Page, Wikis
from tests.fandom.tracked import ADA, BO, OTHER, WIKI, hold_cast, page_text, read, samples

Connection = psycopg.Connection[Any]


@pytest.fixture
def fandom() -> Iterator[Wikis]:
    with samples() as running:
        yield running


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


def _names(connection: Connection) -> dict[str, Any]:
    query = "select key, payload from raw.fandom_searches where is_latest"
    return {key.split("/", 2)[2]: payload for key, payload in connection.execute(query)}


def _pages(connection: Connection) -> list[str]:
    query = "select key from raw.fandom_pages where is_latest and not is_tombstone order by 1"
    return [key for (key,) in connection.execute(query)]


def test_fifty_names_are_asked_for_in_one_request(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    names = [*(f"Nobody {number}" for number in range(120)), "Ada Sample", "Bo Sample"]
    hold_cast(connection, names)
    done = read(settings, fandom)
    assert done.failures == []
    assert len(fandom.asked("titles")) == 3
    assert max(len(asked["titles"].split("|")) for asked in fandom.asked("titles")) == 50
    held = _names(connection)
    assert held.keys() == {*names, "The Samples"}
    assert held["Nobody 7"]["query"]["pages"][0]["missing"] is True
    assert "Nobody 8" not in str(held["Nobody 7"])
    assert _pages(connection) == [f"{WIKI}/11", f"{WIKI}/12", f"{WIKI}/14"]
    requests = "select request from raw.fandom_searches where key = %s"
    (request,) = connection.execute(requests, (f"{WIKI}/person/Nobody 7",)).fetchall()
    assert request[0].endswith("&titles=Nobody%207")


def test_a_name_without_a_page_is_not_asked_for_again_until_it_is_due(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    hold_cast(connection, ["Nobody"])
    read(settings, fandom)
    assert read(settings, fandom).requests == 0
    connection.execute("update raw.fetches set next_due_at = now() where key like '%/Nobody'")
    fandom.requests.clear()
    read(settings, fandom)
    assert [asked["titles"] for asked in fandom.asked("titles")] == ["Nobody"]


def test_the_revision_of_a_page_comes_with_its_name(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    hold_cast(connection, ["Ada Sample", "Bo Sample"])
    assert read(settings, fandom).requests == 4, "the names, and three pages"
    fandom.requests.clear()
    fandom.pages[WIKI][ADA].revision += 1
    assert read(settings, fandom, force=True).failures == []
    assert [asked["pageid"] for asked in fandom.asked("page")] == [str(ADA)]
    assert fandom.asked("pageids") == []


def test_a_redirect_to_something_else_is_no_page_of_the_name(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    fandom.redirects[WIKI] |= {"Di Sample": "Ada Samplesmith#Friends", "Round": "Round"}
    hold_cast(connection, ["Di Sample", "Round"])
    assert read(settings, fandom).failures == []
    assert f"{WIKI}/{OTHER}" not in _pages(connection)
    assert _names(connection).keys() == {"Di Sample", "Round", "The Samples"}


NO_TITLES = ["Ada|Bo Sample", "Bo Sample#1", "<Bo>", "[Bo]", "{Bo}", "Bo\nSample", ":Bo Sample"]
OTHER_TITLES = [
    "File:Ada.png",
    "de:Bo Sample",
    "Special:Bo",
    "Bo%20Sample",
    "_",
    "&",
    '"Bo" Sample',
]


def test_a_name_that_is_no_title_spoils_no_other(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    fandom.pages[WIKI][90] = Page("File:Ada.png", 1, "<p>A picture.</p>")
    too_long = "Ё" * 150
    hold_cast(connection, [*NO_TITLES, too_long, *OTHER_TITLES, "Bo Sample", "Ada Sample"])
    done = read(settings, fandom)
    assert done.failures == [] and done.is_whole
    (asked,) = fandom.asked("titles")
    assert set(asked["titles"].split("|")) == {
        *(*OTHER_TITLES, "Bo Sample", "Ada Sample", "The Samples")
    }
    assert _pages(connection) == [f"{WIKI}/11", f"{WIKI}/12", f"{WIKI}/14"]
    assert read(settings, fandom).requests == 0


def test_a_name_of_which_the_answer_says_nothing_is_told_and_asked_for_again(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    hold_cast(connection, ["Ada Sample", "Bo Sample"])
    fandom.forgetful = {"Bo Sample"}
    (failure,) = read(settings, fandom).failures
    assert failure.key == f"{WIKI}/person/Bo Sample"
    assert f"{WIKI}/{BO}" not in _pages(connection)
    fandom.forgetful = set()
    assert read(settings, fandom).failures == []
    assert f"{WIKI}/{BO}" in _pages(connection)


def test_a_request_that_fails_is_told_once_and_all_its_names_are_asked_for_again(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    hold_cast(connection, ["Ada Sample", "Bo Sample"])
    error = b'{"error": {"code": "badvalue", "info": "No."}}'
    fandom.refusals[WIKI] = [(200, {"content-type": "application/json"}, error)]
    (failure,) = read(settings, fandom).failures
    assert failure.key == f"{WIKI}/person/Ada Sample" and "badvalue" in failure.why
    assert "2 more names were in the request" in failure.why
    failed = "select count(*) from raw.fetches where status = 'failed'"
    assert connection.execute(failed).fetchone() == (3,)
    assert read(settings, fandom).failures == []
    assert len(_names(connection)) == 3


def test_long_names_are_asked_for_within_the_length_of_a_url(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    names = ["Ада Образцова " * 6 + str(number) for number in range(60)]
    hold_cast(connection, names)
    assert read(settings, fandom).failures == []
    assert _names(connection).keys() == {*names, "The Samples"}


def _searched(connection: Connection, name: str, *hits: tuple[int, str]) -> None:
    """Land what a search gave, as it was asked for before titles were."""
    listed = [{"ns": 0, "pageid": number, "title": title} for number, title in hits]
    asked: dict[str, Any] = {"request": "GET", "fetched_at": datetime.now(UTC)}
    payload = {"batchcomplete": True, "query": {"search": listed}}
    held = document(RESOURCES["fandom_searches"], f"{WIKI}/person/{name}", payload, **asked)
    land(connection, Batch([held]), run_id=uuid4())


def test_what_searches_found_before_is_read_and_forgotten_as_ever(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    hold_cast(connection, ["Ada Sample", "Bo Sample"])
    fandom.redirects.clear()
    _searched(connection, "Ada Sample", (OTHER, "Ada Samplesmith"), (ADA, "Ada Sample (S1)"))
    read(settings, fandom)
    assert f"{WIKI}/{ADA}" in _pages(connection)
    assert "Ada Sample" not in str(fandom.asked("titles")), "it is not due"
    suppress(connection, 100)
    assert suppressed_pages(connection) == {f"{WIKI}/{ADA}": 100}
    assert _names(connection)["Ada Sample"] is None


@pytest.mark.parametrize("name", ["Renée Sample", "The Renee Sample"])
def test_forgetting_a_page_empties_every_name_that_led_to_it(
    settings: Settings, fandom: Wikis, connection: Connection, name: str
) -> None:
    fandom.pages[WIKI][21] = Page("Renee Sample", 1, page_text("Renee Sample", "1990"))
    fandom.redirects[WIKI] |= {"The Renee Sample": "Renee Sample"}
    hold_cast(connection, [name, "Bo Sample"])
    read(settings, fandom)
    assert f"{WIKI}/21" in _pages(connection)
    suppress_page(connection, f"{WIKI}/21")
    names = _names(connection)
    assert (names[name], names["Bo Sample"] is None) == (None, False)
