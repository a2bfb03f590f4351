"""What must hold of a house as a whole; each proof raises AssertionError where it does not.

The tests run them on a hundred series, `benchmarks.endurance` on thousands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.tmdb.faults import FAULTS, Faults
from tests.whole.contents import Contents, contents, differences, mirrored, of_shows
from tests.whole.edits import (
    documents,
    expected_requests,
    expected_versions,
    requests_for_series,
)
from tests.whole.house import TOKEN, Ended, House
from tests.whole.kills import Kill, kill
from tests.whole.sound import unsound
from tests.whole.traces import Traces, needless, traces, written

SPOILING = tuple(kind for kind in FAULTS if kind not in ("slow", "stall"))
STICKING = tuple(kind for kind in SPOILING if kind != "429")
"""429 speaks of the client, not of a series: where it never ends, everything waits, and should."""
PASSING_SHARE = 0.2  # Of all attempts, so that some of even sixty series' requests are hit.


@dataclass(frozen=True, slots=True)
class Figures:
    """What an edit upstream cost: requests, new versions per resource, rows written per model."""

    touched: int
    requests: int
    versions: dict[str, int]
    written: dict[str, tuple[int, int]]
    """Rows written and rows that there are, by model."""


def track_all(house: House) -> None:
    """Track every series there is."""
    _well(house.call("track", "add", *map(str, house.tmdb.ids())))


def nothing_new_writes_nothing(house: House) -> int:
    """Ask for everything again: only the books say so. Gives the requests that it took."""
    before, objects = traces(house), mirrored(house)
    keys = house.one("select count(*) from raw.fetches where resource like 'tmdb_tv%'")
    loads = house.one("select count(*) from raw.loads")
    asked_at = house.one("select now()")
    house.tmdb.clear()
    _well(house.call("run", "--force"))
    requests = house.tmdb.summary()["requests"]
    assert requests == expected_requests(house.tmdb, house.tmdb.ids())
    assert house.tmdb.summary("/t/p/")["requests"] == 0, "images were asked for again"
    assert not (rows := _counts(written(before, traces(house)))), f"rows were written: {rows}"
    assert house.one("select count(*) from raw.loads") == loads
    assert mirrored(house) == objects
    checked = house.one(
        "select count(*) from raw.fetches where resource like 'tmdb_tv%%' and last_checked_at > %s",
        asked_at,
    )
    assert checked == keys, f"{checked} of {keys} checks are in the books"
    return int(requests)


def nothing_due_asks_nothing(house: House) -> None:
    """Run again as a schedule would: nothing is due, so nobody is asked."""
    before = traces(house)
    house.tmdb.clear()
    _well(house.call("run"))
    assert house.tmdb.summary("/")["requests"] == 0
    assert not written(before, traces(house))


def an_edit_costs_itself(house: House, share: float, chance: Random, *, named: bool) -> Figures:
    """Edit a share of the series upstream, and ask for those by name, or for everything."""
    tmdb = house.tmdb
    ids = tmdb.ids()
    chosen = chance.sample(ids, round(len(ids) * share))
    old, before = documents(tmdb, chosen), traces(house)
    touched = tmdb.touch(chosen)
    versions = expected_versions(old, documents(tmdb, chosen))
    assert touched and versions, "the edit changed nothing, so this says nothing"
    tmdb.clear()
    names = [f"--tmdb-id={series_id}" for series_id in touched] if named else []
    _well(house.call("run", "--force", *names))
    after = traces(house)
    requests = requests_for_series(tmdb)
    assert requests == expected_requests(tmdb, touched if named else ids)
    rows = written(before, after)
    series = {name: new for name, new in rows.items() if name.startswith("raw.tmdb_tv_")}
    landed = {name[4:]: len(new) for name, new in series.items()}
    # A new version is a row, and writes into the row of the one that it supersedes.
    assert landed == {resource: 2 * count for resource, count in versions.items()}
    assert not (spare := needless(before, after)), f"rows that say nothing new: {spare}"
    _belong_to(house, touched, rows)
    models = [name for name in after if not name.startswith("raw.")]
    share_of = {name: (len(rows.get(name, [])), len(after[name])) for name in models}
    return Figures(len(touched), requests, dict(versions), share_of)


def _belong_to(house: House, touched: Mapping[int, object], rows: Traces) -> None:
    shows = {str(house.one("select md5('tmdb:tv:' || %s)::uuid", str(each))) for each in touched}
    owners = {row.owner for name in rows if name[:4] != "raw." for row in rows[name]}
    assert owners - {None} <= shows, "rows of shows that nobody touched were written"


def kills_leave_no_trace(
    house: House,
    expected: Contents,
    lengths: Mapping[str, float],
    chance: Random,
    steps: Sequence[str],
) -> list[Kill]:
    """Kill a run in each of the steps, run once undisturbed, and find what was expected."""
    kills = [kill(house, step, lengths, chance, "run", "--force") for step in steps]
    assert all(each.is_done for each in kills), f"a run had ended before its moment came: {kills}"
    _well(house.call("run", "--force"))
    assert (found := differences(contents(house), expected)) == [], "\n".join(found)
    return kills


def faults_cost_what_they_hit(
    house: House, expected: Contents, seed: int, share: float = 0.05
) -> int:
    """Let a share of the series fail, then nothing, then a fifth of all attempts.

    Gives how many series failed for as long as the faults lasted.
    """
    tmdb = house.tmdb
    faults = Faults(share=share, kinds=STICKING, sticky=True, seed=seed)
    ill = {each for each in tmdb.ids() if faults.at(f"tv/{each}", 0)}
    assert ill, "no series is hit, so this says nothing"
    tmdb.faults(share, kinds=STICKING, sticky=True, seed=seed)
    faulty = house.call("run")
    assert faulty.code == 1, faulty.err
    failed = _failed(house)
    assert failed == _hit(house, faults)
    assert {int(key) for resource, key in failed if resource == "tmdb_tv_details"} == ill
    assert f"{len(failed):,} keys failed" in faulty.err, faulty.err
    if len(ill) <= 20:
        assert all(f"failed: series {series_id} — " in faulty.out for series_id in ill), faulty.out
    healthy = set(tmdb.ids()) - ill
    found = differences(of_shows(contents(house), healthy), of_shows(expected, healthy))
    assert found == [], "\n".join(found)
    assert (bad := unsound(house)) == [], bad
    assert house.one("select count(*) from raw.rejects") > 0

    tmdb.faults(0.0)
    _well(house.call("run"))
    assert (found := differences(contents(house), expected)) == [], "\n".join(found)
    _passing_faults(house, expected, seed)
    return len(ill)


def _failed(house: House) -> set[tuple[str, str]]:
    failed = "select resource, key from raw.fetches where status = 'failed' and btrim(error) <> ''"
    return {(resource, key) for resource, key in house.rows(failed)}


def _hit(house: House, faults: Faults) -> set[tuple[str, str]]:
    """Everything that a run knew of and that fails for as long as the faults last."""
    known = house.rows("select resource, key from raw.fetches where resource like '%_details'")
    kinds = ((resource.removeprefix("tmdb_")[: -len("_details")], key) for resource, key in known)
    return {(f"tmdb_{kind}_details", key) for kind, key in kinds if faults.at(f"{kind}/{key}", 0)}


def _passing_faults(house: House, expected: Contents, seed: int) -> None:
    house.tmdb.clear()
    house.tmdb.faults(PASSING_SHARE, kinds=SPOILING, sticky=False, seed=seed)
    passing = house.call("extract", "--force", "--verbose")
    assert house.tmdb.summary()["faults"], "nothing went wrong, so this says nothing"
    assert passing.code == int("keys failed" in passing.err), passing.err
    assert (bad := unsound(house)) == [], bad
    house.tmdb.faults(0.0)
    _well(house.call("extract", "--force"))
    assert (found := differences(contents(house), expected)) == [], "\n".join(found)


def nobody_sees_the_token(*houses: House) -> None:
    """Look for the token in all tables, files and outputs."""
    found = [place for house in houses for place in house.mentions(TOKEN)]
    assert found == [], found


def _well(ended: Ended) -> None:
    assert ended.code == 0, ended.err or ended.out


def _counts(rows: Traces) -> dict[str, int]:
    return {name: len(new) for name, new in rows.items()}
