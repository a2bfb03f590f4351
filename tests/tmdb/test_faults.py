"""What goes wrong, goes wrong as ordered."""

from http.client import HTTPException, IncompleteRead

import orjson
import pytest

from tests.tmdb.asking import ask
from tests.tmdb.faults import DEFAULT_KINDS, STATUS_FAULTS, Faults
from tests.tmdb.handle import Tmdb
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server


def all_fail(kind: str, **fields: float) -> Options:
    return Options(faults=Faults(share=1.0, kinds=(kind,), **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", STATUS_FAULTS)
def test_an_error_status_comes_with_its_code(kind: str) -> None:
    with tmdb_server(all_fail(kind)) as tmdb:
        answer = ask(tmdb, "/3/tv/1")
        assert (answer.status, answer.json()["status_code"]) == STATUS_FAULTS[kind][:2]
        assert tmdb.summary()["faults"] == {kind: 1}


def test_a_reset_drops_the_connection_and_is_status_0_in_the_journal() -> None:
    with tmdb_server(all_fail("reset")) as tmdb:
        with pytest.raises((ConnectionError, HTTPException)):
            ask(tmdb, "/3/tv/1")
        assert tmdb.requests()[0].status == 0


def test_a_truncated_answer_is_shorter_than_promised() -> None:
    with tmdb_server(all_fail("truncated")) as tmdb, pytest.raises(IncompleteRead):
        ask(tmdb, "/3/tv/1")


def test_a_stalled_answer_never_ends() -> None:
    with tmdb_server(all_fail("stall")) as tmdb, pytest.raises(TimeoutError):
        ask(tmdb, "/3/tv/1", timeout=0.3)


def test_a_slow_answer_is_right() -> None:
    with tmdb_server(all_fail("slow", slow_seconds=0.05)) as tmdb:
        assert ask(tmdb, "/3/tv/1").json()["id"] == 1


def test_lies_come_with_status_200() -> None:
    with tmdb_server() as tmdb:
        bodies = {}
        for kind in ("cut_json", "html", "unsuccessful", "wrong_id", "not_object"):
            tmdb.faults(1.0, kinds=[kind])
            answer = ask(tmdb, "/3/tv/1")
            assert answer.status == 200
            bodies[kind] = answer.body
        with pytest.raises(orjson.JSONDecodeError):
            orjson.loads(bodies["cut_json"])
        assert bodies["html"].startswith(b"<!DOCTYPE html>")
        assert orjson.loads(bodies["unsuccessful"])["success"] is False
        assert orjson.loads(bodies["wrong_id"])["id"] == 2
        assert orjson.loads(bodies["not_object"])[0]["id"] == 1


def statuses(tmdb: Tmdb) -> list[int]:
    return [ask(tmdb, f"/3/tv/{series_id}").status for series_id in range(1, 61)]


def test_the_same_seed_fails_the_same_series_and_sticky_ones_fail_always() -> None:
    faults = Faults(share=0.2, kinds=("500", "503"), seed=4, sticky=True)
    with tmdb_server(Options(faults=faults)) as tmdb:
        first = statuses(tmdb)
        assert {200, 500, 503} == set(first)
        assert statuses(tmdb) == first
        predicted = [faults.at(f"tv/{series_id}", 0) for series_id in range(1, 61)]
        assert [kind is not None for kind in predicted] == [status != 200 for status in first]


def test_faults_that_do_not_stick_are_drawn_for_every_attempt() -> None:
    with tmdb_server(Options(faults=Faults(share=0.3, kinds=("500",)))) as tmdb:
        rounds = [statuses(tmdb) for _ in range(3)]
        assert rounds[0] != rounds[1] != rounds[2]
        tmdb.faults(0.0)
        assert set(statuses(tmdb)) == {200}


def test_the_share_is_kept() -> None:
    faults = Faults(share=0.05)
    failing = [faults.at(f"tv/{series_id}", 1) for series_id in range(20_000)]
    assert 0.045 < sum(kind is not None for kind in failing) / 20_000 < 0.055
    assert set(failing) == {None, *DEFAULT_KINDS}


def test_images_have_faults_of_their_own() -> None:
    with tmdb_server() as tmdb:
        tmdb.faults(1.0, images=True, kinds=["503"])
        assert ask(tmdb, "/t/p/original/a.png").status == 503
        assert ask(tmdb, "/3/tv/1").status == 200
