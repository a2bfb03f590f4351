"""Somebody is told when a run fails or is overdue: a POST to the webhook of the settings.

The body is JSON: `text`, which chat services show, and the same in fields. It holds what our own
errors say, which is never a secret; of any other error its kind alone. It is sent once, within a
few seconds, and whatever comes of it, the run is not touched by it.
"""

import json
import logging
import os
import signal
import threading
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from extract.errors import ShowhouseError
from extract.postgres.errors import understood
from extract.settings import Settings, load_settings
from flows.errors import RunIncomplete

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, State

SECONDS = 5.0
SHOWN = 10
CHARACTERS = 300
LOOK = "`showhouse status`, `showhouse loads`"

log = logging.getLogger("extract.alerts")


def send(settings: Settings, what: str, problems: Sequence[str], look: str) -> bool:
    """Tell the webhook, if there is one; whether it took it."""
    if settings.showhouse_alert_webhook_url is None:
        return False
    shown = [problem[:CHARACTERS] for problem in problems[:SHOWN]]
    body = {
        "text": "\n".join([f"Showhouse: {what}.", *shown, f"Look: {look}"]),
        "what": what,
        "problems": shown,
        "problem_count": len(problems),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "look": look,
    }
    request = urllib.request.Request(
        settings.showhouse_alert_webhook_url.get_secret_value(),
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "showhouse"},
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):
            return True
    except Exception as error:  # an alert that fails is no failure of the run
        log.warning("the alert webhook did not take an alert: %s", type(error).__name__)
        return False


def on_failure(flow: "Flow[Any, Any]", flow_run: "FlowRun", state: "State[Any]") -> None:
    """Prefect's hook at the end of a flow that failed or crashed."""
    look = f"the page of run {flow_run.id} in Prefect, {LOOK}"
    try:
        error = state.result(raise_on_failure=False)
        tell_of_failure(load_settings(), flow.name, error, look)
    except Exception as trouble:
        log.warning("no alert could be sent: %s", type(trouble).__name__)


@contextmanager
def on_plain_failure(settings: Settings, name: str) -> Iterator[None]:
    """Tell the webhook of an error that ends the block, as Prefect's hook does of a flow.

    An interruption counts, and so does SIGTERM, which ends the process right after.
    """
    with _before_sigterm(lambda: tell_of_failure(settings, name, Terminated())):
        try:
            yield
        except BaseException as error:
            tell_of_failure(settings, name, error)
            raise


class Terminated(BaseException):
    """The process was sent SIGTERM."""


@contextmanager
def _before_sigterm(act: Callable[[], object]) -> Iterator[None]:
    """Within, SIGTERM still ends the process, but `act` is called first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        act()
        os.kill(os.getpid(), number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def tell_of_failure(settings: Settings, name: str, error: object, look: str = LOOK) -> None:
    """Tell the webhook that the run called `name` ended with an error."""
    send(settings, f"the run `{name}` failed", problems_of(error), look)


def problems_of(error: object) -> list[str]:
    """Say what went wrong; of an error that is not ours its kind alone."""
    if isinstance(error, RunIncomplete):
        return list(error.report.problems())
    if isinstance(error, BaseException) and isinstance(told := understood(error), ShowhouseError):
        return [str(told)]
    return [f"It ended with {type(error).__name__}; the log says more."]
