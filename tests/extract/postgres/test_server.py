"""The embedded server, run for real in homes of its own."""

import multiprocessing
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract.errors import ServerNotStarted
from extract.postgres import sockets
from extract.postgres.cluster import find_place
from extract.postgres.connections import connect
from extract.postgres.server import Server
from extract.postgres.tuning import tuned_settings
from tests.waiting import in_a_quiet_moment

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
GIGABYTE = 1024**3
PYTHONS = (sys.executable, "/usr/bin/python3")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "home")
    yield server
    server.remove()


def start(home: Path) -> None:
    Server(home).start()


def write_until_killed(home: Path, progress: "multiprocessing.Queue[int]") -> None:
    with connect(Server(home).url()) as connection:
        connection.execute("create table written (n int)")
        for n in range(1_000_000):
            connection.execute("insert into written values (%s)", [n])
            progress.put(n)


def as_nobody(python: str, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(ROOT), *sys.path])
    try:
        return subprocess.run(
            [python, "-c", script, *arguments],
            user="nobody",
            group=pwd.getpwnam("nobody").pw_gid,
            extra_groups=[],
            cwd="/",
            env={"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    except PermissionError as error:
        return subprocess.CompletedProcess(python, 1, "", str(error))


def postmaster(server: Server) -> int:
    owner = sockets.owner_of(server.socket_directory)
    assert owner is not None
    return owner[0]


@pytest.mark.clock
def test_it_starts_in_under_two_seconds_and_stops(own: Server) -> None:
    def start() -> None:
        own.stop()
        before = time.monotonic()
        own.start()
        assert time.monotonic() - before < 2

    in_a_quiet_moment(start)
    assert own.is_running()
    with connect(own.url()) as connection:
        shown = {name: connection.execute(f"show {name}").fetchone() for name in ("fsync", "jit")}
        assert shown == {"fsync": ("on",), "jit": ("off",)}
        connection.execute("create extension pg_trgm")
        assert connection.execute("select lower('É')").fetchone() == ("é",)
    assert own.stop()
    assert not own.is_running()
    assert not own.stop()


def test_what_was_committed_outlives_a_stop(own: Server) -> None:
    own.start()
    with connect(own.url()) as connection:
        connection.execute("create table kept as select 42 as answer")
    own.stop()
    own.start()
    with connect(own.url()) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


def test_many_starts_at_once_make_one_server(own: Server) -> None:
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=start, args=(own.home,)) for _ in range(6)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * 6
    assert own.is_running()


def test_a_killed_server_comes_back_with_everything_committed(own: Server) -> None:
    own.start()
    context = multiprocessing.get_context("spawn")
    progress: multiprocessing.Queue[int] = context.Queue()
    writer = context.Process(target=write_until_killed, args=(own.home, progress))
    writer.start()
    while progress.get() < 100:
        pass
    os.kill(postmaster(own), signal.SIGKILL)
    writer.join()
    reported = 100
    while not progress.empty():
        reported = progress.get()
    own.start()
    with connect(own.url()) as connection:
        row = connection.execute("select max(n), count(*) from written").fetchone()
    assert row is not None
    assert row[0] >= reported
    assert row[1] == row[0] + 1


def test_a_start_that_was_killed_half_way_is_finished_by_the_next(own: Server) -> None:
    own.start()
    place = find_place(own.home)
    assert place is not None
    with connect(own.url("postgres")) as connection:
        connection.execute("drop database showhouse")
    (place / "database-made").unlink()
    own.start()
    with connect(own.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_stale_pid_of_another_process_does_not_keep_it_down(own: Server) -> None:
    own.start()
    place = find_place(own.home)
    assert place is not None
    os.kill(postmaster(own), signal.SIGKILL)
    while own.is_running():
        time.sleep(0.05)
    file = place / "data" / "postmaster.pid"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    own.start()
    assert own.is_running()


def test_a_server_whose_socket_was_swept_away_is_reached_again(own: Server) -> None:
    own.start()
    with connect(own.url()) as connection:
        connection.execute("create table kept as select 42 as answer")
    shutil.rmtree(own.socket_directory)
    own.start()
    with connect(own.url()) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


def test_without_its_home_there_is_a_fresh_cluster(own: Server) -> None:
    own.start()
    place = find_place(own.home)
    with connect(own.url()) as connection:
        connection.execute("create table gone ()")
    shutil.rmtree(own.home)
    assert not own.is_running()
    own.start()
    with connect(own.url()) as connection:
        assert connection.execute("select to_regclass('gone')").fetchone() == (None,)
    if place is not None and place.is_dir() and place != find_place(own.home):
        shutil.rmtree(place)  # root's clusters lie outside the home


def test_a_copied_home_does_not_share_the_original_s_cluster(own: Server, tmp_path: Path) -> None:
    own.start()
    own.stop()
    shutil.copytree(own.home, tmp_path / "copy")
    copy = Server(tmp_path / "copy")
    copy.start()
    own.start()
    assert postmaster(copy) != postmaster(own)
    assert copy.is_running()
    copy.remove()
    assert own.is_running()


def test_somebody_else_s_socket_directory_is_refused(own: Server) -> None:
    own.socket_directory.symlink_to("/nonexistent")
    with pytest.raises(ServerNotStarted, match="belongs to somebody else"):
        own.start()
    own.socket_directory.unlink()


def test_a_deep_home_with_awkward_characters_is_served(tmp_path: Path) -> None:
    home = tmp_path / ("a deep 'and' quoted home %41 é" + "/x" * 60)
    server = Server(home)
    server.start()
    with connect(server.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    server.remove()
    assert not server.socket_directory.exists()


def test_the_address_through_a_link_leads_to_the_same_server(
    own: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.start()
    before = (postmaster(own), find_place(own.home))
    link = tmp_path / "link"
    link.symlink_to(own.home)
    monkeypatch.setenv("SHOWHOUSE_HOME", str(link))
    through = Server(link)
    through.start()
    spelled = sockets.directory_for(str(link))
    assert spelled.readlink() == own.socket_directory
    assert (postmaster(through), find_place(through.home)) == before
    with connect(f"postgresql://showhouse@/showhouse?host={spelled}") as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    spelled.unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming an ordinary user takes root")
def test_an_ordinary_user_with_a_private_home_has_a_server_too() -> None:
    script = (
        "from pathlib import Path; from extract.postgres.server import Server; import sys\n"
        "server = Server(Path(sys.argv[1]) / 'deep' / 'home'); server.start()\n"
        "print(server.is_running()); server.remove(); print(server.is_running())"
    )
    python = next(
        (python for python in PYTHONS if not as_nobody(python, "import pg0").stderr), None
    )
    if python is None:
        pytest.skip("an ordinary user can read no Python, or not this checkout's libraries")
    home = Path("/tmp") / f"showhouse-ordinary-{os.getpid()}"
    home.mkdir(mode=0o700)
    shutil.chown(home, "nobody")
    done = as_nobody(python, script, str(home))
    shutil.rmtree(home)
    assert (done.stdout, done.stderr) == ("True\nFalse\n", "")


@pytest.mark.parametrize("gigabytes", [0.5, 2, 8, 64, 512])
def test_memory_is_never_promised_twice(gigabytes: float) -> None:
    settings = tuned_settings(int(gigabytes * GIGABYTE))

    def megabytes(name: str) -> int:
        return int(settings[name].removesuffix("MB"))

    assert megabytes("shared_buffers") <= gigabytes * 1024 / 4
    assert megabytes("effective_cache_size") <= gigabytes * 1024
    assert 20 * megabytes("work_mem") <= gigabytes * 1024
