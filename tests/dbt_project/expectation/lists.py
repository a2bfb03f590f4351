"""What belongs to a series, each entry once, at the place where upstream lists it first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.dbt_project.expectation.answers import WATCH_PROVIDERS, Series
from tests.dbt_project.expectation.values import (
    day,
    entity_id,
    instant,
    objects,
    text,
    texts,
    truth,
    whole,
)
from tests.tmdb.world import Part

Rows = Iterator[dict[str, Any]]
_SITES = {
    "YouTube": (r"[A-Za-z0-9_-]{1,64}", "https://www.youtube.com/watch?v="),
    "Vimeo": (r"[0-9]{1,20}", "https://vimeo.com/"),
}
OFFER_TYPES = ("flatrate", "free", "ads", "rent", "buy")


def networks(series: Series) -> Rows:
    """Where it is shown first."""
    return _listed(series, series.details.get("networks"), "network_id")


def production_companies(series: Series) -> Rows:
    """Who makes it."""
    return _listed(series, series.details.get("production_companies"), "production_company_id")


def genres(series: Series) -> Rows:
    """What it is."""
    return _listed(series, series.details.get("genres"), "genre_id", is_named=True)


def keywords(series: Series) -> Rows:
    """What it is about."""
    return _listed(series, series.part("keywords").get("results"), "keyword_id", is_named=True)


def content_ratings(series: Series) -> Rows:
    """For whom it is, by country; a country may have several ratings."""
    seen = set()
    ratings = objects(series.part("content_ratings").get("results"))
    for position, entry in enumerate(ratings, 1):
        key = (text(entry.get("iso_3166_1")), text(entry.get("rating")))
        if None in key or key in seen:
            continue
        seen.add(key)
        yield {
            "show_id": entity_id(series.natural_key),
            "country": key[0],
            "rating": key[1],
            "descriptors": texts(entry.get("descriptors")),
            "position": position,
        }


def videos(series: Series) -> Rows:
    """Its trailers and clips, with an address where the key can only be an id of the site."""
    seen = set()
    for position, entry in enumerate(objects(series.part("videos").get("results")), 1):
        video_id, site = text(entry.get("id")), text(entry.get("site"))
        if video_id is None or video_id in seen:
            continue
        seen.add(video_id)
        site_key = text(entry.get("key"))
        pattern, address = _SITES.get(site or "", ("(?!)", ""))
        yield {
            "show_id": entity_id(series.natural_key),
            "video_id": video_id,
            "site": site,
            "site_key": site_key,
            "url": address + site_key if site_key and re.fullmatch(pattern, site_key) else None,
            "name": text(entry.get("name")),
            "video_type": text(entry.get("type")),
            "language": text(entry.get("iso_639_1")),
            "country": text(entry.get("iso_3166_1")),
            "is_official": truth(entry.get("official")),
            "size": whole(entry.get("size")),
            "position": position,
            "published_at": instant(entry.get("published_at")),
        }


def recommendations(series: Series) -> Rows:
    """The series that are recommended beside it, under the ids that they have or would have."""
    seen = set()
    for position, entry in enumerate(objects(series.part("recommendations").get("results")), 1):
        tmdb_id = whole(entry.get("id"))
        is_series = text(entry.get("media_type")) in (None, "tv")
        if tmdb_id is None or tmdb_id in seen or not is_series:
            continue
        seen.add(tmdb_id)
        yield {
            "show_id": entity_id(series.natural_key),
            "recommended_show_id": entity_id(f"tmdb:tv:{tmdb_id}"),
            "recommended_tmdb_id": tmdb_id,
            "name": text(entry.get("name")),
            "is_adult": truth(entry.get("adult")),
            "position": position,
            "first_air_date": day(entry.get("first_air_date")),
        }


def titles(series: Series) -> Rows:
    """Its other titles, and what translators wrote; an entry that says nothing is none."""
    show_id = entity_id(series.natural_key)
    unsaid = dict.fromkeys(("title_type", "overview", "tagline", "homepage", "language"))
    unsaid |= {"source": "tmdb"}
    others = objects(series.part("alternative_titles").get("results"))
    for position, entry in enumerate(others, 1):
        if (title := text(entry.get("title"))) is not None:
            yield unsaid | {
                "show_id": show_id,
                "title_kind": "alternative",
                "title": title,
                "title_type": text(entry.get("type")),
                "country": text(entry.get("iso_3166_1")),
                "position": position,
            }
    translations = objects(series.part("translations").get("translations"))
    for position, entry in enumerate(translations, 1):
        data = entry["data"] if isinstance(entry.get("data"), dict) else {}
        said = {name: text(data.get(name)) for name in ("name", "overview", "tagline", "homepage")}
        if any(said.values()):
            yield unsaid | {
                "show_id": show_id,
                "title_kind": "translation",
                "title": said.pop("name"),
                **said,
                "language": text(entry.get("iso_639_1")),
                "country": text(entry.get("iso_3166_1")),
                "position": position,
            }


@dataclass(frozen=True, slots=True)
class Offer:
    """One provider under one offer of one region; `place` from 0."""

    region: str
    offer_type: str
    provider_id: int | None
    link: str | None
    place: int
    provider: Part

    @property
    def key(self) -> tuple[str, str, int | None]:
        """What makes two offers the same."""
        return self.region, self.offer_type, self.provider_id


def offers(part: Part) -> Iterator[Offer]:
    """Read the offers of all regions."""
    regions = part.get("results")
    for name, offered in regions.items() if isinstance(regions, dict) else ():
        region = text(name)
        if region is None or not isinstance(offered, dict):
            continue
        for offer_type in OFFER_TYPES:
            for place, provider in enumerate(objects(offered.get(offer_type))):
                provider_id = whole(provider.get("provider_id"))
                link = text(offered.get("link"))
                yield Offer(region, offer_type, provider_id, link, place, provider)


def watch_providers(series: Series) -> Rows:
    """Where it can be seen now."""
    seen = set()
    for offer in offers(series.part(WATCH_PROVIDERS)):
        if offer.provider_id is not None and offer.key not in seen:
            seen.add(offer.key)
            yield {
                "show_id": entity_id(series.natural_key),
                "region": offer.region,
                "offer_type": offer.offer_type,
                "provider_id": offer.provider_id,
                "display_priority": whole(offer.provider.get("display_priority")),
                "link": offer.link,
            }


def stays(series: Series, instants: Sequence[datetime]) -> Rows:
    """When it came to a service and when it left; `instants` are those of the sets of offers."""
    came: dict[tuple[str, str, int | None], datetime] = {}
    sets = [{offer.key for offer in offers(part)} for part in series.offers]
    for number, (standing, seen_at) in enumerate(zip(sets, instants, strict=True)):
        end = instants[number + 1] if number + 1 < len(instants) else None
        staying = set() if end is None else sets[number + 1]
        came = {key: came.get(key, seen_at) for key in standing}
        for (region, offer_type, provider_id), first_seen_at in came.items():
            is_leaving = (region, offer_type, provider_id) not in staying
            if provider_id is not None and is_leaving:
                yield {
                    "show_id": entity_id(series.natural_key),
                    "region": region,
                    "offer_type": offer_type,
                    "provider_id": provider_id,
                    "is_from_start": first_seen_at == instants[0],
                    "is_current": end is None,
                    "first_seen_at": first_seen_at,
                    "last_seen_at": end,
                }


def _listed(series: Series, entries: object, id_column: str, *, is_named: bool = False) -> Rows:
    seen = set()
    for position, entry in enumerate(objects(entries), 1):
        entry_id = whole(entry.get("id"))
        if entry_id is None or entry_id in seen:
            continue
        seen.add(entry_id)
        name = {"name": text(entry.get("name"))} if is_named else {}
        show_id = entity_id(series.natural_key)
        yield {"show_id": show_id, id_column: entry_id, **name, "position": position}
