import gzip
import resource
import time
import zlib
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from extract.http.bodies import Body, Broken, TooLong
from extract.http.unpacking import GZIP, LAYERS_AT_MOST, is_zlib

pytestmark = pytest.mark.slow

JSON = b'{"id": 1399, "name": "A series"}'


def bare(content: bytes) -> bytes:
    """Deflate without any frame."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


Pack = Callable[[bytes], bytes]
FRAMED: tuple[Pack, ...] = (gzip.compress, zlib.compress)


def read(packed: bytes, *, cuts: list[int], encoding: str = "gzip", limit: int = 1_000) -> bytes:
    body, edges = Body(encoding, limit), sorted({0, *cuts, len(packed)})
    for start, end in pairwise(edges):
        body.take(packed[start:end])
    return body.whole()


def looks_packed(content: bytes) -> bool:
    """Whether bytes that nobody packed may be taken for packed ones, under some header."""
    if content[:1] == GZIP[:1] or is_zlib(content):
        return True
    try:
        zlib.decompressobj(-zlib.MAX_WBITS).decompress(content)
    except zlib.error:
        return False
    return True


contents = st.binary(max_size=500).filter(lambda content: not looks_packed(content))
cuts = st.lists(st.integers(0, 200), max_size=6)
texts = st.text(st.characters(categories=["L", "P", "N", "Z", "S"]), max_size=200)
headers = st.sampled_from(["", "identity", "gzip", "x-gzip", "deflate", "GZIP, identity"])


@given(content=contents, cuts=cuts, padding=st.integers(0, 9))
def test_however_it_arrives_it_is_unpacked_whole(
    content: bytes, cuts: list[int], padding: int
) -> None:
    half = len(content) // 2
    packed = gzip.compress(content[:half]) + gzip.compress(content[half:]) + b"\0" * padding
    assert read(packed, cuts=cuts) == content


@given(
    content=contents | st.just(JSON),
    packings=st.lists(st.sampled_from(FRAMED), max_size=2),
    header=headers,
    cuts=cuts,
    padding=st.integers(0, 9),
)
@example(content=JSON, packings=[gzip.compress], header="", cuts=[1], padding=0)
@example(content=JSON, packings=[gzip.compress] * 2, header="gzip", cuts=[], padding=0)
@example(content=JSON, packings=[], header="gzip", cuts=[1], padding=0)
@example(content=JSON, packings=[], header="deflate", cuts=[], padding=0)
def test_a_body_is_unpacked_by_what_it_is_whatever_the_header_says(
    content: bytes, packings: list[Pack], header: str, cuts: list[int], padding: int
) -> None:
    body = content
    for pack in packings:
        body = pack(body)
    body += b"\0" * padding if packings else b""
    assert read(body, cuts=cuts, encoding=header) == content


@given(content=contents | st.just(JSON), cuts=cuts, inner=st.sampled_from([None, *FRAMED]))
def test_deflate_may_come_without_a_frame(
    content: bytes, cuts: list[int], inner: Pack | None
) -> None:
    body = bare(inner(content) if inner else content)
    assume(not is_zlib(body))  # one in a thousand cannot be told apart by its first two bytes
    assert read(body, cuts=cuts, encoding="deflate") == content


@given(text=texts, start=st.sampled_from(["x^", "8O", "HG", "x", ""]), cuts=cuts, header=headers)
@example(text="2 + y^2 = 1", start="x^", cuts=[], header="")
@example(text="2 + y^2 = 1", start="x^", cuts=[1], header="gzip")
@example(text="", start="x^", cuts=[], header="deflate")
def test_a_text_that_begins_like_a_packed_body_is_given_as_it_is(
    text: str, start: str, cuts: list[int], header: str
) -> None:
    content = f"{start}{text}".encode()
    assert read(content, cuts=cuts, encoding=header) == content


@given(end=st.integers(1, 1_000_000), cuts=cuts)
def test_what_only_begins_like_zlib_is_given_as_it_came_where_no_header_names_a_packing(
    end: int, cuts: list[int]
) -> None:
    packed = zlib.compress(JSON)
    start = packed[: end % len(packed)]
    for body in (start, packed + b"more", packed[:9] + b"\xff\xff" + packed[11:]):
        assert read(body, cuts=cuts, encoding="") == body


@given(content=contents, cuts=cuts, data=st.data())
def test_what_was_cut_short_is_never_taken_for_whole(
    content: bytes, cuts: list[int], data: st.DataObject
) -> None:
    packed = gzip.compress(content)
    end = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(Broken, match="cut short"):
        read(packed[:end], cuts=[cut for cut in cuts if cut < end])


@given(header=headers, end=st.integers(3, 10_000), pack=st.sampled_from(FRAMED))
def test_what_was_cut_short_is_broken_at_any_layer(header: str, end: int, pack: Pack) -> None:
    packed = gzip.compress(JSON)
    cut = packed[: 2 + end % (len(packed) - 2)]
    for body in (cut, pack(cut)):
        with pytest.raises(Broken, match="its gzip stream was cut short"):
            read(body, cuts=[], encoding=header)


@pytest.mark.parametrize(
    ("header", "pack", "name"),
    [
        ("gzip", zlib.compress, "zlib"),
        ("deflate", zlib.compress, "zlib"),
        ("deflate", bare, "deflate"),
    ],
)
def test_a_stream_other_than_gzip_that_was_cut_short_is_broken_where_a_header_names_a_packing(
    header: str, pack: Pack, name: str
) -> None:
    with pytest.raises(Broken, match=f"its {name} stream was cut short"):
        read(pack(JSON * 20)[:-5], cuts=[], encoding=header)


@pytest.mark.parametrize("header", ["", "gzip", "deflate"])
def test_a_damaged_stream_is_broken(header: str) -> None:
    packed = gzip.compress(JSON * 9)
    for body in (
        packed[:12] + b"\xff\xff\xff" + packed[15:],
        packed[:-6] + b"\0\0" + packed[-4:],
        packed + b"garbage",
        gzip.compress(packed + b"garbage"),
    ):
        with pytest.raises(Broken, match="its gzip stream is damaged"):
            read(body, cuts=[], encoding=header)


@pytest.mark.parametrize("header", ["gzip", "deflate"])
def test_a_damaged_zlib_stream_is_broken_where_a_header_names_a_packing(header: str) -> None:
    packed = zlib.compress(JSON)
    for body in (packed[:-1] + b"\0", packed + b"garbage"):
        with pytest.raises(Broken, match="its zlib stream is damaged"):
            read(body, cuts=[], encoding=header)


def test_packings_are_taken_off_in_the_order_in_which_a_header_names_them() -> None:
    body = gzip.compress(bare(JSON))
    assert read(body, cuts=[], encoding="deflate, gzip") == JSON


@pytest.mark.parametrize("header", ["br", "zstd", "compress", "gzip, br"])
def test_a_packing_that_was_not_asked_for_is_refused_by_its_name(header: str) -> None:
    with pytest.raises(Broken, match=f"`{header.split()[-1]}`, only gzip was asked for"):
        Body(header, 1_000)


@given(content=contents, limit=st.integers(0, 499), cuts=cuts)
def test_no_more_than_the_bound_is_kept(content: bytes, limit: int, cuts: list[int]) -> None:
    if len(content) <= limit:
        assert read(content, cuts=cuts, encoding="", limit=limit) == content
        return
    for packed, encoding in ((content, ""), (gzip.compress(content), "gzip")):
        with pytest.raises(TooLong):
            read(packed, cuts=cuts, encoding=encoding, limit=limit)


@pytest.mark.parametrize("header", ["", "gzip", "deflate"])
@pytest.mark.parametrize("outer", FRAMED)
@pytest.mark.parametrize("inner", FRAMED)
def test_a_bomb_within_a_bomb_does_not_go_off(header: str, outer: Pack, inner: Pack) -> None:
    bomb = outer(inner(bytes(300 * 1024 * 1024)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooLong):
        read(bomb, cuts=[], encoding=header, limit=8 * 1024 * 1024)
    grown_mebibytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mebibytes < 64


def test_what_lies_between_two_layers_is_bounded_too() -> None:
    body = gzip.compress(gzip.compress(JSON) + bytes(10_000))
    assert len(body) < 1_000
    assert read(body, cuts=[], limit=20_000) == JSON
    with pytest.raises(TooLong):
        read(body, cuts=[])


def test_no_more_layers_are_taken_off_than_the_bound() -> None:
    body = JSON
    for _ in range(LAYERS_AT_MOST):
        body = gzip.compress(body)
    assert read(body, cuts=[]) == JSON
    with pytest.raises(Broken, match="packed more than 3 times"):
        read(gzip.compress(body), cuts=[])


def test_a_body_that_comes_as_one_part_is_unpacked_in_time_that_grows_with_its_length() -> None:
    def seconds(size: int) -> float:
        body = gzip.compress(gzip.compress(bytes(size)) + bytes(size), 1)
        started = time.process_time()
        assert read(body, cuts=[], limit=4 * size) == bytes(size)
        return time.process_time() - started

    assert seconds(32_000_000) < 40 * max(seconds(2_000_000), 0.01)


def test_an_empty_body_needs_no_packing() -> None:
    for header in ("", "gzip", "deflate"):
        assert read(b"", cuts=[], encoding=header) == b""


def test_garbage_after_the_end_is_damage() -> None:
    with pytest.raises(Broken, match="damaged"):
        read(gzip.compress(b"x") + b"garbage", cuts=[])
