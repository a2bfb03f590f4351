"""What a payload's text becomes as a type: the value it says, or null, and never an error."""

from datetime import date, datetime
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
NUMBERS += ["7.0", "7.10", "1." + "1" * 20, "9" * 15 + "." + "9" * 20, "-" + "9" * 15]
DATES = ["2019-03-10", "2019-02-28", "2020-02-29", "2019-12-31", "0001-01-01"]
NO_DATES = ["0000-01-01", "2019-02-29", "2019-11-31", "2019-13-01", "2019-00-10", "20190310"]
NO_DATES += ["2019-03-00", "2019-03-32", "2019-3-01", "2019--3-01", "2019-03-1a", "2019-03-10 "]
NO_INSTANTS = [f"{day}T10:00:00Z" for day in NO_DATES]
NO_INSTANTS += ["2024-02-28", "2024-02-28T10:00:00", "1999-01-01T10:00:00Z"]
NO_INSTANTS += ["2024-02-28T24:00:00Z", "2024-02-28T10:00:60Z"]
NO_INSTANTS += ["2024-02-28T10:00:00+99:99", "2024-02-28T10:00:00+15:00"]
LISTS = ["{}", '{"a": 1}', "[]", '["a"]', '[{"a": 1}]', '[["a"]]']
LISTS += ["[1]", "[1, 2]", "[-0.5, 1]", "[true]", "[null, 1]"]

FITTING: dict[str, dict[str, Any]] = {
    "to_integer": {"0": 0, "7": 7, "007": 7, "-7": -7, "-0": 0}
    | {"999999999": 999_999_999, "-999999999": -999_999_999},
    "to_number": {text: Decimal(text) for text in NUMBERS},
    "to_date": {text: date.fromisoformat(text) for text in DATES},
    "to_key": {" a ": "a", "x" * 1_000: "x" * 1_000},
    "to_instant": {
        f"{day}T10:00:00{zone}": datetime.fromisoformat(f"{day}T10:00:00{zone}")
        for day in ("2024-02-28", "2024-02-29", "2023-12-31", "2024-11-30")
        for zone in ("Z", ".123+00:00", "-09:30", "+14:00")
    },
    "to_text": {"[1": "[1", "[rec] 2": "[rec] 2", "[true": "[true"}
    | {" a ": "a", "[REC]": "[REC]", "{x": "{x", "[": "[", "\u00a0\u00d6\n": "\u00d6"},
}
UNFIT = {
    "to_integer": [*WORDS, "1000000000", "-1000000000", "12.0", "9" * 30],
    "to_number": [*WORDS, ".5", "5.", "-.5", "1.2.3", "1" * 16, "1." + "1" * 21],
    "to_date": [*WORDS, *NO_DATES],
    "to_key": ["", "x" * 1_001, "\u00e9" * 501, "[]"],
    "to_instant": [*WORDS, *NO_INSTANTS],
    "to_text": ["", " \t\n", "\u00a0", *LISTS],
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
