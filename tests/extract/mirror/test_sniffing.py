"""Which bytes are taken for an image."""

import pytest

from extract.mirror.refusal import Refused
from extract.mirror.sniffing import image_type
from tests.extract.mirror import images
from tests.waiting import within_cpu_seconds


@pytest.mark.parametrize("extension", images.WHOLE)
def test_a_whole_image_is_known_by_its_bytes(extension: str) -> None:
    body, content_type = images.WHOLE[extension]
    found = image_type(body)
    assert (found.extension, found.content_type) == (extension, content_type)


@pytest.mark.parametrize("extension", images.WHOLE)
def test_no_image_cut_short_is_taken_for_a_whole_one(extension: str) -> None:
    body, _ = images.WHOLE[extension]
    for length in range(len(body.rstrip())):
        with pytest.raises(Refused):
            image_type(body[:length])


@pytest.mark.parametrize("case", images.REFUSED)
def test_what_is_no_whole_image_is_refused_with_its_reason(case: str) -> None:
    body, reason = images.REFUSED[case]
    with pytest.raises(Refused) as refused:
        image_type(body)
    assert refused.value.reason == reason
    assert len(refused.value.detail) < 250


def test_an_svg_of_a_drawing_program_with_short_entities_is_kept() -> None:
    body = (
        b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        b'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" '
        b'[<!ENTITY ns "http://www.w3.org/2000/svg">]><svg xmlns="&ns;"><circle r="4"/></svg>'
    )
    assert image_type(body).extension == "svg"


@pytest.mark.parametrize("comment", [b"<!---->", b"<!-- \n -->\n"])
def test_an_svg_after_many_comments_is_kept_and_looked_at_once(comment: bytes) -> None:
    with within_cpu_seconds(20):
        assert image_type(comment * 300 + images.SVG.split(b"?>", 1)[1]).extension == "svg"
    with within_cpu_seconds(20), pytest.raises(Refused, match="html"):
        image_type(comment * 40 + b"<html></html>")


def test_an_svg_in_another_encoding_is_kept() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><svg xmlns="http://www.w3.org/2000/svg"/>'
    assert image_type(text.encode("utf-16")).extension == "svg"
    assert image_type(b"\xef\xbb\xbf" + images.SVG.removeprefix(b'<?xml version="1.0"?>'))
