"""Search by a part of a text, forgiving case and accents; no extension of Postgres is needed.

`search_text` of a mart is folded when it is built; what is looked for is folded here by the same
expression, in Postgres, so that the two cannot disagree. Folding costs about 5 µs for each row
where a mart has no such column: short lists only. An index of trigrams on the mart serves it.
"""

from typing import LiteralString

from psycopg.errors import UndefinedFunction

from api.database import Database, Row
from api.listing import Listing, Selection

_MARKS: LiteralString = r"[\u0300-\u036f]"


def contains(
    selection: Selection, column: LiteralString, text: str | None, *, is_folded: bool = False
) -> None:
    """Keep the rows whose `column` has `text` in it; runs of spaces count as one."""
    wanted = " ".join((text or "").split())
    if not wanted:
        return
    searched = column if is_folded else _folded(column)
    # Folded as the query is planned (`Database.rows`, `anew`), so that the plan knows how rare the
    # text is: by trigrams where it is rare, along the order of the page where every other row has
    # it. A plan for any text takes the trigrams, which for two letters is a hundred times slower.
    selection.where(f"{searched} like '%%' || {_ESCAPED} || '%%'", wanted=wanted)


async def resembling(
    database: Database, listing: Listing, selection: Selection, column: LiteralString, text: str
) -> list[Row]:
    """The rows whose folded `column` has words most like `text`, as rows of the last page.

    Needs pg_trgm, on the search path (`api.database`), with a threshold set there; where there is
    none, nothing resembles anything. A GIN index on the trigrams serves it.
    """
    wanted: LiteralString = _folded("%(wanted)s::text")
    conditions: LiteralString = " and ".join([f"{wanted} <%% {column}", *selection.conditions])
    query: LiteralString = (
        f"select {listing.document} as document, null as place, null as key from {listing.table} "
        f"where {conditions} "
        f"order by word_similarity({wanted}, {column}) desc, {listing.key.name} limit %(rows)s"
    )
    values = {**selection.values, "wanted": " ".join(text.split()), "rows": selection.limit}
    try:
        return await database.rows(query, values, anew=True)
    except UndefinedFunction:
        return []


def _folded(text: LiteralString) -> LiteralString:
    return f"regexp_replace(normalize(lower({text}), nfkd), '{_MARKS}', '', 'g')"


# Escaped once folded: folding makes plain what was full width, the percent sign too.
_ESCAPED: LiteralString = (
    rf"regexp_replace({_folded('%(wanted)s::text')}, '([\\%%_])', '\\\1', 'g')"
)
