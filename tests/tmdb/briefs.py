"""Series and movies in brief, as `/find`, `/search/tv` and `/list` answer them.

Which fields there are comes from the recordings of these endpoints; `media_type` is in the recorded
answers of `/find` and in those of `/list`, and in none of `/search/tv`.
"""

from tests.tmdb.chance import mix, tag
from tests.tmdb.pools import image_path
from tests.tmdb.vocabulary import GENRES, TITLES
from tests.tmdb.world import Part

_MOVIE = tag("movie")
_BRIEF = (
    "adult",
    "backdrop_path",
    "first_air_date",
    "id",
    "name",
    "origin_country",
    "original_language",
    "original_name",
    "overview",
    "popularity",
    "poster_path",
    "vote_average",
    "vote_count",
)


def series_in_brief(details: Part) -> Part:
    """Give what lists show of a series: of its details what is there, its genres as numbers."""
    brief = {name: details[name] for name in _BRIEF if name in details}
    genres = details.get("genres")
    named = [each for each in genres if isinstance(each, dict)] if isinstance(genres, list) else []
    return brief | {"genre_ids": [genre.get("id") for genre in named]}


def movie_in_brief(movie_id: int) -> Part:
    """Make up what lists show of a movie."""
    bits = mix(_MOVIE, movie_id)
    title = TITLES[bits % len(TITLES)]
    return {
        "adult": False,
        "backdrop_path": None if bits % 3 == 0 else image_path(bits >> 4),
        "genre_ids": [GENRES[bits % len(GENRES)][0]],
        "id": movie_id,
        "original_language": "en",
        "original_title": title,
        "overview": "",
        "popularity": (bits >> 8) % 90_000 / 1_000,
        "poster_path": image_path(bits >> 2),
        "release_date": f"20{10 + bits % 16}-05-01",
        "title": title,
        "video": False,
        "vote_average": (bits >> 12) % 100 / 10,
        "vote_count": (bits >> 20) % 9_000,
    }
