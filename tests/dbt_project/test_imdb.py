"""What IMDb's datasets say stands in core, under the show that TMDb claims to be the same."""

import csv
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from extract.sources.imdb.datasets import DATASETS, IMDB
from extract.sources.imdb.rows import Numbers, Rows
from tests.dbt_project.lives import give_back
from tests.dbt_project.warehouse import Warehouse
from tests.tmdb.recordings import RecordingsAbsentError, recordings_folder

SHOW = "select imdb_title, imdb_rating_value, imdb_start_year, imdb_fetched_at is null"
EPISODES = (
    "select tmdb_episode_id, imdb_episode_id, title, title_source, imdb_rating_value"
    " from core.episodes order by 1"
)
BUILT = ("show_documents", "season_documents")
"""What tells of shows and of episodes."""
STAGED = {
    "imdb_title_basics": "titles",
    "imdb_title_ratings": "ratings",
    "imdb_title_episode": "episodes",
    "imdb_title_akas": "alternative_titles",
    "imdb_title_crew": "crew",
    "imdb_title_principals": "principals",
    "imdb_name_basics": "people",
}
RECORDED = [*(("pimdb", name) for name in DATASETS)]
RECORDED += [("kashery", name) for name in ("imdb_title_basics", "imdb_title_ratings")]


@pytest.fixture(scope="module")
def warehouse(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(module_database, tmp_path_factory.mktemp("dbt"))


def _title(key: str, name: str, kind: str, rating: str) -> dict[tuple[str, str], Any]:
    basics = {"tconst": key, "titleType": kind, "primaryTitle": name, "startYear": "2001"}
    ratings = {"tconst": key, "averageRating": rating, "numVotes": "12"}
    return {("imdb_title_basics", key): basics, ("imdb_title_ratings", key): ratings}


def _episode(key: str, parent: str, number: int) -> dict[tuple[str, str], Any]:
    place = {"seasonNumber": "1", "episodeNumber": str(number)}
    return {("imdb_title_episode", key): {"tconst": key, "parentTconst": parent, **place}}


def _document(warehouse: Warehouse, table: str) -> Any:
    ((text,),) = warehouse.rows(f"select document from marts.{table}")
    return json.loads(text)


def test_a_row_of_imdb_changes_the_show_that_it_is_of_and_nothing_needs_tmdb_to_change(
    warehouse: Warehouse,
) -> None:
    series = {"id": 101, "name": "A", "seasons": [{"id": 1, "season_number": 1}]}
    entries = [{"id": 10 + n, "episode_number": n, "name": "" if n == 2 else "E"} for n in (1, 2)]
    season = {"id": 1, "season_number": 1, "episodes": entries}
    warehouse.answer(
        {
            ("tmdb_tv_details", "101"): series,
            ("tmdb_tv_external_ids", "101"): {"id": 101, "imdb_id": "tt0000101"},
            ("tmdb_tv_seasons", "101/season/1"): season,
        }
    )
    warehouse.build(*BUILT)
    assert warehouse.rows(f"{SHOW} from core.shows") == [(None, None, None, True)]
    assert len(_document(warehouse, "show_documents")["attribution"]) == 2

    warehouse.answer(_title("tt0000101", "Ay", "tvSeries", "8.5"))
    warehouse.answer(_episode("tt0000999", "tt0000101", 2))
    warehouse.answer(_title("tt0000999", "Pilot", "tvEpisode", "7.5"))
    warehouse.build(*BUILT)
    ((title, rating, year, _),) = warehouse.rows(f"{SHOW} from core.shows")
    assert (title, float(rating), year) == ("Ay", 8.5, 2001)
    first, second = warehouse.rows(EPISODES)
    assert first[1:] == (None, "E", "tmdb", None)
    assert second[1:4] == ("tt0000999", "Pilot", "imdb")
    for table in ("show_documents", "season_documents"):
        assert IMDB.attribution in _document(warehouse, table)["attribution"], table
    assert _document(warehouse, "show_documents")["ratings"]["imdb"]["average"] == 8.5

    warehouse.answer(_title("tt0000999", "Pilot", "tvEpisode", "1.5"))
    warehouse.build(*BUILT)
    assert float(warehouse.rows(EPISODES)[1][4]) == 1.5
    warehouse.answer(_episode("tt0000999", "tt0000102", 2))  # another series' by now
    warehouse.build(*BUILT)
    assert warehouse.rows(EPISODES)[1][1:4] == (None, None, None)
    assert IMDB.attribution not in _document(warehouse, "season_documents")["attribution"]


def test_a_saved_page_goes_before_tmdb_for_what_happens_and_fills_what_nobody_says(
    warehouse: Warehouse,
) -> None:
    warehouse.forget()
    entry = {"id": 11, "episode_number": 1, "name": "Of TMDb", "overview": "Theirs."}
    season = {"id": 1, "season_number": 1, "episodes": [entry]}
    told = {"imdb_id": "tt0000999", "season_number": 1, "episode_number": 1, "title": "Of IMDb"}
    page = {"episodes": [told | {"overview": "Ours.", "air_date": "2001-02-03"}]}
    warehouse.answer(
        {
            ("tmdb_tv_details", "101"): {"id": 101, "name": "A", "overview": ""},
            ("tmdb_tv_external_ids", "101"): {"id": 101, "imdb_id": "tt0000101"},
            ("tmdb_tv_seasons", "101/season/1"): season,
        }
    )
    warehouse.build(*BUILT)
    title = {"kind": "title", "content_rating": "TV-MA", "description": "What happens."}
    warehouse.answer({("imdb_parsed_pages", "tt0000101/title"): title})
    warehouse.answer({("imdb_parsed_pages", "tt0000101/episodes/1"): page})
    warehouse.build(*BUILT)
    shown = "select imdb_content_rating, description from core.shows"
    assert warehouse.rows(shown) == [("TV-MA", "What happens.")]
    episodes = "select imdb_episode_id, title, title_source, overview, air_date::text"
    assert warehouse.rows(f"{episodes} from core.episodes") == [
        ("tt0000999", "Of IMDb", "imdb", "Ours.", "2001-02-03")
    ]


def test_a_rating_comes_and_goes_for_an_episode_whose_number_only_a_page_tells(
    warehouse: Warehouse,
) -> None:
    warehouse.forget()
    entry = {"id": 11, "episode_number": 1, "name": ""}
    told = {"imdb_id": "tt0000999", "season_number": 1, "episode_number": 1}
    warehouse.answer(
        {
            ("tmdb_tv_details", "101"): {"id": 101, "name": "A"},
            ("tmdb_tv_external_ids", "101"): {"id": 101, "imdb_id": "tt0000101"},
            ("tmdb_tv_seasons", "101/season/1"): {"id": 1, "season_number": 1, "episodes": [entry]},
            ("imdb_parsed_pages", "tt0000101/episodes/1"): {"episodes": [told]},
        }
    )
    warehouse.build(*BUILT)
    shown = "select imdb_episode_id, title, imdb_rating_value::float from core.episodes"
    assert warehouse.rows(shown) == [("tt0000999", None, None)]

    load_id = warehouse.answer(_title("tt0000999", "Pilot", "tvEpisode", "7.5"))
    warehouse.build(*BUILT)
    assert warehouse.rows(shown) == [("tt0000999", "Pilot", 7.5)]
    assert _document(warehouse, "season_documents")["episodes"][0]["imdb_rating_value"] == 7.5

    give_back(warehouse, load_id)
    warehouse.build(*BUILT)
    assert warehouse.rows(shown) == [("tt0000999", None, None)]


def test_an_episode_that_a_partial_page_leaves_out_stays_as_the_files_say(
    warehouse: Warehouse,
) -> None:
    warehouse.forget()
    named = [{"id": 10 + n, "episode_number": n, "name": f"T{n}"} for n in (1, 2, 3)]
    warehouse.answer(
        {
            ("tmdb_tv_details", "101"): {"id": 101, "name": "A"},
            ("tmdb_tv_external_ids", "101"): {"id": 101, "imdb_id": "tt0000101"},
            ("tmdb_tv_seasons", "101/season/1"): {"id": 1, "season_number": 1, "episodes": named},
        }
    )
    for number in (1, 2):
        key = f"tt000020{number}"
        warehouse.answer(_episode(key, "tt0000101", number))
        warehouse.answer(_title(key, f"I{number}", "tvEpisode", "7.5"))
    told = {"imdb_id": "tt0000201", "season_number": 1, "episode_number": 1, "title": "Page"}
    page = {"kind": "episodes", "is_partial": True, "total_count": 3, "episodes": [told]}
    warehouse.answer({("imdb_parsed_pages", "tt0000101/episodes/1"): page})
    warehouse.build(*BUILT)
    shown = "select imdb_episode_id, title from core.episodes order by episode_number"
    assert warehouse.rows(shown) == [("tt0000201", "Page"), ("tt0000202", "T2"), (None, "T3")]


def _as_staged(name: str, value: str | None) -> Any:
    """What a field holds, in our terms, by its column's name."""
    if value is None or name in ("characters",):
        return value
    if name.startswith("is"):
        return {"0": False, "1": True}[value]
    if name == "averageRating":
        return float(value)
    is_number = name.endswith(("Year", "Number", "Minutes", "Votes")) or name == "ordering"
    if is_number:
        return int(value)
    if name in ("genres", "directors", "writers", "primaryProfession", "knownForTitles"):
        return [part for part in value.split(",") if part]
    return value.strip() or None


@pytest.fixture
def recorded() -> Path:
    try:
        return recordings_folder() / "imdb" / "dataset"
    except RecordingsAbsentError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(("folder", "name"), RECORDED)
def test_recorded_rows_are_staged_field_by_field(
    warehouse: Warehouse, recorded: Path, tmp_path: Path, folder: str, name: str
) -> None:
    path = recorded / folder / DATASETS[name].file.removesuffix(".gz")
    dataset, packed = DATASETS[name], tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    with path.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        expected = [{k: None if v == r"\N" else v for k, v in row.items()} for row in reader]
    rows = Rows(packed, dataset, Numbers(str(row[dataset.wanted_by]) for row in expected))
    landed = list(rows)
    assert landed == expected
    assert (rows.row_count, rows.refused_count) == (len(expected), 0)
    warehouse.execute(f"truncate raw.{name}")
    warehouse.answer({(name, dataset.key(row)): row for row in landed})
    model = f"staging.stg_imdb__{STAGED[name]}"
    warehouse.dbt("run", "--select", model.removeprefix("staging."))
    columns = "imdb_person_id" if name == "imdb_name_basics" else "imdb_title_id"
    place = ", position" if dataset.is_ordered else ""
    staged = warehouse.rows(f"select * from {model} order by {columns}{place}")
    order = sorted(landed, key=lambda row: (row[dataset.columns[0]], int(row.get("ordering") or 0)))
    assert len(staged) == len(order)
    for values, row in zip(staged, order, strict=True):
        told = [float(v) if type(v).__name__ == "Decimal" else v for v in values]
        assert told.pop() == [], "a value did not fit its type"
        for column, value in row.items():
            if column == "characters":
                names = re.findall(r'"((?:[^"\\]|\\.)+)"', value or "")
                assert [each.replace(r"\"", '"') for each in names] in told
            elif (meant := _as_staged(column, value)) is not None:
                assert meant in told, (column, value, told)
