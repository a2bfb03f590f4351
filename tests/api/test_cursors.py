"""Forged cursors, over every list in each of its sorts: a place in the list, or refused."""

import base64
import json
from itertools import chain
from typing import Any

import httpx
import pytest

from tests.api.test_problems import INSIDES

# Every path that takes a cursor, and how it is asked for so that there is a second page.
LISTS = {
    "/shows": "/shows",
    "/shows/{id}/appearances": "/shows/tmdb:1396/appearances",
    "/shows/{id}/trends": "/shows/tmdb:1396/trends",
    "/people": "/people",
    "/people/{id}/appearances": "/people/tmdb:17419/appearances",
    "/people/{id}/wiki-pages": "/people/tmdb:17419/wiki-pages",
    "/networks": "/networks",
    "/companies": "/companies",
    "/watch-providers": "/watch-providers",
    "/stats/networks": "/stats/networks",
    "/stats/rankings": "/stats/rankings",
    "/stats/catalogue": "/stats/catalogue",
    "/stats/availability": "/stats/availability?provider=8&region=US",
    "/stats/qualified-people": "/stats/qualified-people",
    "/stats/wwhl-episodes": "/stats/wwhl-episodes",
    "/wiki-pages": "/wiki-pages",
    "/meta/drift": "/meta/drift",
    "/changes": "/changes?since=3",
}
NUMBERS = ["0", "-0", "-1", "007", "1.5", "-1.5", "1e99", "-1e-99", "1e400000", "0x1f", "1_000"]
BOUNDS = ["2147483648", "-2147483649", "9223372036854775807", "9223372036854775808"]
BOUNDS += ["999999999999999999", "-999999999999999999", "9" * 19, "9" * 1_000]
NAMES = ["NaN", "Infinity", "-Infinity", "infinity", "epoch", "today", "null", "true"]
DAYS = ["0001-01-01", "9999-12-31", "10000-01-01", "2023-02-29", "0044-03-15 BC"]
UUIDS = ["0" * 8 + "-0000" * 3 + "-" + "0" * 12, "f" * 8 + "-ffff" * 3 + "-" + "f" * 12, "f" * 32]
TEXTS = ["", " ", " 1", "1\n", "\u0661", "a\x00b", "\ud800", "\uffff", "' or true --", "%s %(key)s"]
NO_TEXTS = [None, 5, 1.5, True, [], ["a"], {"a": 1}]
HOSTILE = [*chain(NUMBERS, BOUNDS, NAMES, DAYS, UUIDS, TEXTS, NO_TEXTS)]


def _cursor(told: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def _told(client: httpx.Client, path: str) -> dict[str, dict[str, Any]]:
    """The parameters of a path, as the OpenAPI tells them, by their names."""
    operation = client.get("/openapi.json").json()["paths"][path]["get"]
    return {each["name"]: each for each in operation.get("parameters", []) if "name" in each}


def test_every_list_is_forged(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {path for path in paths if "cursor" in _told(client, path)} == {*LISTS}


@pytest.mark.parametrize("path", LISTS)
def test_a_forged_place_is_a_place_or_refused_whatever_the_list_and_its_sort(
    client: httpx.Client, path: str
) -> None:
    sort = _told(client, path).get("sort", {"schema": {"enum": [None]}})
    for order in sort["schema"]["enum"]:
        asked = httpx.URL(LISTS[path]).copy_merge_params({"sort": order} if order else {})
        page = client.get(asked.copy_merge_params({"limit": 1})).raise_for_status().json()
        assert page["next"], f"{asked} has no second page to forge a cursor of"
        fingerprint, place, key = json.loads(base64.urlsafe_b64decode(page["next"] + "=="))
        for hostile in HOSTILE:
            for forged in ((hostile, key), (place, hostile)):
                cursor = _cursor([fingerprint, *forged])
                answer = client.get(asked.copy_merge_params({"cursor": cursor}))
                assert answer.status_code in (200, 422), (asked, forged, answer.text)
                if answer.status_code == 422:
                    assert "`cursor` was not given out" in answer.text, (asked, forged)
                    assert not INSIDES.search(answer.json()["detail"])
