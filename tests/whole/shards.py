"""Several processes that share the work, one of which is killed."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random

from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.whole.contents import Contents, contents, differences
from tests.whole.house import House

SHARDS = 4
Processes = list["subprocess.Popen[bytes]"]


@contextmanager
def shards(house: House, *arguments: str) -> Iterator[Processes]:
    """Start a process for each share, and wait until all of them ask TMDb or one has ended."""
    house.tmdb.clear()
    with ExitStack() as stack:
        started = [
            stack.enter_context(house.start(*arguments, "--shard", f"{number}/{SHARDS}"))
            for number in range(1, SHARDS + 1)
        ]
        wait_until(
            lambda: (
                house.tmdb.summary("/3/tv/")["connections_opened"] >= SHARDS
                or any(each.poll() is not None for each in started)
            ),
            "the shards never came to their work",
        )
        yield started


def kill_one(started: Processes, chance: Random, within: float) -> "subprocess.Popen[bytes]":
    """Kill one that is at work, with all that it started, at a random moment; gives it."""
    time.sleep(chance.uniform(0, within))
    lost = chance.choice([each for each in started if each.poll() is None])
    os.killpg(lost.pid, signal.SIGKILL)
    return lost


def lost_shards_leave_no_trace(
    house: House, expected: Contents, kills: int, chance: Random, within: float
) -> None:
    """Let shards of the whole job run, lose one each time, run once undisturbed, and compare."""
    for _ in range(kills):
        with shards(house, "run", "--force") as started:
            lost = kill_one(started, chance, within)
            ends = [each.wait(PATIENCE_SECONDS) for each in started if each is not lost]
            assert ends == [0] * (SHARDS - 1), "the others were hit as well"
    ended = house.call("run")
    assert ended.code == 0, ended.err
    assert (found := differences(contents(house), expected)) == [], "\n".join(found)
