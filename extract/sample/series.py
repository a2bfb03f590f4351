"""Series details and every part that `append_to_response` can bring with them, in TMDb's shapes."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from extract.sample import people
from extract.sample.facts import Facts, Row, Show
from extract.sample.seasons import episode_in_brief, object_id, season_brief

Document = dict[str, Any]

EXTERNAL_IDS = (
    "imdb_id",
    "freebase_mid",
    "freebase_id",
    "tvdb_id",
    "tvrage_id",
    "wikidata_id",
    "facebook_id",
    "instagram_id",
    "twitter_id",
)
IMAGE_KINDS = ("backdrops", "logos", "posters")


def details(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}` without any part appended; keys that the facts list as `without` are left out."""
    show = facts.shows[show_id]
    seasons = [season_brief(facts, show_id, row) for row in facts.seasons[show_id].values()]
    document = _heading(facts, show) | _lists(facts, show) | _counts(show, seasons)
    for name in ("last", "next"):
        place = show.get(f"{name}_episode")
        document[f"{name}_episode_to_air"] = place and episode_in_brief(facts, show_id, *place)
    document["seasons"] = seasons
    left_out = show.get("without", ())
    return {key: document[key] for key in sorted(document) if key not in left_out}


def external_ids(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/external_ids`: what is not known is null."""
    known = facts.shows[show_id].get("ids", {})
    return {"id": show_id} | {name: known.get(name) for name in EXTERNAL_IDS}


def alternative_titles(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/alternative_titles`."""
    titles = facts.shows[show_id].get("titles", [])
    results = [
        {"iso_3166_1": country, "title": title, "type": kind} for country, title, kind in titles
    ]
    return {"id": show_id, "results": results}


def translations(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/translations`: as in TMDb, the name in its own language is empty."""
    show = facts.shows[show_id]
    own = [show["language"], (show["countries"] or ["US"])[0], ""]
    found = []
    for language, country, name in [own, *show.get("translations", [])]:
        english = language == "en"
        names = facts.languages[language]
        data = {"homepage": "", "name": name, "overview": "", "tagline": ""}
        if english:
            data["overview"] = show["overview"]
        found.append(
            {
                "iso_3166_1": country,
                "iso_639_1": language,
                "name": names["own_name"],
                "english_name": names["name"],
                "data": data,
            }
        )
    return {"id": show_id, "translations": found}


def content_ratings(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/content_ratings`."""
    ratings: Mapping[str, str] = facts.shows[show_id].get("ratings", {})
    results = [
        {"descriptors": [], "iso_3166_1": country, "rating": rating}
        for country, rating in ratings.items()
    ]
    return {"results": results, "id": show_id}


def keywords(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/keywords`."""
    known = facts.shows[show_id].get("keywords", [])
    return {"id": show_id, "results": [{"name": name, "id": key} for key, name in known]}


def videos(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/videos`."""
    known = facts.shows[show_id].get("videos", [])
    results = [
        {
            "iso_639_1": "en",
            "iso_3166_1": "US",
            "name": name,
            "key": key,
            "site": "YouTube",
            "size": size,
            "type": kind,
            "official": True,
            "published_at": published_at,
            "id": video_id,
        }
        for video_id, key, name, kind, size, published_at in known
    ]
    return {"id": show_id, "results": results}


def images(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/images`, all languages; language is null, a code or the empty string for none."""
    found: Document = {kind: [] for kind in IMAGE_KINDS}
    known = facts.shows[show_id].get("images", [])
    for kind, path, language, width, height, average, count in known:
        found[kind].append(
            {
                "aspect_ratio": round(width / height, 3),
                "height": height,
                "iso_639_1": language or None,
                "file_path": path,
                "vote_average": average,
                "vote_count": count,
                "width": width,
            }
        )
    return found | {"id": show_id}


def watch_providers(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/watch/providers`: region → link and offers by type."""
    link = f"https://www.themoviedb.org/tv/{show_id}-{_slug(facts.shows[show_id]['name'])}/watch"
    regions: defaultdict[str, Document] = defaultdict(dict)
    for row in facts.availability.get(show_id, []):
        for region in row["regions"].split():
            offers = regions[region]
            offers.setdefault("link", f"{link}?locale={region}")
            offers.setdefault(row["offer"], []).extend(
                _provider(facts.providers[int(key)]) for key in row["providers"].split()
            )
    return {"id": show_id, "results": {region: regions[region] for region in sorted(regions)}}


def episode_groups(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/episode_groups`."""
    results = [
        {
            "description": "",
            "episode_count": episodes,
            "group_count": groups,
            "id": group_id,
            "name": name,
            "network": None,
            "type": kind,
        }
        for group_id, name, kind, episodes, groups in facts.shows[show_id].get("groups", [])
    ]
    return {"results": results, "id": show_id}


def recommendations(facts: Facts, show_id: int) -> Document:
    """`/tv/{id}/recommendations`, page 1: none, since we know of none."""
    return {"page": 1, "results": [], "total_pages": 0, "total_results": 0}


PARTS: Mapping[str, Callable[[Facts, int], Document]] = {
    "aggregate_credits": people.aggregate_credits,
    "alternative_titles": alternative_titles,
    "content_ratings": content_ratings,
    "credits": people.credits,
    "episode_groups": episode_groups,
    "external_ids": external_ids,
    "images": images,
    "keywords": keywords,
    "recommendations": recommendations,
    "translations": translations,
    "videos": videos,
    "watch/providers": watch_providers,
}


def _heading(facts: Facts, show: Show) -> Document:
    average, count = show.get("votes", (0, 0))
    return {
        "adult": False,
        "backdrop_path": show.get("backdrop"),
        "episode_run_time": show.get("run_times", []),
        "first_air_date": show["first_air_date"],
        "homepage": show.get("homepage", ""),
        "id": show["id"],
        "in_production": show["in_production"],
        "last_air_date": show.get("last_air_date"),
        "name": show["name"],
        "original_language": show["language"],
        "original_name": show.get("original_name", show["name"]),
        "overview": show["overview"],
        "popularity": show.get("popularity", 0),
        "poster_path": show.get("poster"),
        "status": show["status"],
        "tagline": show.get("tagline", ""),
        "type": show["type"],
        "vote_average": average,
        "vote_count": count,
    }


def _lists(facts: Facts, show: Show) -> Document:
    return {
        "created_by": [_creator(show, *creator) for creator in show.get("created_by", [])],
        "genres": [{"id": key, "name": facts.genres[str(key)]} for key in show["genres"]],
        "languages": show.get("languages", [show["language"]]),
        "networks": [_brand(facts.networks[key]) for key in show["networks"]],
        "origin_country": show["countries"],
        "production_companies": [_brand(facts.companies[key]) for key in show.get("companies", [])],
        "production_countries": [
            {"iso_3166_1": code, "name": facts.countries[code]}
            for code in show.get("production_countries", show["countries"])
        ],
        "spoken_languages": [
            {
                "english_name": facts.languages[code]["name"],
                "iso_639_1": code,
                "name": facts.languages[code]["own_name"],
            }
            for code in show.get("spoken", [show["language"]])
        ],
    }


def _counts(show: Show, seasons: list[Document]) -> Document:
    regular = [season for season in seasons if season["season_number"] > 0]
    counted = [len(regular), sum(season["episode_count"] for season in regular)]
    season_count, episode_count = show.get("stated", counted)
    return {"number_of_episodes": episode_count, "number_of_seasons": season_count}


def _creator(show: Show, key: int, credit_id: str, name: str, gender: int) -> Document:
    return {
        "id": key,
        "credit_id": credit_id or object_id("creator", show["id"], key),
        "name": name,
        "original_name": name,
        "gender": gender,
        "profile_path": None,
    }


def _brand(row: Row) -> Document:
    return {
        "id": int(row["id"]),
        "logo_path": row["logo"] or None,
        "name": row["name"],
        "origin_country": row["origin_country"],
    }


def _provider(row: Row) -> Document:
    return {
        "logo_path": row["logo"],
        "provider_id": int(row["id"]),
        "provider_name": row["name"],
        "display_priority": int(row["display_priority"]),
    }


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
