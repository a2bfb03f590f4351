"""The API as it runs: uvicorn on a port of loopback, over a database with a few shows."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest
import uvicorn

from api.app import create_app
from api.serving import OPTIONS
from api.settings import ApiSettings, load_settings
from extract.postgres.server import Server
from tests.api.marts import create_marts

if TYPE_CHECKING:
    from tests.dbt_project.warehouse import Warehouse

Serve = Callable[[ApiSettings], AbstractContextManager[str]]
_databases = itertools.count()


@contextmanager
def fresh_database(server: Server) -> Iterator[str]:
    """An empty database on the embedded server, dropped afterwards."""
    name = f"api_{next(_databases)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        try:
            yield server.url(name)
        finally:
            connection.execute(f"drop database {name} with (force)".encode())


@contextmanager
def serve(settings: ApiSettings) -> Iterator[str]:
    """The address of an API that runs until the block ends."""
    config = uvicorn.Config(create_app(settings), port=0, log_config=None, **OPTIONS)
    uvicorn_server = uvicorn.Server(config)
    thread = threading.Thread(target=uvicorn_server.run)
    thread.start()
    try:
        while not uvicorn_server.started:
            assert thread.is_alive(), "the API did not start"
            time.sleep(0.01)
        port = uvicorn_server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        uvicorn_server.should_exit = True
        thread.join()


def logged(caplog: pytest.LogCaptureFixture, request_id: str) -> str:
    """The line that the API logs of a request, once its answer is on its way.

    A request of the test before may still write its own, so one that is looked for brings its id.
    """
    for _ in range(6_000):
        for record in caplog.records:
            if f'"request_id":"{request_id}"' in record.getMessage():
                return record.getMessage()
        time.sleep(0.01)
    raise AssertionError(f"request `{request_id}` was not logged")


@pytest.fixture(scope="session")
def marts(server: Server) -> Iterator[str]:
    """The address of a database with the marts."""
    with fresh_database(server) as url:
        create_marts(url)
        yield url


@pytest.fixture(scope="session")
def built(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Warehouse"]:
    """A warehouse with the marts as dbt builds them."""
    from tests.api.built import build  # brings dbt along, which most tests here do without

    with fresh_database(server) as url:
        yield build(url, tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SHOWHOUSE_HOME."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def api(marts: str, home: Path) -> Iterator[str]:
    """The address of the API over the marts."""
    settings = load_settings(
        database_url=marts, showhouse_home=home, showhouse_cors_origins="https://showhouse.test"
    )
    with serve(settings) as url:
        yield url


@pytest.fixture
def client(api: str) -> Iterator[httpx.Client]:
    """A client of that API which asks for no compression."""
    with httpx.Client(base_url=api, timeout=300, headers={"Accept-Encoding": "identity"}) as client:
        yield client
