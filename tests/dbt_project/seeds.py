"""Seeds of random tests: fresh ones, told with whatever goes wrong, and any of them again.

`HISTORIES=20 pytest -m long tests/dbt_project/test_histories.py` lives through twenty fresh
histories instead of three; `HISTORY_SEED=7` through the one of that seed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from random import SystemRandom

FRESH = range(int(os.environ.get("HISTORIES", "3")))
"""Numbers of histories, for `parametrize`: all workers must collect the same names."""


def fresh_seed() -> int:
    """Choose the seed that was asked for, or one that nobody had."""
    asked = os.environ.get("HISTORY_SEED")
    return int(asked) if asked else SystemRandom().randrange(10**9)


@contextmanager
def reporting(seed: int, happened: list[str] | None = None) -> Iterator[None]:
    """Tell the seed, and what had happened, with whatever goes wrong."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"It is seed {seed}: HISTORIES=1 HISTORY_SEED={seed} for the same again.")
        for line in happened or []:
            error.add_note(line)
        raise
