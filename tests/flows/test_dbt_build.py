"""The dbt runner with the real project and a real Postgres."""

import os
import signal
import threading

import pytest

from extract.postgres.connections import connect
from extract.settings import ROOT, Settings
from flows import dbt_runner
from flows.builds import Built
from flows.errors import DbtNotRun
from tests.waiting import PATIENCE_SECONDS

TRACES = ("target", "logs", "profiles.yml", "dbt_packages")

# Cautious: only the tests whose every parent is selected.
SELECTED = ["--select", "+networks", "--indirect-selection", "cautious"]


pytestmark = pytest.mark.usefixtures("profile")


def test_a_build_leaves_nothing_outside_the_home_and_a_second_one_is_as_good(
    settings: Settings,
) -> None:
    before = dict(os.environ), {name for name in TRACES if (ROOT / name).exists()}
    names: list[str] = []
    for _ in range(2):
        built = dbt_runner.build(settings, SELECTED, on_node=names.append)
        dbt_runner.require_success(built)
        assert built.count("models") >= 3
        assert built.count("tests") >= 3
    assert names.count("networks") == 2
    assert (dict(os.environ), {name for name in TRACES if (ROOT / name).exists()}) == before
    home = settings.showhouse_home / "dbt"
    assert list((home / "logs").iterdir())


def test_a_failing_model_is_named_with_its_message_and_the_rest_is_skipped(
    settings: Settings,
) -> None:
    with connect(settings.database_url or "") as connection:
        connection.execute("drop table raw.tmdb_tv_metrics")
    built = dbt_runner.build(
        settings, ["--select", "+shows", "--exclude", "resource_type:unit_test"]
    )
    assert built.failures
    assert built.is_unfinished("core.shows")
    assert "dbt build failed: " in built.summary()
    assert "raw.tmdb_tv_metrics" in built.summary()


def test_wrong_arguments_are_the_users_mistake(settings: Settings) -> None:
    with pytest.raises(DbtNotRun, match="No such option '--nonsense'") as caught:
        dbt_runner.build(settings, ["--nonsense"])
    assert caught.value.is_usage


def test_an_interruption_that_is_lost_on_the_way_still_counts(settings: Settings) -> None:
    def interrupt(_: str) -> None:
        signal.raise_signal(signal.SIGINT)

    def lose(*_: object) -> None:
        """Raise nothing, as if what was raised had been passed over."""

    before = signal.signal(signal.SIGINT, lose)
    try:
        with pytest.raises(KeyboardInterrupt):
            dbt_runner.build(settings, ["--select", "stg_reference__sources"], on_node=interrupt)
        assert signal.getsignal(signal.SIGINT) is lose
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_build_waits_for_another_one_and_says_so(settings: Settings) -> None:
    said: list[str] = []
    waits = threading.Event()

    def say(text: str) -> None:
        said.append(text)
        waits.set()

    built: list[Built] = []
    arguments = ["--select", "stg_tmdb__shows"]
    with connect(settings.database_url or "") as other:
        other.execute("select pg_advisory_lock(hashtext('showhouse.build'))")
        thread = threading.Thread(
            target=lambda: built.append(dbt_runner.build(settings, arguments, say=say))
        )
        thread.start()
        assert waits.wait(PATIENCE_SECONDS)
        assert built == []
    thread.join(PATIENCE_SECONDS)
    assert [each.failures for each in built] == [()]
    assert said == ["Another build of this warehouse is running; waiting until it has ended."]
