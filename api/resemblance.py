"""Search for what is misspelt: what resembles it, where nothing has it as it was typed.

How alike a text is, is pg_trgm's `word_similarity`: the share of trigrams that the text typed has
in common with the most similar stretch of words. To compare all titles takes too long (46 µs each),
so those of shows are found by their words: `marts.title_words` has each once, and what was typed is
compared with these first.

Needs pg_trgm, on the search path and with a threshold (`api.database`); where there is none,
nothing resembles anything.
"""

from dataclasses import dataclass
from typing import LiteralString

from psycopg.errors import UndefinedFunction

from api.database import Database, Row
from api.listing import Listing, Selection
from api.search import WANTED

WORD_ENDS: LiteralString = r"[\s!-/:-@\[-`{-~]+"
"""What lies between words, as the mart takes titles apart: spaces and the signs of ASCII."""

_LIKENESS: LiteralString = f"word_similarity({WANTED}, search_text)"


async def resembling(
    database: Database,
    listing: Listing,
    selection: Selection,
    text: str,
    *,
    by_words: bool = False,
) -> list[Row]:
    """The rows whose folded `search_text` is most like `text`, as rows of the last page.

    Of rows that are as alike the popular ones come first. Shows are found by their words.
    """
    values = {**selection.values, "wanted": " ".join(text.split()), "rows": selection.limit}
    among, popularity = (_near if by_words else _like)(selection), listing.sorts["popularity"].name
    query: LiteralString = (
        f"{among.found} select {listing.document} as document, null as place, null as key "
        f"from {listing.table} {among.narrowed} "
        f"order by {among.likeness} desc, {popularity} desc nulls last, {listing.key.name} "
        "limit %(rows)s"
    )
    try:
        return await database.rows(query, values, anew=True)
    except UndefinedFunction:
        return []


@dataclass(frozen=True, slots=True)
class _Among:
    """What is compared: what finds it, how the table is narrowed to it, how alike a row is."""

    found: LiteralString
    narrowed: LiteralString
    likeness: LiteralString


def _like(selection: Selection) -> _Among:
    """Every row; a GIN index on the trigrams serves it."""
    conditions = [f"{WANTED} <%% search_text", *selection.conditions]
    return _Among("", f"where {' and '.join(conditions)}", _LIKENESS)


def _near(selection: Selection) -> _Among:
    """A hundred shows, once each, by function: the operator would ask the index of titles."""
    conditions = ["having_most.show_id = show_documents.show_id", *selection.conditions]
    found: LiteralString = f"""with recursive {_FOUND_BY_WORDS},
near as materialized (
    select having_most.show_id, shows.likeness
    from having_most
    cross join lateral (
        select {_LIKENESS} as likeness
        from marts.show_documents
        where {" and ".join(conditions)}
        limit 1
    ) as shows
    order by having_most.letters desc, having_most.popularity desc nulls last, having_most.show_id
    limit 100
)"""
    is_like: LiteralString = (
        "near.likeness >= current_setting('pg_trgm.word_similarity_threshold')::real"
    )
    return _Among(found, f"inner join near using (show_id) where {is_like}", "near.likeness")


# A word may be misspelt (`alike`), a space too much (`joined`) or missing (`cut`: up to four words
# in the place of one). A show has as many letters of what was typed as its words account for; the
# hundred that have most are compared as a whole. Bounds: 8 words typed, 30 alike to each, 500 shows
# of each. Words under four letters are like any that begins as they do, and are taken as typed,
# unless there is no other. Laterals with a limit keep the planner to looking up by an index.
_FOUND_BY_WORDS: LiteralString = rf"""
typed as materialized (
    select place, left(word, 64) as word, length(left(word, 64)) as letters
    from regexp_split_to_table({WANTED}, '{WORD_ENDS}') with ordinality as listed (word, place)
    where word <> ''
    order by place
    limit 8
),
alike as (
    select typed.place::text as place, words.word, typed.letters * words.likeness as letters
    from typed
    cross join lateral (
        select title_words.word, word_similarity(typed.word, title_words.word) as likeness
        from marts.title_words
        where
            typed.word <%% title_words.word
            and typed.letters >= (select least(4, max(letters)) from typed)
        order by likeness desc, title_words.show_count desc, title_words.word
        limit 30
    ) as words
),
joined as (
    select typed.place || '+' as place, words.word, length(words.word) as letters
    from typed
    inner join typed as following on typed.place + 1 = following.place
    cross join lateral (
        select word from marts.title_words where word = typed.word || following.word limit 1
    ) as words
),
cut as (
    select place, word, 1 as start, 0 as parts, null::text as part
    from typed
    where letters between 4 and 40
    union all
    select cut.place, cut.word, cut.start + length(words.word), cut.parts + 1, words.word
    from cut
    cross join lateral generate_series(2, length(cut.word) + 1 - cut.start) as letters
    cross join lateral (
        select title_words.word from marts.title_words
        where title_words.word = substr(cut.word, cut.start, letters)
        limit 1
    ) as words
    where cut.parts < 4
),
likely as materialized (
    select place, word, letters from alike
    union all
    select place::text, word, letters from typed
    union all
    select place, word, letters from joined
    union all
    select place || '/' || start, part, length(part) from cut where part is not null
),
having_some as (
    select show_id, place, max(letters) as letters, max(tmdb_popularity) as popularity
    from likely
    cross join lateral (
        select show_id, tmdb_popularity
        from marts.show_words
        where show_words.word = likely.word
        order by tmdb_popularity desc nulls last, show_id
        limit 500
    ) as shows
    group by show_id, place
),
having_most as (
    select show_id, sum(letters) as letters, max(popularity) as popularity
    from having_some
    group by show_id
    having sum(letters) >= 0.25 * (select sum(letters) from typed)
    order by letters desc, popularity desc nulls last, show_id
)"""
