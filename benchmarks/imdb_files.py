"""Files as large as IMDb's, made up: of 48 titles one is a series, 32 are its episodes, 15 films.

A row is a function of its title's number; on the second day one in two hundred says something else.
As in the real files, nearly every megabyte has letters beyond ASCII.
"""

import gzip
from collections.abc import Callable
from pathlib import Path

from extract.sources.imdb.datasets import DATASETS, Dataset

GROUP = 48
EPISODES = 32
PER_TITLE = 8
"""Credits of a title."""
CHANGED = 0.005
BASICS, EPISODE = DATASETS["imdb_title_basics"], DATASETS["imdb_title_episode"]
RATINGS, PRINCIPALS = DATASETS["imdb_title_ratings"], DATASETS["imdb_title_principals"]

Line = Callable[[int, int], str]
"""The rows of a title's number on a day, 0 or 1."""


def is_changed(number: int, day: int) -> bool:
    """Whether the second day says something else of a title; of series and episodes alike."""
    return day > 0 and (number * 2_654_435_761 >> 16) % round(1 / CHANGED) == 0


def basics(number: int, day: int) -> str:
    """One title."""
    place = number % GROUP
    kind = "tvSeries" if place == 0 else "tvEpisode" if place <= EPISODES else "movie"
    name = f"Title number {number}" if number % 20 else f"Título número {number}"
    minutes = 43 if is_changed(number, day) else 42
    return (
        f"tt{number:07d}\t{kind}\t{name}\t{name}\t0\t{1950 + number % 75}\t\\N\t{minutes}"
        "\tDrama,Comedy\n"
    )


def episode(number: int, day: int) -> str:
    """What an episode is of; nothing for another title."""
    place = number % GROUP
    if not 0 < place <= EPISODES:
        return ""
    season = 9 if is_changed(number, day) else place // 9
    return f"tt{number:07d}\ttt{number - place:07d}\t{season}\t{place}\n"


def ratings(number: int, day: int) -> str:
    """Its rating."""
    votes = number % 9_973 + is_changed(number, day)
    return f"tt{number:07d}\t{1 + number % 90 / 10:.1f}\t{votes}\n"


def principals(number: int, day: int) -> str:
    """Its credits."""
    host = "Self - Guest" if is_changed(number, day) else "Self - Host"
    rows = (
        f"tt{number:07d}\t{place}\tnm{(number * 7_919 + place) % 13_000_000:07d}\t"
        + (f'self\t\\N\t["{host}"]\n' if place % 3 else "writer\twritten by\t\\N\n")
        for place in range(1, PER_TITLE + 1)
    )
    return "".join(rows)


LINES: dict[str, Line] = {
    BASICS.file: basics,
    EPISODE.file: episode,
    RATINGS.file: ratings,
    PRINCIPALS.file: principals,
}


def write(folder: Path, dataset: Dataset, titles: int, day: int = 0, *, level: int = 1) -> Path:
    """Write the file of a day with the rows of so many titles, packed as IMDb packs them."""
    path, line = folder / dataset.file, LINES[dataset.file]
    with gzip.open(path, "wt", compresslevel=level, encoding="utf-8") as file:
        file.write("\t".join(dataset.columns) + "\n")
        for start in range(1, titles + 1, 10_000):
            until = min(start + 10_000, titles + 1)
            file.write("".join(line(number, day) for number in range(start, until)))
    return path
