"""Images of everything that has one, and which of several stands for its owner."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.dbt_project.expectation.answers import Series
from tests.dbt_project.expectation.values import (
    entity_id,
    first_of,
    number,
    objects,
    text,
    voted,
    whole,
)

Row = dict[str, Any]

KINDS = ("poster", "backdrop", "logo")
_MIRROR_KINDS = {"season": "season_posters", "episode": "episode_stills"}
_HOSTED = ("key", "url", "sha256", "content_type", "bytes", "etag", "at")
MEASURED = ("width", "height", "aspect_ratio", "vote_average", "vote_count")


@dataclass(frozen=True, slots=True)
class Owner:
    """Something with one image: where it stands, and what its natural key is made of."""

    owner_type: str
    table: str
    kind: str
    id_column: str
    tmdb_column: str
    prefix: str


OWNERS_OF_ONE = (
    Owner("season", "seasons", "poster", "season_id", "tmdb_season_id", "tmdb:season:"),
    Owner("episode", "episodes", "still", "episode_id", "tmdb_episode_id", "tmdb:episode:"),
    Owner("network", "networks", "logo", "network_id", "network_id", "tmdb:network:"),
    Owner(
        *("production_company", "production_companies", "logo"),
        *("production_company_id", "production_company_id", "tmdb:company:"),
    ),
    Owner(
        *("watch_provider", "watch_providers", "logo"),
        *("provider_id", "provider_id", "tmdb:watch_provider:"),
    ),
)


def of_show(series: Series) -> Iterable[Row]:
    """A show's images: those that are listed, then what its details name and no list holds."""
    images: dict[str, Row] = {}
    for kind in KINDS:
        for listed in objects(series.part("images").get(f"{kind}s")):
            if (path := text(listed.get("file_path"))) is not None and path not in images:
                images[path] = _listed(series, kind, path, listed)
    for kind in KINDS[:2]:
        path = text(series.details.get(f"{kind}_path"))
        if path is not None and path not in images:
            images[path] = _of_show(series, kind, path) | {"is_listed": False}
    yield from stand_for_owner(images.values())


def stand_for_owner(images: Iterable[Row]) -> list[Row]:
    """Rank the images of each kind; the first stands for the owner of these."""
    for kind in {image["kind"] for image in images}:
        ranked = sorted((image for image in images if image["kind"] == kind), key=_rank)
        for rank, image in enumerate(ranked, 1):
            image |= {"rank": rank, "is_primary": rank == 1}
    return [
        {name: value for name, value in image.items() if name != "is_listed"} for image in images
    ]


def person_image(person: Row, path: str, listed: dict[str, Any] | None) -> Row:
    """Describe a photo of a person, as it is listed or not."""
    key = f"tmdb:person:{person['tmdb_id']}"
    image = _image("person", str(person["person_id"]), key, "profile", path)
    image |= {"show_id": None, "is_listed": listed is not None}
    image |= {"mirror_kind": "person_photos", "mirror_owner": str(person["tmdb_id"])}
    return image | _measures(listed) if listed is not None else image


def primary_ids(series: Series) -> dict[str, UUID | None]:
    """The image of each kind that stands for a show."""
    found = {image["kind"]: image["image_id"] for image in of_show(series) if image["is_primary"]}
    return {f"primary_{kind}_image_id": found.get(kind) for kind in KINDS}


def single(tables: Mapping[str, Iterable[Row]]) -> Iterable[Row]:
    """Images of owners that have one of a kind, from the owners' own rows."""
    shows = {row["show_id"]: row["tmdb_id"] for row in tables["shows"]}
    for owner in OWNERS_OF_ONE:
        for row in tables[owner.table]:
            if (path := row[f"{owner.kind}_path"]) is not None:
                owner_id, tmdb_id = str(row[owner.id_column]), row[owner.tmdb_column]
                owner_key = owner_id if tmdb_id is None else f"{owner.prefix}{tmdb_id}"
                yield _image(owner.owner_type, owner_id, owner_key, owner.kind, path) | {
                    "show_id": row.get("show_id"),
                    "is_primary": True,
                    "rank": 1,
                    "mirror_kind": _MIRROR_KINDS.get(owner.owner_type, owner.table),
                    "mirror_owner": _mirror_owner(owner, row, shows.get(row.get("show_id"))),
                }


def _mirror_owner(owner: Owner, row: Row, show: int | None) -> str | None:
    """Name an owner as the mirror does: a season by its number, an episode as its series does."""
    if owner.owner_type == "season":
        return f"{show}/season-{row['season_number']}"
    if owner.owner_type == "episode":
        tmdb_id = first_of(row["tmdb_episode_id"], row["disputed_tmdb_episode_id"])
        return None if tmdb_id is None else f"{show}/{tmdb_id}"
    return str(row[owner.tmdb_column])


def _listed(series: Series, kind: str, path: str, listed: dict[str, Any]) -> Row:
    return _of_show(series, kind, path) | {"is_listed": True} | _measures(listed)


def _measures(listed: dict[str, Any]) -> Row:
    language = text(listed.get("iso_639_1"))
    return {
        "language": None if language == "xx" else language,
        "width": whole(listed.get("width")),
        "height": whole(listed.get("height")),
        "aspect_ratio": number(listed.get("aspect_ratio")),
        "vote_average": voted(listed),
        "vote_count": whole(listed.get("vote_count")),
    }


def _of_show(series: Series, kind: str, path: str) -> Row:
    show_id = entity_id(series.natural_key)
    image = _image("show", str(show_id), series.natural_key, kind, path)
    image |= {"mirror_kind": f"show_{kind}s", "mirror_owner": str(series.series_id)}
    return image | {"show_id": show_id}


def _image(owner_type: str, owner_id: str, owner_key: str, kind: str, path: str) -> Row:
    return {
        "image_id": entity_id(f"{owner_key}/tmdb{path}"),
        "owner_type": owner_type,
        "owner_id": owner_id,
        "kind": kind,
        "source": "tmdb",
        "file_path": path,
        "source_url": f"https://image.tmdb.org/t/p/original{path}",
        "language": None,
        **dict.fromkeys(MEASURED),
        **{f"hosted_{name}": None for name in _HOSTED},
        "hosted_renditions": [],
    }


def _rank(image: Row) -> Any:
    """Listed, English, then without language, then others; votes, average, width; unknown last."""
    counts = [image[name] for name in ("vote_count", "vote_average", "width")]
    return (
        not image["is_listed"],
        {"en": 0, None: 1}.get(image["language"], 2),
        *((count is None, -(count or 0)) for count in counts),
        image["file_path"],
    )
