r"""Search by a part of a text, forgiving case, accents and signs; no extension of Postgres needed.

`search_text` of a mart is folded when it is built; what is looked for is folded here by the same
expression, in Postgres, so that the two cannot disagree. Folding costs time for each row where a
mart has no such column: short lists only. An index of trigrams on the mart serves it.

Folded, `What's My Line?` is `whats my line`, `Law & Order` is `law and order`, `Alien: Earth` is
`alien earth`, and `S.W.A.T.` is `swat`: an apostrophe and the dot of an initial go, `&` is a word,
any other sign is a space. A text of nothing but signs keeps them.
"""

from typing import LiteralString

from api.listing import Selection

# Marks of accents, apostrophes, and dots after a single letter.
_DROPPED: LiteralString = r"[\u0300-\u036f''`\u2018\u2019\u02bc\u2032]|(?<=(?:^|[\s.(])\S)\."
# Those of ASCII and Latin-1, general punctuation, symbols, and those of Chinese and Japanese.
_SIGNS: LiteralString = (
    r"[\s!-/:-@\[-`{-~\u00a1-\u00bf\u00d7\u00f7\u2010-\u206f\u2190-\u2bff"
    r"\u3001-\u3003\u3008-\u3011\u3014-\u301f\u3030\u30fb]+"
)


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
    selection.where(f"{searched} like '%%' || {escaped(WANTED)} || '%%'", wanted=wanted)


def folded(text: LiteralString) -> LiteralString:
    """The text without case, accents and signs, one space between words."""
    plain: LiteralString = f"normalize(lower(translate({text}, '\u00b4', '''')), nfkd)"
    dropped: LiteralString = (
        f"regexp_replace(replace({plain}, '&', ' and '), '{_DROPPED}', '', 'g')"
    )
    spaced: LiteralString = f"btrim(regexp_replace({dropped}, '{_SIGNS}', ' ', 'g'))"
    return f"coalesce(nullif({spaced}, ''), btrim({dropped}))"


def escaped(text: LiteralString) -> LiteralString:
    """The text, folded already, as `like` takes it literally: one of signs alone has signs left."""
    return rf"regexp_replace({text}, '([\\%%_])', '\\\1', 'g')"


WANTED: LiteralString = folded("%(wanted)s::text")
"""What is looked for, folded."""
