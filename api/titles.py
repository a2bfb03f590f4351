r"""Search of shows by title: what is found, and how like a title it is to what was typed.

`search_text` of `marts.show_documents` has each title, folded, on a line of its own and between two
spaces: the name and the original name, an empty line, the others. Likeness is one of five:

4. the name, or the original name, is what was typed
3. another title is; or the name, with the country that the show is from
2. a title has it as whole words
1. a title begins with it
0. a title has it within

Among shows of the same likeness the more popular come first. Both make one number, so that a page
begins where the last one ended by one comparison: likeness in thousands of millions, and
popularity below.
"""

import re
from typing import LiteralString

from api.listing import Column, Selection, is_number
from api.search import WANTED, contains, folded

# `the office us`, `The Office (US)`: the country (ISO 3166-1) that a title is from, at its end. The
# title is no part of the pattern, which would try each of its ends: seconds for a row of signs.
_COUNTRY = re.compile(r"[\W_](?P<country>[A-Za-z]{2}|[Uu][Ss][Aa])[\W_]*$")
_LETTER = re.compile(r"[^\W_]")
_COUNTRIES = {"UK": "GB", "USA": "US"}

_LINE: LiteralString = f"e'\\n ' || {WANTED} || e' \\n'"
_NAMED: LiteralString = f"e'\\n ' || {folded('%(wanted_title)s::text')} || e' \\n'"
_OTHERS: LiteralString = "strpos(search_text, e'\\n\\n')"
_NAMES: LiteralString = f"left(search_text, {_OTHERS})"
_FROM_THERE: LiteralString = (
    f"(strpos(search_text, {_NAMED}) between 1 and {_OTHERS}"
    " and origin_countries @> array[%(wanted_country)s::text])"
)
# What most shows are not is asked first: of a frequent word thousands are weighed.
_LIKENESS: LiteralString = f"""case
    when {_FROM_THERE}
        then case when strpos({_NAMES}, {_LINE}) > 0 then 4 else 3 end
    when strpos(search_text, ' ' || {WANTED} || ' ') = 0
        then (strpos(search_text, e'\\n ' || {WANTED}) > 0)::integer
    when strpos(search_text, {_LINE}) = 0 then 2
    when strpos(search_text, {_LINE}) < {_OTHERS} then 4
    else 3
end"""
LIKENESS = Column(
    f"({_LIKENESS} * 1e9 + coalesce(least(greatest(tmdb_popularity, 0), 999999999), -1))",
    "numeric",
    is_number,
    is_computed=True,
)
"""Likeness, then popularity, over the values that `titled` gives; `-likeness` is the most like."""


def titled(selection: Selection, text: str | None) -> None:
    """Keep the shows with `text` in a title, and those called so from the country at its end."""
    wanted = " ".join((text or "").split())
    title, country = _title_and_country(wanted)
    if country is None:
        contains(selection, "search_text", text, is_folded=True)
        selection.values.update(wanted_title=None, wanted_country=None)
        return
    either = Selection(selection.sort, selection.limit, None)
    contains(either, "search_text", text, is_folded=True)
    # By `like` as well, which the index of trigrams serves.
    has_line: LiteralString = f"search_text like '%%' || {_NAMED} || '%%'"
    selection.conditions.append(f"({either.conditions[0]} or {has_line} and {_FROM_THERE})")
    selection.values.update(either.values, wanted_title=title, wanted_country=country)


def _title_and_country(wanted: str) -> tuple[str | None, str | None]:
    found = _COUNTRY.search(wanted)
    if found is None or _LETTER.search(wanted, 0, found.start()) is None:
        return None, None
    country = found["country"].upper()
    return wanted[: found.start()], _COUNTRIES.get(country, country)
