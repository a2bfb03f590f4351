"""How the steps of a job are called: plainly, as here, or as tasks of Prefect's (`flows.tasks`).

A step is tried again only for what its own parts do not retry: a database that went away. The
client retries requests, dbt its connections, and the mirror leaves what failed to the next run.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, Protocol, TypeVar
from uuid import UUID, uuid4

import psycopg

from extract.errors import DatabaseUnreachable
from extract.postgres.errors import DatabaseLost
from flows import progress

RETRIES = 2
RETRY_DELAY_SECONDS = 10.0

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Step(Generic[P, R]):
    """One step of a job: a function, and the name that the page of a run shows it under."""

    name: str
    function: Callable[P, R]
    is_retried: bool = True
    """Whether the step is tried again where the database went away."""


class Call(Protocol):
    """Calls the steps of one run."""

    @property
    def run_id(self) -> UUID:
        """The id that the loads of this run carry."""

    def __call__(self, step: Step[P, R], /, *arguments: P.args, **options: P.kwargs) -> R:
        """Call the step and return what it returns."""


class PlainCall:
    """Calls each step as the function that it is."""

    def __init__(self) -> None:
        self.run_id = uuid4()

    def __call__(self, step: Step[P, R], /, *arguments: P.args, **options: P.kwargs) -> R:
        """Call the step, up to three times where the database went away."""
        for _ in range(RETRIES if step.is_retried else 0):
            try:
                return step.function(*arguments, **options)
            except Exception as error:
                if not is_lost_connection(error):
                    raise
                progress.tell(f"Postgres went away; trying again in {RETRY_DELAY_SECONDS:.0f} s")
                time.sleep(RETRY_DELAY_SECONDS)
        return step.function(*arguments, **options)


def is_lost_connection(error: object) -> bool:
    """Whether an error means that the database went away, so that another attempt may succeed."""
    return isinstance(error, psycopg.OperationalError | DatabaseUnreachable | DatabaseLost)
