"""Every recorded series, through client, landing and dbt, is in core as it was recorded.

The recordings are served by the test server, extracted by the real client and built by real dbt, in
rounds (`expectation.recorded`): first the richest answer of each of the 35 series, then every other
answer that was recorded of them, so that rows have to follow. After each round all of core is held
against the expectation, field by field. Three rounds of ten hold nearly all of it; the others, of a
series or three that were recorded often, are lived through in the long lane.

Nobody recorded all parts and seasons of a series: what TMDb lists and nobody recorded does not come
here, is asked for once more and then is a failure. Everything that was recorded lands. Rejects:
none.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from extract.run import Extracted
from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.comparison import KEYS, differences, held
from tests.dbt_project.expectation.recorded import (
    FOLLOWED,
    Recordings,
    read_round,
    read_things_of_round,
)
from tests.dbt_project.expectation.tables import expected
from tests.dbt_project.expectation.things import Things
from tests.dbt_project.extraction import (
    DATA_TESTS,
    extract_from,
    extract_things,
    instants,
    requests_by_series,
)
from tests.dbt_project.warehouse import Warehouse
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.recordings import RecordedWorld, RecordingsAbsentError, recordings_folder
from tests.tmdb.server import tmdb_server
from tests.tmdb.world import SETS, THINGS, season_credits_name, season_name

pytestmark = pytest.mark.timeout(900)  # the first test waits for the rounds

MANY = 2
"""So many rounds, the first ones, hold the answers of many series."""
AS_OF = date(2011, 5, 1)
"""In the middle of a season that was recorded: some of its episodes have aired, some have not."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of answers: what was asked and landed, and what core says that it should not."""

    extracted: Extracted
    requests: Counter[int]
    unrecorded: dict[int, set[str]]
    """By series the parts and listed seasons that nobody recorded."""
    row_counts: dict[str, int]
    differences: dict[str, list[str]]


@pytest.fixture(scope="module")
def recordings() -> Recordings:
    try:
        return Recordings(recordings_folder())
    except RecordingsAbsentError as absent:
        pytest.skip(str(absent))


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(module_database, tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="module")
def rounds(
    recordings: Recordings, warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> list[Round]:
    return _live_through(recordings, warehouse, tmp_path_factory.mktemp("rounds"), MANY)


@pytest.fixture
def all_rounds(recordings: Recordings, database: str, tmp_path: Path) -> list[Round]:
    count = len(recordings.rounds())
    assert count > MANY
    return _live_through(recordings, Warehouse(database, tmp_path / "dbt"), tmp_path, count)


def _live_through(
    recordings: Recordings, warehouse: Warehouse, place: Path, count: int
) -> list[Round]:
    known: dict[int, Series] = {}
    things = Things()
    lived = []
    with pytest.MonkeyPatch.context() as patch:
        for turn, series_ids in enumerate(recordings.rounds()[:count]):
            folder = place / f"round_{turn}"
            recordings.link(turn, folder)
            patch.setenv("SHOWHOUSE_RECORDINGS", str(folder))
            is_tested = turn == 0
            lived.append(_live(warehouse, known, things, folder, series_ids, is_tested=is_tested))
    return lived


def _live(
    warehouse: Warehouse,
    known: dict[int, Series],
    things: Things,
    folder: Path,
    series_ids: set[int],
    *,
    is_tested: bool,
) -> Round:
    """Serve a folder, extract, build, compare; `known` and `things` keep up with the answers."""
    own = read_things_of_round(folder)
    with tmdb_server(Options(world="recordings")) as tmdb:
        extracted = extract_from(tmdb, warehouse, series_ids, series_only=True)
        requests = requests_by_series(tmdb)
        unrecorded = {each: _unrecorded(tmdb, each) for each in series_ids}
        extract_things(tmdb, warehouse, _keys(own))
    for series_id, parts in read_round(folder):
        known.setdefault(series_id, Series(series_id)).answer(parts)
    things.answer(own)
    build = DATA_TESTS if is_tested else ("run", "--select", "intermediate", "core")
    warehouse.dbt(*build, as_of=str(AS_OF))
    wanted = expected(known.values(), AS_OF, instants(warehouse), things)
    return Round(
        extracted,
        requests,
        unrecorded,
        {table: len(rows) for table, rows in wanted.items()},
        {table: differences(table, held(warehouse, table), wanted[table]) for table in KEYS},
    )


def _unrecorded(tmdb: Tmdb, series_id: int) -> set[str]:
    listed = [season["season_number"] for season in tmdb.document(series_id).get("seasons", ())]
    names = {*SETS, *map(season_name, listed), *map(season_credits_name, listed)}
    return names - set(tmdb.names(series_id))


def _keys(own: Mapping[tuple[str, str], object]) -> dict[str, list[str]]:
    """By the resource of their details, what there is to ask for."""
    return {f"tmdb_{kind}_details": [key for each, key in own if each == kind] for kind in THINGS}


def test_the_first_round_is_what_the_server_serves_by_itself(
    recordings: Recordings, tmp_path: Path
) -> None:
    recordings.link(0, tmp_path)
    served = {path.name for path in (tmp_path / "tmdb" / "tv_details").iterdir()}
    assert served == set(RecordedWorld().chosen.values())


def test_every_recorded_answer_is_served_in_some_round(
    recordings: Recordings, tmp_path: Path
) -> None:
    served: set[str] = set()
    for turn in range(len(recordings.rounds())):
        recordings.link(turn, tmp_path / str(turn))
        for kind in (tmp_path / str(turn) / "tmdb").iterdir():
            served |= {f"{kind.name}/{path.name}" for path in kind.iterdir()}
    followed = {
        f"{kind}/{path.name}"
        for (kind, _), paths in recordings.files.items()
        for path in paths
        if kind in FOLLOWED
    }
    assert followed <= served


def test_every_recorded_series_lands_and_none_is_rejected(
    rounds: list[Round], recordings: Recordings, warehouse: Warehouse
) -> None:
    first = rounds[0].extracted
    assert first.due_counts["series"] == 35
    landed = {name: count.landed for name, count in first.by_resource.items()}
    assert (
        landed["tmdb_tv_details"] == landed["tmdb_tv_metrics"] == 35 == len(recordings.detailed())
    )
    for one in rounds:
        failed = {(each.key, each.why.split("`")[1]) for each in one.extracted.failures}
        assert failed == {
            (
                f"{series_id}/{name.removesuffix('/credits')}"
                if name.startswith("season/")
                else str(series_id),
                name,
            )
            for series_id, names in one.unrecorded.items()
            for name in names
            # The endpoint of a recorded season's credits says that there are none.
            if not name.endswith("/credits") or name.removesuffix("/credits") in names
        }
    assert warehouse.rows("select resource, key, reason, detail from raw.rejects") == []


def test_a_series_costs_one_request_and_one_more_for_each_twenty_names_that_did_not_come(
    rounds: list[Round], recordings: Recordings
) -> None:
    first = {name(number) for number in range(4) for name in (season_name, season_credits_name)}
    for series_id, names in rounds[0].unrecorded.items():
        later = {name for name in names if name.startswith("season/")} - first
        assert rounds[0].requests[series_id] == 1 - (-len(names) // 20) - (-len(later) // 20)
    assert rounds[0].requests.keys() == recordings.detailed()
    assert sum(rounds[0].requests.values()) == rounds[0].extracted.requests


@pytest.mark.parametrize("table", KEYS)
def test_core_says_field_by_field_what_was_recorded(rounds: list[Round], table: str) -> None:
    counts = [one.row_counts[table] for one in rounds]
    assert any(counts), "nothing was expected, so the comparison says nothing"
    assert rounds[0].differences[table] == []


@pytest.mark.parametrize("table", KEYS)
def test_core_follows_other_answers_of_the_same_series(rounds: list[Round], table: str) -> None:
    assert _differing(rounds, table) == {}


@pytest.mark.long
def test_core_follows_every_other_answer_that_was_recorded(
    all_rounds: list[Round], recordings: Recordings
) -> None:
    assert len(all_rounds) == len(recordings.rounds())
    for table in KEYS:
        assert _differing(all_rounds, table) == {}, table


def _differing(rounds: list[Round], table: str) -> dict[int, list[str]]:
    found = {turn: one.differences[table][:5] for turn, one in enumerate(rounds)}
    return {turn: said for turn, said in found.items() if said}
