"""What to ask TMDb for: a series and all its parts in one request, then 20 names in each further.

`append_to_response` takes 20 names. A season takes two of them, its own and its credits', which
alone tell who is a regular of it: 12 parts leave room for four seasons. Which seasons there are is
not known before the first answer, so the first request guesses; a number that does not exist costs
nothing, since TMDb leaves it out. Further requests ask for the seasons that the first had no room
for, ten at a time, and once more for whatever exists and was left out.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, count, islice

from extract.resource import Resource
from extract.sources.tmdb.resources import DETAILS, PARTS, SEASON_CREDITS, SEASONS

APPENDS_PER_REQUEST = 20
BY_SEASON = (SEASONS, SEASON_CREDITS)
"""What is asked for of each season, a name each."""
FIRST_SEASONS = (APPENDS_PER_REQUEST - len(PARTS)) // len(BY_SEASON)
"""The seasons that the first request has room for, beside all parts."""
FURTHER_SEASONS = APPENDS_PER_REQUEST // len(BY_SEASON)
"""The seasons that each further request has room for."""

_NAME_OF_A_SEASON = re.compile(r"season/([0-9]+)(/credits)?")

VIDEO_LANGUAGES = "en,de,es,fr,ja"
"""Without the parameter videos come in en-US alone. It takes a few languages: how many, TMDb does
not say, and as many as five were once documented for images. Images need no parameter: without one
they come in all languages."""


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """One request for a series: which parts, which seasons and whose credits it asks for."""

    series_id: int
    parts: tuple[Resource, ...]
    seasons: tuple[int, ...]
    season_credits: tuple[int, ...] = ()
    known_seasons: Mapping[int, int | None] = field(default_factory=dict)
    """The ids, by number, of the seasons that are held and not gone, or failed the last time."""
    failing_seasons: frozenset[int] = frozenset()
    """The numbers of those that failed the last time."""

    @property
    def details(self) -> Resource:
        """The series' own document."""
        return DETAILS

    @property
    def key(self) -> str:
        """The series' key: `1396`."""
        return str(self.series_id)

    @property
    def identity(self) -> int:
        """The `id` of the series' documents."""
        return self.series_id

    @property
    def path(self) -> str:
        """The path below the base URL: `/tv/1396`."""
        return f"/tv/{self.series_id}"

    @property
    def appends(self) -> tuple[str, ...]:
        """The names to append, at most 20."""
        parts = (part.appended_as or "" for part in self.parts)
        by_season = (season_name(number, each) for each, number in self.by_season)
        return (*parts, *by_season)

    @property
    def by_season(self) -> tuple[tuple[Resource, int], ...]:
        """What is asked for of which season: the seasons first, then the credits."""
        return (
            *((SEASONS, number) for number in self.seasons),
            *((SEASON_CREDITS, number) for number in self.season_credits),
        )

    @property
    def params(self) -> dict[str, str]:
        """The query; languages only where something asked for depends on them."""
        params = {"append_to_response": ",".join(self.appends)} if self.appends else {}
        if "videos" in self.appends:
            params["include_video_language"] = VIDEO_LANGUAGES
        return params

    def __str__(self) -> str:
        """Show it without the languages."""
        return f"GET {self.path}?append_to_response={','.join(self.appends)}"


def first_request(
    series_id: int,
    known_seasons: Mapping[int, int | None],
    resources: Collection[str] = (),
    failing_seasons: Collection[int] = (),
) -> SeriesRequest:
    """Ask for the series, its parts, and as many seasons as fit: those known, then those likely.

    `known_seasons` are ids by number; `failing_seasons` those that did not come the last time.
    `resources` names what is wanted of parts, seasons and their credits; empty: all.
    """
    parts = tuple(part for part in PARTS if not resources or part.name in resources)
    wanted = [each for each in BY_SEASON if not resources or each.name in resources]
    room = (APPENDS_PER_REQUEST - len(parts)) // len(wanted) if wanted else 0
    numbers = tuple(islice(_likely_seasons(known_seasons), room))
    return SeriesRequest(
        series_id,
        parts,
        numbers if SEASONS in wanted else (),
        numbers if SEASON_CREDITS in wanted else (),
        known_seasons,
        frozenset(failing_seasons),
    )


def season_path(series_id: int, number: int, resource: Resource = SEASONS) -> str:
    """Give the path of a season's own endpoint: 404 there proves that there is no such season."""
    return f"/tv/{series_id}/{season_name(number, resource)}"


def further_requests(series_id: int, names: Iterable[str]) -> list[SeriesRequest]:
    """Ask for parts and for what seasons have by their names, 20 at a time.

    Parts first, then the newest seasons, each beside its credits.
    """
    wanted = set(names)
    parts = [part for part in PARTS if part.appended_as in wanted]
    by_season = [piece for piece in map(season_piece, wanted) if piece]
    by_season.sort(key=lambda piece: (-piece[1], BY_SEASON.index(piece[0])))
    pieces = [*((part, None) for part in parts), *by_season]
    return [
        SeriesRequest(
            series_id,
            tuple(part for part, number in chunk if number is None),
            _numbers(SEASONS, chunk),
            _numbers(SEASON_CREDITS, chunk),
        )
        for chunk in (
            pieces[start : start + APPENDS_PER_REQUEST]
            for start in range(0, len(pieces), APPENDS_PER_REQUEST)
        )
    ]


def _numbers(resource: Resource, pieces: Iterable[tuple[Resource, int | None]]) -> tuple[int, ...]:
    return tuple(number for each, number in pieces if each is resource and number is not None)


def further_count(season_count: int) -> int:
    """Say how many requests follow the first for a series of so many seasons."""
    return -(-max(season_count - FIRST_SEASONS, 0) // FURTHER_SEASONS)


def season_name(number: int, resource: Resource = SEASONS) -> str:
    """Name a season, or what else there is of it, as it is appended: `season/1`."""
    return (resource.appended_as or "").replace("{season_number}", str(number))


def season_piece(name: str) -> tuple[Resource, int] | None:
    """Read an appended name: what it asks for of which season; None for a part's."""
    found = _NAME_OF_A_SEASON.fullmatch(name)
    return (SEASON_CREDITS if found[2] else SEASONS, int(found[1])) if found else None


def _likely_seasons(known: Collection[int]) -> Iterable[int]:
    # Nothing known: 0 to 3. Else all that are known, the newest first, then the next one, the
    # specials if they are new, and so on upwards.
    if not known:
        return count(0)
    newest = max(known)
    specials = () if 0 in known else (0,)
    return chain(sorted(known, reverse=True), (newest + 1,), specials, count(newest + 2))
