"""What generated series share: people, networks, companies, providers, keywords.

Pools are bounded and filled on first use, so a world of any size needs the same few megabytes.
"""

from collections.abc import Callable
from typing import Any

from tests.tmdb.chance import mix, tag
from tests.tmdb.vocabulary import PEOPLE, REGIONS, TITLES

Thing = dict[str, Any]

PEOPLE_COUNT = 20_000
NETWORK_COUNT = 300
COMPANY_COUNT = 1_500
PROVIDER_COUNT = 60
KEYWORD_COUNT = 2_000

_NETWORKS, _COMPANIES, _PROVIDERS = tag("networks"), tag("production_companies"), tag("providers")
_PERSON, _POPULARITY = tag("person"), tag("popularity")


def image_path(bits: int, extension: str = "jpg") -> str:
    """Name an image as TMDb does: 27 letters and digits."""
    return (
        f"/{bits & 0xFFFF_FFFF_FFFF_FFFF:016x}{(bits * 40_503) & 0xFFF_FFFF_FFFF:011x}.{extension}"
    )


def drifted(popularity: float, day: int, key: int) -> float:
    """Move a popularity by up to 10 %, as it stands on a day; day 0 leaves it alone."""
    if not day:
        return popularity
    return round(popularity * (0.9 + (mix(_POPULARITY, day, key) & 1023) / 5120), 4)


class _People(dict[int, Thing]):
    """People by number, made when first asked for; the plain look-up is what keeps credits fast."""

    def __init__(self, make: Callable[[int], Thing]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, number: int) -> Thing:
        person = self[number] = self._make(number)
        return person


class Pools:
    """The shared things of one seed on one day; copy a thing before adding to it."""

    def __init__(
        self,
        seed: int,
        day: int = 0,
        logo_editions: dict[str, int] | None = None,
        people_count: int = PEOPLE_COUNT,
    ) -> None:
        self.people_count = people_count
        self._seed = seed
        self._day = day
        self._logo_editions = logo_editions if logo_editions is not None else {}
        self.people = _People(self._make_person)
        self._companies: dict[int, Thing] = {}
        self._offers: dict[int, Thing] = {}
        self.networks = [self._network(number) for number in range(NETWORK_COUNT)]
        self.keywords = [
            {"id": 100 + 7 * number, "name": TITLES[mix(seed, number) % len(TITLES)].lower()}
            for number in range(KEYWORD_COUNT)
        ]

    def company(self, number: int) -> Thing:
        """Give a production company as details name one."""
        company = self._companies.get(number)
        if company is None:
            company = self._companies[number] = self._make_company(number)
        return company

    def provider(self, region: int, number: int) -> Thing:
        """Give a provider as a region's offers name it: only the priority is the region's."""
        key = region * PROVIDER_COUNT + number
        offer = self._offers.get(key)
        if offer is None:
            offer = self._offers[key] = self._make_offer(region, number)
        return offer

    def _make_person(self, number: int) -> Thing:
        bits = mix(self._seed, _PERSON, number)
        name = PEOPLE[bits % len(PEOPLE)]
        if bits % 53 == 0:
            name += " "
        person: Thing = {
            "adult": False,
            "gender": (bits >> 8) % 4 if bits % 5 == 0 else 1 + (bits >> 8) % 2,
            "id": 1000 + 3 * number,
            "known_for_department": "Acting" if bits % 4 else "Production",
            "name": name,
            "original_name": name.rstrip(),
            "popularity": drifted(((bits >> 16) % 60_000) / 10_000, self._day, number),
            "profile_path": None if bits % 3 == 0 else image_path(bits >> 3),
        }
        if bits % 41 == 0:
            del person["adult"], person["original_name"]
        return person

    def _network(self, number: int) -> Thing:
        bits = mix(self._seed, _NETWORKS, number)
        network_id = 2 + 11 * number
        network = {
            "id": network_id,
            "logo_path": self._logo("networks", network_id, bits, missing=17),
            "name": TITLES[bits % len(TITLES)] + (" TV" if bits % 3 else " TV "),
            "origin_country": "" if bits % 13 == 0 else REGIONS[(bits >> 20) % len(REGIONS)],
        }
        if bits % 23 == 0:
            del network["logo_path"]
        return network

    def _make_company(self, number: int) -> Thing:
        bits = mix(self._seed, _COMPANIES, number)
        company_id = 5 + 13 * number
        return {
            "id": company_id,
            "logo_path": self._logo("production_companies", company_id, bits, missing=2),
            "name": TITLES[bits % len(TITLES)] + " Pictures",
            "origin_country": "" if bits % 3 == 0 else REGIONS[(bits >> 20) % len(REGIONS)],
        }

    def _make_offer(self, region: int, number: int) -> Thing:
        bits = mix(self._seed, _PROVIDERS, number)
        offer = {
            "logo_path": self._logo("watch_providers", 8 + 9 * number, bits, missing=31),
            "provider_id": 8 + 9 * number,
            "provider_name": TITLES[bits % len(TITLES)] + ("+" if bits % 2 else " Channel "),
            "display_priority": (bits + 7 * region) % 180,
        }
        if (bits + region) % 29 == 0:
            del offer["display_priority"]
        return offer

    def _logo(self, kind: str, owner_id: int, bits: int, *, missing: int) -> str | None:
        edition = self._logo_editions.get(f"{kind}/{owner_id}", 0)
        if edition:
            return image_path(mix(bits, edition), "png")
        if bits % missing == 1:
            return None
        return image_path(bits >> 5, "svg" if (bits >> 9) % 8 == 0 else "png")
