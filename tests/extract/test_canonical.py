"""What is read, written and hashed as JSON."""

import json
from hashlib import sha256
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.canonical import MAX_BYTES, canonical, content_hash, read, without_field
from extract.errors import Unfit

NAMES = st.text(max_size=6) | st.sampled_from(["popularity", 'x"popularity', ',"popularity":1'])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(['{"popularity":1}', ',"popularity":2,', "\\", '"', "\\u0000", "\x00"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=5)


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(item) for name, item in value.items()}
    return value


@given(OBJECTS)
def test_the_hash_is_that_of_sorted_json_without_the_volatile_field(value: dict[str, Any]) -> None:
    value = _without_nul(value)
    expected = orjson.dumps(without_field(value, "popularity"), option=orjson.OPT_SORT_KEYS)
    text = canonical(value)
    assert content_hash(value, text, ("**.popularity",)) == sha256(expected).digest()
    assert content_hash(value, text, ()) == sha256(text).digest()


def test_a_volatile_text_keeps_no_volatile_number_in_the_hash() -> None:
    paths = ("**.size", "**.touched", "**.length")
    held = [{"a": [{"size": n, "touched": f"day {n}", "length": n, "id": 1}]} for n in (1, 2)]
    before, after = (content_hash(each, canonical(each), paths) for each in held)
    assert before == after == sha256(b'{"a":[{"id":1}]}').digest()


@given(OBJECTS)
def test_named_paths_are_left_out_of_the_hash(value: dict[str, Any]) -> None:
    value = _without_nul(value)
    value["votes"], value["last"] = 5, {"votes": 5, "name": "x"}
    other = {**value, "votes": 6, "last": {"votes": 7, "name": "x"}}
    changed = {**value, "last": {"votes": 5, "name": "y"}}
    paths = ("votes", "last.votes", "absent", "absent.votes", "**.popularity")
    hashes = [content_hash(each, canonical(each), paths) for each in (value, other, changed)]
    assert hashes[0] == hashes[1] != hashes[2]


@given(OBJECTS)
def test_order_and_spaces_of_an_answer_do_not_matter(value: dict[str, Any]) -> None:
    value = _without_nul(value)
    spaced = json.dumps(dict(reversed(value.items())), indent=1).encode()
    assert canonical(read(spaced)) == canonical(read(orjson.dumps(value)))


@given(OBJECTS)
def test_what_is_read_is_what_was_written(value: dict[str, Any]) -> None:
    assert read(orjson.dumps(value)) == _without_nul(value) or "\x00" in repr(value)


@pytest.mark.parametrize(
    "number",
    ["1e400", "-1e-400", "18446744073709551616", "-9223372036854775809", "0.12345678901234567890"],
)
def test_a_number_beyond_a_double_is_kept_as_it_was_written(number: str) -> None:
    body = f'{{"a": {number}, "b": 1.5}}'.encode()
    assert canonical(read(body)) == f'{{"a":{number},"b":1.5}}'.encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rb'{"a":"x\u0000y"}', '{"a":"x\ufffdy"}'),
        (rb'{"a\u0000":1}', '{"a\ufffd":1}'),
        (rb'{"a":"\\u0000"}', r'{"a":"\\u0000"}'),
        (rb'{"a":"\\\u0000"}', '{"a":"\\\\\ufffd"}'),
    ],
)
def test_nul_becomes_the_replacement_character_and_its_name_does_not(
    body: bytes, expected: str
) -> None:
    assert canonical(read(body)) == expected.encode()
    assert canonical(orjson.loads(body)) == expected.encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a":NaN}', "not_json"),
        (b'{"a":Infinity}', "not_json"),
        (b'{"a":1', "not_json"),
        (b"<html></html>", "not_json"),
        (b"", "not_json"),
        (b'{"a":"\xff"}', "not_utf8"),
        (b'{"a":"\x00"}', "not_json"),
        (rb'{"a":"\ud800"}', "half_surrogate"),
        (b'{"a":1,"a":2}', "duplicate_key"),
        (rb'{"a\u0000":1,"a\ufffd":2}', "duplicate_key"),
        (b'{"b":[{"a":1, "a" :1}]}', "duplicate_key"),
        (b'{"a":1e99999999999999999999}', "number_too_long"),
        (b'{"a":-1e-99999999999999999999}', "number_too_long"),
        (b'{"a":0e99999999999999999999}', "number_too_long"),
        (b'{"a":1e131072}', "number_too_long"),
        (b'{"a":1e-16384}', "number_too_long"),
        (b'{"a":1' + b"0" * 131_072 + b"}", "number_too_long"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "too_deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too_deep"),
    ],
)
def test_what_json_or_jsonb_cannot_hold_is_unfit(body: bytes, reason: str) -> None:
    with pytest.raises(Unfit) as refused:
        canonical(read(body))
    assert refused.value.reason == reason


def test_one_unfit_part_leaves_the_others_readable() -> None:
    twice, long = rb'{"a":1,"a":2}', b'{"a":1e99999999999999999999}'
    whole = read(rb'{"good":{"a":1},"half":{"a":"\ud800"},"twice":%b,"long":%b}' % (twice, long))
    assert canonical(whole["good"]) == b'{"a":1}'
    for part in ("twice", "half", "long"):
        with pytest.raises(Unfit):
            canonical(whole[part])


def test_a_document_beyond_the_bound_is_unfit() -> None:
    with pytest.raises(Unfit) as refused:
        canonical({"a": "x" * MAX_BYTES})
    assert refused.value.reason == "too_large"
