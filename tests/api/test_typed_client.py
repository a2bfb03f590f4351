"""A typed client that openapi-python-client makes of the OpenAPI, as docs/api.md says to."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NAME = "showhouse_client"


@pytest.fixture(scope="module")
def package(api: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client's package, made without a warning."""
    package = tmp_path_factory.mktemp("typed") / NAME
    done = _run(
        *("openapi_python_client", "generate", "--url", f"{api}/openapi.json", "--meta", "none"),
        *("--config", str(ROOT / "api/client.yml"), "--output-path", str(package)),
        "--fail-on-warning",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return package


@pytest.fixture
def typed(package: Path, api: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The client, imported and pointed at the API."""
    monkeypatch.syspath_prepend(package.parent)
    with importlib.import_module(NAME).Client(base_url=api) as client:
        yield client
    for module in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[module]


def test_a_typed_client_holds_to_its_types(package: Path) -> None:
    done = _run(
        *("mypy", "--strict", "--config-file", "", "--cache-dir", str(package.parent / "cache")),
        str(package),
    )
    assert done.returncode == 0, done.stdout


def test_a_typed_client_reads_a_show_pages_and_a_person(typed: Any) -> None:
    show = _ask(typed, "shows.get_show", "tmdb:1396")
    assert (show.name, show.premiere_date.year) == ("Breaking Bad", 2008)
    first = _ask(typed, "shows.list_shows", limit=4)
    second = _ask(typed, "shows.list_shows", limit=4, cursor=first.next_)
    assert [len(first.items), len(second.items)] == [4, 4]
    assert not {each.id for each in first.items} & {each.id for each in second.items}
    cast = _ask(typed, "shows.list_cast", "tmdb:1396")
    assert [type(each).__name__ for each in cast.items[:1]] == ["CastMember"]
    person = _ask(typed, "people.get_person", "tmdb:17419")
    assert (person.name, person.also_known_as) == ("Bryan Cranston", ["Bryan Lee Cranston"])


def test_a_typed_client_reads_errors(typed: Any) -> None:
    missing = _ask(typed, "shows.get_show", "tmdb:999")
    assert (type(missing).__name__, missing.status) == ("Problem", 404)
    refused = _ask(typed, "shows.list_shows", limit=1_000)
    assert (refused.status, "limit" in refused.detail) == (422, True)
    of_tmdb = _ask(typed, "tmdb.get_tmdb_series", "999")
    assert (type(of_tmdb).__name__, of_tmdb.status_code) == ("TmdbStatus", 34)


def _ask(client: Any, operation: str, *path: str, **parameters: Any) -> Any:
    return importlib.import_module(f"{NAME}.api.{operation}").sync(
        *path, client=client, **parameters
    )


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
    )
