"""A process that asks a source for as long as it is told to, as extraction does.

`python -m tests.extract.http.asking DATABASE_URL BASE_URL REQUESTS_PER_SECOND SECONDS FIRST_ID`
prints what it did, as JSON.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from extract.errors import SourceUnavailable
from extract.http.client import Client, Credentials, Gate, host_of
from extract.sources.tmdb.verdicts import classify

WORKERS = 20


def start(url: str, base_url: str, rate: float, seconds: float, first: int) -> Any:
    """Start such a process; `finish` gives what it did."""
    root = Path(__file__).parents[3]
    program = [sys.executable, "-m", "tests.extract.http.asking"]
    arguments = [url, base_url, str(rate), str(seconds), str(first)]
    return subprocess.Popen([*program, *arguments], cwd=root, stdout=subprocess.PIPE, text=True)


def finish(processes: Sequence[Any]) -> list[dict[str, Any]]:
    """What each of them printed."""
    outputs = [process.communicate(timeout=1_500)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [json.loads(output) for output in outputs]


async def ask(url: str, base_url: str, rate: float, seconds: float, first: int) -> dict[str, Any]:
    """Ask for one series after the other."""
    gate, numbers, end = (
        Gate(url, host_of(base_url), rate),
        count(first),
        time.monotonic() + seconds,
    )
    answered = unavailable = 0
    async with Client(
        source="TMDb",
        base_url=base_url,
        gate=gate,
        user_agent="A test (+https://example.test/contact)",
        classify=classify,
        credentials=Credentials(SecretStr("a-token-of-some-length")),
        expects_json=True,
    ) as client:

        async def work() -> None:
            nonlocal answered, unavailable
            while time.monotonic() < end:
                try:
                    await client.get(f"/tv/{next(numbers)}")
                except SourceUnavailable:
                    unavailable += 1
                else:
                    answered += 1

        await asyncio.gather(*(work() for _ in range(WORKERS)))
    done = {"answered": answered, "unavailable": unavailable}
    return done | {"gate": asdict(gate.statistics), "client": asdict(client.statistics)}


if __name__ == "__main__":
    _url, _base_url, *_numbers = sys.argv[1:]
    _rate, _seconds, _first = map(float, _numbers)
    print(json.dumps(asyncio.run(ask(_url, _base_url, _rate, _seconds, int(_first)))))
