"""What series name and TMDb answers on its own: people, episode groups, networks, companies.

One request brings each with its parts. They change seldom, so they are due every 90 days, half of
what their payloads may be kept for. Upstream's quirks: a person's `deathday` is null or `""`; a
group's id is 24 hexadecimal digits; networks and companies answer an `origin_country` of `""`.
"""

from datetime import timedelta
from typing import Any

from extract.resource import Payload, Resource
from extract.sources.tmdb.resources import TMDB, holding, misshapen, naming_itself

SELDOM_AGE = timedelta(days=90)


def _details(name: str, entity: str, path: str, **more: Any) -> Resource:
    return Resource(
        name=f"tmdb_{name}_details",
        source=TMDB,
        entity=entity,
        path=path,
        **{"max_age": SELDOM_AGE, "check": naming_itself, **more},
    )


def _part(details: Resource, appended_as: str, **containers: type) -> Resource:
    return Resource(
        name=f"{details.name.removesuffix('details')}{appended_as}",
        source=TMDB,
        entity=details.entity,
        path=f"{details.path}/{appended_as}",
        appended_to=details.name,
        appended_as=appended_as,
        max_age=SELDOM_AGE,
        check=holding(**containers),
    )


def _check_group(key: str, payload: Payload) -> str | None:
    return naming_itself(key, payload) or misshapen(payload, {"groups": list})


PERSON_DETAILS = _details("person", "tmdb:person:", "/person/{key}", volatile=("**.popularity",))
PERSON_METRICS = Resource(
    name="tmdb_person_metrics",  # cut out of details, so that popularity makes no new version
    source=TMDB,
    entity=PERSON_DETAILS.entity,
    cut_out=("popularity",),
    max_age=SELDOM_AGE,
    check=holding(),
)
PEOPLE = (
    PERSON_DETAILS,
    PERSON_METRICS,
    _part(PERSON_DETAILS, "external_ids"),
    _part(PERSON_DETAILS, "images", profiles=list),
    _part(PERSON_DETAILS, "translations", translations=list),
)

GROUP_DETAILS = _details(
    "episode_group", "tmdb:episode_group:", "/tv/episode_group/{key}", check=_check_group
)
EPISODE_GROUPS = (GROUP_DETAILS,)

NETWORK_DETAILS = _details("network", "tmdb:network:", "/network/{key}")
NETWORKS = (
    NETWORK_DETAILS,
    _part(NETWORK_DETAILS, "alternative_names", results=list),
    _part(NETWORK_DETAILS, "images", logos=list),
)

COMPANY_DETAILS = _details("company", "tmdb:company:", "/company/{key}")
COMPANIES = (
    COMPANY_DETAILS,
    _part(COMPANY_DETAILS, "alternative_names", results=list),
    _part(COMPANY_DETAILS, "images", logos=list),
)

RESOURCES = (*PEOPLE, *EPISODE_GROUPS, *NETWORKS, *COMPANIES)
