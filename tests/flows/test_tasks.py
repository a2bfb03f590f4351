"""What is tried again and what is not, by plain calls and by Prefect's tasks alike."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from prefect import flow
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from pydantic import SecretStr

from extract.errors import AuthenticationRejected, DatabaseUnreachable
from extract.keys import Selection
from extract.settings import Settings, load_settings
from flows import calling, job
from flows.calling import PlainCall, Step
from flows.progress import listening
from flows.tasks import TaskCall
from tests.flows.prefect_server import PrefectServer
from tests.tmdb.options import Options
from tests.tmdb.server import tmdb_server

Caller = Callable[..., Any]

ONE = Selection(tmdb_ids=(1,), force=True)


def call_as_task(step: Step[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call the step within a flow."""

    @flow(name="once")
    def once() -> Any:
        return TaskCall()(step, *arguments, **options)

    return once()


@pytest.fixture(params=["plain", "task"])
def call(
    request: pytest.FixtureRequest, prefect: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Caller]:
    """Each of the ways in which a step is called, without the pause between attempts."""
    monkeypatch.setattr(calling, "RETRY_DELAY_SECONDS", 0)
    with temporary_settings({PREFECT_API_URL: prefect.url, PREFECT_LOGGING_TO_API_ENABLED: False}):
        yield PlainCall() if request.param == "plain" else call_as_task


@contextmanager
def dying_database() -> Iterator[tuple[str, list[object]]]:
    """The address of a Postgres that hangs up on everybody, and who came."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            while True:
                try:
                    connection, peer = listener.accept()
                except OSError:
                    return
                came.append(peer)
                connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        url = f"postgresql://someone@127.0.0.1:{listener.getsockname()[1]}/nowhere?sslmode=disable"
        yield url, came
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_database_that_is_away_is_tried_three_times(call: Caller) -> None:
    with dying_database() as (url, came):
        settings = load_settings(database_url=url, tmdb_bearer_token=SecretStr("any"))
        with pytest.raises(DatabaseUnreachable):
            call(job.EXTRACT_BATCH, settings, ONE)
    assert len(came) == 3


def test_a_database_that_comes_back_is_not_noticed_in_the_result(call: Caller) -> None:
    attempts: list[str] = []

    def go_away_twice(word: str) -> str:
        attempts.append(word)
        if len(attempts) < 3:
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return word.upper()

    assert call(Step("go_away_twice", go_away_twice), "done") == "DONE"
    assert attempts == ["done"] * 3
    attempts.clear()
    with pytest.raises(psycopg.OperationalError):
        call(Step("go_away_twice", go_away_twice, is_retried=False), "done")
    assert attempts == ["done"]


def test_rejected_credentials_are_not_tried_again(call: Caller, settings: Settings) -> None:
    with tmdb_server(Options(series_count=3, tokens=("right",))) as tmdb:
        wrong = {"tmdb_base_url": tmdb.base_url, "tmdb_bearer_token": SecretStr("wrong")}
        with pytest.raises(AuthenticationRejected):
            call(job.EXTRACT_BATCH, settings.model_copy(update=wrong), ONE)
        assert len(tmdb.requests()) == 1


def test_who_waits_for_the_database_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "RETRY_DELAY_SECONDS", 0.01)
    told: list[str] = []

    def stay_away() -> None:
        raise psycopg.OperationalError("no route to host")

    with (
        listening(lambda step, _done, _total: told.append(step)),
        pytest.raises(psycopg.OperationalError),
    ):
        PlainCall()(Step("stay_away", stay_away))
    assert told == ["Postgres went away; trying again in 0 s"] * 2
