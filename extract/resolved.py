"""What a reference was found to mean: the series that it names, or those that it may name.

An id is believed where nothing contradicts it; a title is taken only where exactly one series bears
it. Everything else is proposed, with the reason why it was not taken.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extract.references import Reference, normalised


@dataclass(frozen=True, slots=True)
class Candidate:
    """A series that may be meant."""

    tmdb_id: int
    name: str
    original_name: str
    first_air_date: str

    def is_called(self, title: str) -> bool:
        """Whether the title is one of its names."""
        return normalised(title) in (normalised(self.name), normalised(self.original_name))

    def is_of(self, year: int) -> bool:
        """Whether it began in that year."""
        return self.first_air_date[:4] == str(year)

    def __str__(self) -> str:
        return f"{self.tmdb_id} {self.name} ({self.first_air_date or 'no date'})"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of one reference."""

    reference: Reference
    tmdb_ids: tuple[int, ...]
    """The series that it names; none where that is not certain."""
    reason: str
    """Why: `single_result`, `ambiguous` …"""
    score: float = 1.0
    """How certain it is, from 0 to 1."""
    candidates: tuple[Candidate, ...] = ()
    tags: tuple[str, ...] = ()
    shortfall: str | None = None
    """Why nothing follows from what a list does not name; None: it is whole."""

    @property
    def is_certain(self) -> bool:
        """Whether the reference names series."""
        return bool(self.tmdb_ids)

    def __str__(self) -> str:
        """Say what it is, and what it may be."""
        proposed = "; ".join(map(str, self.candidates[:10]))
        more = " and more" if len(self.candidates) > 10 else ""
        found = f" Name one by its TMDb id: {proposed}{more}." if proposed else ""
        return f"`{self.reference}` {_SENTENCES[self.reason]}{found}"


_SENTENCES: Mapping[str, str] = {
    "tmdb_id": "is an id.",
    "list": "is a list.",
    "show_id": "is an id of ours.",
    "incomplete_list": "is a list of which TMDb gave no series this time: ask again later.",
    "unanswered": "was answered without a list of results, which says nothing: ask again later.",
    "empty_list": "is a list without a series in it.",
    "no_such_list": "is no list that TMDb has, or it is private.",
    "no_such_show": "is the id of no show that is held, tracked or listed.",
    "imdb_alone": (
        "is the id of a series that IMDb alone knows: TMDb cannot be asked for it. What IMDb says "
        "of it comes with `showhouse extract imdb_datasets`."
    ),
    "no_tv_results": "is no series that TMDb knows.",
    "single_result": "is one series of TMDb, and its name is another one.",
    "name_match": "is the name of one series.",
    "year_match": "is one series of that year.",
    "ambiguous": "is several series of TMDb.",
    "similar_only": "is the exact name of no series.",
}


def judge(reference: Reference, found: Sequence[Candidate]) -> Resolved:
    """Say what an IMDb id means, by what TMDb gives for it and the name and year we know."""
    candidates = tuple(found)
    if len(candidates) != 1:
        reason = "ambiguous" if candidates else "no_tv_results"
        return Resolved(reference, (), reason, 0.0, candidates)
    (only,) = candidates
    accepted = (only.tmdb_id,)
    if reference.name and only.is_called(reference.name):
        return Resolved(reference, accepted, "name_match", 1.0, candidates)
    if reference.year and only.is_of(reference.year):
        return Resolved(reference, accepted, "year_match", 0.8, candidates)
    if reference.name is None and reference.year is None:
        return Resolved(reference, accepted, "single_result", 0.9, candidates)
    return Resolved(reference, (), "single_result", 0.3, candidates)


def choose(reference: Reference, answer: Mapping[str, Any]) -> Resolved:
    """Say what a title means: the one series that bears it, in the year if one is named."""
    found = {each.tmdb_id: each for each in candidates_of(entries_of(answer))}
    exact = [
        each.tmdb_id
        for each in found.values()
        if each.is_called(reference.value) and (not reference.year or each.is_of(reference.year))
    ]
    if len(exact) == 1:
        return Resolved(reference, (exact[0],), "name_match", 1.0, (found[exact[0]],))
    proposed = tuple(found[each] for each in exact) or tuple(found.values())
    reason = "ambiguous" if exact else "similar_only" if found else "no_tv_results"
    return Resolved(reference, (), reason, 0.0, proposed)


def candidates_of(entries: Iterable[Any]) -> Iterator[Candidate]:
    """Give the series among entries of an answer; what has no usable id is none."""
    for entry in entries:
        number = entry.get("id") if isinstance(entry, dict) else None
        if type(number) is int and 0 < number < 2**31:
            texts = (text_of(entry, name) for name in ("name", "original_name", "first_air_date"))
            yield Candidate(number, *texts)


def entries_of(page: Mapping[str, Any], name: str = "results") -> list[Any]:
    """Give what a page of an answer lists; nothing where it has no such list."""
    entries = page.get(name)
    return entries if isinstance(entries, list) else []


def text_of(entry: Any, name: str) -> str:
    """Give a text of an entry; empty where there is none."""
    value = entry.get(name) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""
