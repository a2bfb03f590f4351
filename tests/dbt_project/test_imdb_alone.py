"""Of series that IMDb alone has, core holds what follows from its files, field by field."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from extract.sources.imdb.datasets import DATASETS
from tests.dbt_project.expectation.comparison import differences, held
from tests.dbt_project.expectation.imdb import Files, expected
from tests.dbt_project.warehouse import Warehouse

SERIES = ("tt0000001", "tt0000002")
UNTRACKED = "tt0000003"
NAMES = tuple(f"nm000000{number}" for number in range(1, 6))
CATEGORIES = ("self", "actor", "actress", "archive_footage", "director", "producer")
TELLING = ("episodes", "show_cast", "episode_appearances")
"""What the files tell of, and are made of: all that is expected."""
ROLES = ("Self", "Self - Host", "Ash", "Birch", "Self (archive footage)")


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    scratch: Path = tmp_path_factory.mktemp("dbt")
    return Warehouse(module_database, scratch)


def _files(chance: Random) -> Files:
    """Rows of a few series with episodes in any place, of whom some credit somebody unnamed."""
    files: dict[str, list[dict[str, str | None]]] = {name: [] for name in DATASETS}
    for number in range(12):
        episode = f"tt10000{number:02d}"
        place = {
            "seasonNumber": chance.choice(("0", "1", "1", "2", None)),
            "episodeNumber": chance.choice(("1", "2", "3", None)),
        }
        parent = chance.choice((*SERIES, UNTRACKED))
        files["imdb_title_episode"].append({"tconst": episode, "parentTconst": parent, **place})
        if chance.random() < 0.8:
            _describe(chance, files, episode, "tvEpisode")
    for title in (*SERIES, UNTRACKED):
        _describe(chance, files, title, "tvSeries")
    for title in (str(row["tconst"]) for row in [*files["imdb_title_basics"]]):
        for ordering in range(chance.randint(0, 4)):
            names = json.dumps(chance.sample(ROLES, chance.randint(1, 2)))
            files["imdb_title_principals"].append(
                {
                    "tconst": title,
                    "ordering": str(ordering),
                    "nconst": chance.choice(NAMES),
                    "category": chance.choice(CATEGORIES),
                    "characters": chance.choice((None, names)),
                }
            )
    files["imdb_name_basics"] = [
        {"nconst": name, "primaryName": f"N. {name}", "birthYear": chance.choice(("1980", None))}
        for name in NAMES[1:]
    ]
    return files


def _describe(chance: Random, files: Any, title: str, kind: str) -> None:
    minutes = chance.choice(("42", "0", None))
    told = {"titleType": kind, "primaryTitle": f"Of {title}", "runtimeMinutes": minutes}
    files["imdb_title_basics"].append({"tconst": title, **told})
    if chance.random() < 0.5:
        votes = {"averageRating": chance.choice(("7.5", "8.0")), "numVotes": "12"}
        files["imdb_title_ratings"].append({"tconst": title, **votes})


def _land(warehouse: Warehouse, files: Files, chance: Random, share: float) -> None:
    warehouse.answer(
        {
            (name, DATASETS[name].key(row)): row
            for name, rows in files.items()
            for row in rows
            if chance.random() < share
        }
    )


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_core_says_field_by_field_what_the_files_say(warehouse: Warehouse, seed: int) -> None:
    warehouse.forget()
    chance = Random(seed)
    files = _files(chance)
    warehouse.answer(
        {
            ("showhouse_tracked_shows", f"imdb:{title}"): {"imdb_id": title, "is_tracked": True}
            for title in SERIES
        }
    )
    for share in (0.6, 1):  # what comes late finds its place
        _land(warehouse, files, chance, share)
        warehouse.build(*TELLING)
    for table, rows in expected(files, SERIES).items():
        assert rows, "nothing was expected, so the comparison says nothing"
        assert differences(table, held(warehouse, table), rows) == [], table
