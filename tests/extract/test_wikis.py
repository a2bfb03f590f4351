"""Pages of wikis: found by name, read when they changed, one request at a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.documents import Batch, Reject, document
from extract.landing import land
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.settings import Settings
from extract.sources.fandom.held import without_brackets
from extract.suppression import (
    restore,
    restore_page,
    suppress,
    suppress_page,
    suppressed_pages,
)
from extract.tracking import track
from tests.fandom.server import Page, Wikis
from tests.fandom.tracked import ADA, BO, SHOW, WIKI, hold_series, page_text, read, samples
from tests.waiting import within_cpu_seconds

Connection = psycopg.Connection[Any]


@pytest.fixture
def fandom() -> Iterator[Wikis]:
    with samples() as running:
        yield running


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        hold_series(connection, [{"id": 1, "name": "Ada Sample"}, {"id": 2, "name": " Bo  Sample"}])
        track(connection, [6], ["favourites"])
        yield connection


def _keys(connection: Connection, table: str) -> list[str]:
    query = f"select key from raw.{table} where is_latest and not is_tombstone order by 1"
    return [key for (key,) in connection.execute(query)]


def _profile(connection: Connection, page_id: int) -> dict[str, Any]:
    row = connection.execute(
        "select payload from raw.fandom_profiles where key = %s and is_latest",
        (f"{WIKI}/{page_id}",),
    ).fetchone()
    assert row
    profile: dict[str, Any] = row[0]
    return profile


def test_the_pages_of_a_cast_are_found_by_name_andread(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    done = read(settings, fandom)
    assert done.failures == []
    found = [f"{WIKI}/{ADA}", f"{WIKI}/{BO}", f"{WIKI}/{SHOW}"]
    assert _keys(connection, "fandom_pages") == found
    profile = _profile(connection, ADA)
    assert profile["name"] == "Ada Sample"
    assert profile["birth_date"] == "1980-05-04"
    assert (profile["revision"], profile["kinds"]) == (100, ["person"])
    assert _profile(connection, SHOW)["kinds"] == ["show"]
    assert profile["url"] == fandom.base_url.format(wiki=WIKI) + "/wiki/Ada_Sample_(S1)"
    assert fandom.most_at_once[WIKI] == 1


def test_what_did_not_change_costs_one_cheap_call_and_lands_nothing(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    read(settings, fandom)
    assert read(settings, fandom).requests == 0, "nothing is due"
    connection.execute("update raw.fetches set next_due_at = now() where resource = 'fandom_pages'")
    fandom.requests.clear()
    done = read(settings, fandom)
    assert ["pageids" in asked for _, asked in fandom.requests] == [True]
    assert sum(count.landed for count in done.by_resource.values()) == 0
    assert done.by_resource["fandom_pages"].checked == 3
    assert read(settings, fandom).requests == 0


def test_another_revision_is_read_and_a_page_that_is_gone_leaves(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    read(settings, fandom)
    fandom.pages[WIKI][ADA] = Page("Ada Sample", 101, page_text("Ada Sample", "May 5, 1980"))
    del fandom.pages[WIKI][BO]
    fandom.requests.clear()
    read(settings, fandom, force=True)
    assert [asked["pageid"] for asked in fandom.asked("page")] == [str(ADA)]
    assert _profile(connection, ADA)["birth_date"] == "1980-05-05"
    for table in ("fandom_pages", "fandom_profiles"):
        assert _keys(connection, table) == [f"{WIKI}/{ADA}", f"{WIKI}/{SHOW}"]


def test_a_parser_that_learnt_more_reads_held_pages_again_without_a_request(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    read(settings, fandom)
    older = """
        update raw.fandom_profiles
        set
            payload = payload || '{"parser_version": 0, "name": "?"}',
            payload_hash = sha256(key::bytea)
    """
    connection.execute(older)
    fandom.requests.clear()
    done = read(settings, fandom)
    assert (fandom.requests, done.by_resource["fandom_profiles"].landed) == ([], 3)
    assert _profile(connection, ADA)["name"] == "Ada Sample"
    assert read(settings, fandom).by_resource == {}


def test_a_wiki_that_lags_is_asked_again(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    fandom.lagging = 2
    assert read(settings, fandom).failures == []
    assert len(_keys(connection, "fandom_pages")) == 3


def test_a_page_that_cannot_be_read_is_told_and_stops_nothing(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    fandom.broken = {ADA}
    done = read(settings, fandom)
    assert [failure.key for failure in done.failures] == [f"{WIKI}/{ADA}"]
    assert _keys(connection, "fandom_pages") == [f"{WIKI}/{BO}", f"{WIKI}/{SHOW}"]


@pytest.mark.parametrize(
    "told",
    [{"revid": 2**63}, {"revid": 0}, {"revid": True}, {"categories": True}, {"categories": {}}],
    ids=str,
)
def test_a_page_of_another_shape_is_rejected_and_read_when_it_is_right_again(
    settings: Settings, fandom: Wikis, connection: Connection, told: dict[str, Any]
) -> None:
    fandom.pages[WIKI][ADA].told = told
    done = read(settings, fandom)
    assert done.by_resource["fandom_pages"].rejected == 1
    assert _keys(connection, "fandom_pages") == [f"{WIKI}/{BO}", f"{WIKI}/{SHOW}"]
    fandom.pages[WIKI][ADA].told = {}
    assert read(settings, fandom, force=True).failures == []
    assert _profile(connection, ADA)["revision"] == 100


@pytest.mark.parametrize("revision", ["9223372036854775808", "1e400", "1.5", "-1", "null"])
def test_a_held_revision_that_is_none_stops_nothing_and_is_replaced(
    settings: Settings, fandom: Wikis, connection: Connection, revision: str
) -> None:
    read(settings, fandom)
    poison = """
        update raw.fandom_pages
        set
            payload = jsonb_set(payload, '{parse,revid}', %s::jsonb),
            payload_hash = sha256(key::bytea)
    """
    connection.execute(poison, (revision,))
    assert read(settings, fandom).failures == []
    fandom.requests.clear()
    assert read(settings, fandom, force=True).failures == []
    assert len(fandom.asked("page")) == 3
    assert _profile(connection, ADA)["revision"] == 100


def test_what_breaks_the_reading_of_one_wiki_is_told_and_the_others_areread(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    read(settings, fandom)
    track(connection, [5], [f"fandom:{WIKI}", "fandom:before-it"])
    connection.execute("""
        update raw.fandom_searches
        set key = 'before-it/person/Nobody ' || md5(key), payload = '{}'
    """)
    done = read(settings, fandom, force=True)
    assert [failure.key for failure in done.failures] == ["before-it"]
    assert "`KeyError`" in done.failures[0].why
    assert fandom.requests[-1][0] == WIKI


def test_the_forgotten_are_not_searched_for(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    suppress(connection, 1)
    read(settings, fandom)
    assert "Ada Sample" not in str(fandom.requests)


def _emptied(connection: Connection) -> list[str]:
    query = """
        select 'page ' || key from raw.fandom_pages where payload is null
        union all select 'profile ' || key from raw.fandom_profiles where payload is null
        union all select 'search ' || key from raw.fandom_searches where payload is null
        order by 1
    """
    return [each.replace(f"{WIKI}/", "") for (each,) in connection.execute(query)]


def test_with_a_person_go_the_pages_under_their_names_and_come_back_with_them(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    read(settings, fandom, force=True)
    before = [_profile(connection, page) for page in (ADA, BO, SHOW)]
    suppress(connection, 1)
    gone = [f"page {ADA}", f"profile {ADA}", "search person/Ada Sample"]
    assert _emptied(connection) == gone
    assert suppressed_pages(connection) == {f"{WIKI}/{ADA}": 1}
    decision = "select payload from raw.showhouse_suppressed_pages"
    assert "Ada" not in str(connection.execute(decision).fetchall())
    fandom.requests.clear()
    read(settings, fandom, force=True)
    assert str(ADA) not in str(fandom.asked("page")) and _emptied(connection) == gone
    assert restore(connection, 1)
    read(settings, fandom)
    assert suppressed_pages(connection) == {}
    assert [_profile(connection, page) for page in (ADA, BO, SHOW)] == before


@pytest.mark.parametrize(
    "details",
    [
        {"id": 9, "name": "Adelaide", "also_known_as": [None, "B. O.", "BO  SAMPLE"]},
        {"id": 9, "name": "Any", "homepage": "http://{address}/wiki/Bo_Sample/"},
    ],
    ids=["another name", "homepage"],
)
def test_a_page_is_a_persons_by_another_name_or_as_their_homepage(
    settings: Settings, fandom: Wikis, connection: Connection, details: dict[str, Any]
) -> None:
    read(settings, fandom)
    if "homepage" in details:
        address = fandom.base_url.format(wiki=WIKI).partition("://")[2]
        details = details | {"homepage": details["homepage"].format(address=address)}
    asked: dict[str, Any] = {"request": "GET", "fetched_at": datetime.now(UTC)}
    landed = document(RESOURCES["tmdb_person_details"], "9", details, **asked)
    land(connection, Batch([landed]), run_id=uuid4())
    suppress(connection, 9)
    assert suppressed_pages(connection) == {f"{WIKI}/{BO}": 9}


def test_a_page_is_forgotten_by_itself_and_read_again_after_an_undo(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    read(settings, fandom)
    page = f"{WIKI}/{BO}"
    asked: dict[str, Any] = {"request": "GET", "fetched_at": datetime.now(UTC)}
    reject = Reject("fandom_pages", page, "wrong_shape", "", b"Bo was born", **asked)
    land(connection, Batch(rejects=[reject]), run_id=uuid4())
    suppress_page(connection, page)
    assert _emptied(connection) == [f"page {BO}", f"profile {BO}", "search person/Bo  Sample"]
    assert connection.execute("select count(*) from raw.rejects").fetchone() == (0,)
    assert not restore(connection, 2), "the page alone is forgotten"
    assert restore_page(connection, page) and not restore_page(connection, page)
    read(settings, fandom)
    assert _profile(connection, BO)["kinds"] == ["person"]


def test_two_processes_never_ask_a_wiki_at_once(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(read, settings, fandom) for _ in range(3)]
        assert [run.result().failures for run in runs] == [[], [], []]
    assert fandom.most_at_once[WIKI] == 1
    asked = [str(sorted(asked.items())) for _, asked in fandom.requests]
    assert len(asked) == len(set(asked)), "something was asked twice"


def test_a_tag_that_names_no_wiki_is_told(
    settings: Settings, fandom: Wikis, connection: Connection
) -> None:
    track(connection, [6], ["fandom:evil.example/"])
    (failure,) = read(settings, fandom).failures
    assert failure.key == "evil.example/"


@pytest.mark.parametrize("title", [" " * 300_000 + "Ada", "( " * 100_000, " (a" * 100_000])
def test_a_long_title_is_looked_through_once(title: str) -> None:
    with within_cpu_seconds(20):
        assert without_brackets(title) == title
        assert without_brackets(f"{title}  (S1) ") == title.rstrip()
