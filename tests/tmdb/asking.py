"""A bare client for the server's own tests: one request, no retries, no opinions."""

from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import orjson

from tests.tmdb.handle import Tmdb

FULL = (
    "external_ids,alternative_titles,translations,content_ratings,keywords,videos,images,"
    "aggregate_credits,credits,watch/providers,episode_groups"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Parse the body."""
        return orjson.loads(self.body)


def ask(tmdb: Tmdb, target: str, *, token: str | None = "any", timeout: float = 300.0) -> Reply:
    """GET a target of the server (``/3/tv/1``) on a connection of its own."""
    connection = HTTPConnection(tmdb.host, tmdb.port, timeout=timeout)
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, named, answer.read())
    finally:
        connection.close()
