"""What a TMDb world is: for every series, the parts that its documents are made of.

A *part* is one JSON object as the series' own endpoint answers it, without the series' ``id``:
TMDb leaves it out of appended parts, and the server puts it back on standalone endpoints.
``details``, ``season/N`` and ``season/N/credits`` (a season's) have their own; the server leaves
that of an appended season out. A
part that is not in the mapping does not exist upstream: a missing key when appended, 404 when asked
for alone.

Besides series a world knows *things* that stand on their own, people and networks among them. They
have parts as series do, and are asked for by kind and key.

That networks and companies have parts to append are the beliefs `networks_take_appends` and
`companies_take_appends`; of people it is documented ([D]), and one network's is recorded.

Room is left for what else a world may know (daily exports, change lists): each is another method
here and another branch in `tests.tmdb.answers`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Part = dict[str, Any]

DETAILS = "details"
SETS = (
    "external_ids",
    "alternative_titles",
    "translations",
    "content_ratings",
    "keywords",
    "videos",
    "images",
    "aggregate_credits",
    "credits",
    "watch/providers",
    "episode_groups",
    "recommendations",
)
"""The parts, besides details and seasons, that a generated series has."""

APPENDABLE = frozenset(
    {
        *SETS,
        "account_states",
        "changes",
        "lists",
        "reviews",
        "screened_theatrically",
        "similar",
    }
)
"""What may be appended to a series besides ``season/N``; other names are silently ignored."""

THINGS: Mapping[str, frozenset[str]] = {
    "person": frozenset({"external_ids", "images", "translations"}),
    "episode_group": frozenset(),
    "network": frozenset({"alternative_names", "images"}),
    "company": frozenset({"alternative_names", "images"}),
}
"""The kinds of things that stand on their own, by the last step before their key; their parts."""

UNTOUCHED: Mapping[str, int] = {}


class World(Protocol):
    """A catalogue of series that answers the same for the same id, revisions and day."""

    day: int
    """With 0 popularity stands still; any other number gives the popularity of that day."""

    def series(
        self, series_id: int, revisions: Mapping[str, int] = UNTOUCHED
    ) -> Mapping[str, Part] | None:
        """Give the parts of a series by name, edited as often as `revisions` says, or None."""

    def ids(self) -> Iterable[int]:
        """List the series that have details, ascending."""

    def thing(
        self, kind: str, key: str, revisions: Mapping[str, int] = UNTOUCHED
    ) -> Mapping[str, Part] | None:
        """Give the parts of a thing (one of THINGS) by name, or None."""

    def change_logo(self, kind: str, owner_id: int) -> None:
        """Give one of `networks`, `production_companies`, `watch_providers` another logo."""


def season_name(number: int) -> str:
    """Name the part that holds a season, as ``append_to_response`` does."""
    return f"season/{number}"


def season_credits_name(number: int) -> str:
    """Name the part that holds the credits of a season: its regulars, and its crew."""
    return f"season/{number}/credits"


def credited_season(part: str) -> int | None:
    """Read the number out of ``season/N/credits``; None for anything else."""
    return season_number(part.removesuffix("/credits")) if part.endswith("/credits") else None


def season_number(part: str) -> int | None:
    """Read the number out of ``season/N``; None for anything else."""
    head, _, tail = part.partition("/")
    return int(tail) if head == "season" and tail.isascii() and tail.isdigit() else None
