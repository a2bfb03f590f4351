"""`showhouse track import`: lists that IMDb exported, people's own files, and hostile ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.conftest import Showhouse
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

EXPORT = """\
Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,\
Runtime (mins),Year,Genres,Num Votes,Release Date,Directors
1,tt0903747,2024-01-01,2024-01-01,,"Quiet, Isle",,https://www.imdb.com/title/tt0903747,TV Series,\
9.5,45,2008,"Crime, Drama",2000000,2008-01-20,
2,tt0133093,2024-01-01,2024-01-01,"best, they say",The Matrix,,https://www.imdb.com/title/tt0133093,\
Movie,8.7,136,1999,Action,2000000,1999-03-31,Lana Wachowski
3,tt0944947,2024-01-01,2024-01-01,,Another,,https://www.imdb.com/title/tt0944947,TV Mini Series,\
9.2,60,2011,Drama,2000000,2011-04-17,
4,tt0959621,2024-01-01,2024-01-01,,Pilot,,https://www.imdb.com/title/tt0959621,TV Episode,9.0,58,\
2008,Drama,40000,2008-01-20,
"""


@pytest.fixture
def tmdb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=10)) as tmdb:
        monkeypatch.setenv("TMDB_BASE_URL", tmdb.base_url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        tmdb.override(3, "details", {"name": "Quiet, Isle", "first_air_date": "2008-01-20"})
        tmdb.claim("tt0903747", [3])
        tmdb.override(4, "details", {"name": "Called otherwise", "first_air_date": "2011-04-17"})
        tmdb.claim("tt0944947", [4])
        yield tmdb


def _tracked(showhouse: Showhouse) -> list[list[str]]:
    return [line.split(maxsplit=1) for line in showhouse("track", "list").out.splitlines()[2:]]


def test_series_of_an_exported_list_are_tracked_and_the_rest_is_told(
    showhouse: Showhouse, tmdb: Tmdb, tmp_path: Path
) -> None:
    file = tmp_path / "ls012345678.csv"
    file.write_text(EXPORT, encoding="utf-8-sig")
    ended = showhouse("track", "import", str(file), "--tag", "mine")
    assert ended.code == 0, ended.err
    assert ended.err.splitlines()[-4:] == [
        "line 3: `The Matrix` is a Movie",
        "line 5: `Pilot` is a TV Episode",
        "2 rows are no series and were passed over.",
        "2 series named; 2 of them new or with new tags.",
    ]
    tags = "imdb-list:ls012345678, mine"
    assert _tracked(showhouse) == [["3", tags], ["4", tags]]
    file.write_text("\n".join(EXPORT.splitlines()[:2]))
    assert showhouse("track", "import", str(file)).code == 0
    assert _tracked(showhouse) == [["3", tags], ["4", "mine"]]


def test_a_row_that_tmdb_does_not_know_is_told_with_its_line_and_the_others_are_tracked(
    showhouse: Showhouse, tmdb: Tmdb, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        "Title,TMDB_ID,imdb_id,Year,tags\n"
        "ignored,7,tt0000001,,a; b\n"
        ",,,,\n"
        ',,tt0000002,2001,"c"\n'
        '"Quiet, Isle",,,2008,d\n'
        "No Such Series At All,,,,\n"
        "Short row\n"
    )
    ended = showhouse("track", "import", str(file))
    assert ended.code == 1
    assert f"`{file}`, line 4: `tt0000002 (2001)` is no series that TMDb knows." in ended.err
    assert f"`{file}`, line 6: `No Such Series At All` is no series that TMDb" in ended.err
    assert f"`{file}`, line 7: `Short row` is no series" in ended.err
    assert "2 series named; 2 of them new" in ended.err
    assert _tracked(showhouse) == [["3", "d"], ["7", "a, b"]]


HOSTILE = {
    "tmdb_id\n99999999999999999999\n": "line 2: `99999999999999999999` is not a TMDb id.",
    "tmdb_id\n-1\n": "line 2: `-1` is not a TMDb id.",
    "tmdb_id\n²\n": "line 2: `²` is not a TMDb id.",
    "Const,Title\nnm0000206,Keanu Reeves\n": "`nm0000206` is not the IMDb id of a title.",
    "imdb_id\n'; drop table raw.loads; --\n": "is not the IMDb id of a title.",
    "title\nA\x00B\n": "line 2: `A\ufffdB` is not a title.",
    f"title\n{'x' * 100_000}\n": f"line 2: `{'x' * 60}…` (cut) is not a title.",
    f"title\n{'x' * 200_000}\n": "is not a CSV file in UTF-8: field larger than field limit",
    "title,tags\n,a\n": "line 2: it has no id and no title.",
    "<!doctype html><html></html>\n": "has none of the columns `tmdb_id`, `imdb_id`",
    "": "has none of the columns",
}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_is_told_in_a_sentence_and_tracks_nothing(
    showhouse: Showhouse, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "hostile.csv"
    file.write_text(text)
    ended = showhouse("track", "import", str(file), "--verbose")
    assert ended.code == 2
    assert HOSTILE[text] in ended.err.partition("Traceback")[0] + ended.err
    assert "Nothing was tracked." in ended.err
    quiet = showhouse("track", "import", str(file))
    assert "Traceback" not in quiet.err
    assert showhouse("track", "list").err == "No series is tracked.\n"


def test_of_many_wrong_lines_the_first_twenty_are_told(
    showhouse: Showhouse, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("tmdb_id\n1396\n" + "x\n" * 50)
    ended = showhouse("track", "import", str(file))
    assert ended.err.count("is not a TMDb id.") == 20
    assert "… and 30 more. Nothing was tracked." in ended.err


def test_bytes_that_are_no_text_are_told(showhouse: Showhouse, tmp_path: Path) -> None:
    file = tmp_path / "latin.csv"
    file.write_bytes("title\nÉlite\n".encode("latin-1"))
    ended = showhouse("track", "import", str(file))
    assert (ended.code, "is not a CSV file in UTF-8" in ended.err) == (2, True)
