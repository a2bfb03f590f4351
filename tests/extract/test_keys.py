"""Which series are due, and in which order."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.documents import Batch, Document, Failure, document, tombstone
from extract.keys import Selection, Shard, due
from extract.landing import land
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.sources.tmdb.series import failing_seasons, held_seasons
from extract.sources.tmdb.subjects import SERIES, SUBJECTS
from extract.tracking import track, track_titles, untrack

Connection = psycopg.Connection[Any]
DETAILS = "tmdb_tv_details"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


def _days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def _checked(
    series_id: int, days_ago: float, resource: str = DETAILS, part: str = "", **payload: Any
) -> Document:
    return document(
        RESOURCES[resource],
        f"{series_id}{part}",
        {"id": series_id, **payload},
        request="GET /",
        fetched_at=_days_ago(days_ago),
    )


def _put(connection: Connection, *landed: Document | Failure) -> None:
    batch = Batch(
        [each for each in landed if isinstance(each, Document)],
        failures=[each for each in landed if isinstance(each, Failure)],
    )
    land(connection, batch, run_id=uuid4())


def _due(connection: Connection, *ids: int, at: datetime = NOW, **selected: Any) -> list[int]:
    return list(map(int, due(connection, SERIES, Selection(tmdb_ids=ids, **selected), at=at)))


def test_without_ids_the_tracked_series_are_meant(connection: Connection) -> None:
    track(connection, [3, 1, 2])
    track_titles(connection, ["tt0000777"])  # of which TMDb knows nothing to ask for
    untrack(connection, [2])
    assert _due(connection) == [1, 3]
    assert _due(connection, 7) == [7]
    assert _due(connection, 7, tracked=True) == [1, 3, 7]


def test_series_come_never_fetched_first_then_failed_then_by_age_then_since(
    connection: Connection,
) -> None:
    _put(
        connection,
        _checked(1, 1),
        _checked(2, 29, status="Ended"),
        _checked(3, 40, status="Ended"),
        _checked(4, 50, status="Ended"),
        Failure(DETAILS, "5", "status 500", _days_ago(1)),
    )
    assert _due(connection, 1, 2, 3, 4, 5, 6) == [6, 5, 4, 3]
    since = date(2026, 5, 31)
    assert _due(connection, 1, 2, 3, 4, 5, 6, since=since) == [6, 5, 4, 3, 2]
    assert _due(connection, 1, 2, 3, 4, 5, 6, since=since, limit=2) == [6, 5]
    assert set(_due(connection, 1, 2, 3, 4, 5, 6, force=True)) == {1, 2, 3, 4, 5, 6}


def test_a_series_that_failed_twice_waits_for_its_pause(connection: Connection) -> None:
    _put(connection, Failure(DETAILS, "1", "status 500", _days_ago(1)))
    _put(connection, Failure(DETAILS, "1", "status 500", NOW - timedelta(minutes=4)))
    assert _due(connection, 1) == []
    assert _due(connection, 1, since=date(2026, 6, 2)) == []
    assert _due(connection, 1, force=True) == [1]
    assert _due(connection, 1, at=NOW + timedelta(minutes=2)) == [1]


def test_a_series_is_due_by_how_alive_it_is(connection: Connection) -> None:
    _put(
        connection,
        _checked(1, 0.9, next_episode_to_air={"id": 1}),
        _checked(2, 0.9, status="Returning Series"),
        _checked(3, 8, status="Returning Series"),
        _checked(4, 8, status="Ended"),
    )
    assert _due(connection, 1, 2, 3, 4) == [3, 1]


def test_a_part_that_ages_faster_makes_its_series_due(connection: Connection) -> None:
    providers = "tmdb_tv_watch_providers"
    _put(connection, _checked(1, 8, status="Ended"), _checked(1, 8, providers, results={}))
    assert _due(connection, 1) == [1]
    assert _due(connection, 1, resources=("tmdb_tv_keywords",)) == []


def test_a_gone_series_is_asked_for_again_by_its_own_age_only(connection: Connection) -> None:
    gone = tombstone(RESOURCES[DETAILS], "1", request="GET /", fetched_at=_days_ago(1))
    _put(connection, _checked(1, 60), _checked(1, 60, "tmdb_tv_keywords"))
    _put(connection, gone)
    assert _due(connection, 1) == []
    assert _due(connection, 1, at=NOW + timedelta(days=30)) == [1]


def test_a_part_that_was_refused_does_not_make_its_series_due(connection: Connection) -> None:
    refused = Failure("tmdb_tv_keywords", "1", "rejected: wrong_shape: …", _days_ago(1))
    _put(connection, _checked(1, 1), refused)
    assert _due(connection, 1) == []


@pytest.mark.parametrize(
    ("resource", "key"), [("tmdb_tv_keywords", "1"), ("tmdb_tv_seasons", "1/season/3")]
)
@pytest.mark.parametrize("error", ["it was left out", "rejected: error_body: code 34"])
def test_what_did_not_come_makes_its_series_due_at_once_and_then_after_pauses(
    connection: Connection, resource: str, key: str, error: str
) -> None:
    _put(connection, _checked(1, 1), Failure(resource, key, error, _days_ago(0.5)))
    assert _due(connection, 1) == [1]
    assert _due(connection, 1, resources=("tmdb_tv_videos",)) == []
    _put(connection, Failure(resource, key, error, NOW))
    assert _due(connection, 1) == []
    assert _due(connection, 1, at=NOW + timedelta(minutes=6)) == [1]
    _put(connection, _checked(1, -0.1, resource, key[1:], season_number=3))
    assert _due(connection, 1, at=NOW + timedelta(days=1)) == []


def test_a_part_of_a_person_that_did_not_come_makes_the_person_due(connection: Connection) -> None:
    people = SUBJECTS[1]
    failed = Failure("tmdb_person_images", "5", "it was left out", _days_ago(0.5))
    _put(connection, _checked(5, 1, "tmdb_person_details"), failed)

    def is_due(**selected: Any) -> list[str]:
        return list(due(connection, people, Selection(**selected), at=NOW))

    assert is_due() == ["5"]
    assert is_due(tracked=True) == ["5"]
    assert is_due(tmdb_ids=(1,)) == []


def test_a_season_that_failed_is_known_until_it_is_gone(connection: Connection) -> None:
    seasons = RESOURCES["tmdb_tv_seasons"]
    _put(connection, Failure(seasons.name, "1/season/3", "it was left out", _days_ago(2)))
    assert failing_seasons(connection, [1, 11]) == {1: {3}, 11: frozenset()}
    _put(connection, tombstone(seasons, "1/season/3", request="GET /", fetched_at=_days_ago(1)))
    assert failing_seasons(connection, [1]) == {1: frozenset()}


def test_what_nobody_is_given_is_due_by_its_age(connection: Connection) -> None:
    keywords, month = "tmdb_tv_keywords", timedelta(days=30)
    _put(connection, _checked(1, 40), _checked(1, 40, keywords), _checked(1, 0.2, status="Ended"))
    assert _due(connection, 1) == [1]
    for _ in range(2):
        _put(connection, Failure(keywords, "1", "it did not come", _days_ago(0.1), month))
        assert _due(connection, 1) == []
        assert _due(connection, 1, at=NOW + month) == [1]


def test_ids_that_no_series_can_have_are_never_asked_for(connection: Connection) -> None:
    assert _due(connection, 0, -5, 2**31, 2**63, 8) == [8]


def test_an_unknown_resource_is_refused() -> None:
    with pytest.raises(ValueError, match="`tmdb_tv_detail` is no resource that is extracted"):
        Selection(resources=("tmdb_tv_detail",))


def test_held_seasons_are_the_latest_ones_that_are_not_gone(
    connection: Connection,
) -> None:
    seasons = RESOURCES["tmdb_tv_seasons"]
    _put(
        connection,
        *(_checked(1, 9, seasons.name, f"/season/{number}") for number in (0, 1, 2, 11)),
        _checked(12, 9, seasons.name, "/season/5"),
    )
    _put(connection, tombstone(seasons, "1/season/2", request="GET /", fetched_at=_days_ago(8)))
    assert held_seasons(connection, [1, 2]) == {1: dict.fromkeys((0, 1, 11), 1), 2: {}}
    assert held_seasons(connection, [12]) == {12: {5: 12}}


def _tell(connection: Connection, resource: str, key: str, days_ago: float, **payload: Any) -> None:
    """Land what upstream tells of a key without being asked for it."""
    each = document(
        RESOURCES[resource], key, payload, request="GET /", fetched_at=_days_ago(days_ago)
    )
    land(connection, Batch([each]), run_id=uuid4(), by_key=False)


def _changed(connection: Connection, series_id: int, days_ago: float) -> None:
    day = _days_ago(days_ago).date()
    _tell(connection, "tmdb_tv_changes", f"{series_id}/{day}", days_ago, id=series_id)


def _window(connection: Connection, days_ago: float) -> None:
    day = _days_ago(days_ago).date()
    _tell(connection, "tmdb_change_windows", f"tv/{day}", days_ago, kind="tv")


def _listed(connection: Connection, series_id: int, days_ago: float, *, gone: bool = False) -> None:
    resource, at = RESOURCES["tmdb_tv_series_ids"], _days_ago(days_ago)
    each = (
        tombstone(resource, str(series_id), request="GET /", fetched_at=at)
        if gone
        else document(resource, str(series_id), {"id": series_id}, request="GET /", fetched_at=at)
    )
    land(connection, Batch([each]), run_id=uuid4(), by_key=False)


def test_what_the_feed_names_is_due_until_it_is_checked(connection: Connection) -> None:
    _put(connection, *(_checked(number, 5, status="Ended") for number in (1, 2, 3)))
    _changed(connection, 1, days_ago=2)
    _changed(connection, 2, days_ago=6)
    _changed(connection, 12, days_ago=1)
    assert _due(connection, 1, 2, 3) == [1]
    _put(connection, _checked(1, 1, status="Ended"))
    assert _due(connection, 1, 2, 3) == []
    _changed(connection, 1, days_ago=0)
    assert _due(connection, 1, 2, 3) == [1]


def test_changes_select_what_is_tracked_and_what_is_held(connection: Connection) -> None:
    _put(connection, _checked(1, 2, status="Ended"), _checked(2, 2, status="Ended"))
    track(connection, [3])
    _changed(connection, 2, days_ago=1)
    _changed(connection, 99, days_ago=1)
    assert _due(connection, changes=True) == [3, 2]
    batch = Selection(keys=("2",), changes=True)
    assert list(due(connection, SERIES, batch, at=NOW)) == ["2"], "a batch is what it names"
    assert _due(connection) == [3]


def test_what_the_feed_says_comes_after_failures_and_before_age(connection: Connection) -> None:
    _put(
        connection,
        _checked(1, 40, status="Ended"),
        _checked(2, 5, status="Ended"),
        Failure(DETAILS, "3", "status 500", _days_ago(1)),
    )
    _changed(connection, 2, days_ago=1)
    assert _due(connection, 1, 2, 3, 4) == [4, 3, 2, 1]


def test_after_a_gap_in_the_feed_all_that_was_not_checked_since_is_due(
    connection: Connection,
) -> None:
    for days_ago in (24, 23, 3, 2, 1, 0):
        _window(connection, days_ago)
    _put(connection, _checked(1, 20, status="Ended"), _checked(2, 3, status="Ended"))
    assert _due(connection, changes=True) == [1]
    assert _due(connection, 1, 2) == [], "nobody asked for the feed"
    for days_ago in range(22, 3, -1):
        _window(connection, days_ago)
    assert _due(connection, changes=True) == [], "there is no gap any more"


def test_the_catalogue_is_what_the_last_export_lists(connection: Connection) -> None:
    for number in (1, 2, 3):
        _listed(connection, number, days_ago=1)
    _listed(connection, 4, days_ago=0.5, gone=True)
    track(connection, [9])
    assert _due(connection, catalogue=True) == [1, 2, 3]
    assert _due(connection, catalogue=True, tracked=True) == [1, 2, 3, 9]


def test_what_the_exports_dropped_is_due_once_and_what_they_list_again_as_well(
    connection: Connection,
) -> None:
    _listed(connection, 1, days_ago=9)
    _put(connection, _checked(1, 5, status="Ended"))
    assert _due(connection, 1) == []
    _listed(connection, 1, days_ago=3, gone=True)
    assert _due(connection, 1) == _due(connection, catalogue=True) == [1]
    gone = tombstone(RESOURCES[DETAILS], "1", request="GET /", fetched_at=_days_ago(2))
    _put(connection, gone)
    assert _due(connection, 1) == []
    _listed(connection, 1, days_ago=1)
    assert _due(connection, 1) == [1]


def test_shares_are_disjoint_and_together_all_whatever_is_asked(connection: Connection) -> None:
    ids = tuple(range(1, 200))
    shares = [_due(connection, *ids, shard=Shard(number, 3)) for number in (1, 2, 3)]
    assert sorted(number for share in shares for number in share) == list(ids)
    assert all(40 < len(share) < 90 for share in shares)
    assert _due(connection, *ids[:50], shard=Shard(2, 3)) == [n for n in shares[1] if n <= 50]


@pytest.mark.parametrize("text", ["0/4", "5/4", "4", "a/b", "-1/3", "1/0", "1/99999"])
def test_a_share_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no share"):
        Shard.parse(text)
