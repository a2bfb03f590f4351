"""Steps that may fail alone: what one of them meets, the others need not."""

from collections.abc import Awaitable, Callable, Sequence

import psycopg

from extract.errors import AuthenticationRejected, PostgresError, SettingsError, ShowhouseError
from extract.references import Reference
from extract.run import NotLanded
from extract.unforeseen import unforeseen

IN_A_ROW = 3
"""After so many failures in a row nothing more is asked: it is the source that fails."""

_OF_ALL = (
    *(AuthenticationRejected, PostgresError, SettingsError),
    *(psycopg.OperationalError, psycopg.InterfaceError),
)


async def why_failed(what: str, steps: Awaitable[object]) -> str | None:
    """Take the steps; gives why they failed, None where they did not. `what` is for the log.

    Raises what ends all others as well: AuthenticationRejected, PostgresError, SettingsError, a
    connection that broke.
    """
    try:
        await steps
    except _OF_ALL:
        raise
    except ShowhouseError as error:
        return str(error)
    except Exception as error:
        return unforeseen(what, error)
    return None


async def one_by_one(
    subject: str,
    references: Sequence[Reference],
    ask: Callable[[Reference], Awaitable[object]],
) -> list[NotLanded]:
    """Ask for each reference; gives those that failed. Raises what `why_failed` raises."""
    failures: list[NotLanded] = []
    in_a_row = 0
    for number, reference in enumerate(references):
        why = await why_failed(f"{subject} {reference}", ask(reference))
        in_a_row = in_a_row + 1 if why else 0
        if why:
            failures.append(NotLanded(subject, reference.value, why))
        left = references[number + 1 :]
        if left and in_a_row == IN_A_ROW:
            why = f"{IN_A_ROW} in a row failed: {len(left):,} were not asked for, but will be"
            return [*failures, NotLanded(subject, left[0].value, why)]
    return failures
