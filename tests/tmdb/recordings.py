"""Real answers, recorded by others, served again: every series of which details were recorded.

They are third-party data and stay outside the repository: beside it in ``../shared/recordings``,
or where SHOWHOUSE_RECORDINGS points. A series is served from its richest details (most appended
parts, then the largest file); parts recorded alone (`tv_credits`, `tv_season`, …) fill what was
not appended. A part that nobody recorded is missing, and a series without recorded details is
unknown.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.tmdb.pools import drifted
from tests.tmdb.recorded_things import read_recorded, read_things
from tests.tmdb.world import (
    APPENDABLE,
    DETAILS,
    UNTOUCHED,
    Part,
    season_credits_name,
    season_name,
    season_number,
)

ROOT = Path(__file__).resolve().parents[2]

_ALONE = {
    "tv_external_ids": "external_ids",
    "tv_alternative_titles": "alternative_titles",
    "tv_translations": "translations",
    "tv_content_ratings": "content_ratings",
    "tv_keywords": "keywords",
    "tv_videos": "videos",
    "tv_images": "images",
    "tv_aggregate_credits": "aggregate_credits",
    "tv_credits": "credits",
    "tv_watch_providers": "watch/providers",
    "tv_episode_groups": "episode_groups",
    "tv_recommendations": "recommendations",
    "tv_similar": "similar",
    "tv_changes": "changes",
}


class RecordingsAbsentError(Exception):
    """There are no recordings here; a test that needs them skips, saying this text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"No recordings in `{folder}`. Put them beside the repository or point "
            "SHOWHOUSE_RECORDINGS at them; tests that need them are skipped without."
        )

    def __reduce__(self) -> tuple[type["RecordingsAbsentError"], tuple[Path]]:
        """Travel between processes whole."""
        return type(self), (self.folder,)


def recordings_folder() -> Path:
    """Find the recordings; raise RecordingsAbsentError where there are none."""
    named = os.environ.get("SHOWHOUSE_RECORDINGS")
    folder = Path(named) if named else ROOT.parent / "shared" / "recordings"
    if not (folder / "tmdb" / "tv_details").is_dir():
        raise RecordingsAbsentError(folder)
    return folder


class RecordedWorld:
    """The recorded series; `files` names the details to take instead of the richest."""

    def __init__(self, folder: Path | None = None, files: Mapping[int, str] | None = None) -> None:
        self.folder = (folder or recordings_folder()) / "tmdb"
        self.day = 0
        self.chosen: dict[int, str] = {}
        self._series: dict[int, dict[str, Part]] = {}
        self._things = read_things(self.folder)
        self._read_details(files or {})
        self._read_parts()
        self._read_seasons()
        self._read_season_credits()

    def series(
        self, series_id: int, revisions: Mapping[str, int] = UNTOUCHED
    ) -> Mapping[str, Part] | None:
        """Give the recorded parts of a series, edited as often as `revisions` says."""
        return self._as_of_today(self._series.get(series_id), revisions)

    def thing(
        self, kind: str, key: str, revisions: Mapping[str, int] = UNTOUCHED
    ) -> Mapping[str, Part] | None:
        """Give the recorded parts of a person."""
        return self._as_of_today(self._things.get((kind, key)), revisions)

    def _as_of_today(
        self, parts: dict[str, Part] | None, revisions: Mapping[str, int]
    ) -> dict[str, Part] | None:
        if parts is None:
            return None
        if revisions:
            parts = parts | {
                name: _edited(parts[name], count)
                for name, count in revisions.items()
                if name in parts
            }
        if self.day:
            parts = {name: _on_day(part, self.day) for name, part in parts.items()}
        return parts

    def ids(self) -> Iterable[int]:
        """List the series of which details were recorded."""
        return sorted(self._series)

    def change_logo(self, kind: str, owner_id: int) -> None:
        """Refuse: recordings are not made up."""
        raise ValueError(f"`{kind}/{owner_id}`: recorded logos do not change.")

    def _read_details(self, files: Mapping[int, str]) -> None:
        best: dict[int, tuple[int, int, int]] = {}
        for path in sorted((self.folder / "tv_details").glob("*.json")):
            document = read_recorded(path)
            if document is None or not isinstance(document.get("id"), int):
                continue
            series_id = document["id"]
            appended = sum(1 for name in document if _is_appended(name))
            rank = (path.name == files.get(series_id), appended, path.stat().st_size)
            if rank > best.get(series_id, (-1, -1, -1)):
                best[series_id] = rank
                self.chosen[series_id] = path.name
                self._series[series_id] = _split(document)

    def _read_parts(self) -> None:
        for kind, name in _ALONE.items():
            largest: dict[int, int] = {}
            for path in sorted((self.folder / kind).glob("*.json")):
                key = path.name.partition("__")[0]
                parts = self._series.get(int(key)) if key.isdigit() else None
                if parts is None or (name in parts and int(key) not in largest):
                    continue
                size = path.stat().st_size
                document = read_recorded(path)
                if document is not None and size > largest.get(int(key), -1):
                    largest[int(key)] = size
                    parts[name] = {
                        field: value for field, value in document.items() if field != "id"
                    }

    def _read_seasons(self) -> None:
        for path in sorted((self.folder / "tv_season").glob("*.json"), key=_size):
            series_id, _, number = path.name.partition("__")[0].partition("-")
            document = read_recorded(path)
            if document is not None and series_id.isdigit() and int(series_id) in self._series:
                season = {
                    field: value for field, value in document.items() if not _is_appended(field)
                }
                self._series[int(series_id)][season_name(int(number))] = season

    def _read_season_credits(self) -> None:
        """Take them from their own endpoint's answers, else from a season's with them appended."""
        appended = (self.folder / "tv_season").glob("*.json")
        alone = (self.folder / "tv_season_credits").glob("*.json")
        for path in (*sorted(appended, key=_size), *sorted(alone, key=_size)):
            series_id, _, number = path.name.partition("__")[0].partition("-")
            document = read_recorded(path)
            parts = self._series.get(int(series_id)) if series_id.isdigit() else None
            if document is None or parts is None:
                continue
            credits = document.get("credits", document)
            if "cast" in credits:
                credited = {"id": document.get("id"), **credits}
                parts[season_credits_name(int(number))] = credited


def _size(path: Path) -> int:
    return path.stat().st_size


def _is_appended(name: str) -> bool:
    return name in APPENDABLE or season_number(name) is not None


def _split(document: Part) -> dict[str, Part]:
    """Take a recorded answer apart: details here, appended parts (without the series' id) there."""
    parts = {DETAILS: {name: value for name, value in document.items() if not _is_appended(name)}}
    for name, value in document.items():
        if _is_appended(name) and isinstance(value, dict):
            keep_id = season_number(name) is not None
            parts[name] = {field: item for field, item in value.items() if keep_id or field != "id"}
    return parts


def _edited(part: Part, count: int) -> Part:
    """Change what such a part has: its text, else its list, which loses its first elements."""
    if "overview" in part:
        return part | {"overview": f"{part['overview']} Edited {count} times."}
    if "imdb_id" in part:
        return part | {"instagram_id": f"edited_{count}"}
    for name, value in part.items():
        if isinstance(value, list) and value:
            return part | {name: value[count % (len(value) + 1) :]}
        if isinstance(value, dict) and value:
            return part | {name: dict(list(value.items())[count % (len(value) + 1) :])}
    return part | {"edited": count}


def _on_day(node: Any, day: int) -> Any:
    if isinstance(node, list):
        return [_on_day(item, day) for item in node]
    if not isinstance(node, dict):
        return node
    moved = {name: _on_day(value, day) for name, value in node.items()}
    if isinstance(moved.get("popularity"), int | float):
        key = moved["id"] if isinstance(moved.get("id"), int) else 0
        moved["popularity"] = drifted(float(moved["popularity"]), day, key)
    return moved
