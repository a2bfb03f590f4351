"""The images host answers real pictures."""

import zlib

import pytest

from tests.tmdb.asking import ask
from tests.tmdb.options import Options
from tests.tmdb.pictures import picture
from tests.tmdb.server import tmdb_server

SIGNATURES = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "webp": b"RIFF",
    "gif": b"GIF89a",
    "svg": b"<?xml",
}


@pytest.mark.parametrize("extension", SIGNATURES)
def test_a_path_has_the_type_of_its_name_and_always_the_same_bytes(extension: str) -> None:
    with tmdb_server() as tmdb:
        first = ask(tmdb, f"/t/p/original/one.{extension}", token=None)
        assert first.status == 200
        assert first.body.startswith(SIGNATURES[extension])
        assert first.headers["content-type"].startswith("image/")
        assert ask(tmdb, f"/t/p/original/one.{extension}", token=None).body == first.body
        assert ask(tmdb, f"/t/p/original/two.{extension}", token=None).body != first.body


def test_the_pixels_of_a_png_are_whole() -> None:
    drawn = picture("/whole.png")
    assert drawn is not None
    start = drawn[0].index(b"IDAT")
    length = int.from_bytes(drawn[0][start - 4 : start], "big")
    assert len(zlib.decompress(drawn[0][start + 4 : start + 4 + length])) == 8 * (1 + 8 * 3)


def test_unknown_types_and_missing_pictures_are_404() -> None:
    with tmdb_server(Options(missing_image_share=0.5)) as tmdb:
        assert ask(tmdb, "/t/p/original/note.txt").status == 404
        assert ask(tmdb, "/t/p/original/deeper/a.png").status == 404
        answered = [ask(tmdb, f"/t/p/original/{number}.png").status for number in range(30)]
        assert set(answered) == {200, 404}


def test_a_share_of_pictures_lies_about_its_type() -> None:
    drawn = [picture(f"/{number}.png", mislabelled=0.3) for number in range(100)]
    lies = [item for item in drawn if item and not item[0].startswith(SIGNATURES["png"])]
    assert 10 < len(lies) < 60
    assert all(item[1] == "image/png" and item[0][:3] == SIGNATURES["jpg"] for item in lies)


def test_a_share_of_svg_files_carries_a_script() -> None:
    drawn = [picture(f"/{number}.svg", scripted=0.5) for number in range(100)]
    assert 20 < sum(b"<script>" in item[0] for item in drawn if item) < 80
    assert all(b"<script>" not in item[0] for item in [picture("/a.svg")] if item)
