"""What stands on its own, as it changes upstream: edited, deleted, merged, parts missing."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson

from tests.tmdb.world import DETAILS, THINGS, Part, World

Name = tuple[str, str]
"""A kind and a key: `("person", "287")`."""


class Things:
    """The things of a world and everything that was done to them; its verbs are the back door's."""

    def __init__(self, world: World, now: Callable[[], datetime]) -> None:
        self.edits: list[tuple[datetime, int]] = []
        """When which person was edited: what the change feed tells."""
        self._world, self._now = world, now
        self._merged: dict[int, Part] = {}
        self._deleted: set[Name] = set()
        self._revisions: dict[Name, dict[str, int]] = {}
        self._removed: dict[Name, set[str]] = {}
        self._overrides: dict[Name, dict[str, Part]] = {}

    def thing(self, kind: str, key: str) -> Mapping[str, Part] | None:
        """Give the parts of a thing as they stand now, None where there is none."""
        name = (kind, key)
        if kind not in THINGS or name in self._deleted:
            return None
        parts = self._world.thing(kind, key, self._revisions.get(name, {}))
        if parts is None:
            return None
        removed, overrides = self._removed.get(name, set()), self._overrides.get(name, {})
        return {
            part: content | overrides.get(part, {})
            for part, content in parts.items()
            if part not in removed
        }

    def touch_thing(self, kind: str, key: str, parts: Iterable[str] = (DETAILS,)) -> None:
        """Edit the named parts."""
        revisions = self._revisions.setdefault((kind, key), {})
        for part in parts:
            revisions[part] = revisions.get(part, 0) + 1
        self._edited(kind, key)

    def delete_thing(self, kind: str, key: str) -> None:
        """Let it answer 404."""
        self._deleted.add((kind, key))
        self._edited(kind, key)

    def return_thing(self, kind: str, key: str) -> None:
        """Bring it back as it was."""
        self._deleted.discard((kind, key))
        self._edited(kind, key)

    def remove_thing_part(self, kind: str, key: str, part: str) -> None:
        """Leave a part out of all answers."""
        self._removed.setdefault((kind, key), set()).add(part)
        self._edited(kind, key)

    def override_thing(self, kind: str, key: str, part: str, fields: Mapping[str, Any]) -> None:
        """Write values over a part's own."""
        self._overrides.setdefault((kind, key), {}).setdefault(part, {}).update(fields)
        self._edited(kind, key)

    def merge_person(self, gone: int, into: int) -> None:
        """Let a person answer 404 (belief `merged_person_is_404`), and credits name another."""
        self.delete_thing("person", str(gone))
        parts = self.thing("person", str(into))
        if parts is None:
            raise ValueError(f"there is no person {into}")
        told = ("id", "name", "original_name", "profile_path", "gender", "known_for_department")
        self._merged[gone] = {name: parts[DETAILS][name] for name in told if name in parts[DETAILS]}

    def with_merged(self, value: Any) -> Any:
        """Credit those into whom others were merged in their place, wherever a value does."""
        if not self._merged:
            return value
        if isinstance(value, list):
            return [self.with_merged(each) for each in value]
        if not isinstance(value, dict):
            return value
        whole = {name: self.with_merged(inner) for name, inner in value.items()}
        is_credit = not value.keys().isdisjoint(("credit_id", "roles", "jobs"))
        return whole | self._merged.get(value.get("id", 0), {}) if is_credit else whole

    def _edited(self, kind: str, key: str) -> None:
        if kind == "person":
            self.edits.append((self._now(), int(key)))

    def body(self, kind: str, key: str, part: str, appended: Iterable[str] = ()) -> bytes | None:
        """Give details with appended parts, or one part as its own endpoint answers it."""
        parts = self.thing(kind, key)
        if parts is None or part not in parts:
            return None
        if part != DETAILS:
            return orjson.dumps({"id": int(key), **parts[part]})
        known = [name for name in appended if name in THINGS[kind] and name in parts]
        return orjson.dumps(parts[DETAILS] | {name: parts[name] for name in known})
