"""The command line: what it says to mistakes, and what needs neither dbt nor Prefect."""

import contextlib
import resource
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract.postgres.connections import connect
from extract.settings import ROOT, Settings
from flows.cli.status import show_work
from tests.extract.parsers import imdb_pages as pages
from tests.flows.conftest import Run, Showhouse
from tests.flows.prefect_server import free_port
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server
from tests.waiting import PATIENCE_SECONDS, wait_until


def test_help_answers_at_once_and_loads_nothing_large() -> None:
    code = (
        "import sys\n"
        "from flows.cli.app import showhouse\n"
        "showhouse.main(['--help'], standalone_mode=False)\n"
        "large = {'prefect', 'dbt', 'boto3', 'pydantic', 'psycopg', 'sqlalchemy', 'uvicorn'}\n"
        "assert not large & sys.modules.keys(), large & sys.modules.keys()\n"
    )
    command = [sys.executable, "-c", code]
    took: list[float] = []
    for _ in range(2):  # the first one after an installation compiles
        before = _seconds_of_children()
        ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        took.append(_seconds_of_children() - before)
        assert ended.returncode == 0, ended.stderr
    assert min(took) < 0.6  # of a processor; 0.14 on an idle one
    assert "run      Extract what is due" in ended.stdout


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("group", [[], ["db"], ["track"], ["loads"], ["forget"]])
def test_every_command_is_told_in_a_line_that_is_not_cut(
    showhouse: Showhouse, group: list[str]
) -> None:
    ended = showhouse(*group, "--help")
    assert ended.code == 0
    assert "..." not in ended.out.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "No series is tracked and none was named"),
        (["extract"], "No series is tracked and none was named"),
        (["run", "--sample", "--tmdb-id", "999999999"], "Series 999999999 is not in the bundled"),
        (["extract", "tmdb_tv_seasns", "--tmdb-id", "1"], "`tmdb_tv_seasns` is no resource"),
        (["extract", "tmdb_tv_seasns"], "`fandom_pages`, `fandom_profiles`"),
        (["extract", "tmdb_tv_seasns"], "`imdb_datasets`, `imdb_name_basics`"),
        (["extract", "tmdb_tv_seasns"], "`tmdb_tv_changes`"),
        (["run", "--tmdb-id", "0"], "0 is not in the range"),
        (["extract", "--tmdb-id", "99999999999"], "99999999999 is not in the range"),
        (["extract", "imdb_pages", "--from-folder", "/", "--dry-run"], "--dry-run is not of it"),
        (["extract", "imdb_pages", "--dry-run"], "--dry-run is not of it"),
        (["status", "\udcff"], "`?` is no text"),
        (["track", "add", "\udcff"], "`?` is no text"),
        (["track", "add", "5", "--tag", "\udcff"], "`?` is no text"),
        (["run", "--list", "\udcff"], "`?` is no text"),
        (["forget", "person", "\udcff"], "`?` is no text"),
        (["forget", "page", "\udcff"], "`?` is no text"),
        (["run", "--since", "yesterday"], "does not match the format"),
        (["run", "--shard", "5/4"], "`5/4` is no share"),
        (["run", "--shard", "0/4"], "`0/4` is no share"),
        (["extract", "--shard", "half"], "`half` is no share"),
        (["run", "--imdb-id", "1396"], "`1396` is no IMDb id"),
        (["run", "--list", "https://example.com/list/5"], "is no address of a series or a list"),
        (["run", "--show-id", "00000000-0000-0000-0000-000000000000"], "is the id of no show"),
        (["mirror", "--kind", "posters"], "`posters` is no kind of image"),
        (["mirror", "--verify", "some"], "`some` is no number of objects"),
        (["mirror", "--verify", "--prune"], "are asked for one at a time"),
        (["forget", "person", "Anyone"], "found by id only"),
        (["forget", "person", "5", "--undo"], "Person 5 is not forgotten."),
        (["forget", "page", "https://w.fandom.com/wiki/Ada"], "as in `real-housewives/5687`"),
        (["forget", "page", "w/5", "--undo"], "Page w/5 is not forgotten."),
        (["forget", "person", "Anyone", "--undo"], "Use an id of `forget list`"),
        (["loads", "show", "7"], "There is no load 7"),
        (["loads", "take-back", "7"], "Add --yes to take it back"),
        (["loads", "take-back", "7", "--yes"], "Load 7 was not taken back: there is no such load"),
        (["track", "add", "https://www.themoviedb.org/movie/550"], "is no address of a series"),
        (["track", "add"], "Missing argument 'SERIES...'"),
        (["db", "start"], "there is no embedded server to start"),
        (["db", "stop"], "there is no embedded server to stop"),
        (["nonsense"], "No such command"),
        ([], "Usage: showhouse"),
        (["run", "--tmdb-id", "x"], "'x' is not a valid integer"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong_and_ends_with_2(
    showhouse: Showhouse, arguments: list[str], message: str
) -> None:
    ended = showhouse(*arguments)
    assert ended.code == 2
    assert message in ended.err + ended.out
    assert "Traceback" not in ended.err


def test_where_nothing_was_landed_no_load_is_listed(showhouse: Showhouse) -> None:
    assert "Nothing was landed yet" in showhouse("loads").err


def test_a_database_that_is_not_there_is_one_sentence_and_a_traceback_only_when_asked_for(
    showhouse: Showhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:s3cret@127.0.0.1:1/nowhere")
    ended = showhouse("track", "list")
    assert ended.code == 1
    assert ended.err.startswith("Postgres at `127.0.0.1:1/nowhere` cannot be used")
    assert len(ended.err.strip().splitlines()) == 1
    verbose = showhouse("track", "list", "--verbose")
    assert "Traceback" in verbose.err
    assert "s3cret" not in ended.err + verbose.err


def test_a_wrong_setting_is_one_sentence(
    showhouse: Showhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_REQUESTS_PER_SECOND", "many")
    ended = showhouse("track", "list")
    assert ended.code == 1
    assert ended.err.startswith("Setting `TMDB_REQUESTS_PER_SECOND` is wrong")


def test_tracked_series_are_remembered_with_their_tags_until_they_are_removed(
    showhouse: Showhouse,
) -> None:
    assert "2 series named; 2 of them new" in showhouse("track", "add", "1396", "1399").err
    assert "0 of them new" in showhouse("track", "add", "1396").err
    assert "1 of them new" in showhouse("track", "add", "1396", "--tag", "drama").err
    listed = showhouse("track", "list")
    assert listed.out.splitlines() == ["id    tags", "----  -----", "1396  drama", "1399"]
    assert "1 of 2 series were tracked" in showhouse("track", "remove", "1399", "5").err
    assert showhouse("track", "list").err == "1 series are tracked.\n"


@pytest.fixture
def tmdb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=30)) as tmdb:
        monkeypatch.setenv("TMDB_BASE_URL", tmdb.base_url)
        monkeypatch.setenv("TMDB_EXPORTS_BASE_URL", tmdb.exports_base_url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        yield tmdb


def test_series_are_tracked_by_whatever_names_them(showhouse: Showhouse, tmdb: Tmdb) -> None:
    tmdb.claim("tt0903747", [3])
    tmdb.make_list(8, [4, 5], movies=[6])
    tmdb.override(7, "details", {"name": "Quiet Isle", "first_air_date": "2010-01-01"})
    named = ("tt0903747", "https://www.themoviedb.org/list/8", "quiet isle", "9")
    ended = showhouse("track", "add", *named)
    assert ended.code == 0, ended.err
    assert "`quiet isle` is 7 Quiet Isle (2010-01-01): name_match, 100% certain." in ended.err
    assert ": single_result, 90% certain." in ended.err, "nothing but the id speaks for it"
    assert "5 series named; 5 of them new" in ended.err
    listed = [line.split() for line in showhouse("track", "list").out.splitlines()[2:]]
    assert listed == [["3"], ["4", "tmdb-list:8"], ["5", "tmdb-list:8"], ["7"], ["9"]]
    tmdb.make_list(8, [5])
    showhouse("track", "add", "list/8")
    listed = [line.split() for line in showhouse("track", "list").out.splitlines()[2:]]
    assert listed[1:3] == [["4"], ["5", "tmdb-list:8"]]
    assert showhouse("track", "remove", "tt0903747").code == 0
    assert "3" not in showhouse("track", "list").out.split()


def test_what_is_not_certain_is_proposed_and_nothing_is_tracked(
    showhouse: Showhouse, tmdb: Tmdb
) -> None:
    for number, year in ((7, 2010), (8, 2021)):
        aired = {"name": "Quiet Isle", "first_air_date": f"{year}-01-01"}
        tmdb.override(number, "details", aired)
    ended = showhouse("track", "add", "9", "Quiet Isle", "tt0000001")
    assert ended.code == 2
    assert "`Quiet Isle` is several series of TMDb." in ended.err
    assert "7 Quiet Isle (2010-01-01); 8 Quiet Isle (2021-01-01)" in ended.err
    assert "`tt0000001` is no series that TMDb knows." in ended.err
    assert showhouse("track", "list").err == "No series is tracked.\n"


def test_the_catalogue_is_extracted_in_shares_that_are_the_whole(
    showhouse: Showhouse, tmdb: Tmdb
) -> None:
    asked: list[set[str]] = []
    for share in ("1/3", "2/3", "3/3"):
        before = len(tmdb.requests("/3/tv/"))
        ended = showhouse("extract", "--catalogue", "--series-only", "--shard", share)
        assert ended.code == 0, ended.err + ended.out
        paths = [request.path.partition("?")[0] for request in tmdb.requests("/3/tv/")]
        asked.append(set(paths[before:]))
    assert set.union(*asked) == {f"/3/tv/{number}" for number in tmdb.ids()}
    assert sum(map(len, asked)) == len(tmdb.ids()) and all(asked)
    assert len(tmdb.requests("/p/exports/")) == 1


def test_changes_are_followed_with_one_request_for_each(showhouse: Showhouse, tmdb: Tmdb) -> None:
    assert showhouse("extract", "--catalogue", "--series-only").code == 0
    one, another = tmdb.series_with(seasons=1)[:2]
    tmdb.touch([one, another], ["keywords"])
    tmdb.clear()
    ended = showhouse("extract", "--changes", "--series-only")
    assert ended.code == 0, ended.err
    asked = [request.path.partition("?")[0] for request in tmdb.requests("/3/tv/")]
    assert sorted(asked) == [f"/3/tv/{one}", f"/3/tv/{another}", "/3/tv/changes"]
    tmdb.clear()
    assert showhouse("extract", "--changes", "--series-only").code == 0
    assert tmdb.requests("/3/tv/") == []


def test_status_of_a_show_says_why_it_is_as_old_as_it_is(showhouse: Showhouse, tmdb: Tmdb) -> None:
    assert showhouse("extract", "--tmdb-id", "3", "--series-only").code == 0
    fresh = showhouse("status", "3")
    assert "fresh enough: asked for every" in fresh.out and "edited" not in fresh.err
    assert "It is not tracked, so `showhouse run` leaves it out" in fresh.err
    assert showhouse("track", "add", "3").code == 0
    tmdb.touch([3], ["keywords"])
    assert showhouse("extract", "tmdb_tv_changes").code == 0
    told = showhouse("status", "3").err
    assert "ago that it was edited: due at the next run." in told and "not tracked" not in told


def test_status_tells_each_part_s_reason(
    showhouse: Showhouse, tmdb: Tmdb, settings: Settings
) -> None:
    assert showhouse("extract", "--tmdb-id", "3", "--series-only").code == 0
    reasons = {
        "tmdb_tv_keywords": ("status = 'failed', error = 'no answer', attempts = 2", "failed"),
        "tmdb_tv_credits": ("status = 'gone'", "TMDb says there is no such thing"),
        "tmdb_tv_videos": ("status = 'known', last_checked_at = null", "never asked for"),
        "tmdb_tv_images": (
            "last_checked_at = now() - interval '9 days', next_due_at = now() - interval '2 days'",
            "older than it may be: asked for every 7 d",
        ),
    }
    with connect(str(settings.database_url)) as connection:
        for resource, (entry, _) in reasons.items():
            where = f"where resource = '{resource}' and key = '3'"
            connection.execute(f"update raw.fetches set {entry} {where}".encode())
    lines = {line.split()[0]: line for line in showhouse("status", "3").out.splitlines()}
    for resource, (_, words) in reasons.items():
        assert words in lines[resource]
    assert "no answer (failed 2 times)" in lines["tmdb_tv_keywords"]


def test_the_work_that_is_left_is_told_with_the_time_it_takes(
    showhouse: Showhouse, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    assert showhouse("track", "add", *map(str, range(1, 401))).code == 0
    with connect(str(settings.database_url)) as connection:
        show_work(connection, rate=2)
    told = capfd.readouterr()
    assert "Left for today: 400 requests or more, 3 min at the limit of 2 a second." in told.err
    assert told.out.splitlines()[2].split("  ")[-1].strip() == "3 min"


def test_an_export_lands_alone_by_its_name_and_a_short_one_only_when_believed(
    showhouse: Showhouse, tmdb: Tmdb
) -> None:
    assert "300 new" in showhouse("extract", "tmdb_tv_network_ids").out
    again = showhouse("extract", "tmdb_tv_network_ids")
    assert again.code == 0 and "tmdb_tv_network_ids" not in again.out
    assert tmdb.requests("/3/") == []


def test_a_csv_file_is_tracked_as_a_whole_or_not_at_all(
    showhouse: Showhouse, tmp_path: Path
) -> None:
    file = tmp_path / "series.csv"
    file.write_text("\ufefftitle,tmdb_id,tags\nOne,1396,a; b\nTwo,x,\n", encoding="utf-8")
    refused = showhouse("track", "import", str(file))
    assert refused.code == 2
    assert f"`{file}`, line 3: `x` is not a TMDb id. Nothing was tracked." in refused.err
    assert showhouse("track", "list").out == ""
    file.write_text("tmdb_id,tags\n1396,a; b\n1396,c\n1399,\n", encoding="utf-8")
    assert showhouse("track", "import", str(file), "--tag", "all").code == 0
    lines = showhouse("track", "list").out.splitlines()
    assert lines[2:] == ["1396  a, all, b, c", "1399  all"]


@pytest.mark.parametrize("text", ["id\n1\n", "", "tmdb_id\n\x001\n"])
def test_a_file_that_is_not_such_a_csv_is_a_wrong_call(
    showhouse: Showhouse, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "series.csv"
    file.write_text(text)
    ended = showhouse("track", "import", str(file))
    assert ended.code == 2
    assert str(file) in ended.err


def test_a_list_of_imdbs_is_tracked_as_its_page_was_saved(
    showhouse: Showhouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "saved.html"
    with tmdb_server(Options(series_count=9)) as tmdb:
        monkeypatch.setenv("TMDB_BASE_URL", tmdb.base_url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        known = {i: tmdb.document(i, "external_ids")["imdb_id"] for i in tmdb.ids()}
        first, imdb_id = next((i, each) for i, each in known.items() if each)
        page.write_bytes(pages.saved_list(imdb_id, "tt9999999", list_id="ls000000001"))
        ended = showhouse("track", "import", str(page))
        assert (ended.code, "tt9999999" in ended.err) == (1, True)
    (line,) = showhouse("track", "list").out.splitlines()[2:]
    assert line.split() == [str(first), "imdb-list:ls000000001"]
    page.write_bytes(b"<html>Are you a robot?")
    assert showhouse("track", "import", str(page)).code == 2


def test_a_saved_page_with_a_part_of_a_list_says_so_and_takes_off_no_tag(
    showhouse: Showhouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "saved.html"
    with tmdb_server(Options(series_count=9)) as tmdb:
        monkeypatch.setenv("TMDB_BASE_URL", tmdb.base_url)
        monkeypatch.setenv("TMDB_BEARER_TOKEN", "a-token-for-tests")
        for number in (1, 2):
            tmdb.claim(f"tt000010{number}", [number])
        page.write_bytes(pages.saved_list("tt0000101", "tt0000102", total=2))
        whole = showhouse("track", "import", str(page))
        assert whole.code == 0 and "partial" not in whole.err
        page.write_bytes(pages.saved_list("tt0000101", total=612))
        partial = showhouse("track", "import", str(page))
    assert "is a partial page: it holds 1 of the 612 titles of the list" in partial.err
    lines = showhouse("track", "list").out.splitlines()[2:]
    tag = "imdb-list:ls012345678"
    assert [line.split() for line in lines] == [["1", tag], ["2", tag]]


def test_pages_that_are_partial_are_told_one_by_one_with_what_to_do(
    showhouse: Showhouse, tmp_path: Path
) -> None:
    season = pages.episodes("tt0000101", pages.episode(1), total=120)
    (tmp_path / "season.html").write_bytes(season)
    more = pages.episodes("tt0000102", pages.episode(2), hasNextPage=True)
    (tmp_path / "more.html").write_bytes(more)
    (tmp_path / "whole.html").write_bytes(pages.episodes("tt0000103", pages.episode(3), total=1))
    ended = showhouse("extract", "imdb_pages", "--from-folder", str(tmp_path))
    assert ended.code == 0, ended.err
    told = [line for line in ended.out.splitlines() if "partial page" in line]
    assert sorted(told) == [
        "`more.html` is a partial page: it holds 1 episodes of season 1 of tt0000102, and there "
        "are more; open `50 more` on it until all are shown, and save it again.",
        "`season.html` is a partial page: it holds 1 of the 120 episodes of season 1 of tt0000101; "
        "open `50 more` on it until all are shown, and save it again.",
    ]


def test_status_of_nothing_says_how_to_begin(showhouse: Showhouse) -> None:
    assert "Build it with `showhouse build`" in showhouse("status").err
    unknown = showhouse("status", "1396")
    assert unknown.code == 1
    assert "`showhouse run --tmdb-id 1396`" in unknown.err


def test_the_address_of_the_database_is_printed_and_migrating_twice_is_fine(
    showhouse: Showhouse, environment: dict[str, str]
) -> None:
    assert showhouse("db", "url").out.strip() == environment["DATABASE_URL"]
    assert [showhouse("db", "migrate").code for _ in range(2)] == [0, 0]


def test_the_embedded_server_starts_answers_and_stops_by_command(run_showhouse: Run) -> None:
    unset = {"DATABASE_URL": ""}
    try:
        started = run_showhouse("db", "start", **unset)
        assert started.code == 0, started.err
        assert run_showhouse("db", "url", **unset).out == started.out
        asked = run_showhouse("db", "psql", "-Atc", "select 40 + 2", **unset)
        assert asked.out == "42\n"
        assert run_showhouse("db", "migrate", **unset).code == 0
    finally:
        stopped = run_showhouse("db", "stop", **unset)
    assert (stopped.code, stopped.err) == (0, "Stopped.\n")
    assert run_showhouse("db", "stop", **unset).err == "It was not running.\n"


def test_the_api_serves_what_the_command_started(
    environment: dict[str, str], showhouse: Showhouse
) -> None:
    assert showhouse("db", "migrate").code == 0
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "serve", "--port", str(port)],
        env=environment,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), "nothing answers")
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE_SECONDS) in (0, -signal.SIGINT)


def test_a_port_in_use_is_told_in_a_sentence(showhouse: Showhouse) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = showhouse("serve", "--port", str(port))
    assert ended.code == 1
    assert f"Port {port} of `127.0.0.1` is in use." in ended.err


def test_a_run_without_a_token_stops_before_anything_is_started(showhouse: Showhouse) -> None:
    ended = showhouse("run", "--tmdb-id", "1396")
    assert ended.code == 1
    assert ended.err.startswith("Setting `TMDB_BEARER_TOKEN` is missing")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (
            "http://someone:s3cret@127.0.0.1:1/api",
            "`127.0.0.1:1` does not answer: Connection refused",
        ),
        ("http://prefect.invalid/api", "`prefect.invalid` does not answer: "),
    ],
)
def test_a_prefect_server_that_does_not_answer_is_named_before_anything_is_done(
    showhouse: Showhouse, settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str, why: str
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", url)
    ended = showhouse("run", "--sample")
    assert ended.code == 1
    assert f"The Prefect server at {why}" in ended.err
    assert "s3cret" not in ended.err
    with connect(settings.database_url or "") as connection:
        [(landed,)] = connection.execute("select count(*) from raw.tmdb_tv_details").fetchall()
    assert landed == 0


def answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=60) as answer:
        return bool(answer.status == 200)
    return False


def test_build_hands_its_arguments_to_dbt_and_ends_as_it_ends(run_showhouse: Run) -> None:
    built = run_showhouse("build", "--select", "stg_tmdb__shows", "--indirect-selection", "empty")
    assert built.code == 0, built.out + built.err
    assert "Completed successfully" in built.out
    wrong = run_showhouse("build", "--nonsense")
    assert wrong.code == 2
    assert wrong.err == "dbt did not run: No such option '--nonsense'.\n"


def test_a_dry_run_of_lists_files_and_wikis_names_them_and_reads_none(
    showhouse: Showhouse, tmdb: Tmdb
) -> None:
    names = ("tmdb_person_ids", "tmdb_tv_changes", "fandom_pages", "imdb_title_ratings")
    told = showhouse("extract", *names, "--dry-run")
    assert told.code == 0 and tmdb.requests("/") == []
    assert all(f"`{name}` would be read" in told.out for name in names)
    assert "Nothing would be asked for" not in told.out
