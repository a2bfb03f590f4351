"""Answers requests from the fact files as TMDb's own service would.

Its rules are measured or documented: twenty appends, unknown names and absent seasons as missing
keys, no `id` in what is appended [L]; errors 404/34 and 400/27 [D]. The keys of its documents are
held against recordings and TMDb's description by the tests. That networks and companies take
`append_to_response` is a belief (`extract.probe.beliefs`).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from extract.sample import brands, drawings
from extract.sample.facts import Facts, facts
from extract.sample.groups import group_details, groups
from extract.sample.persons import PERSON_PARTS, people, person_details
from extract.sample.seasons import season_credits_document, season_document
from extract.sample.series import PARTS, details

Reply = tuple[int, Mapping[str, str], bytes]

MOST_APPENDS = 20
SERIES_IDS: tuple[int, ...] = tuple(sorted(facts().shows))

_IMAGE = re.compile(r"/(?:t/p/)?(?:original|[wh]\d+)(/[^/]+)")
_SERIES = re.compile(r"/tv/(\d+)")
_SEASON = re.compile(r"/tv/(\d+)/season/(\d+)(/credits)?")
_PART = re.compile(r"/tv/(\d+)/([a-z_/]+)")
_APPENDED_SEASON = re.compile(r"season/(\d+)(/credits)?")
_JSON = {"content-type": "application/json;charset=utf-8"}
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}


def answer(path: str, params: Mapping[str, str] | None = None) -> Reply:
    """Status, headers and body for a path below TMDb's base URL or image base URL.

    `/3`, `/t/p` and a query string in the path are accepted; the same request always gives the same
    bytes. What the sample does not hold is answered with TMDb's 404.
    """
    bare, _, query = path.partition("?")
    bare = "/" + bare.strip("/").removeprefix("3/")
    appended = _parameters(query, params).get("append_to_response", "")
    for pattern, reply in _ROUTES:
        if found := pattern.fullmatch(bare):
            return reply(found, [name for name in appended.split(",") if name])
    return _not_found()


def _parameters(query: str, params: Mapping[str, str] | None) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return {name: value.replace("%2C", ",").replace("%2F", "/") for name, _, value in pairs} | dict(
        params or {}
    )


def _series(found: re.Match[str], appended: list[str]) -> Reply:
    known, show_id = facts(), int(found[1])
    if show_id not in known.shows:
        return _not_found()
    if len(appended) > MOST_APPENDS:
        return _refusal(400, 27, f"No more than {MOST_APPENDS} parts may be appended.")
    document = details(known, show_id)
    for name in appended:
        part = _appended(known, show_id, name)
        if part is not None:
            document[name] = part
    return _reply(document)


def _appended(known: Facts, show_id: int, name: str) -> dict[str, Any] | None:
    if season := _APPENDED_SEASON.fullmatch(name):
        document = _of_season(season[2])(known, show_id, int(season[1]))
        return document and _without_id(document)
    if name not in PARTS:
        return None
    return _without_id(PARTS[name](known, show_id))


def _season(found: re.Match[str], appended: list[str]) -> Reply:
    known, show_id = facts(), int(found[1])
    if show_id not in known.shows:
        return _not_found()
    document = _of_season(found[3])(known, show_id, int(found[2]))
    return _reply(document) if document else _not_found()


def _of_season(credits: str | None) -> Callable[[Facts, int, int], dict[str, Any] | None]:
    return season_credits_document if credits else season_document


def _part(found: re.Match[str], appended: list[str]) -> Reply:
    known, show_id = facts(), int(found[1])
    if show_id not in known.shows or found[2] not in PARTS:
        return _not_found()
    return _reply(PARTS[found[2]](known, show_id))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of thing that stands on its own: where it is asked for, which there are, its parts."""

    path: re.Pattern[str]
    keys: frozenset[Any]
    details: Callable[[Facts, Any], dict[str, Any]]
    parts: Mapping[str, Callable[[Facts, Any], dict[str, Any]]] = field(default_factory=dict)

    def reply(self, found: re.Match[str], appended: list[str]) -> Reply:
        """Answer for the key that was found in the path, and for one part of it after that."""
        known, part = facts(), found[2]
        key = int(found[1]) if found[1].isdigit() and int(found[1]) in self.keys else found[1]
        if key not in self.keys or (part and part not in self.parts):
            return _not_found()
        if part:
            return _reply(self.parts[part](known, key))
        parts = {name: self.parts[name](known, key) for name in appended if name in self.parts}
        whole = {name: _without_id(part) for name, part in parts.items()}
        return _reply(self.details(known, key) | whole)


_KINDS = {
    "people": _Kind(
        re.compile(r"/person/(\d+)(?:/([a-z_]+))?"),
        frozenset(people()),
        person_details,
        PERSON_PARTS,
    ),
    "episode groups": _Kind(
        re.compile(r"/tv/episode_group/(\w+)()"), frozenset(groups()), group_details
    ),
    "networks": _Kind(
        re.compile(r"/network/(\d+)(?:/([a-z_]+))?"),
        frozenset(facts().networks),
        brands.network_details,
        {"alternative_names": brands.alternative_names, "images": brands.network_images},
    ),
    "companies": _Kind(
        re.compile(r"/company/(\d+)(?:/([a-z_]+))?"),
        frozenset(facts().companies),
        brands.company_details,
        {"alternative_names": brands.alternative_names, "images": brands.company_images},
    ),
}


def _without_id(part: dict[str, Any]) -> dict[str, Any]:
    """Leave out what TMDb's appended parts lack; a season, too, has its id only when alone."""
    return {key: value for key, value in part.items() if key != "id"}


def _image(found: re.Match[str], appended: list[str]) -> Reply:
    name = _pictures().get(found[1])
    if name is None:
        return _not_found()
    kind = found[1].rpartition(".")[2]
    body = drawings.svg(found[1], name) if kind == "svg" else drawings.png(found[1])
    return 200, {"content-type": _TYPES.get(kind, "image/png")}, body


_ROUTES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], list[str]], Reply]], ...] = (
    (_SERIES, _series),
    (_SEASON, _season),
    (_PART, _part),
    *((kind.path, kind.reply) for kind in _KINDS.values()),
    (_IMAGE, _image),
)

KEYS: Mapping[str, frozenset[str]] = {
    "series": frozenset(map(str, SERIES_IDS)),
    **{name: frozenset(map(str, kind.keys)) for name, kind in _KINDS.items()},
}
"""By subject, what there is to ask for."""


@cache
def _pictures() -> dict[str, str]:
    return {path: name for path, name in _picture_paths(facts()) if path}


def _picture_paths(known: Facts) -> Iterator[tuple[str, str]]:
    for named in (known.networks, known.companies, known.providers):
        yield from ((row["logo"], row["name"]) for row in named.values())
    for show_id, show in known.shows.items():
        yield from ((show.get(key, ""), show["name"]) for key in ("poster", "backdrop"))
        yield from ((image[1], show["name"]) for image in show.get("images", []))
        yield from ((row["poster"], row["name"]) for row in known.seasons[show_id].values())
    for (show_id, _), episodes in known.episodes.items():
        name = known.shows[show_id]["name"]
        yield from ((row["still"], name) for row in episodes.values())
    yield from ((row["profile"], row["name"]) for row in known.people.values())


def _not_found() -> Reply:
    return _refusal(404, 34, "Nothing is held under this address.")


def _refusal(status: int, code: int, message: str) -> Reply:
    body = {"success": False, "status_code": code, "status_message": message}
    return _reply(body, status)


def _reply(document: dict[str, Any], status: int = 200) -> Reply:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return status, dict(_JSON), text.encode()
