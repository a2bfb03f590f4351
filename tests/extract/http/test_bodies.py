import gzip
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.http.bodies import Body, Broken, TooLong


def read(packed: bytes, *, cuts: list[int], encoding: str = "gzip", limit: int = 1_000) -> bytes:
    body, edges = Body(encoding, limit), sorted({0, *cuts, len(packed)})
    for start, end in pairwise(edges):
        body.take(packed[start:end])
    return body.whole()


contents = st.binary(max_size=500)
cuts = st.lists(st.integers(0, 200), max_size=6)


@given(content=contents, cuts=cuts, padding=st.integers(0, 9))
def test_however_it_arrives_it_is_unpacked_whole(
    content: bytes, cuts: list[int], padding: int
) -> None:
    half = len(content) // 2
    packed = gzip.compress(content[:half]) + gzip.compress(content[half:]) + b"\0" * padding
    assert read(packed, cuts=cuts) == content


@given(content=contents, cuts=cuts, data=st.data())
def test_what_was_cut_short_is_never_taken_for_whole(
    content: bytes, cuts: list[int], data: st.DataObject
) -> None:
    packed = gzip.compress(content)
    end = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(Broken, match="cut short"):
        read(packed[:end], cuts=[cut for cut in cuts if cut < end])


@given(content=contents, limit=st.integers(0, 499), cuts=cuts)
def test_no_more_than_the_bound_is_kept(content: bytes, limit: int, cuts: list[int]) -> None:
    if len(content) <= limit:
        assert read(content, cuts=cuts, encoding="", limit=limit) == content
        return
    for packed, encoding in ((content, ""), (gzip.compress(content), "gzip")):
        with pytest.raises(TooLong):
            read(packed, cuts=cuts, encoding=encoding, limit=limit)


def test_an_empty_body_needs_no_packing() -> None:
    assert read(b"", cuts=[]) == b""


def test_garbage_after_the_end_is_damage() -> None:
    with pytest.raises(Broken, match="damaged"):
        read(gzip.compress(b"x") + b"garbage", cuts=[])
