"""Which tests run together: `pytest --lane check`, `test`, `long`, `clock`; all without a lane.

| lane | marks | what it holds |
| --- | --- | --- |
| `check` | none | what needs neither dbt nor a whole run: the loop while one writes |
| `test` | none, `build` | what correctness rests on, once |
| `long` | `long` | the same under kills, over days, on a full disk, an old Postgres, at random |
| `clock` | `clock` | what judges speed: alone, one test after another |

A test that uses one of the fixtures below has their mark without saying so. A file is not even read
for `long` or `clock` where it does not name the lane.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

_BY_FIXTURE: Final = {
    "built": "build",
    "profile": "build",
    "run_showhouse": "build",
    "prefect_server": "build",
    "server_15": "long",
}
_BY_FOLDER: Final = {"tests/dbt_project/": "build"}
_EXCLUDED: Final = {"check": {"build", "long", "clock"}, "test": {"long", "clock"}}
_NAMED: Final = {"long": ("mark.long", "database_15", "server_15"), "clock": ("mark.clock",)}
_ONE_PROCESS: Final = ("built", "s3", "prefect_server")
LANES: Final = (*_EXCLUDED, *_NAMED)


def add_option(parser: pytest.Parser) -> None:
    """Let pytest know `--lane`."""
    parser.addoption("--lane", choices=LANES, help="only the tests of this lane")


def is_left_unread(path: Path, config: pytest.Config) -> bool | None:
    """True where no test in the file, or the folder, is of the lane; else pytest decides."""
    lane = config.getoption("lane")
    if lane == "check" and path.is_dir():
        return f"{path.relative_to(config.rootpath)}/" in _BY_FOLDER or None
    if lane in _NAMED and path.name.startswith("test_"):
        return not _names(path, lane) or None
    return None


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
    items.sort(key=lambda item: not (_has(item, "build") or _has(item, "long")))


def _mark(item: pytest.Item) -> None:
    fixtures = getattr(item, "fixturenames", ())
    marks = [mark for fixture, mark in _BY_FIXTURE.items() if fixture in fixtures]
    marks += [mark for folder, mark in _BY_FOLDER.items() if item.nodeid.startswith(folder)]
    for mark in dict.fromkeys(marks):
        item.add_marker(mark)
    if not _has(item, "xdist_group"):
        item.add_marker(pytest.mark.xdist_group(_group(item, fixtures)))


def _group(item: pytest.Item, fixtures: Iterable[str]) -> str:
    """Tests of a group run in one process: those that share what is dear to make, or a file."""
    shared = [fixture for fixture in _ONE_PROCESS if fixture in fixtures]
    if shared:
        return shared[0]
    return item.nodeid if _has(item, "apart") else item.nodeid.partition("::")[0]


def _is_of(item: pytest.Item, lane: str) -> bool:
    if lane in _EXCLUDED:
        return not any(_has(item, mark) for mark in _EXCLUDED[lane])
    return _has(item, lane) and (lane == "clock" or not _has(item, "clock"))


def _has(item: pytest.Item, mark: str) -> bool:
    return item.get_closest_marker(mark) is not None


def _names(path: Path, lane: str) -> bool:
    text = path.read_text()
    return any(word in text for word in _NAMED[lane])
