"""Lists that are followed: every run of what is tracked takes in what joined them, once a day."""

from collections.abc import Iterator
from typing import LiteralString

import pytest

from extract.postgres.connections import connect
from extract.references import Kind, Reference
from extract.settings import Settings, load_settings
from extract.tracking import track, track_titles, tracked
from flows.naming import resolve
from tests.extract.http.faulty_server import Reply, faulty_server
from tests.flows.conftest import Showhouse
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

LIST, TAG = 8, "tmdb-list:8"
DUE: LiteralString = (
    "update raw.fetches set next_due_at = now() - interval '1 hour' where resource = 'tmdb_lists'"
)


@pytest.fixture
def tmdb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=10)) as tmdb:
        monkeypatch.setenv("TMDB_BASE_URL", tmdb.base_url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        yield tmdb


def run_a_day_later(showhouse: Showhouse, settings: Settings) -> list[list[str]]:
    """Extract what is tracked; what is tracked then."""
    with connect(settings.database_url or "") as connection:
        connection.execute(DUE)
    ended = showhouse("extract", "--series-only")
    assert ended.code == 0, ended.err
    return [line.split() for line in showhouse("track", "list").out.splitlines()[2:]]


def test_what_joins_a_list_is_tracked_and_what_leaves_it_loses_the_tag(
    showhouse: Showhouse, settings: Settings, tmdb: Tmdb
) -> None:
    tmdb.make_list(LIST, [3, 4, 5])
    assert showhouse("track", "add", f"list/{LIST}").code == 0
    assert showhouse("track", "remove", "3").code == 0, "by hand, and for good"
    tmdb.make_list(LIST, [3, 5, 6], movies=[7])
    assert run_a_day_later(showhouse, settings) == [["4"], ["5", TAG], ["6", TAG]]
    asked = [request.path for request in tmdb.requests("/3/tv/6")]
    assert len(asked) == 1, "what joined is asked for in the same run"
    before = len(tmdb.requests("/3/list/"))
    assert showhouse("extract", "--series-only").code == 0
    assert len(tmdb.requests("/3/list/")) == before, "a list was asked for twice on one day"


def test_a_run_that_is_killed_when_the_list_has_landed_loses_nothing(
    showhouse: Showhouse, settings: Settings, tmdb: Tmdb
) -> None:
    tmdb.make_list(LIST, [4])
    assert showhouse("track", "add", f"list/{LIST}").code == 0
    tmdb.make_list(LIST, [4, 5])
    # the same as of a run that ends in between: the list is held, and nothing follows from it
    [listed] = resolve(load_settings(), [Reference(Kind.LIST, str(LIST))])
    assert listed.tmdb_ids == (4, 5)
    assert run_a_day_later(showhouse, settings) == [["4", TAG], ["5", TAG]]


@pytest.mark.parametrize("series", [[], None], ids=["empty", "gone"])
def test_a_list_that_says_nothing_changes_nothing_and_is_followed_on(
    showhouse: Showhouse, settings: Settings, tmdb: Tmdb, series: list[int] | None
) -> None:
    tmdb.make_list(LIST, [4])
    assert showhouse("track", "add", f"list/{LIST}").code == 0
    if series is None:
        tmdb.delete_list(LIST)
    else:
        tmdb.make_list(LIST, series)
    assert run_a_day_later(showhouse, settings) == [["4", TAG]]
    tmdb.make_list(LIST, [4, 5])
    assert run_a_day_later(showhouse, settings) == [["4", TAG], ["5", TAG]]


def test_a_list_that_comes_short_loses_no_tag_is_told_as_failed_and_is_due_again_soon(
    showhouse: Showhouse, settings: Settings, tmdb: Tmdb
) -> None:
    tmdb.make_list(LIST, [3, 4, 5])
    assert showhouse("track", "add", f"list/{LIST}").code == 0
    tmdb.make_list(LIST, [6, 3, 4, 5])
    tmdb.cut_list(LIST, 2)
    with connect(settings.database_url or "") as connection:
        connection.execute(DUE)
        ended = showhouse("extract", "--series-only")
        told = "TMDb gave 2 of the 4 items of list 8: nothing was taken off; it is asked again"
        assert ended.code == 1 and told in ended.err
        assert tracked(connection) == {number: (TAG,) for number in (3, 4, 5, 6)}
        row = connection.execute(
            "select next_due_at < now() + interval '2 hours' from raw.fetches"
            " where resource = 'tmdb_lists'"
        ).fetchone()
        assert row == (True,), "it waits for tomorrow"
    tmdb.make_list(LIST, [6, 3])
    assert run_a_day_later(showhouse, settings) == [["3", TAG], ["4"], ["5"], ["6", TAG]]


def test_a_list_that_is_named_and_comes_short_loses_no_tag_either(
    showhouse: Showhouse, settings: Settings, tmdb: Tmdb
) -> None:
    tmdb.make_list(LIST, [3, 4, 5])
    assert showhouse("track", "add", f"list/{LIST}").code == 0
    tmdb.cut_list(LIST, 1)
    ended = showhouse("track", "add", f"list/{LIST}")
    assert "1 of the 3 items of list 8" in ended.err
    with connect(settings.database_url or "") as connection:
        assert tracked(connection) == {number: (TAG,) for number in (3, 4, 5)}


def test_lists_that_come_short_keep_no_other_from_being_asked(
    showhouse: Showhouse, settings: Settings, tmdb: Tmdb
) -> None:
    for number in (1, 2, 3, 4):
        tmdb.make_list(number, [number, number + 1])
        assert showhouse("track", "add", f"list/{number}").code == 0
    tmdb.make_list(4, [4, 6])
    for number in (1, 2, 3):
        tmdb.cut_list(number, 1)
    with connect(settings.database_url or "") as connection:
        connection.execute(DUE)
        assert showhouse("extract", "--series-only").code == 1
        held = tracked(connection)
    assert held[6] == ("tmdb-list:4",) and held[5] == ()


def test_a_list_that_fails_is_told_and_the_others_and_the_titles_are_asked(
    showhouse: Showhouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Reply(400, b'{"status_code":22,"status_message":"The reason."}')
    with faulty_server() as source, connect(settings.database_url or "") as connection:
        monkeypatch.setenv("TMDB_BASE_URL", source.url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        migrated = showhouse("track", "list")
        assert migrated.code == 0, migrated.err
        track(connection, [4], [f"tmdb-list:{number}" for number in (7, 8, 9)])
        track_titles(connection, ["tt0903747"])
        source.script("/list/7", wrong)
        source.script("/list/8", Reply(401, b'{"status_code":39,"status_message":"Private."}'))
        source.script("/list/9", Reply(body=b'{"items":[{"id":5,"media_type":"tv"}]}'))
        source.script("/find/tt0903747", Reply(body=b'{"tv_results":[{"id":6}]}'))
        for number in (4, 5, 6):
            body = b'{"id":%d,"name":"A series","seasons":[]}' % number
            source.script(f"/tv/{number}", Reply(body=body))
        ended = showhouse("extract", "--series-only")
        assert ended.code == 1 and "lists 7" in ended.err and "The reason." in ended.err
        assert set(tracked(connection)) == {4, 5, 6}
        held = connection.execute("select count(*) from raw.tmdb_tv_details").fetchone()
        assert held == (3,), "nothing of it stops the run"


def test_when_the_source_fails_for_all_not_all_are_tried(
    showhouse: Showhouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faulty_server() as source, connect(settings.database_url or "") as connection:
        monkeypatch.setenv("TMDB_BASE_URL", source.url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        assert showhouse("track", "list").code == 0
        track_titles(connection, [f"tt09037{number}" for number in range(40, 60)])
        source.usual = Reply(400, b'{"status_code":22,"status_message":"The reason."}')
        ended = showhouse("extract", "--series-only")
        assert (ended.code, len(source.asked)) == (1, 3)
        assert "17 were not asked for" in ended.out
