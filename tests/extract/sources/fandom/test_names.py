"""Fifty names in one request, and each name's part of the answer, whatever its order."""

import json
import random
import unicodedata
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from extract.documents import Batch
from extract.http.answers import Answer, Verdict
from extract.sources.fandom.asking import MOST_AT_ONCE
from extract.sources.fandom.held import hit
from extract.sources.fandom.names import (
    MOST_BYTES,
    batches,
    spellings,
    take_names,
    titles_of,
)
from tests.fandom.titles import answer_titles

TITLES = ("Ada Sample (S1)", "Bo Sample", "Renée O'Sample", "Ana Sample", "“Cy” Sample", "Season 1")
REDIRECTS = {
    "Ada Sample": "Ada Sample (S1)",
    "Ada": "Ada Sample",
    "Di Sample": "Season 1#Cast",
    "Round": "Around",
    "Around": "Round",
    "Own": "Own",
    "Ed": "de:Ed",
}
PAGES = {
    title: {"pageid": number, "ns": 0, "title": title, "lastrevid": 7}
    for number, title in enumerate(TITLES, 1)
}
FILE = {"pageid": 90, "ns": 6, "title": "File:Ada.png", "lastrevid": 7}


def _keys(*names: str) -> list[str]:
    return [f"w/person/{name}" for name in names]


def _taken(keys: list[str], change: Any = None) -> Batch:
    value = answer_titles(PAGES | {"File:Ada.png": FILE}, REDIRECTS, "|".join(titles_of(keys)))
    if change:
        change(value["query"])
    body = json.dumps(value).encode()
    at = datetime(2026, 5, 4, tzinfo=UTC)
    return take_names(keys, Answer(200, body, {}, "GET /api.php?titles=…", at, Verdict.OK))


def _found(batch: Batch) -> dict[str, int | None]:
    names = {each.key.split("/", 2)[2]: json.loads(each.payload or b"") for each in batch.documents}
    return {name: hit(name, payload) for name, payload in names.items()}


WAYS = {
    "Bo Sample": 2,
    "bo Sample": 2,
    "Bo__ Sample": 2,
    "Ada Sample": 1,
    "Ana Sample": 4,
    "Aña Sample": 4,
    unicodedata.normalize("NFD", "Renée O'Sample"): 3,
    "“Cy” Sample": 5,
    "Ada": None,  # leads to a page of another name
    "Di Sample": None,  # leads to the list of a season
    "Round": None,  # leads in a circle
    "Own": None,
    "Ed": None,  # leads out of the wiki
    "Nobody": None,
    "File:Ada.png": None,
    "Special:Ada": None,
    "de:Bo Sample": None,
    "100%25": None,  # no title
}


@pytest.mark.parametrize("seed", range(20))
def test_each_name_finds_its_page_whatever_the_order_of_the_answer(seed: int) -> None:
    chance = random.Random(seed)
    names = chance.sample(list(WAYS), len(WAYS))

    def shuffle(query: dict[str, list[Any]]) -> None:
        for entries in query.values():
            chance.shuffle(entries)

    batch = _taken(_keys(*names), shuffle)
    assert (batch.failures, batch.rejects) == ([], [])
    assert _found(batch) == WAYS


def test_a_name_lands_as_if_it_had_been_asked_for_alone() -> None:
    (alone,) = _taken(_keys("ada Sample")).documents
    together = _taken(_keys("Bo Sample", "ada Sample", "Nobody")).documents
    assert together[1] == alone
    assert json.loads(alone.payload or b"")["query"] == {
        "normalized": [{"fromencoded": False, "from": "ada Sample", "to": "Ada Sample"}],
        "redirects": [{"from": "Ada Sample", "to": "Ada Sample (S1)"}],
        "pages": [PAGES["Ada Sample (S1)"]],
    }
    assert alone.request.endswith("&titles=ada%20Sample")
    missing = json.loads(together[2].payload or b"")["query"]
    assert missing == {"pages": [{"ns": 0, "title": "Nobody", "missing": True}]}


def test_a_page_that_was_only_edited_is_no_new_version_of_a_name() -> None:
    def edit(query: dict[str, list[Any]]) -> None:
        query["pages"] = [
            page | {"lastrevid": 8, "touched": "2026", "length": 9} for page in query["pages"]
        ]

    (before,), (after,) = (_taken(_keys("Bo Sample"), change).documents for change in (None, edit))
    assert before.payload_hash == after.payload_hash


@pytest.mark.parametrize("name", ["Bo Sample", "ada Sample", "Nobody", "Aña Sample", "100%25"])
def test_a_name_of_which_the_answer_says_nothing_is_a_failure(name: str) -> None:
    def forget(query: dict[str, list[Any]]) -> None:
        query.pop("redirects", None)
        query["pages"] = [page for page in query["pages"] if page["title"] == "“Cy” Sample"]

    batch = _taken(_keys(name, "“Cy” Sample"), forget)
    assert [failure.key for failure in batch.failures] == _keys(name)
    assert [each.key for each in batch.documents] == _keys("“Cy” Sample")


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"query": []}', b'{"query": 1}'])
def test_an_answer_of_another_shape_lands_nothing(body: bytes) -> None:
    at = datetime(2026, 5, 4, tzinfo=UTC)
    batch = take_names(_keys("Ada", "Bo"), Answer(200, body, {}, "GET", at, Verdict.OK))
    assert [reject.key for reject in batch.rejects] == _keys("Ada", "Bo")
    assert (batch.documents, batch.failures) == ([], [])


def test_entries_of_another_shape_are_passed_over() -> None:
    def spoil(query: dict[str, Any]) -> None:
        query["pages"] += [7, {}, {"title": 7}, {"title": "Nobody", "pageid": "1"}]
        query["redirects"], query["interwiki"] = {"from": "Bo Sample"}, [None]
        query["normalized"] = [{"from": "Nobody", "to": {}}]

    batch = _taken(_keys("Bo Sample"), spoil)
    assert _found(batch) == {"Bo Sample": 2}


def test_a_name_with_accents_is_asked_for_without_them_as_well() -> None:
    assert spellings("Renée D\u2019Arcy") == ("Renée D\u2019Arcy", "Renee D'Arcy")
    assert spellings("Bo Sample") == ("Bo Sample",)
    assert spellings("Ада Ёлкина") == ("Ада Ёлкина",), "it has no plain letters"


@pytest.mark.parametrize("name", ["Ada Sample {}", "Ада Образцова {}", "Adé {}", "例 {}" * 20])
def test_every_name_is_asked_for_within_the_bounds_of_a_request(name: str) -> None:
    keys = [f"w/{kind}/{name.replace('{}', str(n))}" for n in range(200) for kind in ("a", "b")]
    divided = list(batches(keys))
    assert [key for batch in divided for key in batch] == keys
    for batch in divided:
        assert len(titles_of(batch)) <= MOST_AT_ONCE
        assert len(quote("|".join(titles_of(batch)), safe="")) <= MOST_BYTES
    if name == "Ada Sample {}":
        assert len(divided) == 4, "a name of two kinds is one title"


def test_the_longest_names_fit_a_request_each() -> None:
    keys = [f"w/person/{number}" + "\U0001d49c" * 63 for number in range(20)]
    assert [key for batch in batches(keys) for key in batch] == keys
