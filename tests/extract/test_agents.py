"""Every source is told who asks, as the setting says."""

import threading
from collections.abc import Callable

import pytest

from extract.datasets import open_datasets
from extract.exports import open_exports
from extract.http.client import Client
from extract.mirror import hosts
from extract.mirror.kinds import IMAGE_SOURCES
from extract.settings import Settings, load_settings
from extract.sources.fandom import asking
from extract.sources.tmdb.connection import open_client
from tests.extract.http.conftest import with_client
from tests.extract.http.faulty_server import FaultyServer, faulty_server

AGENT = "My shows/2 (+mailto:me@example.test)"
OPENERS: dict[str, Callable[[Settings, str], Client]] = {
    "TMDb": open_client,
    "TMDb's exports": open_exports,
    "IMDb's datasets": open_datasets,
    "a wiki": lambda settings, url: asking.open_client(settings, url, "survivor"),
}


def _settings(source: FaultyServer) -> Settings:
    return load_settings(
        showhouse_user_agent=AGENT,
        tmdb_bearer_token="a-token-for-tests",
        tmdb_base_url=source.url,
        tmdb_image_base_url=source.url,
        tmdb_exports_base_url=source.url,
        imdb_datasets_base_url=source.url,
        fandom_base_url=f"{source.url}/{{wiki}}",
    )


@pytest.mark.parametrize("name", OPENERS)
def test_a_source_is_told_who_asks(name: str, database: str) -> None:
    with faulty_server() as source:
        client = OPENERS[name](_settings(source), database)
        with_client(client, lambda client: client.get("/tv/1"))
        assert [asked.headers["user-agent"] for asked in source.asked] == [AGENT]


def test_a_host_of_images_is_told_who_asks(database: str) -> None:
    with faulty_server() as source:
        (images, *_) = IMAGE_SOURCES.values()
        stop = threading.Event()
        with hosts.client(_settings(source), images, database, 1_000, stop, sample=False) as client:
            client.get("/a.png")
        assert [asked.headers["user-agent"] for asked in source.asked] == [AGENT]
