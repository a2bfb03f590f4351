"""IMDb's datasets: what is wanted lands, once; what changed lands again; nothing else moves."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from extract.canonical import canonical, content_hash
from extract.datasets import extract_datasets
from extract.landing.taking_back import take_back
from extract.postgres.connections import connect
from extract.references import parse
from extract.resolving import Resolver
from extract.run import Extracted, Selection, extract
from extract.settings import Settings
from extract.sources.imdb.datasets import DATASETS
from extract.sources.tmdb.connection import open_client
from extract.tracking import track, track_titles
from tests.tmdb.datasets import BAD_ROWS, FIRST_EPISODE, FIRST_STRANGER
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

pytestmark = pytest.mark.slow

COUNT = 8
RATINGS = "imdb_title_ratings"

Connection = psycopg.Connection[Any]
Read = Callable[..., Extracted]


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=COUNT, people_count=40)) as tmdb:
        yield tmdb


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with connect(database) as connection:
        yield connection


@pytest.fixture
def there(settings: Settings, tmdb: Tmdb) -> Settings:
    fields = {
        "tmdb_base_url": tmdb.base_url,
        "tmdb_bearer_token": "a-token-for-tests",
        "tmdb_requests_per_second": 1_000.0,
        "imdb_datasets_base_url": tmdb.datasets_base_url,
    }
    return Settings(**{**settings.model_dump(), **fields})


@pytest.fixture
def read(there: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read datasets; what is held is all series but the last one."""
    monkeypatch.setattr("extract.datasets.REQUESTS_PER_SECOND", 1_000.0)
    held = tuple(range(1, COUNT))
    asyncio.run(extract(there, Selection(tmdb_ids=held, series_only=True)))

    def read(*names: str, **options: Any) -> Extracted:
        return asyncio.run(extract_datasets(there, names, **options))

    return read


def _rows(connection: Connection, name: str) -> dict[str, dict[str, str | None] | None]:
    held = connection.execute(f"select key, payload from raw.{name} where superseded_by is null")
    return dict(held.fetchall())


def _versions(connection: Connection) -> int:
    counts = (connection.execute(f"select count(*) from raw.{name}") for name in DATASETS)
    return sum((count.fetchone() or (0,))[0] for count in counts)


def _expected(tmdb: Tmdb, name: str) -> dict[str, dict[str, str | None]]:
    """What is wanted of a file, found without any of the code under test."""
    documents = (tmdb.document(i, "external_ids") for i in range(1, COUNT))
    series = {found["imdb_id"] for found in documents if found and found["imdb_id"]}
    episodes = {row[0] for row in tmdb.rows("title.episode") if row[1] in series}
    titles, dataset = series | episodes, DATASETS[name]
    people = {row[2] for row in tmdb.rows("title.principals") if row[0] in titles}
    people |= {
        person
        for row in tmdb.rows("title.crew")
        if row[0] in titles
        for person in f"{row[1]},{row[2]}".split(",")
    }
    among = {"series": series, "titles": titles, "people": people}[dataset.wanted]
    place = dataset.columns.index(dataset.wanted_by)
    found = {}
    for row in tmdb.rows(dataset.file.removesuffix(".tsv.gz")):
        if row[place] in among:
            values = (None if value == r"\N" else value for value in row)
            payload = dict(zip(dataset.columns, values, strict=True))
            found[dataset.key(payload)] = payload
    return found


def test_of_each_file_lands_what_belongs_to_the_series_that_are_held(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    done = read()
    assert (done.failures, done.requests) == ([], len(DATASETS))
    for name in DATASETS:
        expected = _expected(tmdb, name)
        assert expected and _rows(connection, name) == expected
        assert done.by_resource[name].landed == len(expected)
    strangers = [key for key in _rows(connection, "imdb_title_basics") if key.startswith("tt9")]
    assert strangers == []


def test_of_a_title_that_is_tracked_and_no_series_has_the_files_are_read_as_well(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    read("imdb_title_basics")
    held = _rows(connection, "imdb_title_basics").keys()
    stranger = next(
        row[0]
        for row in tmdb.rows("title.basics")
        if row[0] not in held and row[1].startswith("tv") and row[1] != "tvEpisode"
    )
    track_titles(connection, [stranger])
    read("imdb_title_basics")
    assert _rows(connection, "imdb_title_basics").keys() - held == {stranger}


def test_a_row_has_the_hash_that_any_document_of_its_content_has(
    read: Read, connection: Connection
) -> None:
    read()
    held = connection.execute("select payload, payload_hash from raw.imdb_title_basics").fetchall()
    assert held
    for payload, payload_hash in held:
        assert content_hash(payload, canonical(payload), ()) == payload_hash


def test_a_second_reading_sends_no_file_and_lands_nothing(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    read()
    versions = _versions(connection)
    again = read()
    assert (again.load_id, again.failures) == (None, [])
    statuses = [each.status for each in tmdb.requests("/datasets/")]
    assert statuses == [200] * 7 + [304] * 7
    forced = read(force=True)
    assert forced.by_resource[RATINGS].landed == 0
    assert _versions(connection) == versions


def test_what_changed_lands_and_what_left_the_file_is_gone(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    read()
    before, versions = _rows(connection, RATINGS), _versions(connection)
    changed, gone, *_ = sorted(before)
    tmdb.write_row("title.ratings", changed, "9.9", "123456")
    tmdb.remove_rows("title.ratings", gone)
    done = read()
    assert (done.by_resource[RATINGS].landed, done.by_resource[RATINGS].tombstones) == (2, 1)
    assert _versions(connection) == versions + 2
    after = _rows(connection, RATINGS)
    assert after.pop(gone) is None
    assert after.pop(changed) == {"tconst": changed, "averageRating": "9.9", "numVotes": "123456"}
    assert after == {key: row for key, row in before.items() if key not in (changed, gone)}


def test_what_is_held_stays_where_only_its_row_of_the_day_is_damaged(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    read()
    before = _rows(connection, RATINGS)
    damaged, gone, *_ = sorted(before)
    tmdb.write_row("title.ratings", damaged, "9.9", "1", "a field too many")
    tmdb.remove_rows("title.ratings", gone)
    done = read()
    counts = done.by_resource[RATINGS]
    assert (counts.landed, counts.tombstones, counts.rejected) == (1, 1, 1)
    assert _rows(connection, RATINGS) == before | {gone: None}


def test_an_episode_that_left_takes_with_it_what_the_other_files_said_of_it(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    read()
    episode = next(iter(_rows(connection, "imdb_title_episode")))
    for name in ("title.episode", "title.basics", "title.ratings", "title.principals"):
        tmdb.remove_rows(name, episode)
    read()
    for name in ("imdb_title_episode", "imdb_title_basics", "imdb_title_principals"):
        left = [row for key, row in _rows(connection, name).items() if key.startswith(episode)]
        assert left and not any(left), name


def test_a_series_that_is_held_since_is_read_although_the_files_are_not_new(
    read: Read, connection: Connection, there: Settings, tmdb: Tmdb
) -> None:
    read()
    tmdb.override(COUNT, "external_ids", {"imdb_id": f"tt{FIRST_STRANGER}"})
    asyncio.run(extract(there, Selection(tmdb_ids=(COUNT,), series_only=True)))
    read()
    assert f"tt{FIRST_STRANGER + 1}" in _rows(connection, "imdb_title_episode")
    assert f"tt{FIRST_STRANGER}" in _rows(connection, "imdb_title_basics")


def test_a_series_that_was_tracked_by_its_imdb_id_is_read_before_tmdb_is_asked_for_it(
    there: Settings, connection: Connection, tmdb: Tmdb
) -> None:
    nothing = asyncio.run(extract_datasets(there, [RATINGS]))
    assert "showhouse extract" in nothing.failures[0].why
    assert tmdb.requests("/datasets/") == []
    found = next(
        known
        for i in tmdb.ids()
        if (known := tmdb.document(i, "external_ids")["imdb_id"])
        and any(row[0] == known for row in tmdb.rows("title.ratings"))
    )

    async def resolve() -> int:
        async with open_client(there, str(there.database_url)) as client:
            resolver = Resolver(client, connection, uuid4())
            (resolved,) = await resolver.resolve([parse(found)])
        return resolved.tmdb_ids[0]

    track(connection, [asyncio.run(resolve())])
    asyncio.run(extract_datasets(there, [RATINGS]))
    assert list(_rows(connection, RATINGS)) == [found]


def test_the_catalogue_is_all_of_television_and_nothing_else(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    read(catalogue=True)
    kinds = {row and row["titleType"] for row in _rows(connection, "imdb_title_basics").values()}
    assert kinds == {"tvSeries", "tvEpisode"}
    assert len(_rows(connection, "imdb_title_episode")) == len(tmdb.rows("title.episode"))
    ratings = {row[0] for row in tmdb.rows("title.ratings")}
    television = {row[0] for row in tmdb.rows("title.basics") if row[1].startswith("tv")}
    assert _rows(connection, RATINGS).keys() == ratings & television
    versions = _versions(connection)
    read()  # of the series that are held alone: what else is held stays
    assert _versions(connection) == versions


def test_a_file_that_broke_off_is_gone_on_with_where_it_broke(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    tmdb.spoil_dataset("title.principals", "cut")
    done = read()
    assert done.failures == []
    asked = [each.status for each in tmdb.requests("/datasets/title.principals")]
    assert asked == [200, 206]
    assert _rows(connection, "imdb_title_principals") == _expected(tmdb, "imdb_title_principals")


@pytest.mark.parametrize("how", ["plain", "twice"])
def test_a_file_is_read_by_what_it_is_whatever_it_is_packed_in(
    read: Read, connection: Connection, tmdb: Tmdb, how: str
) -> None:
    tmdb.spoil_dataset("title.principals", how)
    assert read().failures == []
    assert _rows(connection, "imdb_title_principals") == _expected(tmdb, "imdb_title_principals")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("torn", "truncated"),
        ("html", "html"),
        ("garbage", "not_gzip"),
        ("columns", "wrong_columns"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole_and_stops_nothing(
    read: Read, connection: Connection, tmdb: Tmdb, how: str, reason: str
) -> None:
    read("imdb_title_episode", "imdb_title_basics")
    before = _rows(connection, "imdb_title_basics")
    tmdb.write_row("title.basics", *[next(iter(before)), "tvSeries", *"ABCDEFG"])
    tmdb.spoil_dataset("title.basics", how)
    done = read()
    assert [failure.key for failure in done.failures] == ["title.basics.tsv.gz"]
    assert done.by_resource[RATINGS].landed
    assert _rows(connection, "imdb_title_basics") == before
    refused = connection.execute("select resource, key, reason from raw.rejects").fetchall()
    assert refused == [("imdb_title_basics", "title.basics.tsv.gz", reason)]
    tmdb.spoil_dataset("title.basics", None)
    assert read().by_resource["imdb_title_basics"].landed == 1


def test_a_file_that_shrank_lands_nothing_until_told_otherwise(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    read()
    before = _rows(connection, RATINGS)
    tmdb.spoil_dataset("title.ratings", "short")
    done = read()
    assert "--accept-shrink" in done.failures[0].why
    assert _rows(connection, RATINGS) == before
    read(accept_shrink=True)
    assert sum(row is not None for row in _rows(connection, RATINGS).values()) <= 5


def test_rows_of_another_length_and_without_text_are_counted_and_the_file_goes_on(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    tmdb.spoil_dataset("title.ratings", "fields")
    done = read()
    assert done.failures == []
    assert done.by_resource[RATINGS].rejected == len(BAD_ROWS)
    assert _rows(connection, RATINGS) == _expected(tmdb, RATINGS)
    reasons = connection.execute("select distinct reason, key from raw.rejects").fetchall()
    assert reasons == [("wrong_fields", "title.ratings.tsv.gz")]
    (receipt,) = connection.execute(
        "select payload ->> 'refused_count' from raw.imdb_files where key = 'title.ratings.tsv.gz'"
    ).fetchall()
    assert receipt == (str(len(BAD_ROWS)),)


def test_of_two_rows_with_one_key_the_first_counts_day_after_day(
    there: Settings, read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    read()
    first = _rows(connection, "imdb_title_akas")
    known = next(iter(first)).partition("/")[0]
    again = f"{known}/1"
    # The server keeps one row a key, so the second one comes with a key that is written otherwise.
    tmdb.write_row("title.akas", known, "01", "Another", *[r"\N"] * 4, "0")
    done = read()
    assert done.by_resource["imdb_title_akas"].rejected == 1
    assert _rows(connection, "imdb_title_akas")[again] == first[again]


def test_only_what_is_due_is_asked_for_where_a_run_asks(
    read: Read, tmdb: Tmdb, connection: Connection
) -> None:
    read(only_due=True)
    assert read(only_due=True).requests == 0
    due = "update raw.fetches set next_due_at = now() where resource = %s"
    connection.execute(due, (RATINGS,))
    assert read(only_due=True).requests == 1
    assert tmdb.requests("/datasets/")[-1].path == "/datasets/title.ratings.tsv.gz"


_PROGRAM = """
import asyncio, sys
from extract import datasets
from extract.landing import files
from extract.settings import load_settings
files.BATCH_SIZE = 7
datasets.REQUESTS_PER_SECOND = 1000.0
base, database = sys.argv[1:]
settings = load_settings(imdb_datasets_base_url=base, database_url=database)
asyncio.run(datasets.extract_datasets(settings))
"""


def test_killed_at_any_instant_and_run_again_it_ends_the_same(
    there: Settings, read: Read, connection: Connection, tmdb: Tmdb, fresh: Callable[[], str]
) -> None:
    arguments = [sys.executable, "-c", _PROGRAM, tmdb.datasets_base_url, str(there.database_url)]
    for seconds in (1.6, 1.9, 2.3):
        process = subprocess.Popen(arguments)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
    read()
    for name in DATASETS:
        assert _rows(connection, name) == _expected(tmdb, name)
        repeated = f"select key from raw.{name} group by key having count(*) > 1"
        assert connection.execute(repeated).fetchall() == []


def test_two_readers_at_once_land_each_row_once(
    there: Settings, read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    async def both() -> None:
        await asyncio.gather(*(asyncio.to_thread(read) for _ in range(2)))

    asyncio.run(both())
    assert _versions(connection) == sum(len(_expected(tmdb, name)) for name in DATASETS)


def test_ids_of_episodes_are_not_those_of_series(tmdb: Tmdb) -> None:
    assert all(int(row[0][2:]) >= FIRST_EPISODE for row in tmdb.rows("title.episode"))


def test_what_is_taken_back_of_a_file_comes_again_with_the_next_reading(
    read: Read, connection: Connection, tmdb: Tmdb
) -> None:
    read(RATINGS)
    before = _rows(connection, RATINGS)
    load = connection.execute(f"select min(load_id) from raw.{RATINGS}").fetchone()
    assert load and before
    assert read(RATINGS).by_resource == {}, "the file answers that it is the same"
    take_back(connection, load[0], run_id=uuid4())
    assert _rows(connection, RATINGS) == {}
    assert read(RATINGS, only_due=True).by_resource[RATINGS].landed == len(before)
    assert _rows(connection, RATINGS) == before
    assert read(RATINGS).by_resource == {}
