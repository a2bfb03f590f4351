"""What the screen says of a step that goes on: how far it is, and how long it still takes."""

import re
import time

import pytest

from flows.cli import console
from flows.cli.console import progress


@pytest.mark.clock
def test_a_step_tells_how_long_it_still_takes_once_its_pace_is_known(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "SECONDS_BETWEEN_LINES", 0)
    monkeypatch.setattr(console, "SECONDS_TO_ESTIMATE", 0.2)
    with progress() as tell:
        tell("Extracting series", 100, 10_300)
        tell("Extracting series", 150, 10_300)
        time.sleep(0.5)
        tell("Extracting series", 200, 10_300)
        tell("Building", 7, None)
        tell("Extracting series", 10_300, 10_300)
    lines = capfd.readouterr().err.splitlines()
    assert lines[0] == "Extracting series … 100 of 10,300"
    assert "left" not in lines[1], "a pace of no time is a guess"
    # 100 of them took half a second, 10,100 are left: 50 s, more on a machine that stalls
    told = re.fullmatch(r"Extracting series … 200 of 10,300, about (\d+) (s|min) left", lines[2])
    assert told and (told[2] == "min" or int(told[1]) >= 40), lines[2]
    assert lines[3:] == ["Building … 7", "Extracting series … 10,300 of 10,300"]
