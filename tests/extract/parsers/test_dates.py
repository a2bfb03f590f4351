"""Dates as wikis write them: what is certain is read, and no more."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.parsers.dates import SpelledDate, read_date


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("September 14, 1985 (Age 39)", "1985-09-14"),
        ("September 14,1985", "1985-09-14"),
        ("Sept. 14th, 1985", "1985-09-14"),
        ("14 September 1985", "1985-09-14"),
        ("the 3rd of May 1970", "1970-05-03"),
        ("1985-09-14", "1985-09-14"),
        ("born on AUGUST 12 1991[1]", "1991-08-12"),
        ("14/05/1985", "1985-05-14"),
        ("5/14/1985", "1985-05-14"),
        ("3.3.1970", "1970-03-03"),
        ("September 1985", "1985-09"),
        ("February 30, 1990", "1990-02"),
        ("1985-13-01", "1985"),
        ("c. 1985", "1985"),
        ("1985 (age 40)", "1985"),
    ],
)
def test_a_date_is_read_in_each_of_its_spellings(text: str, told: str) -> None:
    assert str(read_date(text)) == told


@pytest.mark.parametrize("text", ["04/05/1985", "12-05-1985"])
def test_a_date_whose_month_is_not_certain_gives_its_year(text: str) -> None:
    assert read_date(text) == SpelledDate(1985)


@pytest.mark.parametrize("text", ["", "Unknown", "Age 39", "September", "14", "99999", "21985"])
def test_what_is_no_date_gives_none(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2099, 12, 31)))
def test_a_date_in_words_is_read_back(day: date) -> None:
    assert str(read_date(f"{day:%B %d, %Y} (Age 1)")) == day.isoformat()
