"""Bodies of what stands on its own, and of what lists series; as those of a series, made up."""

from collections.abc import Mapping

from tests.dbt_project.bodies import BRIEF, COMPANY, EPISODE, GROUP, IMAGE, NETWORK, Body

LOGO: Body = {
    "aspect_ratio": 2.5,
    "file_path": "/logo.png",
    "file_type": ".svg",
    "height": 200,
    "id": "5f0000000000000000000002",
    "vote_average": 0.0,
    "vote_count": 0,
    "width": 500,
}

THINGS: Mapping[str, Body] = {
    "people": {
        "adult": False,
        "also_known_as": ["A. Made"],
        "biography": "She was made up.",
        "birthday": "1980-05-04",
        "deathday": None,
        "gender": 1,
        "homepage": None,
        "id": 5,
        "imdb_id": "nm0000005",
        "known_for_department": "Acting",
        "name": "Ada Made",
        "place_of_birth": "Lyon, France",
        "popularity": 2.5,
        "profile_path": "/ada.jpg",
        "external_ids": {
            **dict.fromkeys(("freebase_mid", "freebase_id", "tvrage_id", "facebook_id")),
            **dict.fromkeys(("tiktok_id", "twitter_id", "youtube_id"), ""),
            "imdb_id": "nm0000005",
            "wikidata_id": "Q5",
            "instagram_id": "ada",
        },
        "images": {"profiles": [{**IMAGE, "iso_3166_1": None, "iso_639_1": None}]},
        "translations": {
            "translations": [
                {
                    "iso_3166_1": "DE",
                    "iso_639_1": "de",
                    "name": "Deutsch",
                    "english_name": "German",
                    "data": {"biography": "Sie ist erfunden.", "name": ""},
                }
            ]
        },
    },
    "episode groups": {
        "description": "",
        "episode_count": 1,
        "group_count": 1,
        "groups": [
            {
                "id": "5f0000000000000000000005",
                "name": "Part 1",
                "order": 1,
                "episodes": [{**EPISODE, "order": 0}],
                "locked": True,
            }
        ],
        "id": GROUP,
        "name": "Other order",
        "network": None,
        "type": 2,
    },
    "networks": {
        **NETWORK,
        "headquarters": "Lyon",
        "homepage": "https://www.example.org/net",
        "alternative_names": {"results": [{"name": "The Net", "type": ""}]},
        "images": {"logos": [LOGO]},
    },
    "companies": {
        **COMPANY,
        "description": "",
        "headquarters": "Lyon",
        "homepage": "",
        "parent_company": {"id": 10, "logo_path": None, "name": "Owners"},
        "alternative_names": {"results": [{"name": "The Works", "type": ""}]},
        "images": {"logos": [LOGO]},
    },
}
"""By subject: what one request brings, with its parts."""

ALONE: Mapping[tuple[str, str], Body] = {
    ("tmdb_lists", "3"): {
        "created_by": "somebody",
        "description": "",
        "favorite_count": 0,
        "id": "3",
        "iso_639_1": "en",
        "item_count": 1,
        "items": [{**BRIEF, "media_type": "tv"}],
        "name": "A list",
        "poster_path": None,
    },
    ("tmdb_find", "tt0000002"): {
        "movie_results": [],
        "person_results": [],
        "tv_episode_results": [],
        "tv_results": [{**BRIEF, "media_type": "tv"}],
        "tv_season_results": [],
    },
    ("tmdb_tv_searches", "beside"): {
        "page": 1,
        "results": [BRIEF],
        "total_pages": 1,
        "total_results": 1,
    },
    ("tmdb_tv_changes", "1/2025-03-02"): {"id": 1, "adult": False},
    ("tmdb_person_changes", "5/2025-03-02"): {"id": 5, "adult": None},
    ("tmdb_tv_series_ids", "1"): {"id": 1, "original_name": "Made", "popularity": 12.5},
    ("tmdb_tv_series_popularity", "1"): {"id": 1, "popularity": 12.5},
    ("tmdb_person_ids", "5"): {"adult": False, "id": 5, "name": "Ada Made", "popularity": 2.5},
    ("tmdb_tv_network_ids", "8"): {"id": 8, "name": "Net"},
    ("tmdb_production_company_ids", "9"): {"id": 9, "name": "Works"},
}
"""By resource and key: what is landed as it came."""
