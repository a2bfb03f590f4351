r"""IMDb's daily datasets: seven gzipped files of tab-separated rows, a document each.

Described at https://developer.imdb.com/non-commercial-datasets/: UTF-8, a line of names first,
`\N` for null, nothing quoted. They are no snapshot of one moment: a row may name what another file
does not have. Copies may be held; the terms name no time after which they must go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from extract.resource import Resource, Source

IMDB = Source(
    name="imdb",
    title="IMDb",
    attribution="Information courtesy of IMDb (https://www.imdb.com). Used with permission.",
    licence="IMDb non-commercial datasets; personal and non-commercial use only.",
    retention=None,
    images_may_be_kept=False,  # the datasets have none, and the terms of the pages forbid it
)

ENTITY = "imdb:"
"""The natural key of a title and of a person: `imdb:tt0903747`, `imdb:nm0186505`."""
DAY = timedelta(days=1)


def _resource(name: str) -> Resource:
    return Resource(
        name=f"imdb_{name}",  # key: the id, and the ordering where an id has several rows
        source=IMDB,
        entity=ENTITY,
        path=f"/{name.replace('_', '.')}.tsv.gz",
        max_age=DAY,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One of the files: its columns, what a row is found by, what is wanted of it."""

    resource: Resource
    columns: tuple[str, ...]
    wanted_by: str = "tconst"
    """The column whose id decides whether a row is wanted."""
    wanted: str = "titles"
    """Among which ids it has to be: `series`, `titles` (episodes too) or `people`."""
    is_ordered: bool = False
    """Whether an id has several rows, numbered in the column `ordering`."""

    @property
    def file(self) -> str:
        """Its name, which is its key in the books."""
        return str(self.resource.path).removeprefix("/")

    def key(self, row: Mapping[str, str | None]) -> str:
        """The key of a row's document: `tt0903747`, `tt0903747/1`."""
        identity = row[self.columns[0]] or ""
        return f"{identity}/{row['ordering']}" if self.is_ordered else identity


# In the order of landing: each decides what is wanted of those after it.
DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {
        dataset.resource.name: dataset
        for dataset in (
            Dataset(
                resource=_resource("title_episode"),
                columns=("tconst", "parentTconst", "seasonNumber", "episodeNumber"),
                wanted_by="parentTconst",
                wanted="series",
            ),
            Dataset(
                resource=_resource("title_basics"),
                columns=(
                    *("tconst", "titleType", "primaryTitle", "originalTitle", "isAdult"),
                    *("startYear", "endYear", "runtimeMinutes", "genres"),
                ),
            ),
            Dataset(
                resource=_resource("title_ratings"),
                columns=("tconst", "averageRating", "numVotes"),
            ),
            Dataset(
                resource=_resource("title_akas"),
                columns=(
                    *("titleId", "ordering", "title", "region", "language"),
                    *("types", "attributes", "isOriginalTitle"),
                ),
                wanted_by="titleId",
                is_ordered=True,
            ),
            Dataset(
                resource=_resource("title_crew"),
                columns=("tconst", "directors", "writers"),
            ),
            Dataset(
                resource=_resource("title_principals"),
                columns=("tconst", "ordering", "nconst", "category", "job", "characters"),
                is_ordered=True,
            ),
            Dataset(
                resource=_resource("name_basics"),
                columns=(
                    *("nconst", "primaryName", "birthYear", "deathYear"),
                    *("primaryProfession", "knownForTitles"),
                ),
                wanted_by="nconst",
                wanted="people",
            ),
        )
    }
)

FILES = Resource(
    name="imdb_files",  # key: `title.basics.tsv.gz`; what was read of it last, and which version
    source=IMDB,
    entity="",
    max_age=DAY,
)

RESOURCES = (*(dataset.resource for dataset in DATASETS.values()), FILES)
