"""The recordings as rounds of answers: each recorded file of a series is served once.

A series may have been recorded several times, and so may its parts. Round 0 is the richest of each;
round n > 0 serves the n-th file of everything that has several (the last one, where there are
fewer), for the series that have an n-th. Each round is a folder of links that the server reads.
Seasons and parts of series whose details nobody recorded hang on a frame: details that hold the id
and list the seasons with theirs, which an appended season lacks.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from extract.sources.tmdb.requests import VIDEO_LANGUAGES
from tests.tmdb.languages import in_languages
from tests.tmdb.world import (
    APPENDABLE,
    DETAILS,
    SETS,
    THINGS,
    Part,
    season_credits_name,
    season_name,
)

DETAILS_KIND, SEASON_KIND, SEASON_CREDITS_KIND = "tv_details", "tv_season", "tv_season_credits"
ALONE = {f"tv_{name.replace('/', '_')}": name for name in SETS}
"""Folder of the parts that were recorded alone: what they are appended as."""

OWN = {
    (kind, name): "episode_group" if kind == "episode_group" else f"{kind}_{name}"
    for kind, names in THINGS.items()
    for name in (DETAILS, *sorted(names))
}
"""Folders of what stands on its own, by kind and part."""

FOLLOWED = {DETAILS_KIND, SEASON_KIND, SEASON_CREDITS_KIND, *ALONE, *OWN.values()}
"""The kinds that core's tables are made of: of these every recorded file is served."""

GROUPED = 37854
"""A series of which an order was recorded: its frame names the recorded companies, too."""


def parse(body: bytes) -> Any:
    """Read JSON, numbers with a point exactly."""
    return json.loads(body, parse_float=Decimal)


def series_of(name: str) -> int:
    """The series of a key or of a file: 1399 of `1399`, `1399-1` and `1399-1__who.json`."""
    return int(name.partition("__")[0].partition("-")[0])


class Recordings:
    """The recorded files by kind and key (`1399`, `1399-1`)."""

    def __init__(self, folder: Path) -> None:
        """Look through the recordings in `folder`."""
        self.files: dict[tuple[str, str], list[Path]] = defaultdict(list)
        for kind in sorted(FOLLOWED):
            for path in sorted((folder / "tmdb" / kind).glob("*.json")):
                key = path.name.partition("__")[0]
                if kind in OWN.values() or key[0].isdigit():  # else nobody wrote down of which
                    self.files[kind, key].append(path)

    def detailed(self) -> set[int]:
        """The series of which details were recorded."""
        return {int(key) for kind, key in self.files if kind == DETAILS_KIND}

    def framed(self) -> dict[int, list[int]]:
        """The other series that core has something to say of, with their recorded seasons."""
        detailed = self.detailed()
        frames: dict[int, list[int]] = defaultdict(list)
        for kind, key in self.files:
            if kind in OWN.values() or series_of(key) in detailed:
                continue
            if kind == SEASON_KIND:
                frames[series_of(key)].append(int(key.partition("-")[2]))
            elif kind in FOLLOWED:
                frames[series_of(key)] += []
        return dict(frames)

    def rounds(self) -> list[set[int]]:
        """The series that each round is about."""
        most: dict[int, int] = defaultdict(lambda: 1)
        for (kind, key), paths in self.files.items():
            if kind in FOLLOWED - set(OWN.values()):
                most[series_of(key)] = max(most[series_of(key)], len(paths))
        known = self.detailed() | self.framed().keys()
        turns = range(2, max(most.values()) + 1)
        several = [{number for number in known if most[number] >= turn} for turn in turns]
        return [self.detailed(), several[0] | self.framed().keys(), *several]

    def link(self, turn: int, into: Path) -> None:
        """Lay out the folder of a round: one file of each kind and key of its series."""
        series_ids = self.rounds()[turn]
        for (kind, key), paths in self.files.items():
            (into / "tmdb" / kind).mkdir(parents=True, exist_ok=True)
            if kind in OWN.values() or series_of(key) in series_ids:
                nth = paths[min(max(turn, 1), len(paths)) - 1]
                chosen = max(paths, key=_richness) if turn == 0 and len(paths) > 1 else nth
                (into / "tmdb" / kind / chosen.name).symlink_to(chosen)
        for series_id, numbers in self.framed().items():
            if series_id not in series_ids:
                continue
            seasons = [_listed(into, series_id, number) for number in numbers]
            frame = into / "tmdb" / DETAILS_KIND / f"{series_id}__frame.json"
            companies = self.keys_of("company") if series_id == GROUPED else []
            named = [{"id": int(key)} for key in companies]
            details = {"id": series_id, "seasons": seasons, "production_companies": named}
            frame.write_text(json.dumps(details))
        self._frame_things(into)

    def keys_of(self, kind: str) -> list[str]:
        """The keys of the people, networks and so on of which anything was recorded."""
        folders = {folder for (each, _), folder in OWN.items() if each == kind}
        return sorted({key for folder, key in self.files if folder in folders})

    def _frame_things(self, into: Path) -> None:
        """Give those of whom parts alone were recorded the details that these hang on."""
        for kind in THINGS:
            folder = OWN[kind, DETAILS]
            for key in self.keys_of(kind):
                if (folder, key) not in self.files:
                    frame = into / "tmdb" / folder / f"{key}__frame.json"
                    frame.write_text(json.dumps({"id": int(key), "name": f"The {kind} {key}"}))


def _season_of(name: str) -> int:
    """The season of a file: 1 of `1399-1__who.json`."""
    return int(name.partition("__")[0].partition("-")[2])


def _listed(folder: Path, series_id: int, number: int) -> Part:
    (path,) = (folder / "tmdb" / SEASON_KIND).glob(f"{series_id}-{number}__*")
    return {"season_number": number, "id": parse(path.read_bytes())["id"]}


def _richness(path: Path) -> tuple[int, int]:
    appended = sum(name in APPENDABLE for name in parse(path.read_bytes()))
    return appended if path.parent.name == DETAILS_KIND else 0, path.stat().st_size


def read_round(folder: Path) -> Iterator[tuple[int, dict[str, Part]]]:
    """Read a round's folder: each series with its parts, what was appended before what was not."""
    for path in sorted((folder / "tmdb" / DETAILS_KIND).iterdir()):
        details = parse(path.read_bytes())
        series_id = details["id"]
        parts = {name: details.pop(name) for name in SETS if isinstance(details.get(name), dict)}
        for kind, name in ALONE.items():
            for alone in (folder / "tmdb" / kind).glob(f"{series_id}__*"):
                parts.setdefault(name, parse(alone.read_bytes()))
        for alone in (folder / "tmdb" / SEASON_KIND).glob(f"{series_id}-*"):
            number, season = _season_of(alone.name), parse(alone.read_bytes())
            parts[season_name(number)] = season
            if "credits" in season:
                credited = {"id": season["id"], **season["credits"]}
                parts[season_credits_name(number)] = credited
        for alone in (folder / "tmdb" / SEASON_CREDITS_KIND).glob(f"{series_id}-*"):
            parts[season_credits_name(_season_of(alone.name))] = parse(alone.read_bytes())
        if "videos" in parts:
            parts["videos"] = in_languages(parts["videos"], frozenset(VIDEO_LANGUAGES.split(",")))
        yield series_id, {DETAILS: details, **parts}


def read_things_of_round(folder: Path) -> dict[tuple[str, str], dict[str, Part]]:
    """Read what stands on its own in a round's folder, what was appended before what was not."""
    found: dict[tuple[str, str], dict[str, Part]] = {}
    for (kind, name), place in OWN.items():
        for path in sorted((folder / "tmdb" / place).glob("*.json")):
            key, document = path.name.partition("__")[0], parse(path.read_bytes())
            if name == DETAILS:
                appended = {part: document.pop(part) for part in THINGS[kind] if part in document}
                found[kind, key] = {DETAILS: document, **appended}
            else:
                found[kind, key].setdefault(name, document)
    return found
