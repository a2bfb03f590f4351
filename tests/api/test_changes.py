"""The feed of changes: whole builds, in order, and honest about what it has forgotten."""

from typing import Any

import httpx
import pytest

from tests.api.test_listing import walk
from tests.api.test_problems import problem


def _builds(client: httpx.Client, **query: Any) -> list[int]:
    return [change["build"] for change in walk(client, "/changes", **query)]


@pytest.mark.parametrize("limit", [1, 2, 20])
def test_changes_come_in_the_order_of_builds_without_one_that_goes_on(
    client: httpx.Client, limit: int
) -> None:
    assert _builds(client, since=3, limit=limit) == [4, 5, 5, 8]
    assert _builds(client, since=5, limit=limit) == [8]
    assert _builds(client, since=8, limit=limit) == []
    assert _builds(client, since=3, kind="person", limit=limit) == [5]


def test_who_asks_for_the_first_time_is_told_where_the_feed_stands(client: httpx.Client) -> None:
    assert client.get("/changes").json() == {"items": [], "next": None, "until": 8}


@pytest.mark.parametrize("since", [0, 2, 9, 10**18])
def test_what_is_not_known_one_by_one_is_said_so(client: httpx.Client, since: int) -> None:
    answer = client.get("/changes", params={"since": since})
    assert answer.status_code == 409
    assert "from build 3 to 8" in problem(answer).detail
