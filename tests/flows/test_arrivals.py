"""What was asked for and did not arrive is told, ends the run with 1, and is asked for again."""

from collections.abc import Iterator

import pytest

from extract.landing import Counts
from flows import report, steps
from flows.report import Report
from tests.flows.conftest import Showhouse
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

SERIES = 12


@pytest.fixture
def tmdb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=SERIES, people_count=10)) as tmdb:
        monkeypatch.setenv("TMDB_BASE_URL", tmdb.base_url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        monkeypatch.setenv("TMDB_REQUESTS_PER_SECOND", "1000")
        yield tmdb


def _series(tmdb: Tmdb) -> list[str]:
    return [word for number in tmdb.ids() for word in ("--tmdb-id", str(number))]


def _times_asked(tmdb: Tmdb, name: str) -> int:
    return sum(name in request.path for request in tmdb.requests("/3/tv/"))


def test_a_part_that_was_left_out_once_is_there_at_the_end_of_the_run(
    tmdb: Tmdb, showhouse: Showhouse
) -> None:
    tmdb.leave_out("tv/1", "keywords", "videos")
    ended = showhouse("extract", "--series-only", *_series(tmdb))
    assert ended.code == 0, ended.out
    assert f"{SERIES} of {SERIES} arrived" in _line(ended.out, "tmdb_tv_keywords")
    assert showhouse("extract", "--series-only", *_series(tmdb)).out.count("Nothing was due.") == 1


def test_a_part_that_is_left_out_for_good_is_told_and_the_run_ends_with_1(
    tmdb: Tmdb, showhouse: Showhouse
) -> None:
    tmdb.leave_out("tv/1", "keywords", times=None)
    for _ in range(2):  # the second run asks again: the series is due at once
        ended = showhouse("extract", "--series-only", *_series(tmdb))
        assert ended.code == 1
        assert "failed: series 1 — `keywords` did not come" in ended.out
        assert "1 keys failed" in ended.err
    assert "0 of 1 arrived" in _line(ended.out, "tmdb_tv_keywords")


def test_a_part_that_arrives_for_nobody_is_an_alarm_and_is_asked_for_twice_no_more(
    tmdb: Tmdb, showhouse: Showhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "BATCH_SIZE", 4)
    monkeypatch.setattr(report, "MANY", 4)
    for number in tmdb.ids():
        tmdb.leave_out(f"tv/{number}", "keywords", times=None)
    ended = showhouse("extract", "--series-only", *_series(tmdb))
    assert ended.code == 1
    assert f"`tmdb_tv_keywords` arrived for none of {SERIES}" in ended.err
    assert f"0 of {SERIES} arrived" in _line(ended.out, "tmdb_tv_keywords")
    assert ended.out.count("`keywords` did not come") == 4
    assert _times_asked(tmdb, "keywords") == SERIES + 4
    assert f"{SERIES} checked" in _line(ended.out, "tmdb_tv_details")
    again = showhouse("extract", "--series-only", *_series(tmdb))
    assert "4 series were due" in again.out  # those that were told; the others are due by their age


def test_the_report_says_of_each_part_how_many_arrived_of_how_many() -> None:
    counts = Counts(checked=999, landed=7, asked=1_000, arrived=999)
    told = Report(resources={"tmdb_tv_videos": counts, "tmdb_tv_details": Counts(checked=1_000)})
    assert "999 of 1,000 arrived" in told.lines()[1]
    assert "arrived" not in told.lines()[0]
    assert "| tmdb_tv_videos | 1,000 | 999 | 999 | 7 | 0 | 0 |" in told.markdown()
    assert told.rows()[1]["asked"] == 1_000
    assert told.problems() == () and told.withheld == ()


def test_many_in_vain_are_an_alarm_and_a_few_are_not() -> None:
    def problems(asked: int, arrived: int) -> tuple[str, ...]:
        return Report(resources={"tmdb_tv_videos": Counts(asked=asked, arrived=arrived)}).problems()

    assert problems(999, 0) == problems(1_000, 1) == ()
    (alarm,) = problems(1_000, 0)
    assert "`tmdb_tv_videos` arrived for none of 1,000" in alarm


def _line(out: str, resource: str) -> str:
    (line,) = (line for line in out.splitlines() if line.startswith(f"{resource} "))
    return line
