"""What a generated series is recommended beside: page 1, as an appended part gives it."""

from random import Random

from tests.tmdb.chance import mix
from tests.tmdb.plan import Plan
from tests.tmdb.pools import Pools, image_path
from tests.tmdb.vocabulary import NAMES
from tests.tmdb.world import Part

_PER_PAGE = 20


def recommendations(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give up to six neighbours by id, which may not exist; keys and types as recorded."""
    roll = random.random
    count = int(roll() ** 2 * 7)
    ids = dict.fromkeys(plan.series_id + 1 + int(roll() * 40) for _ in range(count))
    results = [_recommended(series_id) for series_id in ids]
    if revision:
        results = [_recommended(plan.series_id + 40 + revision), *results[revision % 2 :]]
    total = len(results) + (_PER_PAGE if plan.bits % 5 == 0 else 0)
    return {
        "page": 1,
        "results": results,
        "total_pages": -(-total // _PER_PAGE),
        "total_results": total,
    }


def _recommended(series_id: int) -> Part:
    bits = mix(series_id, _PER_PAGE)
    name = NAMES[bits % len(NAMES)]
    return {
        "adult": False,
        "backdrop_path": None if bits % 3 == 0 else image_path(bits >> 4),
        "genre_ids": [18] if bits % 4 else [],
        "id": series_id,
        "origin_country": ["US"],
        "original_language": "en",
        "original_name": name,
        "overview": "",
        "popularity": bits % 900 / 10,
        "poster_path": None if bits % 5 == 0 else image_path(bits >> 2),
        "first_air_date": "" if bits % 11 == 0 else f"20{10 + bits % 15}-03-0{1 + bits % 9}",
        "name": name,
        "media_type": "tv",
        "vote_average": bits % 100 / 10,
        "vote_count": bits % 700,
    }
