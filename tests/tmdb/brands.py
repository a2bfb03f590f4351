"""Networks and companies of the generated world, as their own endpoints answer them."""

from typing import Any

from tests.tmdb.chance import mix, tag
from tests.tmdb.plan import Plan
from tests.tmdb.pools import COMPANY_COUNT, NETWORK_COUNT, Pools, Thing, image_path
from tests.tmdb.vocabulary import TITLES
from tests.tmdb.world import Part

_BRAND = tag("brand")
_TOWNS = ("New York City, New York", "London ", "", None)


def network_in(pools: Pools, network_id: int) -> Thing | None:
    """Find the network that details name by this id."""
    number, rest = divmod(network_id - 2, 11)
    return pools.networks[number] if not rest and 0 <= number < NETWORK_COUNT else None


def company_in(pools: Pools, company_id: int) -> Thing | None:
    """Find the production company that details name by this id."""
    number, rest = divmod(company_id - 5, 13)
    return pools.company(number) if not rest and 0 <= number < COMPANY_COUNT else None


def networks_of(pools: Pools, plan: Plan, revision: int) -> list[Part]:
    """Give the networks of a series, as its details and its seasons list them."""
    first = mix(plan.bits, 1)
    # Squared: a few networks carry most series.
    numbers = [int((mix(first, index) % 1_000 / 1_000) ** 2 * NETWORK_COUNT) for index in range(2)]
    count = 0 if first % 16 == 0 else 1 + (first % 9 == 0)
    if revision:
        numbers, count = [*numbers[:count], (first + revision) % NETWORK_COUNT], count + 1
    return [pools.networks[number] for number in dict.fromkeys(numbers[:count])]


def network_parts(seed: int, network: Thing, revisions: dict[str, int]) -> dict[str, Part]:
    """Give a network's details and parts."""
    bits = mix(seed, _BRAND, network["id"])
    return _parts(network, bits, {}, revisions)


def company_parts(seed: int, company: Thing, revisions: dict[str, int]) -> dict[str, Part]:
    """Give a company's details and parts; its parent is null, an id, or a company in brief.

    Recorded are null and an id; the third is the belief `company_parent_is_told_in_brief`.
    """
    bits = mix(seed, _BRAND, company["id"], 1)
    brief = {"id": 5, "logo_path": None, "name": "Parent Pictures"}
    parent: Any = (None, None, 5, brief)[bits % 4]
    return _parts(company, bits, {"description": "", "parent_company": parent}, revisions)


def _parts(brand: Thing, bits: int, more: Part, revisions: dict[str, int]) -> dict[str, Part]:
    homepage = "https://www.example.org/brand" if bits % 2 else ""
    details = {"logo_path": None, **brand, **more, "homepage": homepage}
    details["headquarters"] = _TOWNS[(bits >> 4) % len(_TOWNS)]
    if edits := revisions.get("details", 0):
        details["headquarters"] = f"Edited {edits} times"
    names = [
        {"name": TITLES[(bits >> at) % len(TITLES)], "type": "" if at % 2 else "short form"}
        for at in range(bits % 3 + revisions.get("alternative_names", 0))
    ]
    logos = [path for path in (details["logo_path"],) if path]
    logos += [image_path(mix(bits, n), "png") for n in range(revisions.get("images", 0))]
    return {
        "details": details,
        "alternative_names": {"results": names},
        "images": {"logos": [_logo(path, bits) for path in logos]},
    }


def _logo(path: str, bits: int) -> Part:
    return {
        "aspect_ratio": 2.5,
        "file_path": path,
        "height": 200,
        "id": f"{bits:024x}"[-24:],
        "file_type": f".{path.rpartition('.')[2]}",
        "vote_average": 5.4,
        "vote_count": bits % 9,
        "width": 500,
    }
