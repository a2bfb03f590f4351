"""The smaller parts of a generated series: ids, titles, ratings, keywords, images and offers.

Every builder takes the part's revision; a new revision always changes the content, whatever was
there before.
"""

from random import Random

from tests.tmdb.chance import mix
from tests.tmdb.groups import group_id
from tests.tmdb.plan import Plan
from tests.tmdb.pools import KEYWORD_COUNT, PROVIDER_COUNT, Pools, image_path
from tests.tmdb.vocabulary import (
    FOREIGN,
    LANGUAGES,
    NAMES,
    OFFERS,
    RATINGS,
    REGIONS,
    SENTENCES,
    VIDEO_TYPES,
)
from tests.tmdb.world import Part

_SPOKEN = (
    *((None, None), ("US", "en"), (None, "en"), ("DE", "de")),
    *(("FR", "fr"), ("JP", "ja"), (None, "xx")),
)
"""Country and language of an image."""


def external_ids(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give ids elsewhere: unknown ones are null or empty, without a rule."""
    bits = random.getrandbits(62)
    unknown = ("", None)
    handle = NAMES[plan.name_bits % len(NAMES)].replace(" ", "").lower()
    answer: Part = {
        "imdb_id": f"tt{plan.series_id + 1_000_000:07d}" if bits % 5 else unknown[bits & 1],
        "freebase_mid": None,
        "freebase_id": None,
        "tvdb_id": plan.series_id + 70_000 if bits % 3 else None,
        "tvrage_id": (bits >> 9) % 60_000 if bits % 17 == 0 else None,
        "wikidata_id": f"Q{plan.series_id + 1_000}" if bits % 4 else unknown[(bits >> 1) & 1],
        "facebook_id": handle if bits % 7 == 0 else unknown[(bits >> 2) & 1],
        "instagram_id": handle if bits % 6 == 0 else unknown[(bits >> 3) & 1],
        "twitter_id": handle if bits % 9 == 0 else unknown[(bits >> 4) & 1],
    }
    if bits % 13 == 0:
        del answer["wikidata_id"]
    if revision:
        answer["instagram_id"] = f"{handle}_{revision}"
    return answer


def alternative_titles(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give titles by country, sometimes twice."""
    roll = random.random
    titles = [
        {
            "iso_3166_1": REGIONS[int(roll() * len(REGIONS))],
            "title": NAMES[int(roll() * len(NAMES))],
            "type": "" if roll() < 0.8 else "short title",
        }
        for _ in range(int(roll() ** 2 * 5))
    ]
    if titles and plan.bits % 19 == 0:
        titles.append(titles[0])
    if revision:
        extra = {"iso_3166_1": "US", "title": f"The Show, take {revision} ", "type": ""}
        titles = [*titles[revision % 2 :], extra]
    return {"results": titles}


def translations(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give names and overviews by language; an empty name means the original one."""
    roll = random.random
    chosen = LANGUAGES[: 1 + int(roll() ** 2 * len(LANGUAGES))]
    entries = [
        {
            "iso_3166_1": country,
            "iso_639_1": language,
            "name": native,
            "english_name": english,
            "data": {
                "name": "" if roll() < 0.5 else NAMES[int(roll() * len(NAMES))],
                "overview": FOREIGN[int(roll() * len(FOREIGN))] if roll() < 0.7 else "",
                "homepage": "",
                "tagline": "",
            },
        }
        for language, country, native, english in chosen
    ]
    if revision:
        entries[0]["data"] = {"name": f"Take {revision}", "overview": "", "homepage": ""}
    return {"translations": entries}


def content_ratings(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give ratings by country; a country may come twice."""
    roll = random.random
    ratings: list[Part] = [
        {
            "descriptors": [] if roll() < 0.9 else ["Violence"],
            "iso_3166_1": REGIONS[int(roll() * 12)],
            "rating": RATINGS[int(roll() * len(RATINGS))],
        }
        for _ in range(int(roll() ** 2 * 8))
    ]
    if revision:
        extra = {"descriptors": [], "iso_3166_1": "AU", "rating": f"M{revision}"}
        ratings = [*ratings[revision % 2 :], extra]
    return {"results": ratings}


def keywords(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give keywords out of a shared list."""
    roll = random.random
    chosen = [int(roll() * KEYWORD_COUNT) for _ in range(int(roll() ** 2 * 10))]
    results = [pools.keywords[number] for number in dict.fromkeys(chosen)]
    if revision:
        extra = {"id": 50_000 + revision, "name": f"trend {revision}"}
        results = [*results[revision % 2 :], extra]
    return {"results": results}


def videos(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give trailers and the like."""
    roll = random.random
    results = [
        {
            "iso_639_1": "en",
            "iso_3166_1": "US",
            "name": f"Official clip {number + 1}",
            "key": f"{random.getrandbits(64):x}"[:11],
            "site": "YouTube" if roll() < 0.9 else "Vimeo",
            "size": (720, 1080, 2160)[int(roll() * 3)],
            "type": VIDEO_TYPES[int(roll() * len(VIDEO_TYPES))],
            "official": roll() < 0.7,
            "published_at": f"20{10 + int(roll() * 15)}-0{1 + int(roll() * 9)}-15T16:00:01.000Z",
            "id": f"{random.getrandbits(96):024x}",
        }
        for number in range(int(roll() ** 3 * 8) + (revision > 0))
    ]
    if results and plan.bits % 15 == 0:
        del results[0]["official"], results[0]["published_at"]
    if revision:
        results[-1]["name"] = f"Trailer {revision}"
    return {"results": results}


def images(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give backdrops, logos and posters; languages may be null or ``xx``, logos may be SVG."""
    largest = 30 if plan.cast_count > 60 else 5
    answer: Part = {
        "backdrops": _pictures(random, largest, (1920, 1080), "jpg"),
        "logos": _pictures(random, largest // 2, (500, 160), "png"),
        "posters": _pictures(random, largest, (1000, 1500), "jpg"),
    }
    if revision:
        answer["posters"] = [
            *answer["posters"][revision % 2 :],
            _picture(random, (1000, 1500), image_path(mix(plan.bits, revision))),
        ]
    return answer


def _pictures(random: Random, largest: int, size: tuple[int, int], extension: str) -> list[Part]:
    return [
        _picture(
            random,
            size,
            image_path(
                random.getrandbits(60),
                "svg" if extension == "png" and random.random() < 0.2 else extension,
            ),
        )
        for _ in range(int(random.random() ** 2 * (largest + 1)))
    ]


def _picture(random: Random, size: tuple[int, int], path: str) -> Part:
    roll = random.random
    country, language = _SPOKEN[int(roll() * 7)]
    return {
        "aspect_ratio": round(size[0] / size[1], 3),
        "height": size[1],
        "iso_3166_1": country,
        "iso_639_1": language,
        "file_path": path,
        "vote_average": int(roll() * 7_000) / 1_000,
        "vote_count": int(roll() * 12),
        "width": size[0],
    }


def watch_providers(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give offers by region; one provider may stand under several kinds of offer."""
    start = plan.name_bits % len(REGIONS)
    results: Part = {}
    for index in range(plan.region_count):
        region = (index if index < 3 else start + index) % len(REGIONS)
        results[REGIONS[region]] = _offers(plan, random, pools, region)
    if revision:
        region = (start + revision) % len(REGIONS)
        offer = pools.provider(region, revision % PROVIDER_COUNT) | {
            "display_priority": 100 + revision
        }
        results[REGIONS[region]] = {"link": _link(plan, region), "flatrate": [offer]}
    return {"results": results}


def _offers(plan: Plan, random: Random, pools: Pools, region: int) -> Part:
    roll = random.random
    block: Part = {"link": _link(plan, region)}
    for offer in OFFERS:
        if roll() < 0.4:
            # Cubed: the large services first; the same ones come up under several offers.
            numbers = [int(roll() ** 3 * PROVIDER_COUNT) for _ in range(1 + int(roll() * 3))]
            block[offer] = [pools.provider(region, number) for number in dict.fromkeys(numbers)]
    return block


def _link(plan: Plan, region: int) -> str:
    return f"https://www.themoviedb.org/tv/{plan.series_id}/watch?locale={REGIONS[region]}"


def episode_groups(plan: Plan, random: Random, pools: Pools, revision: int) -> Part:
    """Give other orders of the episodes; most series have none."""
    roll = random.random
    results = [
        {
            "description": SENTENCES[int(roll() * len(SENTENCES))] if roll() < 0.5 else "",
            "episode_count": 10 + int(roll() * 40),
            "group_count": 1 + int(roll() * 4),
            "id": group_id(plan.series_id, number, random),
            "name": "Story order",
            "network": pools.networks[int(roll() * 40)] if roll() < 0.5 else None,
            "type": 1 + int(roll() * 7),
        }
        for number in range((roll() < 0.1) + (revision > 0))
    ]
    if revision:
        results[-1]["name"] = f"Order {revision}"
    return {"results": results}
