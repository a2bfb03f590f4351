"""Dates as people write them: `September 14, 1985 (Age 39)`, `14th Sept. 1985`, `c. 1985`.

Only what is unambiguous is read. `04/05/1985` may be April or May: that gives the year, as a date
gives it that names no day.
"""

import re
from calendar import monthrange
from dataclasses import dataclass

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sept sep", "october oct", "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:18|19|20)\d\d)"
_OF = r"(?:\s+of)?"
_COMMA = r"(?:\s*,\s*|\s+)"
_FORMS = tuple(
    re.compile(rf"(?<![\w-]){form}(?![\w/-])", re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_MONTH}\s+{_DAY}{_COMMA}{_YEAR}",
        rf"{_DAY}{_OF}\s+{_MONTH}{_COMMA}{_YEAR}",
        rf"{_YEAR}-(?P<month_number>\d{{2}})-(?P<day>\d{{2}})",
        rf"{_MONTH}{_COMMA}{_YEAR}",
        rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-])?{_YEAR}",
    )
)
_NOTES = re.compile(r"\([^()]*\bage[^()]*\)|\[[^\[\]]*\]", re.IGNORECASE)
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2((?:18|19|20)\d\d)(?!\d)")
_LONGEST = 200
"""More characters than any date has; what follows them is not looked at."""


@dataclass(frozen=True, slots=True)
class SpelledDate:
    """A date, as far as it is known: a year, with its month, with its day."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """ISO 8601, as far as it goes: `1985`, `1985-09`, `1985-09-14`."""
        month = f"-{self.month:02}" if self.month else ""
        return f"{self.year}{month}" + (f"-{self.day:02}" if self.month and self.day else "")


def read_date(text: str) -> SpelledDate | None:
    """Read the first date in a text of a page; None where there is none.

    A day that its month does not have (February 30) leaves the month.
    """
    text = " ".join(_NOTES.sub(" ", text[:_LONGEST]).split())
    for form in _FORMS:
        if found := form.search(text):
            return _date(found, text)
    return None


def _date(found: re.Match[str], text: str) -> SpelledDate:
    groups = found.groupdict()
    year = int(groups["year"])
    if slashed := _SLASHED.search(text):
        return _of_slashes(slashed)
    number = groups.get("month_number")
    month = int(number) if number else _MONTHS.get((groups.get("month") or "").lower())
    return _checked(year, month, int(groups["day"]) if groups.get("day") else None)


def _of_slashes(found: re.Match[str]) -> SpelledDate:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if first > 12:  # no month: the day comes first
        return _checked(year, second, first)
    if second > 12:
        return _checked(year, first, second)
    return _checked(year, first, second) if first == second else SpelledDate(year)


def _checked(year: int, month: int | None, day: int | None) -> SpelledDate:
    if month is None or not 1 <= month <= 12:
        return SpelledDate(year)
    if day is None or not 1 <= day <= monthrange(year, month)[1]:
        return SpelledDate(year, month)
    return SpelledDate(year, month, day)
