"""What the sample has of IMDb and of a wiki: facts as those sources give them."""

from pathlib import Path

import pytest

from extract.canonical import read
from extract.parsers.fandom import read_page
from extract.sample import WIKI_SERIES, answer, answer_file, answer_wiki
from extract.sample.facts import facts
from extract.sources.imdb.datasets import DATASETS, Dataset
from extract.sources.imdb.rows import Row, Rows


def _rows(dataset: Dataset, folder: Path) -> list[Row]:
    status, headers, body = answer_file(f"/{dataset.file}")
    assert (status, headers) == (200, answer_file(f"/{dataset.file}")[1])
    file = folder / dataset.file
    file.write_bytes(body)
    read = Rows(file, dataset, None)
    found = list(read)
    assert found and read.refused == []
    return found


def test_every_file_of_imdbs_has_rows_of_a_series_of_the_sample(tmp_path: Path) -> None:
    rows = {
        name: _rows(dataset, tmp_path)
        for name, dataset in DATASETS.items()
        if name != "imdb_title_basics"
    }
    (parent,) = {row["parentTconst"] for row in rows["imdb_title_episode"]}
    series = [
        show for show in facts().shows.values() if show.get("ids", {}).get("imdb_id") == parent
    ]
    assert len(series) == 1
    titles = {parent} | {row["tconst"] for row in rows["imdb_title_episode"]}
    named = {row["nconst"] for row in rows["imdb_title_principals"]}
    assert {row["tconst"] for row in rows["imdb_title_principals"]} <= titles
    assert named <= {row["nconst"] for row in rows["imdb_name_basics"]}
    known = {row["imdb_id"] for row in facts().lives.values()}
    assert named & known, "nobody would be joined"
    assert named - known, "nobody would be IMDb's alone"


@pytest.mark.parametrize("path", ["/title.films.tsv.gz", "/title.basics.tsv", "/../facts.py", "/"])
def test_no_other_file_is_there(path: str) -> None:
    assert answer_file(path)[0] == 404


def test_the_wiki_has_a_page_of_somebody_in_the_cast_of_its_series() -> None:
    credits = read(answer(f"/tv/{WIKI_SERIES}/aggregate_credits")[2])
    names = [member["name"] for member in credits["cast"]]
    asked = {"action": "query", "prop": "info", "titles": "|".join({*names, "Nobody"})}
    told = read(answer_wiki("/api.php", asked)[2])["query"]["pages"]
    assert len(told) == len({*names, "Nobody"})
    (hit,) = [each for each in told if not each.get("missing")]
    page = read(answer_wiki("/api.php", {"action": "parse", "pageid": str(hit["pageid"])})[2])
    profile = read_page(page["parse"]["text"])
    assert (profile["name"], profile["birth_date"]) == (hit["title"], "1961-11-04")
    assert "error" in read(answer_wiki("/api.php", {"action": "parse", "pageid": "1"})[2])
