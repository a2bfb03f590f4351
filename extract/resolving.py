"""Which series people mean: the one way from what they wrote to TMDb's ids.

An id is looked up and believed where nothing contradicts it; a title is taken only where exactly
one series bears it. Everything else is proposed, with the reason why it was not taken. What TMDb
answers lands, and a question that it answered lately is not asked again.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from extract.documents import Batch, Reject, document, tombstone
from extract.errors import AuthenticationRejected, SourceError, Unfit
from extract.http.answers import Verdict
from extract.http.client import Client
from extract.landing import land
from extract.postgres import clock
from extract.references import Kind, Reference
from extract.resolved import Resolved, candidates_of, choose, entries_of, judge, text_of
from extract.resource import Resource
from extract.sources.tmdb.lookups import FIND, LISTS, SEARCHES, shortfall
from extract.sources.tmdb.taking import read_object, verify

LIST_TAG = "tmdb-list:"
MOST_PAGES = 10
"""So many pages of a search are looked through: whoever is further down is not meant."""
MOST_LIST_PAGES = 500
FAILED_IN_A_ROW = 3
"""After so many pages of a list that failed in a row, the rest of the list is not asked for."""

_log = logging.getLogger(__name__)

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
        path = f"/list/{reference.value}"
        first = await self._ask(path, {})
        if first is None:
            self._land(LISTS, reference.value, None)
            return Resolved(reference, (), "no_such_list", 0.0)
        pages = [first, *await self._further_of_list(path, first)]
        whole = first | _joined(pages, "items")
        self._land(LISTS, reference.value, whole)
        # Lists from before there were series in them say nothing of the kind: those are movies.
        items = entries_of(whole, "items")
        series = (item for item in items if text_of(item, "media_type") == "tv")
        ids = tuple(dict.fromkeys(each.tmdb_id for each in candidates_of(series)))
        lacks = shortfall(reference.value, whole)
        reason = "list" if ids else "incomplete_list" if lacks else "empty_list"
        tags = (f"{LIST_TAG}{reference.value}",)
        return Resolved(reference, ids, reason, tags=tags, shortfall=lacks)

    async def _find(self, reference: Reference) -> Resolved:
        found = self._held(FIND, reference.value, "tv_results")
        if found is None:
            params = {"external_source": "imdb_id"}
            found = await self._ask(f"/find/{reference.value}", params)
            self._land(FIND, reference.value, found)
        if found is not None and not isinstance(found.get("tv_results"), list):
            return Resolved(reference, (), "unanswered", 0.0)
        return judge(reference, list(candidates_of(entries_of(found or {}, "tv_results"))))

    async def _search(self, reference: Reference) -> Resolved:
        key, params = str(reference).casefold()[:200], {"query": reference.value}
        if reference.year:
            params["first_air_date_year"] = str(reference.year)
        whole = self._held(SEARCHES, key, "results")
        if whole is None:
            whole = await self._search_pages(params)
            self._land(SEARCHES, key, whole)
        if not isinstance(whole.get("results"), list):
            return Resolved(reference, (), "unanswered", 0.0)
        return choose(reference, whole)

    async def _search_pages(self, params: Mapping[str, str]) -> dict[str, Any]:
        first = await self._ask("/search/tv", params) or {}
        pages = [first]
        for number in range(2, min(_page_count(first), MOST_PAGES) + 1):
            pages.append(await self._ask("/search/tv", {**params, "page": str(number)}) or {})
        if all(isinstance(page.get("results"), list) for page in pages):
            return first | _joined(pages, "results")
        # Whether exactly one series bears a title cannot be known without all pages.
        return first if len(pages) == 1 else first | {"results": None}

    async def _further_of_list(self, path: str, first: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Ask for the pages of a list after the first; the items of one that fails are missing."""
        pages: list[dict[str, Any]] = []
        in_a_row = 0
        for number in range(2, min(_page_count(first), MOST_LIST_PAGES) + 1):
            try:
                pages.append(await self._ask(path, {"page": str(number)}) or {})
                in_a_row = 0
            except AuthenticationRejected:
                raise
            except (SourceError, Unfit) as error:
                _log.warning("%s", error)
                in_a_row += 1
                if in_a_row == FAILED_IN_A_ROW:
                    break
        return pages

    async def _ask(self, path: str, params: Mapping[str, str]) -> dict[str, Any] | None:
        assert self._client, "only ids are resolved without a client"
        answer = await self._client.get(path, params)
        if answer.verdict is Verdict.GONE:
            return None
        return read_object(answer.body)

    def _held(self, resource: Resource, key: str, name: str) -> dict[str, Any] | None:
        """Give the answer that is held, if it is fresh and lists what is asked for as `name`."""
        query = SQL(_HELD).format(table=Identifier(resource.name), name=resource.name)
        row = self._connection.execute(query, {"key": key}).fetchone()
        return row[0] if row and isinstance(row[0].get(name), list) else None

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


def _page_count(first: Mapping[str, Any]) -> int:
    count = first.get("total_pages")
    return count if type(count) is int else 1


def _joined(pages: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    """Join what pages list as `name`; nothing at all where none of them has such a list."""
    lists = [page[name] for page in pages if isinstance(page.get(name), list)]
    return {name: [entry for entries in lists for entry in entries]} if lists else {}
