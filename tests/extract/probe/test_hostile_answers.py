"""Whatever comes, a probe says so and ends: no traceback, no endless asking, no secret."""

import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from extract.probe.beliefs import Asked
from extract.probe.outcomes import Outcome, Reply
from extract.probe.questions import QUESTIONS
from extract.probe.run import findings, probe, shapes
from extract.probe.tmdb import twenty_names
from extract.settings import Settings
from extract.sources.imdb.datasets import DATASETS
from tests.extract.http.faulty_server import HTML, FaultyServer, faulty_server
from tests.extract.http.faulty_server import Reply as Answer
from tests.extract.probe.asking import came, named

DAY = date(2026, 12, 1)
TOKEN = "a-token-that-nobody-may-see"
WHOLE = orjson.dumps({"id": 1396, "seasons": [{"id": 1, "season_number": 1}] * 9})
WRONG = orjson.dumps(
    {
        "id": "x",
        "seasons": {"id": []},
        "images": [[]],
        "season/1": [None],
        "aggregate_credits": {"cast": [3, None, {"roles": 1}]},
        "networks": 7,
        "videos": {"results": {}},
    }
)
HOSTILE = {
    "a page": HTML,
    "cut JSON": Answer(body=WHOLE[: len(WHOLE) // 2]),
    "nothing": Answer(body=b""),
    "a list": Answer(body=b"[" + WHOLE + b"]"),
    "null": Answer(body=b"null"),
    "a number": Answer(body=b"1e999"),
    "wrong types": Answer(body=WRONG),
    "deep": Answer(body=b"[" * 100_000),
    "no text": Answer(body=b"\xff\xfe\x00{"),
    "an error with 200": Answer(body=b'{"success":false,"status_code":11,"status_message":"No."}'),
    "half a gzip": Answer(body=gzip.compress(WHOLE)[:20]),
}
REFUSED = {
    "401": Answer(401, b'{"status_code":7,"status_message":"Invalid API key."}'),
    "403": Answer(403, HTML.body),
    "404": Answer(404, b'{"status_code":34,"status_message":"No."}'),
    "429": Answer(429, b'{"status_code":25,"status_message":"No."}'),
    "503": Answer(503, b"<html>down</html>"),
    "cut": Answer(body=WHOLE, ending="cut"),
    "reset": Answer(body=WHOLE, ending="reset"),
    "endless": Answer(body=b"{" + b" " * 20_000_000),
}
HOSTILE_TO = [
    *(("tmdb", what) for what in HOSTILE),
    *(("imdb", what) for what in ("a page", "nothing", "half a gzip", "no text")),
    *(("fandom", what) for what in ("cut JSON", "a list", "wrong types", "deep")),
]
REFUSED_BY = [
    *(("tmdb", what) for what in REFUSED),
    *(("imdb", what) for what in ("403", "404", "503")),
    *(("fandom", what) for what in ("403", "503", "reset")),
]


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyServer]:
    monkeypatch.setattr("extract.datasets.REQUESTS_PER_SECOND", 1_000.0)
    with faulty_server() as running:
        yield running


def at(settings: Settings, upstream: FaultyServer) -> Settings:
    there = {
        "tmdb_base_url": upstream.url,
        "tmdb_exports_base_url": upstream.url,
        "imdb_datasets_base_url": upstream.url,
        "fandom_base_url": f"{upstream.url}/{{wiki}}",
        "fandom_requests_per_second": 500.0,
        "tmdb_requests_per_second": 500.0,
        "tmdb_bearer_token": SecretStr(TOKEN),
    }
    return settings.model_copy(update=there)


@pytest.mark.parametrize(("source", "what"), HOSTILE_TO)
def test_an_answer_that_nobody_meant_is_otherwise_than_believed(
    settings: Settings, upstream: FaultyServer, source: Asked, what: str
) -> None:
    upstream.usual = HOSTILE[what]
    report = probe(at(settings, upstream), str(settings.database_url), source)
    assert report.is_surprise
    assert report.trouble or named(report, Outcome.OTHERWISE)
    assert not [each for each in came(report) if "cannot be read" in each or len(each) > 200]
    assert TOKEN not in orjson.dumps(shapes(report, DAY)).decode() + report.trouble
    assert len(upstream.asked) <= 24


@pytest.mark.parametrize(("source", "what"), REFUSED_BY)
def test_a_source_that_is_closed_is_told_in_one_sentence_and_asked_no_more(
    settings: Settings, upstream: FaultyServer, source: Asked, what: str
) -> None:
    upstream.usual = REFUSED[what]
    report = probe(at(settings, upstream), str(settings.database_url), source)
    assert report.is_surprise
    assert 0 < len(report.trouble) <= 200 and not report.findings
    assert len(upstream.asked) <= (7 if source == "imdb" else 2)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (
            "401",
            "TMDb answered 401 with `status_code` 7 to GET /tv/1396, and nothing more was asked: "
            "check the token or the key in `.env`",
        ),
        (
            "403",
            "TMDb answered 403 with a page of HTML to GET /tv/1396, and nothing more was asked: "
            "it refuses this address or this user agent",
        ),
        (
            "404",
            "TMDb answered 404 with `status_code` 34 to GET /tv/1396, and nothing more was asked:"
            " there is no such thing there; name another",
        ),
    ],
)
def test_the_sentence_says_what_to_do(
    settings: Settings, upstream: FaultyServer, what: str, says: str
) -> None:
    upstream.usual = REFUSED[what]
    assert probe(at(settings, upstream), str(settings.database_url), "tmdb").trouble == says


def test_errors_with_200_and_times_to_wait_are_told(
    settings: Settings, upstream: FaultyServer
) -> None:
    upstream.usual = Answer(body=HOSTILE["an error with 200"].body, headers={"retry-after": "7"})
    report = probe(at(settings, upstream), str(settings.database_url), "tmdb")
    wrong = named(report, Outcome.OTHERWISE)
    assert {"no_error_comes_with_200", "no_time_to_wait_is_named"} <= wrong


@pytest.mark.parametrize("what", ["an error with 200", "reset", "401", "503"])
def test_a_key_in_the_query_is_told_nowhere(
    settings: Settings, upstream: FaultyServer, what: str
) -> None:
    with_key = {"tmdb_bearer_token": None, "tmdb_api_key": SecretStr(TOKEN)}
    upstream.usual = (HOSTILE | REFUSED)[what]
    there = at(settings, upstream).model_copy(update=with_key)
    report = probe(there, str(settings.database_url), "tmdb")
    assert f"api_key={TOKEN}" in upstream.asked[0].target
    told = f"{report.trouble}{came(report)}{[each.request for each in report.replies]}"
    assert TOKEN not in told + orjson.dumps(shapes(report, DAY)).decode()


@pytest.mark.parametrize(("listed", "outcome"), [(1, Outcome.AS_BELIEVED), (2, Outcome.OTHERWISE)])
def test_an_error_in_the_place_of_a_season_is_a_surprise_only_where_it_is_listed(
    listed: int, outcome: Outcome
) -> None:
    error = {"success": False, "status_code": 34, "status_message": "No."}
    seasons = [{"id": number, "season_number": number} for number in range(1, listed + 1)]
    parts: dict[str, Any] = {name: {} for name in twenty_names() if not name.startswith("season/")}
    value = {"id": 1, "seasons": seasons, **parts, "season/1": {}, "season/2": error}
    told = findings("tmdb", {"series": Reply("GET /tv/1", 200, {}, b"{}", value)})
    [came] = [each.told for each in told if each.belief.name == "twenty_appends_come_whole"]
    assert came.outcome is outcome, came


def test_a_source_that_nobody_serves_is_told_in_one_sentence(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"imdb_datasets_base_url": "http://127.0.0.1:9"})
    report = probe(nowhere, str(settings.database_url), "imdb")
    assert report.trouble.startswith(
        "IMDb did not answer GET /title.basics.tsv.gz in 2 attempts; the last: no connection"
    )
    assert report.is_surprise and not report.findings


def test_a_source_that_goes_away_is_not_asked_to_the_end(
    settings: Settings, upstream: FaultyServer
) -> None:
    upstream.usual = REFUSED["503"]
    upstream.script("/tv/1396", Answer(body=WHOLE), Answer(503, b""))
    report = probe(at(settings, upstream), str(settings.database_url), "tmdb")
    assert "did not answer" in report.trouble
    assert len(upstream.asked) == 5


def test_a_source_that_asks_for_an_hours_pause_is_not_waited_for(
    settings: Settings, upstream: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.probe.asking.PATIENCE_SECONDS", 1.0)
    upstream.usual = Answer(503, b"", headers={"retry-after": "3600"})
    report = probe(at(settings, upstream), str(settings.database_url), "tmdb")
    assert report.trouble.startswith("TMDb gave no answer to GET /tv/1396 within 1 s")
    assert len(upstream.asked) == 1


def test_an_export_is_read_no_further_than_other_files_and_asked_for_twice_at_most(
    settings: Settings, upstream: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.probe.tmdb.MOST_FILE_BYTES", 100_000)
    monkeypatch.setattr("extract.sources.tmdb.catalogue.READY_AT", time(0, tzinfo=UTC))
    day = datetime.now(UTC).strftime("%m_%d_%Y")
    upstream.usual = Answer(body=WHOLE)
    upstream.script(f"/tv_series_ids_{day}.json.gz", Answer(body=b"x" * 1_000_000, ending="cut"))
    upstream.script(f"/person_ids_{day}.json.gz", Answer(503, b""))
    report = probe(at(settings, upstream), str(settings.database_url), "tmdb")
    [told] = [each for each in report.replies if "tv_series_ids" in each.request]
    assert told.status == 200 and 0 < len(told.body) <= 64 * 1024
    targets = [each.target for each in upstream.asked]
    assert sum("person_ids" in each for each in targets) == 2


def test_a_host_that_sends_whole_files_is_not_said_to_name_no_version() -> None:
    replies = {name: Reply("GET /file", 200, {}, b"x") for name in DATASETS}
    [told] = [
        each.told
        for each in findings("imdb", replies)
        if each.belief.name == "datasets_name_their_version"
    ]
    assert told.outcome is Outcome.NOT_ASKED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "id",
                        "seasons",
                        "season/1",
                        "images",
                        "posters",
                        "videos",
                        "results",
                        "cast",
                    ),
                    *("roles", "page", "error", "code", "query", "pages", "parse", "text", "title"),
                    *("revid", "pageid", "iso_639_1", "season_number", "number_of_seasons"),
                    *(
                        "episodes",
                        "aggregate_credits",
                        "season/1/credits",
                        "normalized",
                        "from",
                        "to",
                    ),
                    *("recommendations", "Error", "Code", "Contents", "ETag", "Errors", "Metadata"),
                    *("tv_results", "status_code", "file_path", "external_ids", "guest_stars"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.integers(200, 600), st.binary(max_size=30))
@given_settings(max_examples=150, deadline=None)
def test_no_answer_is_more_than_a_question_can_read(value: Any, status: int, body: bytes) -> None:
    for source, questions in QUESTIONS.items():
        names = {name for each in questions for name in getattr(each, "needs", ())}
        more = {"imdb_title_ratings", "person_export", "first", "plain", "held", "twenty_one"}
        more |= {"tv_network_export", "production_company_export"}
        replies = {
            name: Reply(f"GET /{name}", status, {}, body, value) for name in sorted(names | more)
        }
        told = [each.told.came for each in findings(source, replies)]
        assert not [each for each in told if "cannot be read" in each]
