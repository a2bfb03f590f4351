"""The shape of an answer: its keys and types, never a value, never without bound."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.probe.shapes import MOST_NODES, shape_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (None, "null"),
        (True, "boolean"),
        ([], []),
        ({}, {}),
        ([1, None, 2.5], ["integer|null|number"]),
        ([{"id": 1, "name": "One"}, {"id": None}], [{"id": "integer|null", "name?": "string"}]),
        ({"a": [1, {"b": "x"}]}, {"a": [{"any of": ["integer", {"b": "string"}]}]}),
        ({"results": {"US": {"link": ""}, "DE": {}}}, {"results": {"*": {"link?": "string"}}}),
        (
            {"season/1": {"id": 1}, "season/2/credits": {}, "watch/providers": {}},
            {"season/N": {"id": "integer"}, "season/N/credits": {}, "watch/providers": {}},
        ),
        ({"1399": 1, "Walter White": 2, "tt0903747": 3}, {"*": "integer"}),
        ({f"key_{chr(97 + n % 26)}{'x' * n}": n for n in range(300)}, {"*": "integer"}),
    ],
)
def test_a_shape_has_keys_and_types(value: Any, shape: Any) -> None:
    assert shape_of(value) == shape


def test_a_key_of_some_objects_is_marked_where_it_is_folded_too() -> None:
    assert shape_of([{"US": {"rent": []}}, {"US": {}, "DE": {}}]) == [{"*": {"rent?": []}}]


@given(JSON)
def test_a_shape_holds_no_value(value: Any) -> None:
    secret = "6f1c-a value that nobody may see"
    text = orjson.dumps(shape_of([value, secret, {"token": secret, secret: [secret]}]))
    assert secret.encode() not in text


def test_a_shape_is_bounded_whatever_the_answer_is() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep, {"inner": deep}] if _ < 12 else {"inner": deep}
    wide: Any = {f"a_{'b' * n}": {f"c_{'d' * k}": [] for k in range(150)} for n in range(150)}
    for hostile in (deep, wide, [wide, deep, wide]):
        assert len(orjson.dumps(shape_of(hostile))) < 100 * MOST_NODES
