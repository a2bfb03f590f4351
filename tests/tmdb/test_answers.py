"""The server answers as TMDb does."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests.tmdb.asking import FULL, ask
from tests.tmdb.handle import ControlRefusedError, Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_process, tmdb_server
from tests.waiting import in_a_quiet_moment

GIANT = 999


@pytest.fixture(scope="module")
def tmdb() -> Iterator[Tmdb]:
    with tmdb_server(Options(series_count=1_000)) as server:
        yield server


def test_one_request_brings_a_series_with_its_parts_and_seasons(tmdb: Tmdb) -> None:
    answer = ask(tmdb, f"/3/tv/{GIANT}?append_to_response={FULL},season/1,season/89").json()
    assert answer["id"] == GIANT
    assert set(FULL.split(",")) | {"season/1", "season/89"} <= answer.keys()
    assert answer["season/89"]["season_number"] == 89
    assert "id" not in answer["season/89"]
    assert ask(tmdb, f"/3/tv/{GIANT}/season/89").json()["id"] == answer["seasons"][-1]["id"]


def test_an_appended_part_lacks_the_id_that_its_own_endpoint_gives(tmdb: Tmdb) -> None:
    appended = ask(tmdb, f"/3/tv/1?append_to_response={FULL}").json()
    for name in FULL.split(","):
        alone = ask(tmdb, f"/3/tv/1/{name}").json()
        assert "id" not in appended[name]
        assert alone == {"id": 1, **appended[name]}


def test_a_slash_in_an_appended_name_may_be_percent_encoded(tmdb: Tmdb) -> None:
    answer = ask(tmdb, "/3/tv/1?append_to_response=season%2F1%2Cwatch%2Fproviders").json()
    assert {"season/1", "watch/providers"} <= answer.keys()


def test_absent_seasons_and_unknown_names_are_missing_keys(tmdb: Tmdb) -> None:
    answer = ask(tmdb, "/3/tv/1?append_to_response=season/77,nonsense,keywords")
    assert answer.status == 200
    assert "season/77" not in answer.json()
    assert "nonsense" not in answer.json()
    assert "keywords" in answer.json()


def test_twenty_names_are_answered_and_twenty_one_refused(tmdb: Tmdb) -> None:
    seasons = [f"season/{number}" for number in range(1, 22)]
    twenty = ask(tmdb, f"/3/tv/{GIANT}?append_to_response={','.join(seasons[:20])}")
    assert twenty.status == 200
    assert "season/20" in twenty.json()
    refused = ask(tmdb, f"/3/tv/{GIANT}?append_to_response={','.join(seasons)}")
    assert (refused.status, refused.json()["status_code"]) == (400, 27)


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/3/tv/1001", 404, 34),
        ("/3/tv/abc", 404, 6),
        ("/3/tv/1/season/77", 404, 34),
        ("/3/tv/1/details", 404, 34),
        ("/3/tv/1/nonsense", 404, 34),
        ("/3/movie/1", 404, 34),
        ("/4/tv/1", 404, 34),
    ],
)
def test_what_does_not_exist_is_answered_with_its_code(
    tmdb: Tmdb, target: str, status: int, code: int
) -> None:
    answer = ask(tmdb, target)
    assert (answer.status, answer.json()["status_code"]) == (status, code)
    assert answer.json()["success"] is False


def test_images_come_in_all_languages_unless_one_is_named(tmdb: Tmdb) -> None:
    languages = {"en", "de", "xx", None}
    posters = [{"iso_639_1": language, "file_path": "/a.jpg"} for language in languages]
    tmdb.override(2, "images", {"posters": posters})

    def answered(query: str) -> set[str | None]:
        answer = ask(tmdb, f"/3/tv/2/images{query}").json()
        return {poster["iso_639_1"] for poster in answer["posters"]}

    assert answered("") == languages
    assert answered("?language=de-DE") == {"de"}
    assert answered("?language=de-DE&include_image_language=en,null") == {"de", "en", None}


def test_videos_come_in_english_unless_other_languages_are_named(tmdb: Tmdb) -> None:
    tmdb.override(3, "videos", {"results": [{"iso_639_1": code} for code in ("en", "de", "fr")]})

    def answered(query: str) -> list[str]:
        answer = ask(tmdb, f"/3/tv/3?append_to_response=videos{query}").json()
        return [video["iso_639_1"] for video in answer["videos"]["results"]]

    assert answered("") == ["en"]
    assert answered("&language=fr-FR") == ["fr"]
    assert answered("&include_video_language=de,en") == ["en", "de"]


def test_an_appended_season_lacks_the_id_that_it_has_alone(tmdb: Tmdb) -> None:
    series_id = next(each for each in tmdb.ids() if "season/1" in tmdb.names(each))
    alone = ask(tmdb, f"/3/tv/{series_id}/season/1").json()
    appended = ask(tmdb, f"/3/tv/{series_id}?append_to_response=season/1").json()["season/1"]
    assert type(alone.pop("id")) is int
    assert appended == alone


def test_a_part_that_is_left_out_of_one_answer_comes_with_the_next() -> None:
    target = "/3/tv/1?append_to_response=keywords,videos,season/1"
    with tmdb_server(Options(series_count=5)) as tmdb:
        whole = ask(tmdb, target).json()
        tmdb.leave_out("tv/1", "keywords", "season/1")
        first, second = ask(tmdb, target), ask(tmdb, target)
        assert first.status == 200
        assert whole.keys() - first.json().keys() == {"keywords", "season/1"}
        assert second.json() == whole
        tmdb.leave_out("tv/1", "videos", times=None)
        assert all("videos" not in ask(tmdb, target).json() for _ in range(3))


def test_a_share_of_all_parts_is_left_out_once_or_for_good() -> None:
    names = ("keywords", "videos", "images", "credits")
    with tmdb_server(Options(series_count=200)) as tmdb:

        def missing() -> list[tuple[int, str]]:
            query = f"?append_to_response={','.join(names)}"
            answers = {each: ask(tmdb, f"/3/tv/{each}{query}").json() for each in tmdb.ids()}
            return [(each, name) for each in answers for name in names if name not in answers[each]]

        tmdb.leave_out_share(0.1)
        once = missing()
        assert 0.05 < len(once) / 800 < 0.15
        assert missing() == []
        tmdb.leave_out_share(0.1, for_good=True)
        assert missing() == missing() == once
        assert len(tmdb.left_out()) == len(once)


def test_a_wrong_or_missing_credential_is_answered_401() -> None:
    with tmdb_server(Options(tokens=("right",), api_keys=("key",))) as tmdb:
        for refused in (ask(tmdb, "/3/tv/1", token=None), ask(tmdb, "/3/tv/1", token="wrong")):
            assert (refused.status, refused.json()["status_code"]) == (401, 7)
        assert ask(tmdb, "/3/tv/1", token="right").status == 200
        assert ask(tmdb, "/3/tv/1?api_key=key", token=None).status == 200
        assert ask(tmdb, "/3/tv/1?api_key=wrong", token=None).status == 401
        assert all("key" not in request.path for request in tmdb.requests())


def test_the_limit_holds_in_any_second_and_refusals_do_not_count() -> None:
    in_a_quiet_moment(_the_limit_holds)


def _the_limit_holds() -> None:
    with tmdb_server(Options(per_second=5, retry_after=3)) as tmdb:
        answers = [ask(tmdb, "/3/tv/1") for _ in range(8)]
        assert [answer.status for answer in answers] == [200] * 5 + [429] * 3
        assert answers[-1].json()["status_code"] == 25
        assert answers[-1].headers["retry-after"] == "3"
        tmdb.limit(5)
        assert "retry-after" not in [ask(tmdb, "/3/tv/1") for _ in range(6)][-1].headers
        time.sleep(1.05)
        assert ask(tmdb, "/3/tv/1").status == 200


def test_the_journal_tells_what_was_asked() -> None:
    with tmdb_server() as tmdb:
        ask(tmdb, "/3/tv/1?append_to_response=keywords")
        ask(tmdb, "/3/tv/999999")
        ask(tmdb, "/t/p/original/a.png")
        first, second = tmdb.requests()
        assert (first.path, first.status) == ("/3/tv/1?append_to_response=keywords", 200)
        assert second.status == 404
        assert first.at < second.at
        told = tmdb.summary()
        assert (told["requests"], told["statuses"]) == (2, {"200": 1, "404": 1})
        assert 1 <= told["most_in_a_second"] <= 2
        assert tmdb.summary("/t/p/")["requests"] == 1
        assert told["connections_opened"] == 3
        assert told["most_open_connections"] == 1
        tmdb.clear()
        assert tmdb.requests() == []


def test_connections_open_at_once_are_counted() -> None:
    with tmdb_server() as tmdb:
        clients = [socket.create_connection((tmdb.host, tmdb.port)) for _ in range(4)]
        for client in clients:
            client.sendall(b"GET /3/tv/1 HTTP/1.1\r\nHost: test\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 401")
        assert tmdb.summary()["open_connections"] == 4
        for client in clients:
            client.close()


def test_two_requests_sent_at_once_are_answered_in_order() -> None:
    asked = b"".join(
        b"GET /3/tv/%d HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer any\r\n\r\n" % number
        for number in (90_001, 90_002)
    )
    with (
        tmdb_server(Options(latency_seconds=0.05)) as tmdb,
        socket.create_connection((tmdb.host, tmdb.port), timeout=300) as client,
    ):
        client.sendall(asked)
        received = b""
        while received.count(b"HTTP/1.1 404") < 2:
            received += client.recv(10_000)
        assert [request.path for request in tmdb.requests()] == ["/3/tv/90001", "/3/tv/90002"]


def test_latency_is_waited_for() -> None:
    with tmdb_server(Options(latency_seconds=0.15)) as tmdb:
        began = time.monotonic()
        assert ask(tmdb, "/3/tv/1").status == 200
        assert time.monotonic() - began >= 0.15


def test_a_server_in_its_own_process_answers_the_same(tmdb: Tmdb) -> None:
    with tmdb_process(Options(series_count=1_000)) as other:
        assert ask(other, "/3/tv/7").body == ask(tmdb, "/3/tv/7").body


def test_an_unknown_control_verb_is_refused(tmdb: Tmdb) -> None:
    with pytest.raises(ControlRefusedError, match="is no verb"):
        tmdb._do("explode")
    with pytest.raises(ControlRefusedError, match="faults"):
        tmdb.faults(0.5, kinds=["nonsense"])
