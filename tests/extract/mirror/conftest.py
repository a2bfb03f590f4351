"""A warehouse that wants images, hosts that have them, and stores that keep them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from extract.postgres.connections import connect
from extract.postgres.server import Server
from extract.settings import Settings, load_settings
from tests.extract.mirror.image_host import ImageHost, image_host
from tests.extract.mirror.object_store import BUCKET, ObjectServer, object_client, object_store
from tests.lending import Lender, new_database
from tests.otherwise import Otherwise


@pytest.fixture
def host() -> Iterator[ImageHost]:
    """A fresh host of images."""
    with image_host() as running:
        yield running


@pytest.fixture(scope="session")
def object_server() -> Iterator[ObjectServer]:
    """One server for the session."""
    with object_store() as running:
        yield running


@pytest.fixture
def s3(object_server: ObjectServer) -> Iterator[ObjectServer]:
    """The server, with an empty bucket."""
    client = object_client(object_server.url)
    client.create_bucket(Bucket=BUCKET)
    object_server.asked.clear()
    yield object_server
    object_server.tamper, object_server.otherwise = None, Otherwise((), "store")
    for key in object_server.bucket():
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)


@dataclass
class Place:
    """Settings with a store, and a look into what that store holds."""

    settings: Settings
    held: Callable[[], dict[str, bytes]]
    base_url: str


@pytest.fixture
def in_folder(database: str, host: ImageHost, tmp_path: Path) -> Place:
    """Images go into a folder."""
    settings = settings_of(database, host, tmp_path)
    return Place(settings, lambda: folder(tmp_path), "/media")


@pytest.fixture
def in_bucket(database: str, host: ImageHost, tmp_path: Path, s3: ObjectServer) -> Place:
    """Images go into a bucket."""
    settings = settings_of(
        database, host, tmp_path, aws_s3_bucket=BUCKET, aws_endpoint_url_s3=s3.url
    )
    return Place(settings, s3.bucket, f"{s3.url}/{BUCKET}")


@pytest.fixture(params=["in_folder", pytest.param("in_bucket", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest) -> Place:
    """Each of the stores in turn."""
    chosen: Place = request.getfixturevalue(request.param)
    return chosen


def settings_of(database: str, host: ImageHost, home: Path, **more: Any) -> Settings:
    """Settings with nothing between the mirror and the host but the bound on connections."""
    return load_settings(
        database_url=database,
        showhouse_home=home,
        tmdb_image_base_url=host.base_url,
        mirror_kinds="all",
        mirror_requests_per_second=10_000,
        **more,
    )


def folder(home: Path) -> dict[str, bytes]:
    """Everything in the folder of images."""
    root = home / "mirror"
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@dataclass
class Warehouse:
    """What the models hold that the mirror reads."""

    connection: Connection

    @property
    def backend(self) -> int:
        """The process of Postgres that serves this connection."""
        return self.connection.info.backend_pid

    def want(self, *rows: tuple[str, int | str, str], source: str = "tmdb") -> None:
        """Rows of kind, owner and path: the one image of the kind that the owner has from now."""
        for kind, owner_id, path in rows:
            self.offer(kind, owner_id, (path, None), source=source)

    def offer(
        self, kind: str, owner_id: int | str, *images: tuple[str, str | None], source: str = "tmdb"
    ) -> None:
        """Path and language of each image that the owner has of the kind from now on, by rank."""
        owner = str(owner_id)
        with self.connection.cursor() as cursor:
            cursor.execute(
                "delete from marts.image_candidates where kind = %s and owner_id = %s",
                (kind, owner),
            )
            cursor.executemany(
                "insert into marts.image_candidates values (%s, %s, %s, %s, %s, %s)",
                [
                    (kind, owner, source, path, language, rank)
                    for rank, (path, language) in enumerate(images, 1)
                ],
            )

    def receipts(self) -> dict[str, dict[str, Any]]:
        """The latest receipt of each key."""
        return dict(
            self.connection.execute(
                "select key, payload from raw.showhouse_mirrored_images"
                " where superseded_by is null and not is_tombstone"
            )
        )

    def versions(self) -> int:
        """How many rows of receipts there are, all versions counted."""
        return int(self.one("select count(*) from raw.showhouse_mirrored_images"))

    def rejects(self) -> dict[str, str]:
        """The reason for each key that was refused."""
        return dict(self.connection.execute("select key, reason from raw.rejects"))

    def failures(self) -> dict[str, str]:
        """The error of each failing key."""
        statement = "select key, error from raw.fetches where status = 'failed'"
        return dict(self.connection.execute(statement))

    def pass_days(self, days: int) -> None:
        """Let everything on record have happened so much earlier."""
        ago = f"interval '{days} days'"
        for statement in (
            f"update raw.fetches set last_failed_at = last_failed_at - {ago},"
            f" next_due_at = next_due_at - {ago}",
            f"update raw.showhouse_mirrored_images set fetched_at = fetched_at - {ago}",
            f"update raw.loads set committed_at = committed_at - {ago}",
        ):
            self.connection.execute(statement)

    def one(self, statement: str) -> Any:
        """The one value of a query."""
        row = self.connection.execute(statement).fetchone()
        return row[0] if row else None


@pytest.fixture(scope="session")
def lender_with_marts(server: Server, lender: Lender) -> Iterator[Lender]:
    """As `lender`, with the relation that the mirror reads, in its shape in production."""
    with new_database(server.url, lender.template) as url:
        with connect(url) as connection:
            build(connection)
            template = connection.info.dbname
        yield Lender(server.url, template)


@pytest.fixture
def database(lender_with_marts: Lender) -> Iterator[str]:
    """A fresh database with the raw schema and what the mirror reads."""
    with lender_with_marts.lend() as url:
        yield url


@pytest.fixture
def warehouse(database: str) -> Iterator[Warehouse]:
    """What the models hold that the mirror reads: nothing yet."""
    with connect(database) as connection:
        yield Warehouse(connection)


def build(connection: Connection) -> None:
    """Make the relation that the mirror reads."""
    connection.execute(
        "create schema marts;"
        "create table marts.image_candidates (kind text, owner_id text, source text,"
        " file_path text, language text, rank integer, hosted_key text)"
    )


def series(paths: Iterable[str], kind: str = "networks") -> list[tuple[str, int, str]]:
    """One owner for each path."""
    return [(kind, number, path) for number, path in enumerate(paths, 1)]
