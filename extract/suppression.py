"""People who asked to be forgotten: decisions, landed like any answer, so that rebuilds keep them.

Who reads what is due leaves out `raw.suppressed_people` and `raw.suppressed_names`, and so does
every model that names people. A decision holds ids, and no name: all that are known of the person
at that time, and for each page of a wiki that may be theirs the page's own. A page of somebody whom
no other source knows is forgotten by itself.
"""

from collections.abc import Iterable
from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg import Connection

from extract.documents import Batch, document
from extract.landing import land
from extract.landing.forgetting import due_again, empty_forgotten, pages_due_again
from extract.landing.purging import Purged
from extract.persons import Person, by_id, claimants, identified
from extract.postgres import clock
from extract.registry import RESOURCES
from extract.sources.fandom.known import pages_of
from extract.sources.showhouse import SUPPRESSED_PAGES, SUPPRESSED_PEOPLE

_PAGES: LiteralString = """
    select key, coalesce(payload -> 'tmdb_id', payload -> 'imdb_id')
    from raw.showhouse_suppressed_pages
    where superseded_by is null and payload @> '{"is_suppressed": true}'
    order by key
"""
_PEOPLE: LiteralString = """
    select payload -> 'tmdb_id', payload -> 'imdb_ids'
    from raw.showhouse_suppressed_people
    where superseded_by is null and payload @> '{"is_suppressed": true}'
    order by (payload ->> 'tmdb_id')::integer, key
"""


def suppress(
    connection: Connection[Any], identity: int | str, *, run_id: UUID | None = None
) -> Purged:
    """Forget a person, by TMDb's id or IMDb's: land the decisions, then empty.

    With them go pages of wikis that may be theirs.
    """
    run_id = run_id or uuid4()
    person = _with_what_was_decided(connection, identified(connection, identity))
    pages = set(pages_of(connection, person)) - suppressed_pages(connection).keys()
    _decide(connection, [person], run_id, is_suppressed=True)
    _decide_pages(connection, sorted(pages), run_id, is_suppressed=True, of=person)
    return empty_forgotten(connection, RESOURCES.values(), run_id=run_id)


def restore(
    connection: Connection[Any], identity: int | str, *, run_id: UUID | None = None
) -> bool:
    """Undo it: the person is shown, and fetched, again; whether there was something to undo."""
    people = _decided_of(connection, by_id(identity))
    if not people:
        return False
    run_id = run_id or uuid4()
    _decide(connection, people, run_id, is_suppressed=False)
    for person in people:
        pages = [page for page, of in suppressed_pages(connection).items() if of == person.name]
        _decide_pages(connection, pages, run_id, is_suppressed=False, of=person)
        pages_due_again(connection, pages)
        if person.tmdb_id is not None:
            due_again(connection, RESOURCES.values(), person.tmdb_id)
    return True


def follow(connection: Connection[Any], *, run_id: UUID | None = None) -> list[Person]:
    """Decide of those who came under another id since: before what is built can show them.

    Of a decision from before IMDb's ids were noted these are looked for once IMDb's names are held;
    whoever of TMDb's claims a name that is forgotten is forgotten too.
    """
    found = []
    if _names_are_held(connection):
        unsought = [each for each in forgotten(connection) if each.imdb_ids is None]
        found = [identified(connection, person.name) for person in unsought]
    known = {person.tmdb_id for person in forgotten(connection)}
    for imdb_id in sorted({each for person in forgotten(connection) for each in person.names}):
        claiming = claimants(connection, imdb_id)
        found += [Person(each, (imdb_id,)) for each in claiming if each not in known]
    _decide(connection, found, run_id or uuid4(), is_suppressed=True)
    return found


def suppress_page(connection: Connection[Any], page: str, *, run_id: UUID | None = None) -> Purged:
    """Forget a wiki's page, by its key (`real-housewives/5687`)."""
    run_id = run_id or uuid4()
    _decide_pages(connection, [page], run_id, is_suppressed=True)
    return empty_forgotten(connection, RESOURCES.values(), run_id=run_id)


def restore_page(connection: Connection[Any], page: str, *, run_id: UUID | None = None) -> bool:
    """Undo it: the page is read again with its wiki; whether there was something to undo."""
    if page not in suppressed_pages(connection):
        return False
    _decide_pages(connection, [page], run_id or uuid4(), is_suppressed=False)
    pages_due_again(connection, [page])
    return True


def suppressed(connection: Connection[Any]) -> list[int | str]:
    """Give the people who are to be forgotten, by TMDb id, else by IMDb's."""
    return [person.name for person in forgotten(connection)]


def forgotten(connection: Connection[Any]) -> list[Person]:
    """Give the people who are to be forgotten, with every id that was decided of."""
    return [
        Person(tmdb_id, None if imdb_ids is None else tuple(imdb_ids))
        for tmdb_id, imdb_ids in connection.execute(_PEOPLE)
    ]


def suppressed_pages(connection: Connection[Any]) -> dict[str, int | str | None]:
    """Give the pages that are to be forgotten, each with the person with whom it was."""
    return dict(connection.execute(_PAGES).fetchall())


def _decided_of(connection: Connection[Any], person: Person) -> list[Person]:
    """The decisions that hold for somebody, and for whom these have an id in common with."""
    left, found, reached = forgotten(connection), list[Person](), [person]
    while reached:
        one = reached.pop()
        reached += (also := [each for each in left if each.is_also(one)])
        left = [each for each in left if each not in also]
        found += also
    return found


def _with_what_was_decided(connection: Connection[Any], person: Person) -> Person:
    """Keep the ids of a decision that holds: what told them is emptied."""
    decided = [each for each in forgotten(connection) if each.is_also(person)]
    if person.tmdb_id is None and decided:
        person = Person(decided[0].tmdb_id, person.imdb_ids)
    own = [each for each in decided if each.key == person.key]
    known = {imdb_id for each in (person, *own) for imdb_id in each.names}
    is_sought = known or _names_are_held(connection)
    return Person(person.tmdb_id, tuple(sorted(known)) if is_sought else None)


def _names_are_held(connection: Connection[Any]) -> bool:
    """Whether IMDb's names were ever read: before, whom it calls what is not known."""
    held = connection.execute("select exists (select from raw.imdb_name_basics)")
    return held.fetchone() == (True,)


def _decide(
    connection: Connection[Any], people: Iterable[Person], run_id: UUID, *, is_suppressed: bool
) -> None:
    at = clock.now(connection)
    decisions = [
        document(
            SUPPRESSED_PEOPLE,
            person.key,
            _ids(person) | {"is_suppressed": is_suppressed},
            request="showhouse forget",
            fetched_at=at,
        )
        for person in people
    ]
    if decisions:
        land(connection, Batch(decisions), run_id=run_id)


def _ids(person: Person) -> dict[str, Any]:
    """The ids as they land; without those of IMDb's where nobody could look for them."""
    sought = {} if person.imdb_ids is None else {"imdb_ids": list(person.imdb_ids)}
    return {"tmdb_id": person.tmdb_id} | sought


def _decide_pages(
    connection: Connection[Any],
    pages: Iterable[str],
    run_id: UUID,
    *,
    is_suppressed: bool,
    of: Person | None = None,
) -> None:
    at = clock.now(connection)
    whose: dict[str, Any] = {"tmdb_id": of.tmdb_id if of else None}
    if of and of.tmdb_id is None:
        whose["imdb_id"] = of.name
    decisions = [
        document(
            SUPPRESSED_PAGES,
            page,
            {"page_key": page, **whose, "is_suppressed": is_suppressed},
            request="showhouse forget",
            fetched_at=at,
        )
        for page in pages
    ]
    if decisions:
        land(connection, Batch(decisions), run_id=run_id)
