"""Reads the fact files of the sample: TOML for series, CSV for everything that repeats.

The files hold facts (names, numbers, dates, identifiers) and short descriptions of our own; see
README.md beside this module for their columns and for the identifiers that are made up.
"""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Row = Mapping[str, str]
Show = Mapping[str, Any]

FOLDER = files(__package__) / "facts"
SHOW_FILES = ("scripted.toml", "reality.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the sample knows, indexed by the identifier that TMDb would ask by."""

    shows: Mapping[int, Show]
    seasons: Mapping[int, Mapping[int, Row]]  # series → season number
    episodes: Mapping[tuple[int, int], Mapping[int, Row]]  # series, season → episode number
    credits: Mapping[tuple[int, str, str], list[Row]]  # series, season, episode ("" = whole series)
    availability: Mapping[int, list[Row]]
    people: Mapping[int, Row]
    lives: Mapping[int, Row]  # of some of the people
    networks: Mapping[int, Row]
    companies: Mapping[int, Row]
    providers: Mapping[int, Row]
    genres: Mapping[str, str]
    countries: Mapping[str, str]
    languages: Mapping[str, Row]


@cache
def facts() -> Facts:
    """The fact files, read once per process."""
    return Facts(
        shows={show["id"]: show for name in SHOW_FILES for show in _shows(name)},
        seasons=_nested(_rows("seasons.csv")),
        episodes=_episodes(_rows("episodes.csv")),
        credits=_credits(_rows("credits.csv")),
        availability=_by_show(_rows("availability.csv")),
        people=_by_id(_rows("people.csv")),
        lives=_by_id(_rows("lives.csv")),
        networks=_by_id(_rows("networks.csv")),
        companies=_by_id(_rows("companies.csv")),
        providers=_by_id(_rows("providers.csv")),
        genres={row["code"]: row["name"] for row in _rows("genres.csv")},
        countries={row["code"]: row["name"] for row in _rows("countries.csv")},
        languages={row["code"]: row for row in _rows("languages.csv")},
    )


def number(text: str) -> int | None:
    """A whole number, or None for an empty cell."""
    return int(text) if text else None


def _shows(name: str) -> list[Show]:
    return list(tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["show"])


def _rows(name: str) -> list[Row]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _by_id(rows: Iterable[Row]) -> dict[int, Row]:
    return {int(row["id"]): row for row in rows}


def _by_show(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[int(row["show"])].append(row)
    return found


def _nested(rows: Iterable[Row]) -> dict[int, dict[int, Row]]:
    found: defaultdict[int, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        found[int(row["show"])][int(row["season"])] = row
    return found


def _episodes(rows: Iterable[Row]) -> dict[tuple[int, int], dict[int, Row]]:
    found: defaultdict[tuple[int, int], dict[int, Row]] = defaultdict(dict)
    for row in rows:
        found[int(row["show"]), int(row["season"])][int(row["episode"])] = row
    return found


def _credits(rows: Iterable[Row]) -> dict[tuple[int, str, str], list[Row]]:
    found: defaultdict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[int(row["show"]), row["season"], row["episode"]].append(row)
    return found
