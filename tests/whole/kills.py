"""Killing a run: in the step that is wanted, at a random moment of it.

Which step a run is in is seen from outside, by what it does: it asks TMDb, it begins a build, it
asks for images, it begins the build that follows from their receipts.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from tests.waiting import wait_until
from tests.whole.house import House

EXTRACT, BUILD, MIRROR, REBUILD = STEPS = ("extract", "build", "mirror", "rebuild")
IMAGE_SECONDS = 0.3
"""How long an image takes where the mirror is to be killed: it would be over too soon."""


Begun = tuple[int, int]
"""How many builds there were before a run, and the last receipt."""


@dataclass(frozen=True, slots=True)
class Kill:
    """What a kill met: the step that was wanted, the seconds since it began, and its success."""

    step: str
    after: float
    is_done: bool


def run_and_time(house: House, *arguments: str) -> tuple[int, dict[str, float]]:
    """Run undisturbed; the exit code, and how long each step took, as seen from outside."""
    house.tmdb.clear()
    begun = _builds(house), _last_receipt(house)
    started: dict[str, float] = {}
    with house.start(*arguments) as process:
        while process.poll() is None:
            for step in STEPS:
                if step not in started and _has_begun(house, step, begun):
                    started[step] = time.monotonic()
            time.sleep(0.05)
    ends = [*[started[step] for step in STEPS[1:] if step in started], time.monotonic()]
    begins = [started[step] for step in STEPS if step in started]
    lengths = [end - begin for begin, end in zip(begins, ends, strict=True)]
    return process.returncode, dict(zip(started, lengths, strict=True))


def kill(
    house: House, step: str, lengths: Mapping[str, float], chance: Random, *arguments: str
) -> Kill:
    """Start a run, and kill its whole process group at a random moment of the step."""
    house.tmdb.clear()
    begun = _builds(house), _last_receipt(house)
    # A build after receipts is of what they changed: the next one may be far shorter.
    after = chance.uniform(0, lengths[step] / (8 if step == REBUILD else 2))
    with house.start(*arguments) as process:
        _wait_for(house, process, step, begun)
        if step == MIRROR:
            house.tmdb.latency(IMAGE_SECONDS)
        deadline = time.monotonic() + after
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        is_alive = process.poll() is None
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    house.tmdb.latency(0.0)
    return Kill(step, after, is_done=is_alive)


def _wait_for(house: House, process: "subprocess.Popen[bytes]", step: str, begun: Begun) -> None:
    wait_until(
        lambda: process.poll() is not None or _has_begun(house, step, begun),
        f"the run never came to its step {step}",
        every=0.05,
    )


def _has_begun(house: House, step: str, before: Begun) -> bool:
    builds_before, receipt_before = before
    if step == EXTRACT:
        return bool(house.tmdb.summary("/3/")["requests"])
    if step == MIRROR:
        return bool(house.tmdb.summary("/t/p/")["requests"])
    if step == REBUILD:  # where extraction brought nothing, it is the only build
        return _last_receipt(house) > receipt_before and _is_built(house)
    return _builds(house) > builds_before


def _last_receipt(house: House) -> int:
    """The last load that brought receipts of mirrored images."""
    return int(house.one("select coalesce(max(load_id), 0) from raw.showhouse_mirrored_images"))


def _is_built(house: House) -> bool:
    """Whether the build that began last sees all receipts."""
    horizon = house.one("select max(horizon) from staging.builds")
    return int(horizon or 0) >= _last_receipt(house)


def _builds(house: House) -> int:
    if not house.one("select to_regclass('staging.builds') is not null"):
        return 0
    return int(house.one("select count(*) from staging.builds"))
