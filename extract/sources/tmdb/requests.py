"""What to ask TMDb for: a series and all its parts in one request, then 20 names in each further.

`append_to_response` takes 20 names: 11 parts leave room for 9 seasons. Which seasons there are is
not known before the first answer, so the first request guesses; a number that does not exist costs
nothing, since TMDb leaves it out. Further requests ask for the seasons that the first had no room
for, and once more for whatever exists and was left out.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, count, islice

from extract.resource import Resource
from extract.sources.tmdb.resources import DETAILS, PARTS, SEASONS

APPENDS_PER_REQUEST = 20
FIRST_SEASONS = APPENDS_PER_REQUEST - len(PARTS)
"""The seasons that the first request has room for, beside all parts."""

VIDEO_LANGUAGES = "en,de,es,fr,ja"
"""Without the parameter videos come in en-US alone. It takes a few languages: how many, TMDb does
not say, and as many as five were once documented for images. Images need no parameter: without one
they come in all languages."""


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """One request for a series: which parts and which seasons it asks for."""

    series_id: int
    parts: tuple[Resource, ...]
    seasons: tuple[int, ...]
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
        names = (part.appended_as or "" for part in self.parts)
        return (*names, *map(season_name, self.seasons))

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
    `resources` names what is wanted of parts and seasons; empty: all.
    """
    parts = tuple(part for part in PARTS if not resources or part.name in resources)
    room = APPENDS_PER_REQUEST - len(parts)
    if resources and SEASONS.name not in resources:
        room = 0
    seasons = islice(_likely_seasons(known_seasons), room)
    return SeriesRequest(
        series_id, parts, tuple(seasons), known_seasons, frozenset(failing_seasons)
    )


def season_path(series_id: int, number: int) -> str:
    """Give the path of a season's own endpoint: 404 there proves that there is no such season."""
    return f"/tv/{series_id}/season/{number}"


def further_requests(series_id: int, names: Iterable[str]) -> list[SeriesRequest]:
    """Ask for parts and seasons by their names, 20 at a time: parts first, then newest seasons."""
    wanted = set(names)
    parts = [part for part in PARTS if part.appended_as in wanted]
    seasons = (season_number(name) for name in wanted)
    numbers = sorted((number for number in seasons if number is not None), reverse=True)
    pieces: list[Resource | int] = [*parts, *numbers]
    return [
        SeriesRequest(
            series_id,
            tuple(each for each in chunk if isinstance(each, Resource)),
            tuple(each for each in chunk if isinstance(each, int)),
        )
        for chunk in (
            pieces[start : start + APPENDS_PER_REQUEST]
            for start in range(0, len(pieces), APPENDS_PER_REQUEST)
        )
    ]


def further_count(season_count: int) -> int:
    """Say how many requests follow the first for a series of so many seasons."""
    return -(-max(season_count - FIRST_SEASONS, 0) // APPENDS_PER_REQUEST)


def season_name(number: int) -> str:
    """Name a season as it is appended: `season/1`."""
    return f"season/{number}"


def season_number(name: str) -> int | None:
    """Read the number out of an appended name; None for a part's."""
    head, _, number = name.partition("season/")
    return int(number) if not head and number.isdecimal() else None


def _likely_seasons(known: Collection[int]) -> Iterable[int]:
    # Nothing known: 0 to 8. Else all that are known, the newest first, then the next one, the
    # specials if they are new, and so on upwards.
    if not known:
        return count(0)
    newest = max(known)
    specials = () if 0 in known else (0,)
    return chain(sorted(known, reverse=True), (newest + 1,), specials, count(newest + 2))
