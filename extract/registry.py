"""The one list of sources and resources: what is not here is neither landed nor migrated.

`python -m extract.registry` prints it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from extract.resource import Resource, Source
from extract.sources import showhouse
from extract.sources.fandom import resources as fandom
from extract.sources.imdb import datasets as imdb
from extract.sources.imdb import pages
from extract.sources.tmdb import catalogue, entities, lookups
from extract.sources.tmdb import resources as tmdb

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        source.name: source
        for source in (tmdb.TMDB, tmdb.JUSTWATCH, imdb.IMDB, fandom.FANDOM, showhouse.SHOWHOUSE)
    }
)

RESOURCES: Mapping[str, Resource] = MappingProxyType(
    {
        resource.name: resource
        for resource in (
            *tmdb.RESOURCES,
            *entities.RESOURCES,
            *catalogue.RESOURCES,
            *lookups.RESOURCES,
            *imdb.RESOURCES,
            *pages.RESOURCES,
            *fandom.RESOURCES,
            *showhouse.RESOURCES,
        )
    }
)


def _verify() -> None:
    for resource in RESOURCES.values():
        if resource.source is not SOURCES[resource.source.name]:
            raise ValueError(f"resource `{resource.name}`: its source is not registered")
        if resource.appended_to and resource.appended_to not in RESOURCES:
            raise ValueError(f"resource `{resource.name}`: `{resource.appended_to}` is unknown")
        if unknown := {mention.resource for mention in resource.mentions} - RESOURCES.keys():
            raise ValueError(f"resource `{resource.name}`: it mentions unknown {sorted(unknown)}")


_verify()

if __name__ == "__main__":
    for name, listed in RESOURCES.items():
        print(f"{name:32} {listed.path or '':56} every {listed.max_age.days} d at the latest")
