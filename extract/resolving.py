"""Which series people mean: the one way from what they wrote to TMDb's ids.

An id is looked up and believed where nothing contradicts it; a title is taken only where exactly
one series bears it. Everything else is proposed, with the reason why it was not taken. What TMDb
answers lands, and a question that it answered lately is not asked again.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from extract.canonical import read
from extract.documents import Batch, Reject, document, tombstone
from extract.errors import Unfit
from extract.http.answers import Verdict
from extract.http.client import Client
from extract.landing import land
from extract.postgres import clock
from extract.references import Kind, Reference, normalised
from extract.resource import Resource
from extract.sources.tmdb.lookups import FIND, LISTS, SEARCHES
from extract.sources.tmdb.taking import verify

LIST_TAG = "tmdb-list:"
MOST_PAGES = 10
"""So many pages of a search are looked through: whoever is further down is not meant."""

# An id of ours is made of TMDb's, which cannot be read back: it is one of those that are known.
_KNOWN = """
    select split_part(key, '/', 1) from raw.{table}
    where md5('tmdb:tv:' || split_part(key, '/', 1))::uuid = %(show_id)s::uuid
    limit 1
"""
_TRACKED = """
    select payload ->> 'tmdb_id' from raw.showhouse_tracked_shows
    where superseded_by is null and md5(key)::uuid = %(show_id)s::uuid
"""
# One that IMDb alone knew when it got its id may have become TMDb's.
_TITLE = """
    select
        title.imdb_id,
        (select array_agg(distinct ids.key) from raw.tmdb_tv_external_ids as ids
            where ids.payload ->> 'imdb_id' = title.imdb_id and ids.superseded_by is null)
    from (
        select split_part(key, '/', 1) as imdb_id from raw.imdb_title_basics
        where md5('imdb:' || split_part(key, '/', 1))::uuid = %(show_id)s::uuid
        union
        select payload ->> 'imdb_id' from raw.showhouse_tracked_shows
        where superseded_by is null and md5(key)::uuid = %(show_id)s::uuid
    ) as title
    where title.imdb_id is not null
    limit 1
"""
_HELD = """
    select held.payload
    from raw.{table} as held
    inner join raw.fetches on fetches.resource = {name} and fetches.key = held.key
    where
        held.key = %(key)s and held.superseded_by is null and held.payload is not null
        and fetches.status = 'ok' and fetches.next_due_at > now()
"""


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


class Resolver:
    """Resolves references; `client` is entered, the connection idle and kept busy.

    Without a client only ids of TMDb's and of ours can be resolved.
    """

    def __init__(self, client: Client | None, connection: Connection[Any], run_id: UUID) -> None:
        self._client, self._connection, self._run_id = client, connection, run_id

    async def resolve(self, references: Iterable[Reference]) -> list[Resolved]:
        """Resolve them, in order. Raises what the client raises, and Unfit."""
        return [await self._resolve(reference) for reference in references]

    async def _resolve(self, reference: Reference) -> Resolved:
        match reference.kind:
            case Kind.TMDB:
                return Resolved(reference, (int(reference.value),), "tmdb_id")
            case Kind.SHOW:
                return self._known(reference)
            case Kind.LIST:
                return await self._list(reference)
            case Kind.IMDB:
                return await self._find(reference)
            case Kind.TITLE:
                return await self._search(reference)

    def _known(self, reference: Reference) -> Resolved:
        tables = ("tmdb_tv_details", "tmdb_tv_series_ids")
        known = [SQL(_KNOWN).format(table=Identifier(table)) for table in tables]
        for query in (*known, SQL(_TRACKED).format()):
            row = self._connection.execute(query, {"show_id": reference.value}).fetchone()
            if row and row[0]:
                return Resolved(reference, (int(row[0]),), "show_id")
        title = self._connection.execute(_TITLE, {"show_id": reference.value}).fetchone()
        if title:
            owners = title[1] or []
            if len(owners) == 1:
                return Resolved(reference, (int(owners[0]),), "show_id")
            return Resolved(reference, (), "imdb_alone", 0.0)
        return Resolved(reference, (), "no_such_show", 0.0)

    async def _list(self, reference: Reference) -> Resolved:
        first = await self._ask(f"/list/{reference.value}", {})
        if first is None:
            self._land(LISTS, reference.value, None)
            return Resolved(reference, (), "no_such_list", 0.0)
        pages = [first, *[page async for page in self._further(f"/list/{reference.value}", first)]]
        whole = first | {"items": [item for page in pages for item in _entries(page, "items")]}
        self._land(LISTS, reference.value, whole)
        # Lists from before there were series in them say nothing of the kind: those are movies.
        series = (item for item in whole["items"] if _text(item, "media_type") == "tv")
        ids = tuple(dict.fromkeys(each.tmdb_id for each in _candidates(series)))
        return Resolved(
            reference, ids, "list" if ids else "empty_list", tags=(f"{LIST_TAG}{reference.value}",)
        )

    async def _find(self, reference: Reference) -> Resolved:
        found = self._held(FIND, reference.value)
        if found is None:
            params = {"external_source": "imdb_id"}
            found = await self._ask(f"/find/{reference.value}", params)
            self._land(FIND, reference.value, found)
        return judge(reference, list(_candidates(_entries(found or {}, "tv_results"))))

    async def _search(self, reference: Reference) -> Resolved:
        key, params = str(reference).casefold()[:200], {"query": reference.value}
        if reference.year:
            params["first_air_date_year"] = str(reference.year)
        whole = self._held(SEARCHES, key)
        if whole is None:
            first = await self._ask("/search/tv", params) or {}
            pages = [first, *[page async for page in self._further("/search/tv", first, params)]]
            whole = first | {"results": [each for page in pages for each in _entries(page)]}
            self._land(SEARCHES, key, whole)
        return choose(reference, whole)

    async def _further(
        self, path: str, first: Mapping[str, Any], params: Mapping[str, str] | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        pages = first.get("total_pages")
        last = pages if type(pages) is int else 1
        most = MOST_PAGES if path == "/search/tv" else 500
        for number in range(2, min(last, most) + 1):
            page = await self._ask(path, {**(params or {}), "page": str(number)})
            yield page or {}

    async def _ask(self, path: str, params: Mapping[str, str]) -> dict[str, Any] | None:
        assert self._client, "only ids are resolved without a client"
        answer = await self._client.get(path, params)
        if answer.verdict is Verdict.GONE:
            return None
        value = read(answer.body)
        if not isinstance(value, dict):
            raise Unfit("not_an_object", f"{answer.request} is a {type(value).__name__}")
        return value

    def _held(self, resource: Resource, key: str) -> dict[str, Any] | None:
        query = SQL(_HELD).format(table=Identifier(resource.name), name=resource.name)
        row = self._connection.execute(query, {"key": key}).fetchone()
        return row[0] if row else None

    def _land(self, resource: Resource, key: str, payload: dict[str, Any] | None) -> None:
        request, now = f"GET {resource.path}", clock.now(self._connection)
        try:
            if payload is None:
                batch = Batch([tombstone(resource, key, request=request, fetched_at=now)])
            else:
                verify(resource, key, payload)
                batch = Batch([document(resource, key, payload, request=request, fetched_at=now)])
        except Unfit as unfit:
            reject = Reject(resource.name, key, unfit.reason, unfit.detail, b"", request, now)
            batch = Batch(rejects=[reject])
        land(self._connection, batch, run_id=self._run_id)


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
    found = {each.tmdb_id: each for each in _candidates(_entries(answer))}
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


def _candidates(entries: Iterable[Any]) -> Iterator[Candidate]:
    for entry in entries:
        number = entry.get("id") if isinstance(entry, dict) else None
        if type(number) is int and 0 < number < 2**31:
            texts = (_text(entry, name) for name in ("name", "original_name", "first_air_date"))
            yield Candidate(number, *texts)


def _entries(page: Mapping[str, Any], name: str = "results") -> list[Any]:
    entries = page.get(name)
    return entries if isinstance(entries, list) else []


def _text(entry: Any, name: str) -> str:
    value = entry.get(name) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""
