"""Names asked for as titles, up to fifty in one request, and what the answer says of each.

    titles=bo Sample|Ada Sample|Nobody
      normalized  bo Sample  → Bo Sample
      redirects   Ada Sample → Ada Sample (S1)
      pages       Ada Sample (S1), Bo Sample, Nobody: missing

MediaWiki answers in its own order, and tells of a page once, however many titles lead to it. So a
title is followed through `normalized`, then `redirects`, to one of `pages`, or to `interwiki` where
it leads out of the wiki. A title that nothing is said of was not answered.
See https://www.mediawiki.org/wiki/API:Query, and includes/api/ApiPageSet.php of its source.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from extract.canonical import read
from extract.documents import Batch, Failure, Reject, document
from extract.errors import Unfit
from extract.http.answers import Answer
from extract.sources.fandom.asking import MOST_AT_ONCE
from extract.sources.fandom.resources import SEARCHES

MOST_BYTES = 6_000
"""Of the titles in one request, as a URL has them: servers take URLs of 8 kB."""

UNANSWERED = "The wiki's answer says nothing of this name. It will be due again at the next run."

_TITLED_BY = {"normalized": "from", "redirects": "from", "interwiki": "title", "pages": "title"}
"""The lists of an answer, each with the field that says which title an entry is about."""

_Entry = dict[str, Any]


def titles_of(keys: Sequence[str]) -> list[str]:
    """Give the titles to ask for, each once: names may be shared, or have two spellings."""
    return list(dict.fromkeys(title for key in keys for title in spellings(_name(key))))


def spellings(name: str) -> tuple[str, ...]:
    """Give the titles that a page of a name may have: the name, and that without its accents.

    `Renée` is asked for as `Renee` as well, in the same request; a curved apostrophe as a straight
    one.
    """
    exact = unicodedata.normalize("NFC", name)
    apart = unicodedata.normalize("NFD", name.replace("’", "'"))  # noqa: RUF001
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return (exact, plain) if plain != exact and plain.isascii() else (exact,)


def batches(keys: Sequence[str]) -> Iterator[list[str]]:
    """Divide the keys of names, so that the titles of each part fit into one request."""
    batch: list[str] = []
    for key in keys:
        if batch and not _fits([*batch, key]):
            yield batch
            batch = []
        batch.append(key)
    if batch:
        yield batch


def take_names(keys: Sequence[str], answer: Answer) -> Batch:
    """Land what an answer says of each name, as if it had been asked for alone.

    A name without a page is landed as such; one that the answer leaves out is a failure.
    """
    told: dict[str, Any] = {"request": answer.request, "fetched_at": answer.fetched_at}
    try:
        listed = _by_title(read(answer.body))
    except Unfit as unfit:
        why = (unfit.reason, unfit.detail, answer.body)
        return Batch(rejects=[Reject(SEARCHES.name, key, *why, **told) for key in keys])
    batch = Batch()
    for key in keys:
        batch.extend(_taken(key, listed, answer))
    return batch


def _taken(key: str, listed: Mapping[str, Mapping[str, _Entry]], answer: Answer) -> Batch:
    said = [_said_of(title, listed) for title in spellings(_name(key))]
    if any(each is None for each in said):
        return Batch(failures=[Failure(SEARCHES.name, key, UNANSWERED, answer.fetched_at)])
    query: dict[str, list[_Entry]] = {"pages": []}
    for name, entry in (pair for each in said for pair in each or ()):
        if entry not in query.setdefault(name, []):
            query[name].append(entry)
    request = f"GET {SEARCHES.path}&titles={quote(_name(key), safe=',/:')}"
    told: dict[str, Any] = {"request": request, "fetched_at": answer.fetched_at}
    try:
        return Batch([document(SEARCHES, key, {"query": query}, **told)])
    except Unfit as unfit:
        reject = Reject(SEARCHES.name, key, unfit.reason, unfit.detail, answer.body, **told)
        return Batch(rejects=[reject])


def _said_of(
    title: str, listed: Mapping[str, Mapping[str, _Entry]]
) -> list[tuple[str, _Entry]] | None:
    """Follow a title to its page; gives the entries on the way, None where it was not answered."""
    said: list[tuple[str, _Entry]] = []
    for name in ("normalized", "redirects"):
        # A wiki has redirects in a circle: an entry that was met before ends it.
        while (entry := listed[name].get(title)) and (name, entry) not in said:
            said.append((name, entry))
            title = str(entry.get("to"))
    for name in ("interwiki", "pages"):
        if entry := listed[name].get(title):
            said.append((name, entry))
    return said if any(name != "normalized" for name, _ in said) else None


def _by_title(answer: Any) -> dict[str, dict[str, _Entry]]:
    """Give the entries of each list of an answer by their titles. Raises Unfit."""
    query = answer.get("query") if isinstance(answer, dict) else None
    if not isinstance(query, dict):
        raise Unfit("wrong_shape", "it has no object `query`")
    listed: dict[str, dict[str, _Entry]] = {}
    for name, field in _TITLED_BY.items():
        listed[name] = {}
        entries = query.get(name)
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and isinstance(title := entry.get(field), str):
                # What is not well-formed text to MediaWiki comes back in percent signs.
                title = unquote(title) if entry.get("fromencoded") is True else title
                listed[name][title] = entry
    return listed


def _fits(keys: Sequence[str]) -> bool:
    titles = titles_of(keys)
    return len(titles) <= MOST_AT_ONCE and len(quote("|".join(titles), safe="")) <= MOST_BYTES


def _name(key: str) -> str:
    return key.split("/", 2)[2]
