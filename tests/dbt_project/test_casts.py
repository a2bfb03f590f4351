"""What a payload's text becomes as a type: the value it says, or null, and never an error."""

from datetime import date
from decimal import Decimal
from typing import Any

import jinja2
import pytest

from extract.postgres.connections import connect
from extract.settings import ROOT

CASTS = ROOT / "dbt_project/macros/casts.sql"
FOREIGN_DIGITS = ["\u0663", "\uff11\uff12", "\u0662\u0660\u0661\u0669-\u0660\u0663-\u0661\u0660"]
WORDS = ["", " ", "abc", "-", "--7", "+5", "5 ", "\n5", "5\n", "1-2", "1e3", "0x1F", "1_0"]
WORDS += ["NaN", "Infinity", "----------", *FOREIGN_DIGITS]

NUMBERS = ["0", "8.451", "-8.451", "000.10", "123456789012345", "12345678901234.5"]
NUMBERS += ["1." + "1" * 20, "9" * 15 + "." + "9" * 20, "-" + "9" * 15]
DATES = ["2019-03-10", "2019-02-28", "2020-02-29", "2019-12-31", "0001-01-01"]
NO_DATES = ["0000-01-01", "2019-02-29", "2019-11-31", "2019-13-01", "2019-00-10", "20190310"]
NO_DATES += ["2019-03-00", "2019-03-32", "2019-3-01", "2019--3-01", "2019-03-1a", "2019-03-10 "]

FITTING: dict[str, dict[str, Any]] = {
    "to_integer": {"0": 0, "7": 7, "007": 7, "-7": -7, "-0": 0}
    | {"999999999": 999_999_999, "-999999999": -999_999_999},
    "to_number": {text: Decimal(text) for text in NUMBERS},
    "to_date": {text: date.fromisoformat(text) for text in DATES},
    "to_text": {" a ": "a", "[REC]": "[REC]", "{x": "{x", "[": "[", "\u00a0\u00d6\n": "\u00d6"},
}
UNFIT = {
    "to_integer": [*WORDS, "1000000000", "-1000000000", "12.0", "9" * 30],
    "to_number": [*WORDS, ".5", "5.", "-.5", "1.2.3", "1" * 16, "1." + "1" * 21],
    "to_date": [*WORDS, *NO_DATES],
    "to_text": ["", " \t\n", "\u00a0", "{}", '{"a": 1}', "[]", '["a"]', '[{"a": 1}]'],
}


@pytest.mark.parametrize("name", FITTING)
def test_a_text_that_says_a_value_of_the_type_becomes_it(empty_database: str, name: str) -> None:
    assert _cast(empty_database, name, list(FITTING[name])) == list(FITTING[name].values())


@pytest.mark.parametrize("name", UNFIT)
def test_a_text_that_says_none_becomes_null(empty_database: str, name: str) -> None:
    values = _cast(empty_database, name, UNFIT[name])
    told = dict(zip(UNFIT[name], values, strict=True))
    assert {text: value for text, value in told.items() if value is not None} == {}


def _cast(url: str, name: str, texts: list[str]) -> list[Any]:
    """The macro's expression over each text, as Postgres evaluates it."""
    macros = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(CASTS.read_text()).module
    query = f"""
        select {getattr(macros, name)("told.value")}
        from unnest(%s::text[]) with ordinality as told (value, position)
        order by position
    """
    with connect(url) as connection:
        return [value for (value,) in connection.execute(query, [texts])]
