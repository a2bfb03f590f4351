"""Files are opened by what they are, within a bound at each layer."""

import gzip
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.errors import Unfit
from extract.http.unpacking import GZIP
from extract.packed_files import layers_of, unpacked

LINES = b'{"id":1}\n{"id":2}\n'


def packed(content: bytes, layers: int) -> bytes:
    for _ in range(layers):
        content = gzip.compress(content)
    return content


@given(
    content=st.binary(max_size=20_000).filter(lambda content: not content.startswith(GZIP)),
    layers=st.integers(0, 3),
)
def test_a_file_is_given_plain_whatever_it_is_packed_in(content: bytes, layers: int) -> None:
    file = io.BytesIO(packed(content, layers))
    assert layers_of(file) == layers
    assert unpacked(file, 1_000_000).read() == content


@pytest.mark.parametrize("layers", [1, 2])
def test_a_file_that_was_cut_short_or_damaged_is_an_error(layers: int) -> None:
    whole = packed(LINES, layers)
    with pytest.raises(EOFError):
        unpacked(io.BytesIO(whole[:-5]), 1_000).read()
    with pytest.raises((OSError, zlib.error)):
        unpacked(io.BytesIO(whole[:12] + b"\xff\xff\xff" + whole[15:]), 1_000).read()


def test_what_lies_between_two_layers_is_bounded() -> None:
    file = io.BytesIO(gzip.compress(packed(LINES, 1) + bytes(10_000_000)))
    with pytest.raises(Unfit, match="too_large"):
        unpacked(file, 1_000_000).read()
