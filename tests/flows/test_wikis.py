"""`showhouse extract fandom_pages`: the wikis that tracked series are tagged with."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from extract.documents import Batch, document
from extract.landing import land
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from extract.settings import Settings
from extract.tracking import track
from tests.fandom.server import REFUSALS, Page, wikis
from tests.fandom.tracked import WIKI, hold_series, samples
from tests.flows.conftest import Showhouse


def test_the_wiki_of_a_tracked_series_is_read(
    showhouse: Showhouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(settings.database_url or "") as connection, wikis() as fandom:
        monkeypatch.setenv("FANDOM_BASE_URL", fandom.base_url)
        monkeypatch.setenv("FANDOM_REQUESTS_PER_SECOND", "500")
        nothing = showhouse("extract", "fandom_pages")
        assert (nothing.code, fandom.requests) == (0, [])
        held = document(
            RESOURCES["tmdb_tv_details"],
            "5",
            {"id": 5, "name": "The Samples"},
            request="GET",
            fetched_at=datetime.now(UTC),
        )
        land(connection, Batch([held]), run_id=uuid4())
        track(connection, [5], ["fandom:samples"])
        fandom.pages["samples"] = {1: Page("The Samples", 9, "<p>A series.</p>")}
        read = showhouse("extract", "fandom_pages")
        assert read.code == 0, read.err
        rows = connection.execute("select key from raw.fandom_pages").fetchall()
        assert rows == [("samples/1",)]
        fandom.pages["samples"][1].revision = 10
        fandom.broken = {1}
        failed = showhouse("extract", "fandom_pages", "--force")
        assert (failed.code, "samples/1" in failed.err + failed.out) == (1, True)


def test_a_wiki_that_refuses_this_client_is_one_sentence_and_ends_with_1(
    showhouse: Showhouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(settings.database_url or "") as connection, samples() as fandom:
        monkeypatch.setenv("FANDOM_BASE_URL", fandom.base_url)
        hold_series(connection, [])
        fandom.refusals[WIKI] = [REFUSALS["403"]] * 9
        refused = showhouse("extract", "fandom_pages")
    assert refused.code == 1
    told = refused.err + refused.out
    assert (
        f"1 keys failed. First: wiki pages {WIKI} — The wiki `{WIKI}` refuses this client" in told
    )
    assert "`SHOWHOUSE_USER_AGENT`" in told
    assert len(fandom.requests) == 1, "the only request that there was"
