"""Bursts of 502, as TMDb has them: what fails is fine when it is tried again."""

import asyncio

import pytest

from extract.run import Selection, extract
from extract.settings import Settings
from tests.tmdb.options import Options
from tests.tmdb.pace import Bursts, Manner
from tests.tmdb.server import tmdb_server

pytestmark = pytest.mark.slow

EVERY, LENGTH, SERIES = 10, 3, 30


def test_a_burst_of_502_costs_a_second_try_and_loses_nothing(settings: Settings) -> None:
    bursts = Manner(bursts=Bursts(every=EVERY, length=LENGTH))
    with tmdb_server(Options(series_count=SERIES, people_count=20, manner=bursts)) as tmdb:
        fields = {
            "tmdb_base_url": tmdb.base_url,
            "tmdb_bearer_token": "a-token-for-tests",
            "tmdb_requests_per_second": 1_000.0,
        }
        there = Settings(**{**settings.model_dump(), **fields})
        selection = Selection(tmdb_ids=tuple(tmdb.ids()), series_only=True)
        done = asyncio.run(extract(there, selection))
        statuses = [request.status for request in tmdb.requests()]
    assert done.is_whole and not done.failures
    assert done.by_resource["tmdb_tv_details"].landed == SERIES
    assert statuses.count(502) >= SERIES // EVERY * LENGTH
    assert statuses.count(200) == len(statuses) - statuses.count(502)
