"""A series that TMDb does not know is tracked by its IMDb id, until TMDb knows it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.documents import Batch, document
from extract.landing import land
from extract.postgres import clock
from extract.postgres.connections import connect
from extract.registry import RESOURCES
from tests.flows.conftest import Showhouse
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

TITLE = "tt0000777"


@pytest.fixture
def tmdb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=10)) as tmdb:
        monkeypatch.setenv("TMDB_BASE_URL", tmdb.base_url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        tmdb.override(3, "details", {"name": "Quiet Isle", "first_air_date": "2008-01-20"})
        yield tmdb


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(database) as connection:
        yield connection


def _tracked(showhouse: Showhouse) -> list[list[str]]:
    return [line.split() for line in showhouse("track", "list").out.splitlines()[2:]]


def _a_day_later(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "update raw.fetches set next_due_at = now() - interval '1 hour'"
        " where resource = 'tmdb_find'"
    )


def test_an_id_that_tmdb_does_not_know_is_tracked_only_where_that_is_asked_for(
    showhouse: Showhouse, tmdb: Tmdb
) -> None:
    refused = showhouse("track", "add", "1", TITLE)
    assert refused.code != 0
    assert f"`{TITLE}` is no series that TMDb knows." in refused.err
    assert _tracked(showhouse) == []
    assert "2 of them new" in showhouse("track", "add", "1", TITLE, "--unknown").err
    assert _tracked(showhouse) == [["1"], [TITLE]]
    assert showhouse("track", "add", "No Such Series", "--unknown").code != 0
    assert "1 of 1 series were tracked" in showhouse("track", "remove", TITLE).err
    assert _tracked(showhouse) == [["1"]]


def test_a_file_tracks_what_tmdb_does_not_know_and_takes_its_tag_back(
    showhouse: Showhouse, tmdb: Tmdb, tmp_path: Any
) -> None:
    file = tmp_path / "ls012345678.csv"
    file.write_text(f"Const,Title Type\n{TITLE},TV Series\ntt0000778,TV Series\n")
    assert showhouse("track", "import", str(file), "--unknown").code == 0
    tag = "imdb-list:ls012345678"
    assert _tracked(showhouse) == [[TITLE, tag], ["tt0000778", tag]]
    file.write_text(f"Const,Title Type\n{TITLE},TV Series\n")
    assert showhouse("track", "import", str(file), "--unknown").code == 0
    assert _tracked(showhouse) == [[TITLE, tag], ["tt0000778"]]


def test_a_run_tracks_the_series_as_soon_as_tmdb_claims_its_title(
    showhouse: Showhouse, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    showhouse("track", "add", TITLE, "--unknown", "--tag", "mine")
    assert showhouse("extract", "--series-only").code == 0
    tmdb.claim(TITLE, [3])
    assert showhouse("extract", "--series-only").code == 0
    assert _tracked(showhouse) == [[TITLE, "mine"]], "it was asked for again within the day"
    _a_day_later(connection)
    assert showhouse("extract", "--series-only").code == 0
    assert _tracked(showhouse) == [["3", "mine"], [TITLE, "mine"]]
    held = connection.execute("select key from raw.tmdb_tv_details").fetchall()
    assert held == [("3",)]


def test_a_series_of_imdbs_alone_is_told_as_such(
    showhouse: Showhouse, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    nothing = showhouse("status", TITLE)
    assert (nothing.code, "`showhouse track add tt0000777`" in nothing.err) == (1, True)
    showhouse("track", "add", TITLE, "--unknown")
    now = clock.now(connection)
    rows = {
        ("imdb_title_basics", TITLE): {"tconst": TITLE, "primaryTitle": "Quiet Isle"},
        ("imdb_title_akas", f"{TITLE}/1"): {"titleId": TITLE, "title": "Stille Insel"},
        ("imdb_title_akas", f"{TITLE}0/1"): {"titleId": f"{TITLE}0", "title": "Another"},
        ("imdb_title_episode", "tt0000778"): {"tconst": "tt0000778", "parentTconst": TITLE},
        ("imdb_title_episode", "tt0000779"): {"tconst": "tt0000779", "parentTconst": TITLE},
    }
    landed = [
        document(RESOURCES[name], key, row, request="a file", fetched_at=now)
        for (name, key), row in rows.items()
    ]
    land(connection, Batch(landed), run_id=uuid4())
    told = showhouse("status", TITLE)
    assert told.code == 0
    assert "is known to IMDb alone" in told.err and "not tracked" not in told.err
    counts = {line.split()[0]: line.split()[3] for line in told.out.splitlines()[2:]}
    assert counts == {
        **dict.fromkeys(("imdb_title_ratings", "imdb_title_crew", "imdb_title_principals"), "0"),
        **{"imdb_title_episode": "2", "imdb_title_basics": "1", "imdb_title_akas": "1"},
    }
    identity = connection.execute("select md5('imdb:' || %s)::uuid::text", (TITLE,)).fetchone()
    assert identity
    refused = showhouse("extract", "--show-id", identity[0])
    assert refused.code != 0
    assert "is the id of a series that IMDb alone knows" in refused.err
    tmdb.override(3, "external_ids", {"imdb_id": TITLE})
    assert showhouse("extract", "--tmdb-id", "3", "--series-only").code == 0
    assert "Series 3: " in showhouse("status", TITLE).err
    assert showhouse("extract", "--show-id", identity[0], "--series-only").code == 0


def test_a_series_of_another_name_is_not_taken_for_the_title(
    showhouse: Showhouse, tmdb: Tmdb, connection: psycopg.Connection[Any]
) -> None:
    showhouse("track", "add", TITLE, "--unknown")
    row = {"tconst": TITLE, "titleType": "tvSeries", "primaryTitle": "Loud", "startYear": "1999"}
    now = clock.now(connection)
    resource = RESOURCES["imdb_title_basics"]
    landed = document(resource, TITLE, row, request="a file", fetched_at=now)
    land(connection, Batch([landed]), run_id=uuid4())
    tmdb.claim(TITLE, [3])
    _a_day_later(connection)
    assert showhouse("extract", "--series-only").code == 0
    assert _tracked(showhouse) == [[TITLE]]
