"""Values that a careless program breaks on, put into otherwise healthy parts.

Each kind is a list of places: in which part, at which path, what is written there. ``*`` is the
first element of a list, the part ``season`` stands for every season, ``season_credits`` for the
credits of every season.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.tmdb.chance import mix, tag
from tests.tmdb.world import Part, credited_season, season_number

Place = tuple[str, tuple[str, ...], Any]

_HUGE = "A very long story. " * 60_000
_OVERFLOW = orjson.Fragment(b"1e400")
_SURROGATE = orjson.Fragment(b'"half a \\ud800 pair"')

HOSTILE: Mapping[str, tuple[Place, ...]] = {
    "nul": (
        ("details", ("overview",), "before\u0000after"),
        ("details", ("networks", "*", "name"), "\u0000"),
        ("season", ("episodes", "*", "name"), "Pilot\u0000"),
        ("keywords", ("results", "*", "name"), "nul\u0000"),
        ("season_credits", ("cast", "*", "character"), "nul\u0000"),
    ),
    "impossible_date": (
        ("details", ("first_air_date",), "2024-02-30"),
        ("details", ("last_air_date",), "0000-00-00"),
        ("season", ("air_date",), "2024-13-01"),
        ("season", ("episodes", "*", "air_date"), "2024-02-30"),
    ),
    "word_for_number": (
        ("details", ("number_of_episodes",), "abc"),
        ("details", ("vote_average",), "good"),
        ("details", ("seasons", "*", "episode_count"), "abc"),
        ("season", ("episodes", "*", "runtime"), "abc"),
        ("season_credits", ("cast", "*", "order"), "abc"),
    ),
    "fraction_for_integer": (
        ("details", ("number_of_seasons",), 12.0),
        ("details", ("vote_count",), 12.5),
        ("season", ("episodes", "*", "runtime"), 12.0),
        ("external_ids", ("tvdb_id",), 12.0),
    ),
    "overflow": (
        ("details", ("vote_average",), _OVERFLOW),
        ("details", ("number_of_episodes",), 99_999_999_999_999),
        ("season", ("episodes", "*", "vote_count"), _OVERFLOW),
    ),
    "object_for_array": (
        ("details", ("networks",), {"id": 1}),
        ("details", ("genres",), {}),
        ("season", ("episodes",), {"0": {"id": 1}}),
        ("keywords", ("results",), {"id": 1}),
        ("aggregate_credits", ("cast",), "nobody"),
        ("season_credits", ("cast",), {"id": 1}),
    ),
    "array_for_object": (
        ("watch/providers", ("results",), ["US"]),
        ("keywords", ("results",), {}),
        ("details", ("last_episode_to_air",), [1]),
        ("translations", ("translations", "*", "data"), []),
    ),
    "strangers_in_array": (
        ("details", ("genres",), [1, "x", None, [], True]),
        ("details", ("origin_country",), [1, None, {}]),
        ("credits", ("cast",), [None, 5, "x"]),
        ("season_credits", ("cast",), [None, 5, "x"]),
        ("content_ratings", ("results",), ["x", {"rating": 5}]),
    ),
    "huge_string": (
        ("details", ("overview",), _HUGE),
        ("season", ("episodes", "*", "overview"), _HUGE),
    ),
    "half_surrogate": (("details", ("tagline",), _SURROGATE),),
}
"""Every kind of hostility by name."""

HOSTILE_KINDS = tuple(kind for kind in HOSTILE if kind != "half_surrogate")
"""The kinds used when none are named: all that are JSON by the letter of every parser."""

_KIND = tag("hostile")


def chosen_kind(seed: int, series_id: int, share: float, kinds: tuple[str, ...]) -> str | None:
    """Say which hostility a series has when `share` of all have one; None for a healthy one."""
    bits = mix(seed, _KIND, series_id)
    return kinds[(bits >> 24) % len(kinds)] if bits % 1_000_000 < share * 1_000_000 else None


def heading(name: str) -> str:
    """Say under which name the places of a part stand."""
    if season_number(name) is not None:
        return "season"
    return "season_credits" if credited_season(name) is not None else name


def make_hostile(kind: str, name: str, part: Part) -> Part:
    """Give a copy of a part with the kind's values written where it has the place for them."""
    for place, path, value in HOSTILE[kind]:
        if place == heading(name):
            part = write_at(part, path, value)
    return part


def write_at(node: Any, path: tuple[str, ...], value: Any) -> Any:
    """Write into a copy, shared pieces stay; a path that leads nowhere changes nothing."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if head == "*":
        return (
            [write_at(node[0], rest, value), *node[1:]] if isinstance(node, list) and node else node
        )
    if not isinstance(node, dict) or (rest and head not in node):
        return node
    return {**node, head: write_at(node.get(head), rest, value)}
