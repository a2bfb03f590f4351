"""Recorded answers of what stands on its own: so far as somebody recorded its details."""

from pathlib import Path

import orjson

from tests.tmdb.world import DETAILS, THINGS, Part

_NOT_ASKED_FOR = frozenset({"changes", "combined_credits", "movie_credits", "tv_credits"})

_FOLDERS = {"episode_group": "episode_group"}


def read_things(folder: Path) -> dict[tuple[str, str], dict[str, Part]]:
    """Read the largest details of each, its appended parts, and the parts recorded alone."""
    found: dict[tuple[str, str], dict[str, Part]] = {}
    for kind, names in THINGS.items():
        for key, document in _recorded(folder / _FOLDERS.get(kind, f"{kind}_details")):
            if str(document.get("id")) == key:
                details = {
                    field: value
                    for field, value in document.items()
                    if field not in names | _NOT_ASKED_FOR
                }
                appended = {name: document[name] for name in names if name in document}
                found[kind, key] = {DETAILS: details, **appended}
        for name in names:
            for key, document in _recorded(folder / f"{kind}_{name}"):
                if (kind, key) in found and name not in found[kind, key]:
                    document.pop("id", None)
                    found[kind, key][name] = document
    return found


def read_recorded(path: Path) -> Part | None:
    """Read a file that holds one JSON object; None for any other."""
    try:
        document = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None


def _recorded(folder: Path) -> list[tuple[str, Part]]:
    """Give the documents of a folder by key, the smallest first: the largest overwrites."""
    paths = sorted(folder.glob("*.json"), key=lambda path: (path.stat().st_size, path.name))
    read = [(path.name.partition("__")[0], read_recorded(path)) for path in paths]
    return [(key, document) for key, document in read if document is not None]
