"""The disk fills up: the command says so in a sentence, and goes on once there is room again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from extract.postgres.accounts import server_account
from extract.postgres.connections import connect
from extract.postgres.server import Server
from tests.conftest import Fresh
from tests.small_disk import filled, small_disk
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_process
from tests.whole.contents import contents, differences
from tests.whole.house import TOKEN, Ended, House
from tests.whole.proofs import track_all

pytestmark = pytest.mark.long

SERIES, SEED = 30, 5
MEGABYTES = 120
LITTLE = 512 * 1024
FAST = {"TMDB_REQUESTS_PER_SECOND": "400"}


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    options = Options(seed=SEED, series_count=SERIES, people_count=40, tokens=(TOKEN,))
    with tmdb_process(options) as running:
        yield running


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk(MEGABYTES) as at:
        yield at


@pytest.fixture
def cramped(server: Server, fresh: Fresh, disk: Path) -> Iterator[str]:
    """A database whose tables are on the small disk."""
    url, place = fresh(), disk / "tables"
    place.mkdir()
    account = server_account()
    if account.lent:
        shutil.chown(place, account.uid, account.gid)
    name = conninfo_to_dict(url)["dbname"]
    with connect(server.url("postgres")) as connection:
        connection.execute(f"create tablespace cramped location '{place}'")
        connection.execute(f"alter database {name} set tablespace cramped")
        yield url
        connection.execute(f"alter database {name} set tablespace pg_default")
        connection.execute("drop tablespace cramped")


def _in_a_sentence(ended: Ended, *words: str) -> None:
    assert ended.code == 1, ended.out + ended.err
    assert "Traceback" not in ended.err, ended.err
    assert "--verbose" not in ended.err, ended.err
    assert all(word in ended.err for word in words), ended.err


def test_without_room_each_step_ends_with_a_sentence_and_the_next_one_completes(
    tmdb: Tmdb, cramped: str, fresh: Fresh, disk: Path, tmp_path: Path
) -> None:
    quiet = House(tmp_path / "quiet", tmdb, fresh(), FAST)
    house = House(tmp_path / "cramped", tmdb, cramped, FAST)
    for each in (quiet, house):
        track_all(each)
    assert quiet.call("extract").code == 0
    with filled(disk, but_for=LITTLE):
        _in_a_sentence(house.call("extract"), "no room left", "run the same command again")
    assert house.call("extract").code == 0
    assert (found := differences(contents(house), contents(quiet))) == [], "\n".join(found)

    with filled(disk, but_for=LITTLE):
        _in_a_sentence(house.call("build"), "No space left on device")
    assert house.call("build").code == 0

    (disk / "mirror").mkdir()
    (house.home / "mirror").symlink_to(disk / "mirror")
    with filled(disk, but_for=0):
        _in_a_sentence(house.call("mirror", "--kind", "networks"), "No space left on device")
    assert house.call("mirror", "--kind", "networks").code == 0
