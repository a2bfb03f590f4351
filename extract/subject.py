"""What a subject is: a kind of thing that is asked for by key and comes with its parts.

The list of them, in the order in which they are asked for, is `extract.sources.tmdb.subjects`.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import Connection
from psycopg.sql import Composed

from extract.documents import Batch
from extract.resource import Resource

if TYPE_CHECKING:
    from extract.http.client import Client

Requests = Callable[[Connection[Any], Collection[str], Sequence[str]], list[Any]]
"""Turns the names of the resources wanted (none: all), and keys, into first requests.

A request shows itself as text: `GET /tv/1396?append_to_response=…`.
"""

Fetch = Callable[["Client", Collection[str], Any], Awaitable[Batch]]
"""Sends such a request and whatever follows from its answer; gives what to land.

The second argument names the resources that arrive for nobody: they are not asked for twice.
"""

Further = Callable[[Connection[Any]], Mapping[str, int]]
"""Gives the requests that follow the first one, for each key that is known to need some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One kind of thing: series, people, networks."""

    name: str
    """What a run's report calls many of them: `people`."""
    resources: tuple[Resource, ...]
    """What lands of it; the first are its details, which the others come with."""
    due: Composed
    """The query for the keys to ask for, in order; its parameters: `extract.keys.due`."""
    requests: Requests
    fetch: Fetch
    further_requests: Further = lambda _: {}

    @property
    def details(self) -> Resource:
        """The resource whose keys are the subject's."""
        return self.resources[0]

    def is_asked_for(self, resources: Collection[str]) -> bool:
        """Whether any of these resources is the subject's; none means all."""
        return not resources or any(resource.name in resources for resource in self.resources)
