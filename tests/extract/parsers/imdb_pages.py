"""Pages as IMDb makes them, by their data alone."""

from typing import Any

import orjson


def page(next_data: Any = None, linked: Any = None, canonical: str = "", links: str = "") -> bytes:
    """A page that carries this data, escaped as IMDb escapes it."""
    parts = ["<!DOCTYPE html><html><head>", f'<link rel="canonical" href="{canonical}"/>']
    if linked is not None:
        parts.append(f'<script type="application/ld+json">{_escaped(linked)}</script>')
    parts.append("</head><body><main>Words &amp; more &nbsp;</main>")
    parts.append("".join(f'<a href="{link}">x</a>' for link in links.split()))
    if next_data is not None:
        about = 'id="__NEXT_DATA__" type="application/json"'
        parts.append(f"<script {about}>{_escaped(next_data)}</script>")
    return "".join([*parts, "</body></html>"]).encode()


def title(imdb_id: str = "tt0000101", **changes: Any) -> bytes:
    """A title's page: JSON-LD tells one half, the page's own data the other."""
    linked = {
        "@type": "TVSeries",
        "url": f"https://www.imdb.com/title/{imdb_id}/",
        "name": "A Series",
        "description": "What happens.",
        "contentRating": "TV-MA",
        "genre": ["Drama", "Comedy"],
        "aggregateRating": {"ratingValue": 8.5, "ratingCount": 1_200},
    }
    main = {
        "id": imdb_id,
        "titleType": {"id": "tvSeries"},
        "titleText": {"text": "Another name"},
        "originalTitleText": {"text": "Eine Serie"},
        "releaseYear": {"year": 2001, "endYear": None},
        "runtime": {"seconds": 2_700},
    }
    return page({"props": {"pageProps": {"mainColumnData": main}}}, linked | changes)


def episodes(imdb_id: str = "tt0000101", *entries: Any, season: str = "1", **extent: Any) -> bytes:
    """A page of the episodes of a season; `extent` is `total` and `hasNextPage`."""
    section = {"currentSeason": season, "episodes": {"items": list(entries), **extent}}
    content = {"entityMetadata": {"id": imdb_id}, "section": section}
    return page({"props": {"pageProps": {"contentData": content}}})


def episode(number: int, **changes: Any) -> dict[str, Any]:
    """One episode on it."""
    return {
        "id": f"tt{9_000_000 + number}",
        "season": "1",
        "episode": str(number),
        "titleText": f"Part {number}",
        "plot": "Something happens.",
        "releaseDate": {"day": 3, "month": 2, "year": 2001},
        "aggregateRating": 7.5,
        "voteCount": 12,
        "image": {"url": "https://m.media-amazon.com/x.jpg"},
    } | changes


def credits(imdb_id: str = "tt0000101", **extent: Any) -> bytes:
    """A page of full credits; `extent` is of its only category's section, as `total`."""
    host = {"id": "nm0000005", "rowTitle": "Ann Other", "characters": ["Self - Host"]}
    host["episodeCreditData"] = {"episodeCount": 12}  # type: ignore[assignment]
    category = {
        "id": "self",
        "name": "Self",
        "section": {"items": [host, {"id": "x"}, None], **extent},
    }
    content = {"entityMetadata": {"id": imdb_id}, "categories": [category]}
    return page({"props": {"pageProps": {"contentData": content}}})


def saved_list(*ids: str, list_id: str = "ls012345678", links: str = "", **extent: Any) -> bytes:
    """The page of a list by its own data; `extent` is `total` and `pageInfo`."""
    search = {"edges": [{"listItem": {"id": each}} for each in ids], **extent}
    main = {"list": {"id": list_id, "titleListItemSearch": search}}
    return page({"props": {"pageProps": {"mainColumnData": main}}}, links=links)


def _escaped(value: Any) -> str:
    return orjson.dumps(value).decode().replace("<", "\\u003c")
