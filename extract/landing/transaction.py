"""Landing one batch: the transaction from staging to commit, and what Postgres may refuse."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace as with_fields
from typing import Any
from uuid import UUID

from psycopg import Connection, DataError, IsolationLevel
from psycopg.errors import CheckViolation, ProgramLimitExceeded, StatementTooComplex
from psycopg.pq import TransactionStatus

from extract.documents import Batch, Document, Reject
from extract.landing import books, staging, turns, versions
from extract.landing.outcome import Counts, Landed
from extract.landing.staging import Identity
from extract.postgres import clock
from extract.postgres.errors import DatabaseLost

# What one document can do to a whole batch: a number beyond numeric, a string beyond jsonb, a key
# beyond an index row. Anything else is not the documents' fault and is raised.
_REFUSALS = (DataError, CheckViolation, ProgramLimitExceeded, StatementTooComplex)


class _Overtaken(Exception):
    """Another writer superseded, meanwhile, what made a document look unchanged: stage it too."""


def land(connection: Connection[Any], batch: Batch, *, run_id: UUID, by_key: bool = True) -> Landed:
    """Land a batch and commit. The connection must be idle; the batch is counted by resource.

    A document that Postgres refuses becomes a reject; the others of its batch are landed. Without
    `by_key` the books keep no entry for each document: it came in a file, which has one itself.
    """
    if connection.closed:
        raise DatabaseLost("the connection was closed")
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        raise ValueError("land() needs an idle connection: it commits, and readers wait for that")
    if not batch:
        return Landed()
    documents = staging.latest_of_each_key(batch.documents)
    try:
        return _land(connection, documents, batch, run_id, by_key)
    except _REFUSALS as error:
        if not documents:
            raise
        first, rest = _halves(documents, batch, error)
        halves = (land(connection, half, run_id=run_id, by_key=by_key) for half in (first, rest))
        return sum(halves, Landed())


def _halves(documents: Sequence[Document], batch: Batch, error: Exception) -> tuple[Batch, Batch]:
    if len(documents) == 1:
        rejects = [*batch.rejects, _reject(documents[0], error)]
        return with_fields(batch, documents=[], rejects=rejects), Batch()
    middle = len(documents) // 2
    rest = with_fields(batch, documents=list(documents[middle:]))
    return Batch(list(documents[:middle])), rest


def _reject(document: Document, error: Exception) -> Reject:
    return Reject(
        resource=document.resource,
        key=document.key,
        reason="refused_by_postgres",
        detail=str(error).partition("\n")[0],
        body=document.payload or b"",
        request=document.request,
        fetched_at=document.fetched_at,
    )


def _land(
    connection: Connection[Any],
    documents: Sequence[Document],
    batch: Batch,
    run_id: UUID,
    by_key: bool,
) -> Landed:
    counts = _counts(documents, batch)
    staging.create_staging(connection)
    connection.isolation_level = IsolationLevel.READ_COMMITTED  # what comes after the lock sees all
    chosen: Container[Identity] | None = None
    while True:
        try:
            with connection.transaction():
                load_id = _land_documents(connection, documents, counts, run_id, chosen)
                if by_key:
                    books.enter_checks(connection)
                books.enter_rejects(connection, batch.rejects)
                books.enter_failures(connection, batch.failures)
            return Landed(load_id, counts)
        except _Overtaken:
            chosen = {(each.resource, each.key) for each in documents}


def _land_documents(
    connection: Connection[Any],
    documents: Sequence[Document],
    counts: dict[str, Counts],
    run_id: UUID,
    chosen: Container[Identity] | None,
) -> int | None:
    """Stage and land in the open transaction; `chosen` is staged whole, else what looks new."""
    if not documents:
        turns.take_turn(connection)
        return None
    started_at = clock.now(connection)
    resources = sorted({document.resource for document in documents})
    staging.stage_checks(connection, documents)
    chosen = chosen or versions.look_for_new(connection, resources)
    staging.stage_candidates(connection, documents, chosen)
    names_others = staging.stage_mentions(connection, documents, chosen)
    turns.take_turn(connection)
    changed = versions.find_changed(connection, resources)
    if any(numbers.unstaged for numbers in changed.values()):
        raise _Overtaken
    for resource, numbers in changed.items():
        counts[resource].landed = numbers.landed
        counts[resource].tombstones = numbers.tombstones
    load_id = versions.replace(connection, changed) if changed else None
    if load_id is not None:
        rejected = sum(count.rejected for count in counts.values())
        told = _told(counts)
        turns.enter_load(connection, load_id, run_id, started_at, told, rejected=rejected)
    if names_others:
        books.enter_mentions(connection)
    return load_id


def _counts(documents: Sequence[Document], batch: Batch) -> dict[str, Counts]:
    checked = Counter(document.resource for document in documents)
    rejected = Counter(reject.resource for reject in batch.rejects)
    failed = Counter(failure.resource for failure in batch.failures)
    return {
        resource: Counts(
            checked=checked[resource],
            rejected=rejected[resource],
            failed=failed[resource],
            asked=batch.asked[resource],
            arrived=batch.arrived[resource],
        )
        for resource in sorted({*checked, *rejected, *failed, *batch.asked})
    }


def _told(counts: dict[str, Counts]) -> dict[str, dict[str, int]]:
    return {
        resource: {
            "checked": count.checked,
            "landed": count.landed,
            "tombstones": count.tombstones,
        }
        for resource, count in counts.items()
        if count.checked
    }
