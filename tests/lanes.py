"""Which tests run together: `pytest --lane check`, `test`, `long`, `clock`; all without a lane.

| lane | marks | what it holds |
| --- | --- | --- |
| `check` | none | what takes no seconds, and neither dbt nor Prefect: the loop while one writes |
| `test` | none, `slow`, `build` | what correctness rests on, once |
| `long` | `long` | the same under kills, over days, on a full disk, an old Postgres, at random |
| `clock` | `clock` | what judges speed: alone, one test after another |

A test that uses one of the fixtures below has their mark without saying so, and so has a test in a
file that imports dbt or Prefect, which takes seconds. Files without tests of a lane are not read.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

_BY_FIXTURE: Final = {
    "built": "build",
    "profile": "build",
    "run_showhouse": "build",
    "prefect": "build",
    "server_15": "long",
    "s3": "slow",
}
_BUILDS: Final = ("\nfrom tests.dbt_project", "\nfrom tests.api.built", "\nfrom prefect")
_EXCLUDED: Final = {"check": {"build", "slow", "long", "clock"}, "test": {"long", "clock"}}
_NAMED: Final = {"long": ("mark.long", "database_15", "server_15"), "clock": ("mark.clock",)}
_ONE_PROCESS: Final = ("built", "s3", "prefect")
LANES: Final = (*_EXCLUDED, *_NAMED)


def add_option(parser: pytest.Parser) -> None:
    """Let pytest know `--lane`."""
    parser.addoption("--lane", choices=LANES, help="only the tests of this lane")


def is_left_unread(path: Path, config: pytest.Config) -> bool | None:
    """True where no test in the file, or the folder, is of the lane; else pytest decides."""
    lane = config.getoption("lane")
    if not path.name.startswith("test_"):
        return None
    if lane == "check":
        return _builds(path) or None
    return (lane in _NAMED and not _names(path, lane)) or None


def choose(items: list[pytest.Item], config: pytest.Config) -> None:
    """Mark tests, leave out those of other lanes, and begin with those that take longest."""
    for item in items:
        _mark(item)
        for lane in _NAMED:
            if item.get_closest_marker(lane) and not _names(item.path, lane):
                raise pytest.UsageError(
                    f"`{item.nodeid}` is of the lane `{lane}`, which its file does not name, so"
                    f" that `--lane {lane}` would not find it. Mark it in its file."
                )
    lane = config.getoption("lane")
    if lane is not None:
        left_out = [item for item in items if not _is_of(item, lane)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _is_of(item, lane)]
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, int, bool]:
    """Slow tests come first: of whole runs, in `tests/`, then of commands, then all others.

    The longest wait for minutes on another program: beginning last, they keep all others waiting.
    """
    if not any(_has(item, mark) for mark in ("build", "long", "slow")):
        return True, 0, False
    return False, len(item.path.parts), item.path.parent.name != "flows"


def _mark(item: pytest.Item) -> None:
    fixtures = getattr(item, "fixturenames", ())
    marks = [mark for fixture, mark in _BY_FIXTURE.items() if fixture in fixtures]
    marks += ["build"] if _builds(item.path) else []
    for mark in dict.fromkeys(marks):
        item.add_marker(mark)
    if not _has(item, "xdist_group"):
        item.add_marker(pytest.mark.xdist_group(_group(item, fixtures)))


def _group(item: pytest.Item, fixtures: Iterable[str]) -> str:
    """Tests of a group run in one process: those that share what is dear to make, or a file."""
    shared = [fixture for fixture in _ONE_PROCESS if fixture in fixtures]
    if shared:
        return shared[0]
    return item.nodeid.partition("::")[0]


def _is_of(item: pytest.Item, lane: str) -> bool:
    if lane in _EXCLUDED:
        return not any(_has(item, mark) for mark in _EXCLUDED[lane])
    return _has(item, lane) and (lane == "clock" or not _has(item, "clock"))


def _has(item: pytest.Item, mark: str) -> bool:
    return item.get_closest_marker(mark) is not None


def _names(path: Path, lane: str) -> bool:
    text = _text(path)
    return any(word in text for word in _NAMED[lane])


def _builds(path: Path) -> bool:
    text = _text(path)
    return any(imported in text for imported in _BUILDS)


@cache
def _text(path: Path) -> str:
    return path.read_text()
