"""Probing the test servers: as believed where they are so, otherwise where they are not."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, time

import orjson
import pytest
from pydantic import SecretStr

from extract.probe.beliefs import BELIEFS
from extract.probe.outcomes import Outcome, Reply, Unasked
from extract.probe.questions import QUESTIONS
from extract.probe.run import findings, probe, shapes
from extract.settings import Settings
from tests.extract.probe.asking import PAGE_ID, SERIES, TEXT, TITLE, WIKI, came, named
from tests.fandom.server import Page, Wikis, wikis
from tests.otherwise import switches
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

UNASKED = {
    each.belief
    for questions in QUESTIONS.values()
    for each in questions
    if isinstance(each, Unasked)
}
BY_CHANCE = {"no_error_comes_with_200", "no_time_to_wait_is_named"}
"""Contradicted where requests are refused in passing, which a dozen may meet none of."""
COUNTS_AS_ABSENT = {"absent_season_is_left_out"}
"""An error object in the place of an absent season is as good as none."""
TMDB = sorted(switches("tmdb") - UNASKED - BY_CHANCE - COUNTS_AS_ABSENT)
TOKEN = "a-token-that-nobody-may-see"


@pytest.fixture(autouse=True)
def quick_imdb(monkeypatch: pytest.MonkeyPatch) -> None:
    """The datasets' host is ours."""
    monkeypatch.setattr("extract.datasets.REQUESTS_PER_SECOND", 1_000.0)


@contextmanager
def tmdb_with(*otherwise: str) -> Iterator[Tmdb]:
    """Run a small TMDb that contradicts these beliefs; the series has French videos, too."""
    with tmdb_server(Options(series_count=100, otherwise=otherwise)) as running:
        videos = [
            {"id": f"{number}", "iso_639_1": each} for number, each in enumerate(["en", "fr"])
        ]
        running.override(SERIES, "videos", {"results": videos})
        yield running


@pytest.fixture(scope="module")
def tmdb() -> Iterator[Tmdb]:
    with tmdb_with() as running:
        yield running


def at(settings: Settings, tmdb: Tmdb) -> Settings:
    there = {
        "tmdb_base_url": tmdb.base_url,
        "tmdb_exports_base_url": tmdb.exports_base_url,
        "imdb_datasets_base_url": tmdb.datasets_base_url,
        "tmdb_requests_per_second": 1_000.0,
    }
    return settings.model_copy(update=there | {"tmdb_bearer_token": SecretStr(TOKEN)})


def in_wiki(settings: Settings, fandom: Wikis) -> Settings:
    fandom.pages[WIKI] = {PAGE_ID: Page(TITLE, 100, TEXT)}
    there = {"fandom_base_url": fandom.base_url, "fandom_requests_per_second": 500.0}
    return settings.model_copy(update=there)


def test_tmdb_is_as_believed_where_it_is_so(settings: Settings, tmdb: Tmdb) -> None:
    report = probe(at(settings, tmdb), str(settings.database_url), "tmdb", series_id=SERIES)
    assert named(report, Outcome.OTHERWISE) == set()
    assert named(report, Outcome.NOT_ASKED) <= UNASKED
    assert not report.is_surprise
    assert len([each for each in report.replies if "_ids_" not in each.request]) == 12
    assert len(report.replies) == 16


@pytest.mark.slow
@pytest.mark.parametrize("name", TMDB)
def test_tmdb_is_otherwise_in_what_it_contradicts_and_in_nothing_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # Today's export is looked for from this hour on: whatever the hour of the test is.
    monkeypatch.setattr("extract.sources.tmdb.catalogue.READY_AT", time(0, tzinfo=UTC))
    with tmdb_with(name) as other:
        url = str(settings.database_url)
        report = probe(at(settings, other), url, "tmdb", series_id=SERIES)
    assert named(report, Outcome.OTHERWISE) == {name}, came(report)
    assert report.is_surprise


def test_an_error_in_the_place_of_an_absent_season_counts_as_absent(settings: Settings) -> None:
    with tmdb_with(*COUNTS_AS_ABSENT) as other:
        url = str(settings.database_url)
        report = probe(at(settings, other), url, "tmdb", series_id=SERIES)
    assert not report.is_surprise
    [told] = came(report, COUNTS_AS_ABSENT)
    assert told == "an error object under `season/987`, which counts as absent"


def test_an_error_in_the_place_of_credits_that_exist_is_told_as_one(settings: Settings) -> None:
    with tmdb_with(*COUNTS_AS_ABSENT, "season_credits_may_be_appended") as other:
        url = str(settings.database_url)
        report = probe(at(settings, other), url, "tmdb", series_id=SERIES)
    [told] = came(report, ["season_credits_may_be_appended"])
    assert told == "an error object under `season/1/credits`"


def test_an_export_that_is_late_is_told_and_its_name_is_not() -> None:
    packed = gzip.compress(b'{"id":1,"popularity":2.5}\n')
    late, there = Reply("GET /today", 403), Reply("GET /yesterday", 200, {}, packed)
    kinds = ("tv_series", "person", "tv_network", "production_company")
    replies = {f"{kind}_export": late for kind in kinds} | {"last_export": there}
    told = {each.belief.name: each.told.outcome for each in findings("tmdb", replies)}
    assert told["exports_are_ready_at_eight"] is Outcome.OTHERWISE
    assert told["exports_are_named_by_day"] is Outcome.AS_BELIEVED
    assert told["exports_list_an_object_a_line"] is Outcome.AS_BELIEVED


def test_imdb_is_as_believed_where_it_is_so(settings: Settings, tmdb: Tmdb) -> None:
    report = probe(at(settings, tmdb), str(settings.database_url), "imdb")
    assert named(report, Outcome.AS_BELIEVED) == {b.name for b in BELIEFS if b.source == "imdb"}
    assert len(report.replies) == 9


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(switches("imdb")))
def test_imdb_is_otherwise_in_what_it_contradicts_and_in_nothing_else(
    settings: Settings, name: str
) -> None:
    with tmdb_with(name) as other:
        report = probe(at(settings, other), str(settings.database_url), "imdb")
    assert named(report, Outcome.OTHERWISE) == {name}, came(report)


def test_a_wiki_is_as_believed_where_it_is_so(settings: Settings) -> None:
    with wikis() as fandom:
        report = probe(in_wiki(settings, fandom), str(settings.database_url), "fandom")
    believed = {belief.name for belief in BELIEFS if belief.source == "fandom"}
    assert named(report, Outcome.AS_BELIEVED) == believed - UNASKED
    assert len(report.replies) == 5


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(switches("fandom") - UNASKED))
def test_a_wiki_is_otherwise_in_what_it_contradicts_and_in_nothing_else(
    settings: Settings, name: str
) -> None:
    with wikis(name) as fandom:
        report = probe(in_wiki(settings, fandom), str(settings.database_url), "fandom")
    assert named(report, Outcome.OTHERWISE) == {name}, came(report)


@pytest.mark.parametrize("written", ["Spock", "walter White", "Walter_White", "Nobody at all"])
def test_a_title_however_it_is_written_is_no_surprise(settings: Settings, written: str) -> None:
    with wikis() as fandom:
        there = in_wiki(settings, fandom)
        fandom.pages[WIKI][PAGE_ID + 1] = Page("Spock", 100, TEXT)
        report = probe(there, str(settings.database_url), "fandom", title=written)
    assert not report.is_surprise, came(report, named(report, Outcome.OTHERWISE))
    assert len(report.replies) == (3 if written == "Nobody at all" else 5)


def test_what_is_written_down_holds_keys_and_types_and_no_secret(
    settings: Settings, tmdb: Tmdb
) -> None:
    report = probe(at(settings, tmdb), str(settings.database_url), "tmdb", series_id=SERIES)
    told = shapes(report, date(2026, 12, 1))
    text = orjson.dumps(told).decode()
    details = tmdb.document(SERIES)
    assert TOKEN not in text
    assert details["overview"] not in text and details["name"].strip() not in text
    [first, *_] = told["requests"]
    assert first["status"] == 200 and first["headers"] == ["content-type", "etag"]
    assert first["shape"]["number_of_seasons"] == "integer"
    # Some of the made-up episodes have no guests: such a field is marked with `?`.
    assert {"guest_stars", "guest_stars?"} & first["shape"]["season/N"]["episodes"][0].keys()
    assert set(first["shape"]["watch/providers"]["results"]) <= {"*"}
    assert told["beliefs"].keys() == {b.name for b in BELIEFS if b.source == "tmdb"}
    assert len(text) < 200_000
