"""Networks, companies, providers: many series name one, the latest that says something wins.

Value by value: a series that names a network without its logo does not take the logo away.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tests.dbt_project.expectation.answers import WATCH_PROVIDERS, Series
from tests.dbt_project.expectation.lists import offers
from tests.dbt_project.expectation.values import first_of, objects, text, whole
from tests.tmdb.world import Part

HOSTED = dict.fromkeys(
    f"hosted_logo_{name}"
    for name in ("key", "url", "sha256", "content_type", "bytes", "etag", "at")
)
"""No logo is mirrored here."""


UNTOLD: dict[str, dict[str, Any]] = {
    "networks": {"alternative_names": [], "headquarters": None, "homepage": None},
}
UNTOLD["production_companies"] = UNTOLD["networks"] | {
    "parent_name": None,
    "parent_production_company_id": None,
}
"""What only the owner's own document says, where nobody asked for it."""


def named(latest_first: Sequence[Series], field: str, id_column: str) -> list[dict[str, Any]]:
    """Work out networks or production companies."""
    mentions: dict[int, list[Part]] = defaultdict(list)
    for series in latest_first:
        said_here = set()
        for owner in objects(series.details.get(field)):
            owner_id = whole(owner.get("id"))
            if owner_id is not None and owner_id not in said_here:
                said_here.add(owner_id)
                mentions[owner_id].append(owner)
    return [
        {
            id_column: owner_id,
            "name": _latest(said, "name"),
            "logo_path": _latest(said, "logo_path"),
            "origin_country": _latest(said, "origin_country"),
            **UNTOLD[field],
            **HOSTED,
        }
        for owner_id, said in mentions.items()
    ]


def watch_providers(latest_first: Sequence[Series]) -> list[dict[str, Any]]:
    """Work out the providers; the best rank that any series gives one is its own."""
    mentions: dict[int, list[Part]] = defaultdict(list)
    for series in latest_first:
        found = offers(series.part(WATCH_PROVIDERS))
        for offer in sorted(found, key=lambda offer: (offer.region, offer.offer_type, offer.place)):
            if offer.provider_id is not None:
                mentions[offer.provider_id].append(offer.provider)
    ranks = {
        provider_id: [whole(provider.get("display_priority")) for provider in said]
        for provider_id, said in mentions.items()
    }
    return [
        {
            "provider_id": provider_id,
            "provider_name": _latest(said, "provider_name"),
            "logo_path": _latest(said, "logo_path"),
            "display_priority": min(
                (rank for rank in ranks[provider_id] if rank is not None), default=None
            ),
            **HOSTED,
        }
        for provider_id, said in mentions.items()
    ]


def _latest(mentions: Sequence[Part], field: str) -> str | None:
    found: str | None = first_of(*(text(mention.get(field)) for mention in mentions))
    return found
