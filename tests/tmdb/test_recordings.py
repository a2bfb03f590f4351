"""The recordings are served as they were recorded; without them these tests are skipped."""

from pathlib import Path

import orjson
import pytest

from tests.tmdb.asking import ask
from tests.tmdb.options import Options
from tests.tmdb.recordings import RecordedWorld, RecordingsAbsentError, recordings_folder
from tests.tmdb.server import tmdb_process, tmdb_server


@pytest.fixture
def folder() -> Path:
    try:
        return recordings_folder() / "tmdb"
    except RecordingsAbsentError as absent:
        pytest.skip(str(absent))


def test_every_series_with_recorded_details_is_served_as_recorded(folder: Path) -> None:
    world = RecordedWorld()
    recorded = {int(path.name.partition("__")[0]) for path in (folder / "tv_details").iterdir()}
    assert list(world.ids()) == sorted(recorded)
    with tmdb_server(Options(world="recordings")) as tmdb:
        for series_id, name in world.chosen.items():
            original = orjson.loads((folder / "tv_details" / name).read_bytes())
            appended = {"aggregate_credits", "credits", "external_ids", "similar", "videos"}
            appended &= original.keys()
            answer = ask(
                tmdb,
                f"/3/tv/{series_id}?append_to_response={','.join(sorted(appended))}"
                "&include_video_language=en,ru",
            ).json()
            for part in appended:
                original[part].pop("id", None)
                assert answer.pop(part) == original.pop(part)
            assert answer.items() <= original.items()


def test_parts_recorded_alone_are_appended_and_answered_with_the_id(folder: Path) -> None:
    with tmdb_server(Options(world="recordings")) as tmdb:
        answer = ask(
            tmdb, "/3/tv/1399?append_to_response=watch/providers,season/1,season/2,keywords"
        ).json()
        assert answer["watch/providers"]["results"]
        assert "id" not in answer["watch/providers"]
        assert answer["season/1"]["season_number"] == 1
        assert "season/2" not in answer
        assert ask(tmdb, "/3/tv/1399/watch/providers").json()["id"] == 1399


def test_a_series_without_recorded_details_is_unknown(folder: Path) -> None:
    with tmdb_server(Options(world="recordings")) as tmdb:
        assert ask(tmdb, "/3/tv/100088").status == 404


def test_a_given_recording_can_be_chosen(folder: Path) -> None:
    name = "1399__tomitolive-tomito.json"
    with tmdb_server(Options(world="recordings", recorded_files={1399: name})) as tmdb:
        original = orjson.loads((folder / "tv_details" / name).read_bytes())
        assert ask(tmdb, "/3/tv/1399").json()["name"] == original["name"]


def test_recordings_can_be_touched_and_drift(folder: Path) -> None:
    with tmdb_server(Options(world="recordings")) as tmdb:
        for series_id in tmdb.ids():
            before = {name: tmdb.document(series_id, name) for name in tmdb.names(series_id)}
            (edited,) = tmdb.touch([series_id]).values()
            after = {name: tmdb.document(series_id, name) for name in before}
            assert {name for name in before if before[name] != after[name]} == set(edited)
        popularity = tmdb.document(1399)["popularity"]
        tmdb.advance_days(1)
        assert ask(tmdb, "/3/tv/1399").json()["popularity"] != popularity


def test_absent_recordings_are_a_clear_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOWHOUSE_RECORDINGS", str(tmp_path))
    with pytest.raises(RecordingsAbsentError, match="SHOWHOUSE_RECORDINGS"):
        recordings_folder()
    with pytest.raises(RecordingsAbsentError), tmdb_process(Options(world="recordings")):
        pass
