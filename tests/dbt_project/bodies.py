"""One body of each endpoint of TMDb in its real shape, small and made up.

The keys are those of the recordings and of TMDb's description; no value is anybody's. A series
comes with all that is appended to it, without the ids that appended parts lack.
"""

from collections.abc import Mapping
from typing import Any

Body = dict[str, Any]

GROUP = "5f0000000000000000000001"
PERSON: Body = {
    "adult": False,
    "gender": 1,
    "id": 5,
    "known_for_department": "Acting",
    "name": "Ada Made",
    "original_name": "Ada Made",
    "popularity": 2.5,
    "profile_path": "/ada.jpg",
}
NETWORK: Body = {"id": 8, "logo_path": "/net.png", "name": "Net", "origin_country": "US"}
COMPANY: Body = {"id": 9, "logo_path": None, "name": "Works", "origin_country": ""}
EPISODE: Body = {
    "air_date": "2025-03-02",
    "episode_number": 1,
    "episode_type": "finale",
    "id": 71,
    "name": "The Only One",
    "overview": "It ends.",
    "production_code": "101",
    "runtime": 43,
    "season_number": 1,
    "show_id": 1,
    "still_path": "/still.jpg",
    "vote_average": 7.5,
    "vote_count": 4,
}
_CREW: Body = {**PERSON, "credit_id": "c1", "department": "Directing", "job": "Director"}
_CAST: Body = {**PERSON, "character": "Herself", "credit_id": "c2", "order": 0}
IMAGE: Body = {
    "aspect_ratio": 0.667,
    "file_path": "/image.jpg",
    "height": 1500,
    "iso_3166_1": "DE",
    "iso_639_1": "de",
    "vote_average": 5.5,
    "vote_count": 3,
    "width": 1000,
}
BRIEF: Body = {
    "adult": False,
    "backdrop_path": None,
    "first_air_date": "2024-01-01",
    "genre_ids": [18],
    "id": 2,
    "name": "Beside",
    "origin_country": ["US"],
    "original_language": "en",
    "original_name": "Beside",
    "overview": "Another one.",
    "popularity": 1.5,
    "poster_path": "/beside.jpg",
    "vote_average": 6.5,
    "vote_count": 2,
}

PARTS: Mapping[str, Body] = {
    "external_ids": {
        "imdb_id": "tt0000001",
        "freebase_mid": None,
        "freebase_id": None,
        "tvdb_id": 77,
        "tvrage_id": None,
        "wikidata_id": "Q1",
        "facebook_id": "",
        "instagram_id": "made",
        "twitter_id": None,
    },
    "alternative_titles": {"results": [{"iso_3166_1": "DE", "title": "Gemacht", "type": ""}]},
    "translations": {
        "translations": [
            {
                "iso_3166_1": "DE",
                "iso_639_1": "de",
                "name": "Deutsch",
                "english_name": "German",
                "data": {"name": "Gemacht", "overview": "Es.", "homepage": "", "tagline": "So."},
            }
        ]
    },
    "content_ratings": {"results": [{"descriptors": [], "iso_3166_1": "US", "rating": "TV-14"}]},
    "keywords": {"results": [{"id": 4, "name": "made up"}]},
    "videos": {
        "results": [
            {
                "iso_639_1": "en",
                "iso_3166_1": "US",
                "name": "Trailer",
                "key": "k3y",
                "site": "YouTube",
                "size": 1080,
                "type": "Trailer",
                "official": True,
                "published_at": "2025-02-01T16:00:01.000Z",
                "id": "5f0000000000000000000003",
            }
        ]
    },
    "images": {"backdrops": [], "logos": [], "posters": [IMAGE]},
    "aggregate_credits": {
        "cast": [
            {
                **PERSON,
                "roles": [{"credit_id": "c2", "character": "Herself", "episode_count": 1}],
                "total_episode_count": 1,
                "order": 0,
            }
        ],
        "crew": [
            {
                **PERSON,
                "jobs": [{"credit_id": "c1", "job": "Director", "episode_count": 1}],
                "department": "Directing",
                "total_episode_count": 1,
            }
        ],
    },
    "credits": {"cast": [_CAST], "crew": [_CREW]},
    "watch/providers": {
        "results": {
            "US": {
                "link": "https://www.themoviedb.org/tv/1/watch?locale=US",
                "flatrate": [
                    {
                        "logo_path": "/offer.jpg",
                        "provider_id": 6,
                        "provider_name": "Offers",
                        "display_priority": 3,
                    }
                ],
            }
        }
    },
    "episode_groups": {
        "results": [
            {
                "description": "",
                "episode_count": 1,
                "group_count": 1,
                "id": GROUP,
                "name": "Other order",
                "network": NETWORK,
                "type": 2,
            }
        ]
    },
    "recommendations": {
        "page": 1,
        "results": [{**BRIEF, "media_type": "tv"}],
        "total_pages": 1,
        "total_results": 1,
    },
}

SEASON: Body = {
    "_id": "5f0000000000000000000004",
    "air_date": "2025-03-02",
    "episodes": [{**EPISODE, "crew": [_CREW], "guest_stars": [{**_CAST, "order": 500}]}],
    "name": "Season 1",
    "networks": [NETWORK],
    "overview": "The first.",
    "poster_path": "/season.jpg",
    "season_number": 1,
    "vote_average": 7.0,
}
"""As it is appended: without its `id`, which is 61."""

DETAILS: Body = {
    "adult": False,
    "backdrop_path": "/backdrop.jpg",
    "created_by": [
        {
            "id": 5,
            "credit_id": "c3",
            "name": "Ada Made",
            "original_name": "Ada Made",
            "gender": 1,
            "profile_path": None,
        }
    ],
    "episode_run_time": [],
    "first_air_date": "2025-03-02",
    "genres": [{"id": 18, "name": "Drama"}],
    "homepage": "https://www.example.org/made",
    "id": 1,
    "in_production": True,
    "languages": ["en"],
    "last_air_date": "2025-03-02",
    "last_episode_to_air": EPISODE,
    "name": "Made",
    "networks": [NETWORK],
    "next_episode_to_air": None,
    "number_of_episodes": 1,
    "number_of_seasons": 1,
    "origin_country": ["US"],
    "original_language": "en",
    "original_name": "Made",
    "overview": "Of nothing.",
    "popularity": 12.5,
    "poster_path": "/poster.jpg",
    "production_companies": [COMPANY],
    "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
    "seasons": [
        {
            "air_date": "2025-03-02",
            "episode_count": 1,
            "id": 61,
            "name": "Season 1",
            "overview": "The first.",
            "poster_path": "/season.jpg",
            "season_number": 1,
            "vote_average": 7.0,
        }
    ],
    "softcore": False,
    "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
    "status": "Returning Series",
    "tagline": "Out of air.",
    "type": "Scripted",
    "vote_average": 8.25,
    "vote_count": 10,
}

SERIES: Body = {
    **DETAILS,
    **PARTS,
    "season/1": SEASON,
    "season/1/credits": {"cast": [_CAST], "crew": [_CREW]},
}
