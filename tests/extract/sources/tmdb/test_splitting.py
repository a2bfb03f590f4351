"""Answers fall apart into what each part's own endpoint would have answered."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.documents import Document
from extract.errors import Unfit
from extract.registry import RESOURCES
from extract.resource import Resource
from extract.sources.tmdb.requests import SeriesRequest, first_request, further_requests
from extract.sources.tmdb.resources import DETAILS, METRICS, PARTS, SEASONS
from extract.sources.tmdb.splitting import Split, split, split_further
from tests.tmdb.documents import Documents
from tests.tmdb.generator import GeneratedWorld
from tests.tmdb.upstream import Upstream

NOW = datetime(2026, 1, 1, tzinfo=UTC)
UPSTREAM = Upstream(GeneratedWorld(1, 500))
DOCUMENTS = Documents(UPSTREAM, cache_bytes=1_000_000)


def _split(series_id: int, held: Collection[int] = ()) -> Split:
    request = first_request(series_id, held)
    body = DOCUMENTS.details(series_id, request.appends, None)
    assert body is not None
    return split(request, body, NOW)


def _small(whole: dict[str, Any], held: Collection[int] = ()) -> Split:
    return split(first_request(1, held), orjson.dumps(whole), NOW)


def _by_name(documents: Collection[Document]) -> dict[str, Document]:
    return {f"{document.resource} {document.key}": document for document in documents}


def _standalone(resource: Resource, series_id: int, part: str) -> Split:
    """What the part's own endpoint answers, taken for the whole of an answer's part."""
    body = DOCUMENTS.part(series_id, part, None)
    assert body is not None
    details = orjson.dumps({"id": series_id})[:-1]
    whole = details + b',"' + part.encode() + b'":' + body + b"}"
    number = part.partition("season/")[2]
    parts = () if number else (resource,)
    seasons = (int(number),) if number else ()
    return split(SeriesRequest(series_id, parts, seasons), whole, NOW)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(UPSTREAM.ids()))
def test_a_part_is_what_its_own_endpoint_answers(series_id: int) -> None:
    found = _split(series_id).batch
    assert not found.rejects
    for document in found.documents:
        resource = RESOURCES[document.resource]
        if resource in (DETAILS, METRICS):
            continue
        part = document.key.partition("/")[2] or str(resource.appended_as)
        alone = DOCUMENTS.part(series_id, part, None)
        assert alone is not None and document.payload is not None
        assert orjson.loads(document.payload) == orjson.loads(alone)
        again = _by_name(_standalone(resource, series_id, part).batch.documents)
        assert again[f"{document.resource} {document.key}"].payload_hash == document.payload_hash


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(UPSTREAM.ids()))
def test_details_are_what_is_answered_without_appends_and_all_seasons_arrive(
    series_id: int,
) -> None:
    first = _split(series_id)
    alone = DOCUMENTS.details(series_id, (), None)
    assert alone is not None
    details = orjson.loads(alone)
    by_name = _by_name(first.batch.documents)
    held = by_name[f"{DETAILS.name} {series_id}"].payload
    assert held is not None and orjson.loads(held) == details
    seasons = {document.key for document in first.batch.documents if "/" in document.key}
    for request in further_requests(series_id, first.missing_seasons):
        body = DOCUMENTS.details(series_id, request.appends, None)
        assert body is not None
        batch = split_further(request, body, NOW)
        assert {document.resource for document in batch.documents} == {SEASONS.name}
        seasons |= {document.key for document in batch.documents}
    listed = {f"{series_id}/season/{season['season_number']}" for season in details["seasons"]}
    assert listed <= seasons


def test_metrics_are_the_details_measures_and_a_vote_changes_nothing_else() -> None:
    votes = {"id": 1, "popularity": 1.5, "vote_average": 8.1, "vote_count": 10}
    episode = {"id": 5, "name": "One", "vote_average": 7.0, "vote_count": 1}
    more = {**votes, "popularity": 2.5, "vote_average": 8.2, "vote_count": 11}
    before = _small({**votes, "name": "A", "last_episode_to_air": episode})
    after = _small({**more, "name": "A", "last_episode_to_air": {**episode, "vote_count": 2}})
    old, new = _by_name(before.batch.documents), _by_name(after.batch.documents)
    assert orjson.loads(new["tmdb_tv_metrics 1"].payload or b"") == more
    assert old["tmdb_tv_metrics 1"].payload_hash != new["tmdb_tv_metrics 1"].payload_hash
    assert old["tmdb_tv_details 1"].payload_hash == new["tmdb_tv_details 1"].payload_hash


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
@pytest.mark.parametrize(
    "value",
    [None, {"success": False, "status_code": 34, "status_message": "Not found."}],
    ids=["null", "an error"],
)
def test_a_part_that_is_null_or_an_error_was_not_checked(part: Resource, value: Any) -> None:
    found = _small({"id": 1, str(part.appended_as): value}).batch
    assert {document.resource for document in found.documents} == {DETAILS.name, METRICS.name}
    assert not found.rejects
    details = _by_name(found.documents)["tmdb_tv_details 1"]
    assert details.payload == b'{"id":1}'


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
@pytest.mark.parametrize("value", [[], "x", 5, {"id": 2}, {"id": True}, {"id": "1"}], ids=str)
def test_a_part_of_the_wrong_shape_is_rejected_and_the_others_land(
    part: Resource, value: Any
) -> None:
    found = _small({"id": 1, str(part.appended_as): value}).batch
    assert {document.resource for document in found.documents} == {DETAILS.name, METRICS.name}
    assert [(reject.resource, reject.key) for reject in found.rejects] == [(part.name, "1")]
    assert found.rejects[0].request.endswith(f"append_to_response={part.appended_as}")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("keywords", {"results": {"id": 1}}),
        ("watch/providers", {"results": []}),
        ("aggregate_credits", {"cast": "nobody", "crew": []}),
        ("credits", {"cast": []}),
        ("translations", {}),
        ("season/1", {"id": 5, "season_number": 1, "episodes": {}}),
        ("season/1", {"id": 5, "season_number": 2, "episodes": []}),
        ("season/1", {"id": 5, "season_number": True, "episodes": []}),
        ("season/1", {"season_number": 1, "episodes": []}),
    ],
)
def test_a_container_of_another_kind_is_rejected(part: str, value: Any) -> None:
    found = _small({"id": 1, part: value}).batch
    assert [reject.reason for reject in found.rejects] == ["wrong_shape"]
    assert len(found.documents) == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html></html>", "html"),
        (b'{"id":1,"keywords":{"results":[', "truncated"),
        (b'[{"id":1}]', "not_an_object"),
        (b'{"success":false,"status_code":11,"status_message":"No."}', "error_body"),
        (b'{"id":2,"keywords":{"results":[]}}', "wrong_shape"),
        (b'{"id":1,"seasons":{},"keywords":{"results":[]}}', "wrong_shape"),
        (b'{"id":1,"name":"a","name":"b","keywords":{"results":[]}}', "duplicate_key"),
        (rb'{"id":1,"name":"\ud800","keywords":{"results":[]}}', "half_surrogate"),
        (b'{"id":1,"name":"\xff","keywords":{"results":[]}}', "truncated"),
    ],
)
def test_nothing_lands_of_an_answer_whose_details_cannot_be_believed(
    body: bytes, reason: str
) -> None:
    found = split(first_request(1, {1, 2}), body, NOW)
    assert not found.batch.documents and not found.missing_seasons
    assert [(reject.resource, reject.reason) for reject in found.batch.rejects] == [
        (DETAILS.name, reason)
    ]


def test_an_unfit_part_does_not_hold_up_the_others() -> None:
    body = (
        b'{"id":1,"keywords":{"results":[{"id":1,"id":2}]},"videos":{"results":["\\ud800"]},'
        b'"images":{"backdrops":[' + b"[" * 300 + b"]" * 300 + b'],"posters":[]},'
        b'"credits":{"cast":[1e400],"crew":[]}}'
    )
    found = split(first_request(1, ()), body, NOW).batch
    assert {reject.resource: reject.reason for reject in found.rejects} == {
        "tmdb_tv_keywords": "duplicate_key",
        "tmdb_tv_videos": "half_surrogate",
        "tmdb_tv_images": "too_deep",
    }
    credits = _by_name(found.documents)["tmdb_tv_credits 1"]
    assert credits.payload == b'{"cast":[1e400],"crew":[],"id":1}'


def _season(number: int) -> dict[str, Any]:
    return {"id": 100 + number, "season_number": number, "episodes": []}


def test_a_held_season_that_fresh_details_no_longer_list_is_gone() -> None:
    whole = {"id": 1, "seasons": [_season(1)], "season/1": _season(1)}
    found = _small(whole, held=[1, 2, 3])
    gone = {document.key for document in found.batch.documents if document.payload is None}
    assert gone == {"1/season/2", "1/season/3"}
    assert not found.missing_seasons


def test_a_season_that_still_arrives_is_not_gone_though_details_do_not_list_it() -> None:
    found = _small({"id": 1, "seasons": [], "season/2": _season(2)}, held=[2])
    (season,) = (document for document in found.batch.documents if "/" in document.key)
    assert season.payload is not None


@pytest.mark.parametrize("seasons", [{}, {"seasons": None}], ids=["no key", "null"])
def test_details_that_say_nothing_of_seasons_make_none_gone(seasons: dict[str, Any]) -> None:
    found = _small({"id": 1, **seasons}, held=[1, 2])
    assert all(document.payload for document in found.batch.documents)


def test_seasons_that_were_not_asked_for_are_neither_missing_nor_gone() -> None:
    request = first_request(1, {5}, ["tmdb_tv_keywords"])
    found = split(request, orjson.dumps({"id": 1, "seasons": [_season(1)]}), NOW)
    assert not found.missing_seasons
    assert len(found.batch.documents) == 2


def test_listed_seasons_that_did_not_come_are_missing() -> None:
    listed = [*map(_season, range(0, 40)), {"season_number": None}, "x", {"season_number": True}]
    whole = {"id": 1, "seasons": listed, **{f"season/{n}": _season(n) for n in range(0, 9)}}
    assert _small(whole).missing_seasons == set(range(9, 40))


@pytest.mark.parametrize("body", [b"<html>", b'{"id":2}', b"[]", b'{"success":false}'])
def test_a_further_answer_that_cannot_be_believed_is_unfit_as_a_whole(body: bytes) -> None:
    with pytest.raises(Unfit):
        split_further(further_requests(1, [9])[0], body, NOW)


def test_a_document_is_due_by_how_alive_its_series_is() -> None:
    ages = []
    for fields in ({"next_episode_to_air": {"id": 1}}, {"status": "Pilot"}, {"status": "Ended"}):
        found = _by_name(_small({"id": 1, **fields}).batch.documents)
        ages.append(found["tmdb_tv_details 1"].due_after)
    assert ages == sorted(ages) and len(set(ages)) == 3


def test_a_season_that_was_asked_for_and_left_out_is_not_asked_for_again() -> None:
    found = _small(
        {"id": 1, "seasons": [_season(1), _season(2), _season(30)], "season/1": _season(1)}
    )
    assert found.missing_seasons == {30}
