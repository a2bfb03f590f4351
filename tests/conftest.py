"""What every test stands on: a Postgres of its own, and an environment without the developer's.

`database` is the address of a fresh database with the raw schema and a table for each resource;
`empty_database` of one with nothing in it. Both are on the embedded server; where Postgres 15 is
installed, `database_15` is a migrated one on that.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

# The environment, before anything that reads it is imported: nothing of the developer's, no calls
# home, no cloud. Programs that tests start inherit it.
_OURS = (
    "TMDB_",
    "AWS_",
    "IMDB_",
    "FANDOM_",
    "MIRROR_",
    "SHOWHOUSE_",
    "DATABASE_URL",
    "PG",
    "PREFECT_",
    "DBT_",
)
_KEPT = "SHOWHOUSE_RECORDINGS"  # says where something lies, and changes nothing
for _name in [name for name in os.environ if name.startswith(_OURS) and name != _KEPT]:
    del os.environ[_name]
_SCRATCH = Path(tempfile.mkdtemp(prefix="showhouse-tests-"))
atexit.register(shutil.rmtree, _SCRATCH, ignore_errors=True)
os.environ |= {
    "SHOWHOUSE_ENV_FILE": os.devnull,
    "SHOWHOUSE_HOME": str(_SCRATCH / "home"),
    "PREFECT_HOME": str(_SCRATCH / "prefect"),
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "MIRROR_REQUESTS_PER_SECOND": "1000",  # of a host of images that is ours
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}

import pytest  # noqa: E402

from extract.postgres.connections import connect  # noqa: E402
from extract.postgres.migrations import migrate  # noqa: E402
from extract.postgres.server import Server  # noqa: E402
from extract.settings import Settings, load_settings  # noqa: E402
from tests import lanes  # noqa: E402
from tests.lending import Lender, new_database  # noqa: E402
from tests.system_postgres import SystemPostgres  # noqa: E402

Fresh = Callable[[], str]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--lane`."""
    lanes.add_option(parser)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read only what a lane needs."""
    return lanes.is_left_unread(collection_path, config)


@pytest.hookimpl(tryfirst=True)  # before the groups of tests are given to processes
def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """Run only what is of a lane."""
    lanes.choose(items, config)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One embedded server for the whole session, gone at its end."""
    server = Server(_SCRATCH / "home")
    server.start()
    with connect(server.url("postgres")) as connection:  # whose machine fails, its tests fail too
        for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(f"alter system set {name} = off")
        connection.execute("select pg_reload_conf()")
    yield server
    server.remove()


@pytest.fixture(scope="session")
def server_url(server: Server) -> str:
    """The address of the embedded server's own database `postgres`."""
    return server.url("postgres")


@pytest.fixture(scope="session")
def server_15() -> Iterator[SystemPostgres]:
    """The machine's Postgres 15, run for the session; the test is skipped where there is none."""
    server = SystemPostgres.find(15)
    if server is None:
        pytest.skip("no Postgres 15 is installed: what runs on the oldest version is not shown")
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def lender(server: Server) -> Lender:
    """Lends databases with the raw schema and a table for each resource."""
    with connect(server.url("postgres")) as connection:
        connection.execute("create database migrated")
    migrate(server.url("migrated"), _registered())
    return Lender(server.url, "migrated")


@pytest.fixture(scope="session")
def lender_15(server_15: SystemPostgres) -> Lender:
    """As `lender`, on Postgres 15."""
    with connect(server_15.url("postgres")) as connection:
        connection.execute("create database migrated")
    migrate(server_15.url("migrated"), _registered())
    return Lender(server_15.url, "migrated")


@pytest.fixture
def empty_database(server: Server) -> Iterator[str]:
    """A fresh database with nothing in it."""
    with new_database(server.url, "template1") as url:
        yield url


@pytest.fixture
def database(lender: Lender) -> Iterator[str]:
    """A fresh database with the raw schema and a table for each resource."""
    with lender.lend() as url:
        yield url


@pytest.fixture
def fresh(lender: Lender) -> Iterator[Fresh]:
    """A function that gives one more database like `database`."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(lender.lend())


@pytest.fixture(scope="module")
def module_database(lender: Lender) -> Iterator[str]:
    """As `database`, shared by the tests of a module."""
    with lender.lend() as url:
        yield url


@pytest.fixture
def database_15(lender_15: Lender) -> Iterator[str]:
    """As `database`, on Postgres 15."""
    with lender_15.lend() as url:
        yield url


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """The settings of a program that uses `database`, with a SHOWHOUSE_HOME of its own."""
    return load_settings(database_url=database, showhouse_home=tmp_path / "home")


def _registered() -> list[tuple[str, str]]:
    from extract.registry import RESOURCES

    return [(resource.name, resource.entity) for resource in RESOURCES.values()]
