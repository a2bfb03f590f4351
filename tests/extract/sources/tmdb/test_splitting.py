"""Answers fall apart into what each part's own endpoint would have answered."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.documents import Document
from extract.http.answers import Answer as Received
from extract.http.answers import Verdict
from extract.registry import RESOURCES
from extract.resource import Resource
from extract.sources.tmdb.requests import (
    SeriesRequest,
    first_request,
    season_name,
    season_piece,
)
from extract.sources.tmdb.resources import DETAILS, METRICS, PARTS, SEASON_CREDITS, SEASONS
from extract.sources.tmdb.resources import RESOURCES as OF_SERIES
from extract.sources.tmdb.splitting import SeriesAnswers
from tests.tmdb.documents import Documents
from tests.tmdb.generator import GeneratedWorld
from tests.tmdb.languages import Languages
from tests.tmdb.upstream import Upstream

NOW = datetime(2026, 1, 1, tzinfo=UTC)
UPSTREAM = Upstream(GeneratedWorld(1, 500))
DOCUMENTS = Documents(UPSTREAM, cache_bytes=1_000_000)
ALL = Languages(videos=None)


def _taken(request: SeriesRequest, body: bytes | None) -> SeriesAnswers:
    assert body is not None
    answers = SeriesAnswers(request, NOW)
    answers.take_first(body)
    return answers


def _split(series_id: int, held: Collection[int] = ()) -> SeriesAnswers:
    request = first_request(series_id, dict.fromkeys(held))
    return _taken(request, DOCUMENTS.details(series_id, request.appends, ALL))


WITHOUT_CREDITS = [each.name for each in OF_SERIES if each is not SEASON_CREDITS]


def _small(
    whole: dict[str, Any],
    held: Collection[int] = (),
    failing: Collection[int] = (),
    resources: Collection[str] = WITHOUT_CREDITS,
) -> SeriesAnswers:
    known = {number: 100 + number for number in held} | dict.fromkeys(failing)
    request = first_request(1, known, resources, failing_seasons=failing)
    return _taken(request, orjson.dumps(whole))


def _asked_next(answers: SeriesAnswers) -> list[str]:
    return [name for request in answers.next_requests() for name in request.appends]


def _by_name(documents: Collection[Document]) -> dict[str, Document]:
    return {f"{document.resource} {document.key}": document for document in documents}


def _standalone(resource: Resource, series_id: int, part: str) -> SeriesAnswers:
    """What the part's own endpoint answers, taken for the whole of an answer's part."""
    body = DOCUMENTS.part(series_id, part, ALL)
    assert body is not None
    details = orjson.dumps({"id": series_id})[:-1]
    whole = details + b',"' + part.encode() + b'":' + body + b"}"
    piece = season_piece(part)
    if piece is None:
        return _taken(SeriesRequest(series_id, (resource,), ()), whole)
    number = piece[1]
    if resource is SEASONS:
        return _taken(SeriesRequest(series_id, (), (number,)), whole)
    listed = orjson.dumps({"id": series_id, "seasons": [{"season_number": number}]})[:-1]
    whole = listed + whole[len(details) :]
    return _taken(SeriesRequest(series_id, (), (), (number,)), whole)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(UPSTREAM.ids()))
def test_a_part_is_what_its_own_endpoint_answers(series_id: int) -> None:
    found = _split(series_id).batch
    assert not found.rejects
    for document in found.documents:
        resource = RESOURCES[document.resource]
        if resource in (DETAILS, METRICS):
            continue
        number = document.key.partition("/season/")[2]
        part = season_name(int(number), resource) if number else str(resource.appended_as)
        alone = DOCUMENTS.part(series_id, part, ALL)
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
    alone = DOCUMENTS.details(series_id, (), ALL)
    assert alone is not None
    details = orjson.loads(alone)
    by_name = _by_name(first.batch.documents)
    held = by_name[f"{DETAILS.name} {series_id}"].payload
    assert held is not None and orjson.loads(held) == details
    while requests := first.next_requests():
        for request in requests:
            body = DOCUMENTS.details(series_id, request.appends, ALL)
            assert body is not None and not request.parts
            first.take_further(request, body, NOW)
    batch = first.conclude()
    assert not batch.failures
    listed = {f"{series_id}/season/{season['season_number']}" for season in details["seasons"]}
    for resource in (SEASONS, SEASON_CREDITS):
        found = {each.key for each in batch.documents if each.resource == resource.name}
        assert found == listed


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


EMPTY_PARTS: dict[str, Any] = {str(part.appended_as): {"results": []} for part in PARTS}


def _season(number: int) -> dict[str, Any]:
    return {"id": 100 + number, "season_number": number, "episodes": []}


_ERROR = {"success": False, "status_code": 34, "status_message": "Not found."}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
@pytest.mark.parametrize("pieces", [{}, {"": None}, {"": {}}], ids=["no key", "null", "empty"])
def test_a_part_that_is_left_out_is_asked_for_once_more_and_then_is_a_failure(
    part: Resource, pieces: dict[str, Any]
) -> None:
    name, request = str(part.appended_as), SeriesRequest(1, (part,), ())
    body = orjson.dumps({"id": 1} | {name + end: value for end, value in pieces.items()})
    answers = _taken(request, body)
    assert _asked_next(answers) == [name]
    answers.take_further(request, body, NOW)
    assert answers.next_requests() == []
    batch = answers.conclude()
    assert not batch.rejects
    (failure,) = batch.failures
    assert (failure.resource, failure.key) == (part.name, "1")
    assert "asked for 2 times and left out" in failure.error
    assert (batch.asked, batch.arrived) == ({part.name: 1}, {})
    details = _by_name(batch.documents)["tmdb_tv_details 1"]
    assert details.payload == b'{"id":1}'


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_an_error_in_the_place_of_a_part_is_asked_for_once_more_and_then_a_reject(
    part: Resource,
) -> None:
    name, request = str(part.appended_as), SeriesRequest(1, (part,), ())
    body = orjson.dumps({"id": 1, name: _ERROR})
    answers = _taken(request, body)
    assert _asked_next(answers) == [name]
    answers.take_further(request, body, NOW)
    batch = answers.conclude()
    assert not batch.failures
    assert [(each.resource, each.reason) for each in batch.rejects] == [(part.name, "error_body")]


def test_what_comes_when_it_is_asked_for_again_is_as_if_it_had_come_at_once() -> None:
    keywords = next(part for part in PARTS if part.appended_as == "keywords")
    request = SeriesRequest(1, (keywords,), (1,))
    whole = {"id": 1, "name": "A", "seasons": [{"id": 101, "season_number": 1}]}
    pieces = {"keywords": {"results": []}, "season/1": {"season_number": 1, "episodes": []}}
    at_once = _taken(request, orjson.dumps({**whole, **pieces})).conclude()
    answers = _taken(request, orjson.dumps(whole))
    (again,) = answers.next_requests()
    assert again.appends == ("keywords", "season/1")
    answers.take_further(again, orjson.dumps({**whole, **pieces}), NOW)
    later = answers.conclude()
    assert _by_name(later.documents) == _by_name(at_once.documents)
    assert (later.asked, later.arrived, later.failures) == (at_once.asked, at_once.arrived, [])


def test_a_further_request_that_fails_costs_what_it_asked_for_and_nothing_else() -> None:
    listed = [{"season_number": number} for number in range(1, 25)]
    seasons = {f"season/{number}": _season(number) for number in range(1, 8)}
    answers = _small({"id": 1, "seasons": listed, **seasons, **EMPTY_PARTS})
    (further,) = answers.next_requests()
    answers.fail(further, "TMDb did not answer")
    assert answers.next_requests() == []
    batch = answers.conclude()
    failed = {failure.key for failure in batch.failures if failure.resource == SEASONS.name}
    assert failed == {f"1/season/{number}" for number in range(8, 25)}
    held = {document.key for document in batch.documents if "/" in document.key}
    assert held == {f"1/season/{number}" for number in range(1, 8)}


def test_what_arrives_for_nobody_is_not_asked_for_again_and_is_due_by_its_age() -> None:
    keywords = next(part for part in PARTS if part.appended_as == "keywords")
    answers = SeriesAnswers(SeriesRequest(1, (keywords,), ()), NOW, [keywords.name])
    answers.take_first(b'{"id":1,"status":"Ended"}')
    assert answers.next_requests() == []
    batch = answers.conclude()
    # In the books as by its age, so that not all of the catalogue is due every day.
    assert [each.due_after for each in batch.failures] == [keywords.max_age]
    assert (batch.asked[keywords.name], batch.arrived[keywords.name]) == (1, 0)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
@pytest.mark.parametrize("value", [[], "x", 5, {"id": 2}, {"id": True}, {"id": "2"}], ids=str)
def test_a_part_of_the_wrong_shape_is_rejected_and_the_others_land(
    part: Resource, value: Any
) -> None:
    found = _small({"id": 1, str(part.appended_as): value}).batch
    assert {document.resource for document in found.documents} == {DETAILS.name, METRICS.name}
    assert [(reject.resource, reject.key) for reject in found.rejects] == [(part.name, "1")]
    assert found.rejects[0].request.endswith(f"append_to_response={part.appended_as}")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
@pytest.mark.parametrize("value", [{"id": None}, {"id": 1}, {"id": "1"}, {"id": 1.0}], ids=str)
def test_a_part_is_never_refused_for_what_it_lacks(part: Resource, value: Any) -> None:
    found = _small({"id": 1, str(part.appended_as): value}).batch
    assert not found.rejects
    payload = _by_name(found.documents)[f"{part.name} 1"].payload
    assert payload is not None
    assert not part.has_id or float(orjson.loads(payload)["id"]) == 1


@pytest.mark.parametrize(
    "season",
    [
        {"season_number": 1, "episodes": []},
        {"_id": "5256c8c219c2956ff604858a", "episodes": []},
        {"id": None, "season_number": None},
        {"id": 101, "season_number": 1, "episodes": None},
    ],
    ids=str,
)
def test_a_season_has_its_id_from_the_list_of_the_enclosing_details(season: Any) -> None:
    listed = [{"season_number": 2, "id": 102}, {"season_number": 1, "id": 101}]
    found = _small({"id": 1, "seasons": listed, "season/1": season}).batch
    assert not found.rejects
    payload = _by_name(found.documents)["tmdb_tv_seasons 1/season/1"].payload
    assert payload is not None
    told = orjson.loads(payload)
    assert (told["id"], told["season_number"]) == (101, 1)


def test_a_season_that_no_list_names_lands_without_an_id() -> None:
    season = {"season_number": 1, "episodes": [{"id": 5}]}
    found = _small({"id": 1, "season/1": season}).batch
    assert not found.rejects
    payload = _by_name(found.documents)["tmdb_tv_seasons 1/season/1"].payload
    assert payload is not None and orjson.loads(payload) == season


def test_an_error_in_the_place_of_a_season_that_is_not_listed_means_that_there_is_none() -> None:
    answers = _small({"id": 1, "name": "A", "seasons": [_season(1)], "season/1": _season(1),
                      "season/2": _ERROR, **EMPTY_PARTS})  # fmt: skip
    assert answers.next_requests() == []
    batch = answers.conclude()
    assert not batch.rejects and not batch.failures


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("keywords", {"results": {"id": 1}}),
        ("watch/providers", {"results": [1]}),
        ("aggregate_credits", {"cast": "nobody", "crew": []}),
        ("credits", {"cast": 5}),
        ("translations", {"translations": "none"}),
        ("season/1", {"id": 5, "season_number": 1, "episodes": {"id": 5}}),
        ("season/1", {"id": 5, "season_number": 2, "episodes": []}),
        ("season/1", {"id": 5, "season_number": True, "episodes": []}),
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
        (b'{"message":"Forbidden","keywords":{"results":[]}}', "wrong_shape"),
        (b'{"id":1,"name":"a","name":"b","keywords":{"results":[]}}', "duplicate_key"),
        (rb'{"id":1,"name":"\ud800","keywords":{"results":[]}}', "half_surrogate"),
        (b'{"id":1,"name":"\xff","keywords":{"results":[]}}', "truncated"),
    ],
)
def test_nothing_lands_of_an_answer_whose_details_cannot_be_believed(
    body: bytes, reason: str
) -> None:
    found = _taken(first_request(1, {1: 101, 2: 102}), body)
    assert not found.next_requests()
    assert found.conclude() is found.batch and not found.batch.documents
    assert not found.batch.asked and not found.batch.failures
    assert [(reject.resource, reject.reason) for reject in found.batch.rejects] == [
        (DETAILS.name, reason)
    ]


def test_an_unfit_part_does_not_hold_up_the_others() -> None:
    body = (
        b'{"id":1,"keywords":{"results":[{"id":1,"id":2}]},"videos":{"results":["\\ud800"]},'
        b'"images":{"backdrops":[' + b"[" * 300 + b"]" * 300 + b'],"posters":[]},'
        b'"credits":{"cast":[1e400],"crew":[]}}'
    )
    found = _taken(first_request(1, {}), body).batch
    assert {reject.resource: reject.reason for reject in found.rejects} == {
        "tmdb_tv_keywords": "duplicate_key",
        "tmdb_tv_videos": "half_surrogate",
        "tmdb_tv_images": "too_deep",
    }
    credits = _by_name(found.documents)["tmdb_tv_credits 1"]
    assert credits.payload == b'{"cast":[1e400],"crew":[],"id":1}'


@pytest.mark.parametrize("count", [1, 1.0, 0])
def test_a_held_season_that_fresh_details_no_longer_list_is_gone(count: float) -> None:
    seasons = {"seasons": [_season(1)], "number_of_seasons": count}
    whole = {"id": 1, "season/1": _season(1), **seasons}
    found = _small(whole, held=[1, 2, 3])
    gone = {document.key for document in found.batch.documents if document.payload is None}
    assert gone == {"1/season/2", "1/season/3"}
    assert not any(name.startswith("season/") for name in _asked_next(found))


def test_a_season_that_still_arrives_is_not_gone_though_details_do_not_list_it() -> None:
    whole = {"id": 1, "seasons": [_season(0)], "season/0": _season(0), "season/2": _season(2)}
    whole["number_of_seasons"] = 0
    found = _small(whole, held=[2])
    (season,) = (each for each in found.batch.documents if each.key == "1/season/2")
    assert season.payload is not None


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"seasons": None},
        {"seasons": []},
        {"seasons": {}},
        {"seasons": "none"},
        {"seasons": [], "number_of_seasons": 2},
        {"seasons": [{"season_number": 0}, {"season_number": 3}], "number_of_seasons": 2},
        {"seasons": [{"season_number": 3}, {"name": "One"}], "number_of_seasons": 1},
        {"seasons": [{"season_number": 3}, None], "number_of_seasons": 1},
        {"seasons": [{"season_number": 3}, {"season_number": 3}], "number_of_seasons": 1},
        {"seasons": [{"season_number": 3}]},
        {"seasons": [{"season_number": 3}], "number_of_seasons": None},
        {"seasons": [{"season_number": 3}], "number_of_seasons": "1"},
        {"seasons": [{"season_number": 3}], "number_of_seasons": 2**60},
    ],
    ids=str,
)
def test_a_list_of_seasons_that_cannot_be_believed_makes_none_gone_and_all_are_asked_for_again(
    details: dict[str, Any],
) -> None:
    answers = _small({"id": 1, **details, **EMPTY_PARTS}, held=[*range(1, 30)])
    assert not answers.batch.rejects
    assert all(document.payload for document in answers.batch.documents)
    asked = {number for request in answers.next_requests() for number in request.seasons}
    assert asked >= {*range(1, 30)}


def test_a_season_that_no_list_names_keeps_the_id_that_it_had() -> None:
    season = {"season_number": 2, "episodes": [{"id": 5}]}
    found = _small({"id": 1, "seasons": [], "season/2": season}, held=[2]).batch
    payload = _by_name(found.documents)["tmdb_tv_seasons 1/season/2"].payload
    assert payload is not None and orjson.loads(payload) == season | {"id": 102}


def test_a_season_that_failed_and_is_listed_no_more_is_gone() -> None:
    whole = {"id": 1, "seasons": [_season(1)], "number_of_seasons": 1, "season/1": _season(1)}
    found = _small(whole, held=[1], failing=[7])
    gone = [each.key for each in found.batch.documents if each.payload is None]
    assert gone == ["1/season/7"]


def _received(status: int, body: bytes) -> Received:
    verdict = Verdict.GONE if status == 404 else Verdict.OK
    return Received(status, body, {}, "GET /tv/1/season/2", NOW, verdict)


def test_a_season_that_no_list_names_and_that_failed_before_is_asked_for_alone() -> None:
    def answers() -> SeriesAnswers:
        taken = _small({"id": 1, "seasons": [], **EMPTY_PARTS}, held=[1], failing=[2])
        for request in taken.next_requests():
            taken.take_further(request, b'{"id":1}', NOW)
        assert taken.next_requests() == []
        assert taken.doubtful_seasons() == [2]  # the other one may come the next time
        return taken

    gone = answers()
    gone.take_alone(2, _received(404, b""))
    batch = gone.conclude()
    (tombstone,) = (each for each in batch.documents if each.payload is None)
    assert (tombstone.key, tombstone.request) == ("1/season/2", "GET /tv/1/season/2")
    assert [failure.key for failure in batch.failures] == ["1/season/1"]

    there = answers()
    there.take_alone(2, _received(200, b'{"id":102,"season_number":2}'))
    batch = there.conclude()
    assert _by_name(batch.documents)["tmdb_tv_seasons 1/season/2"].payload
    assert [failure.key for failure in batch.failures] == ["1/season/1"]

    for nothing in ("TMDb did not answer", _received(200, b"<html>")):
        unknown = answers()
        unknown.take_alone(2, nothing)
        assert {failure.key for failure in unknown.conclude().failures} == {
            "1/season/1",
            "1/season/2",
        }


def test_seasons_that_were_not_asked_for_are_neither_missing_nor_gone() -> None:
    request = first_request(1, {5: 105}, ["tmdb_tv_keywords"])
    whole = {"id": 1, "seasons": [_season(1)], "keywords": {"results": []}}
    found = _taken(request, orjson.dumps(whole))
    assert not found.next_requests()
    assert {document.key for document in found.batch.documents} == {"1"}


def test_listed_seasons_that_did_not_come_are_asked_for() -> None:
    listed = [*map(_season, range(0, 40)), {"season_number": None}, "x", {"season_number": True}]
    whole = {"id": 1, "seasons": listed, **{f"season/{n}": _season(n) for n in range(0, 8)}}
    asked = [name for name in _asked_next(_small(whole)) if name.startswith("season/")]
    assert asked == [f"season/{number}" for number in range(39, 7, -1)]


def test_a_listed_season_that_was_left_out_is_asked_for_once_more_and_then_fails() -> None:
    whole = {"id": 1, "name": "A", "seasons": [_season(1), _season(2), _season(30)]}
    answers = _small({**whole, "season/1": _season(1), **EMPTY_PARTS})
    (again,) = answers.next_requests()
    assert again.seasons == (30, 2)
    answers.take_further(again, orjson.dumps(whole), NOW)
    (last,) = answers.next_requests()
    assert last.seasons == (30,)
    answers.take_further(last, orjson.dumps({**whole, "season/30": _season(30)}), NOW)
    assert answers.next_requests() == []
    batch = answers.conclude()
    assert [(each.resource, each.key) for each in batch.failures] == [
        ("tmdb_tv_seasons", "1/season/2")
    ]
    assert (batch.asked["tmdb_tv_seasons"], batch.arrived["tmdb_tv_seasons"]) == (3, 2)


@pytest.mark.parametrize("body", [b"<html>", b'{"id":2}', b"[]", b'{"success":false}'])
def test_a_further_answer_that_cannot_be_believed_brings_nothing(body: bytes) -> None:
    answers = _small({"id": 1, "seasons": [_season(9)], **EMPTY_PARTS})
    (further,) = answers.next_requests()
    answers.take_further(further, body, NOW)
    assert answers.next_requests() == []
    batch = answers.conclude()
    assert [failure.key for failure in batch.failures] == ["1/season/9"]


def _credits(*people: int) -> dict[str, Any]:
    return {"cast": [{"id": each, "name": "A", "order": 0} for each in people], "crew": []}


def _with_credits(whole: dict[str, Any], **more: Any) -> SeriesAnswers:
    return _small({"id": 1, **EMPTY_PARTS, **whole}, resources=(), **more)


def _credited(batch: Any) -> dict[str, Any]:
    """The payloads of credits by season; None for a tombstone."""
    found = (each for each in batch.documents if each.resource == SEASON_CREDITS.name)
    return {each.key: each.payload and orjson.loads(each.payload) for each in found}


def test_credits_of_a_season_land_with_the_id_of_the_season() -> None:
    season = {"season_number": 1, "episodes": []}
    for listed, appended in ((_season(1), season), ({"season_number": 1}, {"id": 101, **season})):
        pieces = {"season/1": appended, "season/1/credits": _credits(7)}
        answers = _with_credits({"seasons": [listed], "number_of_seasons": 1, **pieces})
        assert answers.next_requests() == []
        batch = answers.conclude()
        assert _credited(batch) == {"1/season/1": {**_credits(7), "id": 101}}
        assert ("tmdb_person_details", "7") in {
            key for each in batch.documents for key in each.mentions
        }


@pytest.mark.parametrize("nothing", [None, {}, _ERROR], ids=["null", "empty", "error"])
def test_credits_of_a_season_that_is_there_are_asked_for_once_more(nothing: Any) -> None:
    whole = {"seasons": [_season(1)], "season/1": _season(1), "season/1/credits": nothing}
    answers = _with_credits(whole)
    (again,) = answers.next_requests()
    assert (again.parts, again.seasons, again.season_credits) == ((), (), (1,))
    answers.take_further(again, orjson.dumps({"id": 1, "season/1/credits": _credits(7)}), NOW)
    batch = answers.conclude()
    assert _credited(batch) == {"1/season/1": {**_credits(7), "id": 101}}
    assert not batch.failures and not batch.rejects


def test_credits_that_never_come_are_a_failure_and_the_season_lands() -> None:
    whole = {"id": 1, "seasons": [_season(1)], "season/1": _season(1)}
    answers = _with_credits(whole)
    (again,) = answers.next_requests()
    answers.take_further(again, orjson.dumps(whole), NOW)
    assert answers.next_requests() == []
    batch = answers.conclude()
    assert [(each.resource, each.key) for each in batch.failures] == [
        (SEASON_CREDITS.name, "1/season/1")
    ]
    assert (batch.asked[SEASON_CREDITS.name], batch.arrived[SEASON_CREDITS.name]) == (1, 0)
    assert "tmdb_tv_seasons 1/season/1" in _by_name(batch.documents)


@pytest.mark.parametrize("something", [_credits(), _credits(7), _ERROR, []], ids=str)
def test_credits_of_a_season_that_does_not_exist_are_no_document(something: Any) -> None:
    listed = {"seasons": [_season(1)], "number_of_seasons": 1}
    pieces = {"season/1": _season(1), "season/1/credits": _credits()}
    answers = _with_credits({**listed, **pieces, "season/2/credits": something})
    assert answers.next_requests() == []
    batch = answers.conclude()
    assert _credited(batch).keys() == {"1/season/1"}
    assert not batch.failures and not batch.rejects


def test_credits_alone_that_are_left_out_have_their_own_endpoint() -> None:
    whole = {"id": 1, "seasons": [_season(1)], "number_of_seasons": 1}
    answers = _small(whole, resources=[SEASON_CREDITS.name])
    (again,) = answers.next_requests()
    answers.take_further(again, orjson.dumps(whole), NOW)
    assert (answers.next_requests(), answers.missing_credits()) == ([], [1])


def test_credits_alone_prove_no_season_gone() -> None:
    whole = {"id": 1, "seasons": [_season(1)], "number_of_seasons": 1}
    pieces = {"season/1/credits": _credits(7), "season/2/credits": _credits(8)}
    answers = _small({**whole, **pieces}, held=[1, 2], resources=[SEASON_CREDITS.name])
    batch = answers.conclude()
    assert _credited(batch).keys() == {"1/season/1"}
    assert not [each.key for each in batch.documents if each.payload is None]


def test_a_season_that_is_gone_takes_its_credits_with_it() -> None:
    pieces = {"season/1": _season(1), "season/1/credits": _credits(7)}
    listed = {"seasons": [_season(1)], "number_of_seasons": 1}
    for more in ({}, {"season/2/credits": _credits(7)}):
        batch = _with_credits({**listed, **pieces, **more}, held=[1, 2]).conclude()
        gone = {(each.resource, each.key) for each in batch.documents if each.payload is None}
        assert gone == {(SEASONS.name, "1/season/2"), (SEASON_CREDITS.name, "1/season/2")}


def test_a_season_whose_own_endpoint_knows_none_takes_its_credits_with_it() -> None:
    answers = _with_credits({"seasons": []}, failing=[2])
    for request in answers.next_requests():
        assert (request.seasons, request.season_credits) == ((2,), (2,))
        answers.take_further(request, b'{"id":1}', NOW)
    answers.take_alone(2, _received(404, b""))
    batch = answers.conclude()
    assert not batch.failures
    gone = {(each.resource, each.key) for each in batch.documents if each.payload is None}
    assert gone == {(SEASONS.name, "1/season/2"), (SEASON_CREDITS.name, "1/season/2")}


@pytest.mark.parametrize("value", [5, [1], {"cast": "nobody"}, {"crew": {"id": 1}}], ids=str)
def test_credits_of_another_shape_are_rejected_and_the_season_lands(value: Any) -> None:
    pieces = {"season/1": _season(1), "season/1/credits": value}
    batch = _with_credits({"seasons": [_season(1)], **pieces}).conclude()
    assert [(each.resource, each.key) for each in batch.rejects] == [
        (SEASON_CREDITS.name, "1/season/1")
    ]
    assert "tmdb_tv_seasons 1/season/1" in _by_name(batch.documents)


def test_a_document_is_due_by_how_alive_its_series_is() -> None:
    ages = []
    for fields in ({"next_episode_to_air": {"id": 1}}, {"status": "Pilot"}, {"status": "Ended"}):
        batch = _small({"id": 1, **fields, **EMPTY_PARTS}).conclude()
        ages.append(_by_name(batch.documents)["tmdb_tv_details 1"].due_after)
    assert ages == sorted(ages) and len(set(ages)) == 3
