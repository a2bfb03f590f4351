"""Days go by upstream, and `showhouse run --changes` follows what TMDb's editors do.

The database's clock and upstream's move on together, so that feeds, exports and ages are those of
the day. Each day is told in the test by what happens on it and what the warehouse then says.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.clocks import set_clock
from tests.conftest import Fresh
from tests.dbt_project.warehouse import Warehouse, differences
from tests.tmdb.handle import Tmdb
from tests.tmdb.journal import Request
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_process
from tests.whole.house import TOKEN, House

pytestmark = pytest.mark.long

SERIES, SEED = 8, 31
DELETED, MISSED, SHRUNK, OFFERED, SHOWN_THERE = 8, 4, 6, 7, 3
"""Series by what befalls them; `MISSED` is deleted, and comes back, without the feed's telling."""
LAST_SEASON = 3
MERGED, INTO, CREDITING = 1009, 1000, {1, 2, 5}
NETWORK, RENAMED = 68, "Another Name"
NINE = timedelta(hours=9)
"""After 08:00, when the exports of a day are there."""

_LOST = """
    select key from raw.{table} group by key
    having count(*) filter (where superseded_by is null) <> 1
"""


class Days:
    """A house and the day it is there and upstream."""

    def __init__(self, house: House) -> None:
        assert house.url
        self.house, self.tmdb, self._url = house, house.tmdb, house.url
        self.warehouse = Warehouse(house.url, house.root / "dbt")
        now = datetime.now(UTC)
        nine = datetime.combine(now.date(), datetime.min.time(), UTC) + NINE
        self._ahead = nine - now if now < nine else nine - now + timedelta(days=1)
        self._pass(self._ahead)

    @property
    def now(self) -> datetime:
        """What time it is upstream and in the database."""
        return datetime.now(UTC) + self._ahead

    def go_by(self, days: int) -> None:
        """Let days pass."""
        self._ahead += timedelta(days=days)
        self._pass(timedelta(days=days))

    def _pass(self, passed: timedelta) -> None:
        set_clock(self._url, self._ahead)
        self.tmdb.advance_days(passed / timedelta(days=1))

    def follow(self, selection: str = "--changes") -> None:
        """Extract and build, as a run does; in less time, since dbt stays loaded."""
        self._call("extract", selection)
        self.build()

    def run(self) -> None:
        """Run the whole job, with the tests of the models."""
        self._call("run", "--changes")

    def build(self, *arguments: str) -> None:
        """Build the models as of today."""
        self.warehouse.dbt("run", *arguments, as_of=f"{self.now:%Y-%m-%d}")

    def _call(self, *arguments: str) -> None:
        versions = self._versions()
        ended = self.house.call(*arguments)
        assert ended.code == 0, ended.err or ended.out
        after = self._versions()
        assert all(after[table] >= count for table, count in versions.items()), "versions were lost"

    def _versions(self) -> dict[str, int]:
        tables = [table for _, table in self.house.tables("raw") if table.startswith("tmdb_")]
        for table in tables:
            assert self.house.rows(_LOST.format(table=table)) == [], f"{table}: no one latest"
        return {table: self.house.one(f"select count(*) from raw.{table}") for table in tables}

    def shows(self, condition: str = "is_active") -> set[int]:
        """The series for which something holds, by TMDb id."""
        rows = self.house.rows(f"select tmdb_id from core.shows where {condition}")
        return {tmdb_id for (tmdb_id,) in rows}


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    options = Options(seed=SEED, series_count=SERIES, people_count=12, tokens=(TOKEN,))
    with tmdb_process(options) as running:
        yield running


def test_the_warehouse_follows_day_by_day_and_ends_where_a_full_build_does(
    tmdb: Tmdb, fresh: Fresh, tmp_path: Path
) -> None:
    fast = {"TMDB_REQUESTS_PER_SECOND": "400"}
    lived = Days(House(tmp_path / "house", tmdb, fresh(), fast))
    _first_day(lived)
    _day_of_edits(lived)
    _day_after_a_deletion_that_no_feed_told(lived)
    _day_on_which_ids_come_back(lived)
    _after_a_quarter(lived)
    followed = lived.warehouse.snapshot()
    lived.build("--full-refresh")
    assert differences(followed, lived.warehouse.snapshot()) == []


def _first_day(lived: Days) -> None:
    lived.follow("--catalogue")
    assert lived.shows() == set(range(1, SERIES + 1))


def _day_of_edits(lived: Days) -> None:
    """One is deleted, one loses a season, two people are one, a network has another name."""
    lived.go_by(1)
    tmdb, house = lived.tmdb, lived.house
    tmdb.delete_series(DELETED, is_told=True)
    tmdb.delete_series(MISSED, is_told=False)
    tmdb.remove_season(SHRUNK, LAST_SEASON)
    tmdb.merge_person(MERGED, INTO)
    tmdb.edited(CREDITING)
    tmdb.override_thing("network", str(NETWORK), "details", {"name": RENAMED})
    tmdb.override(SHOWN_THERE, "details", {"networks": [{"id": NETWORK, "name": RENAMED}]})
    tmdb.clear()
    lived.follow()
    asked = {int(each.path.split("/")[3].partition("?")[0]) for each in _series_requests(tmdb)}
    assert asked == {DELETED, SHRUNK, SHOWN_THERE, *CREDITING}
    assert lived.shows() == set(range(1, SERIES + 1)) - {DELETED}
    seasons = "select season_number from core.seasons join core.shows using (show_id)"
    numbers = {number for (number,) in house.rows(f"{seasons} where tmdb_id = {SHRUNK}")}
    assert numbers == set(range(LAST_SEASON))
    assert lived.shows(f"season_count = {LAST_SEASON - 1}") == {SHRUNK}
    orphans = "select count(*) from core.episodes left join core.seasons using (season_id)"
    assert house.one(f"{orphans} where seasons.season_id is null") == 0
    assert house.rows(f"select is_active from core.people where tmdb_id = {MERGED}") == [(False,)]
    assert _credited(house, MERGED) == {MISSED}
    assert _credited(house, INTO) == CREDITING


def _day_after_a_deletion_that_no_feed_told(lived: Days) -> None:
    """The second export that leaves a series out makes it due; offers end."""
    lived.go_by(1)
    lived.tmdb.empty(OFFERED, "watch/providers", "results")
    assert _offers(lived.house) > 0
    lived.follow()
    assert lived.shows() == set(range(1, SERIES + 1)) - {DELETED, MISSED}
    assert _offers(lived.house) == 0
    ended = "select count(*) from core.show_watch_provider_history where not is_current"
    assert lived.house.one(ended) > 0


def _day_on_which_ids_come_back(lived: Days) -> None:
    """One that the feed tells of, one that is only listed again."""
    lived.go_by(1)
    lived.tmdb.return_series(DELETED)
    lived.tmdb.return_series(MISSED, is_told=False)
    lived.follow()
    assert lived.shows() == set(range(1, SERIES + 1))
    told = (
        "select stays.is_active from core.show_status_history as stays"
        " join core.shows using (show_id) where tmdb_id = %s order by stays.first_seen_at"
    )
    for series_id in (DELETED, MISSED):
        stays = [is_active for (is_active,) in lived.house.rows(told, series_id)]
        assert stays == [True, False, True], f"history does not tell of series {series_id}"


def _after_a_quarter(lived: Days) -> None:
    """After a gap that no feed covers all is looked at again; networks, which have none, by age."""
    lived.go_by(100)
    lived.run()
    name = f"select name from core.networks where network_id = {NETWORK}"
    assert lived.house.rows(name) == [(RENAMED,)]
    checked = "select count(*) from raw.fetches where last_checked_at < %s"
    of_entities = f"{checked} and resource like '%%\\_details'"
    assert lived.house.one(of_entities, lived.now - timedelta(hours=12)) == 0, (
        "something was not looked at for a quarter"
    )


def _series_requests(tmdb: Tmdb) -> list[Request]:
    return [
        each
        for each in tmdb.requests("/3/tv/")
        if "/episode_group/" not in each.path and "/changes" not in each.path
    ]


def _credited(house: House, person: int) -> set[int]:
    """The series that credit a person as cast or crew."""
    rows = house.rows(
        "select shows.tmdb_id from core.show_cast join core.shows using (show_id)"
        f" where tmdb_person_id = {person} union"
        " select shows.tmdb_id from core.show_crew join core.shows using (show_id)"
        f" where tmdb_person_id = {person}"
    )
    return {tmdb_id for (tmdb_id,) in rows}


def _offers(house: House) -> int:
    query = (
        "select count(*) from core.show_watch_provider_history join core.shows using (show_id)"
        f" where tmdb_id = {OFFERED} and is_current"
    )
    return int(house.one(query))
