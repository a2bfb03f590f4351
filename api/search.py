"""Search by a part of a text, forgiving case and accents; no extension of Postgres is needed.

`search_text` of a mart is folded when it is built; what is looked for is folded here by the same
expression, in Postgres, so that the two cannot disagree. Folding costs about 5 µs for each row
where a mart has no such column: short lists only. An index of trigrams on the mart serves it.
"""

from typing import LiteralString

from api.listing import Selection

_MARKS: LiteralString = r"[\u0300-\u036f]"


def contains(
    selection: Selection, column: LiteralString, text: str | None, *, is_folded: bool = False
) -> None:
    """Keep the rows whose `column` has `text` in it; runs of spaces count as one."""
    wanted = " ".join((text or "").split())
    if not wanted:
        return
    searched = column if is_folded else folded(column)
    # Folded as the query is planned (`Database.rows`, `anew`), so that the plan knows how rare the
    # text is: by trigrams where it is rare, along the order of the page where every other row has
    # it. A plan for any text takes the trigrams, which for two letters is a hundred times slower.
    selection.where(f"{searched} like '%%' || {_ESCAPED} || '%%'", wanted=wanted)


def folded(text: LiteralString) -> LiteralString:
    """The text without case and accents."""
    return f"regexp_replace(normalize(lower({text}), nfkd), '{_MARKS}', '', 'g')"


# Escaped once folded: folding makes plain what was full width, the percent sign too.
_ESCAPED: LiteralString = rf"regexp_replace({folded('%(wanted)s::text')}, '([\\%%_])', '\\\1', 'g')"
