"""`showhouse export`: every row of a mart, in files that say what they are."""

import csv
import gzip
import hashlib
import json
from datetime import UTC, date, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

import flows.export
from extract.mirror.folder import FolderStore
from extract.postgres.connections import connect
from flows.export import MartUnknown, export_marts

MARTS = """
create schema marts;
create table marts.shows_told (id integer, name text, genres text[], is_active boolean, at date);
insert into marts.shows_told values
    (1, 'He said "no", then
left', '{Drama,"Sci-Fi, Fantasy"}', true, '2008-01-20'),
    (2, '', '{}', null, null),
    (3, null, null, false, null),
    (4, E'\\ufffd東京', '{NULL}', true, '0001-01-01');
create view marts.names as select id, name from marts.shows_told;
create table marts.empty (id integer);
create table marts.show_documents (id integer, document text);
create table marts.source_freshness (attribution text);
insert into marts.source_freshness values ('Data by TMDb.'), ('Data by TMDb.'), (null);
"""


@pytest.fixture
def url(empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with a few marts, which a project's models make."""
    models = tmp_path / "models"
    models.mkdir()
    for name in ("shows_told", "names", "empty", "show_documents", "source_freshness", "typed"):
        (models / f"{name}.sql").touch()
    monkeypatch.setattr(flows.export, "MODELS", models)
    with connect(empty_database) as connection:
        connection.execute(MARTS)
    return empty_database


def _rows(folder: Path, mart: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for path in sorted(folder.glob(f"{mart}-*.csv.gz")):
        header, *others = csv.reader(gzip.decompress(path.read_bytes()).decode().splitlines(True))
        assert header[0] == "id"
        rows += others
    return rows


def _manifest(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return told


def test_every_row_is_exported_as_it_stands(url: str, tmp_path: Path) -> None:
    export_marts(url, tmp_path)
    assert sorted(_rows(tmp_path, "shows_told")) == [
        ["1", 'He said "no", then\nleft', '["Drama","Sci-Fi, Fantasy"]', "t", "2008-01-20"],
        ["2", "", "[]", "", ""],
        ["3", "", "", "f", ""],
        ["4", "\ufffd東京", "[null]", "t", "0001-01-01"],
    ]
    text = gzip.decompress((tmp_path / "shows_told-0001.csv.gz").read_bytes()).decode()
    assert '2,"",[],,' in text, "an empty text is not null"
    assert len(_rows(tmp_path, "names")) == 4
    assert _rows(tmp_path, "empty") == []


def test_parquet_holds_the_same_rows_with_their_types(url: str, tmp_path: Path) -> None:
    with connect(url) as connection:
        connection.execute(
            "create table marts.typed as select 1.5::numeric(4, 1) as vote, 2::bigint as number,"
            " '2024-05-01 12:00:00.25+02'::timestamptz as told_at, gen_random_uuid() as id"
            " union all select null, null, null, null"
        )
    export_marts(url, tmp_path, form="parquet")
    shows = parquet.read_table(tmp_path / "shows_told-0001.parquet")
    assert sorted(shows.to_pylist(), key=itemgetter("id")) == [
        {
            "id": 1,
            "name": 'He said "no", then\nleft',
            "genres": '["Drama","Sci-Fi, Fantasy"]',
            "is_active": True,
            "at": date(2008, 1, 20),
        },
        {"id": 2, "name": "", "genres": "[]", "is_active": None, "at": None},
        {"id": 3, "name": None, "genres": None, "is_active": False, "at": None},
        {"id": 4, "name": "\ufffd東京", "genres": "[null]", "is_active": True, "at": date(1, 1, 1)},
    ]
    typed = parquet.read_table(tmp_path / "typed-0001.parquet")
    first, second = sorted(typed.to_pylist(), key=lambda row: row["number"] is None)
    assert (first["vote"], first["number"], len(first["id"])) == (1.5, 2, 36)
    assert first["told_at"] == datetime(2024, 5, 1, 10, 0, 0, 250_000, tzinfo=UTC)
    assert set(second.values()) == {None}
    assert parquet.read_table(tmp_path / "empty-0001.parquet").num_rows == 0


def test_the_manifest_tells_what_is_there_and_to_whom_it_is_owed(url: str, tmp_path: Path) -> None:
    export_marts(url, tmp_path)
    told = _manifest(tmp_path)
    assert told["attribution"] == ["Data by TMDb."]
    marts = {mart["mart"]: mart for mart in told["marts"]}
    assert marts.keys() == {"shows_told", "names", "empty", "source_freshness"}
    assert marts["shows_told"]["row_count"] == 4
    assert marts["shows_told"]["columns"][2] == {"name": "genres", "type": "text[]"}
    for mart in marts.values():
        for part in mart["parts"]:
            body = (tmp_path / part["name"]).read_bytes()
            assert (part["bytes"], part["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())


def test_a_large_mart_is_several_files_with_a_header_each(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.export, "PART_BYTES", 60)
    (mart,) = export_marts(url, tmp_path, marts=["shows_told"])
    assert len(mart.parts) > 1
    assert sorted(row[0] for row in _rows(tmp_path, "shows_told")) == ["1", "2", "3", "4"]


def test_an_export_goes_into_the_store_as_well(url: str, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    export_marts(url, tmp_path / "here", marts=["names", "show_documents"], store=store)
    kept = {item.key.rpartition("/")[2] for item in store.objects("exports/")}
    assert kept == {"names-0001.csv.gz", "show_documents-0001.csv.gz", "manifest.json"}
    (held,) = (tmp_path / "store").rglob("names-0001.csv.gz")
    assert held.read_bytes() == (tmp_path / "here" / "names-0001.csv.gz").read_bytes()


def test_what_is_no_mart_is_refused_and_nothing_is_touched(url: str, tmp_path: Path) -> None:
    export_marts(url, tmp_path, marts=["names"])
    with pytest.raises(MartUnknown, match="There are empty, names"):
        export_marts(url, tmp_path, marts=["names; drop table marts.names"])
    assert _manifest(tmp_path)["marts"][0]["mart"] == "names"


def test_without_marts_it_says_how_to_make_them(empty_database: str, tmp_path: Path) -> None:
    with pytest.raises(MartUnknown, match="Run `showhouse build` first"):
        export_marts(empty_database, tmp_path)
