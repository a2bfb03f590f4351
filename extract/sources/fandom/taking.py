"""From what a wiki answered to what lands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from extract.canonical import read
from extract.documents import Batch, Reject, document, tombstone
from extract.errors import Unfit
from extract.http.answers import Answer, Verdict
from extract.parsers.fandom import read_page
from extract.parsers.markup import Unreadable
from extract.resource import Resource
from extract.sources.fandom.resources import PAGES, PROFILES

PARSE = "showhouse parse"
"""The request of a profile: no source was asked for it."""


def page_key(wiki: str, page_id: int) -> str:
    """Give the key of a page: a title may change, its id does not."""
    return f"{wiki}/{page_id}"


def take_page(key: str, site: str, kinds: Sequence[str], answer: Answer) -> Batch:
    """Land a page, and its profile beside it; a page that is gone leaves neither."""
    if answer.verdict is Verdict.GONE:
        return gone(key, answer)
    batch = _taken(PAGES, key, answer)
    if batch.documents:
        batch.extend(profile(key, site, kinds, read(answer.body), answer.fetched_at))
    return batch


def gone(key: str, answer: Answer) -> Batch:
    """Say that a wiki has no such page any more."""
    told = {"request": answer.request, "fetched_at": answer.fetched_at}
    return Batch([tombstone(each, key, **told) for each in (PAGES, PROFILES)])  # type: ignore[arg-type]


def unchanged(key: str, payload: Mapping[str, Any], answer: Answer) -> Batch:
    """Land the held page once more: its revision is the same, so that only the check is kept."""
    told = {"request": answer.request, "fetched_at": answer.fetched_at}
    return Batch([document(PAGES, key, payload, **told)])  # type: ignore[arg-type]


def profile(
    key: str, site: str, kinds: Sequence[str], payload: Mapping[str, Any], fetched_at: datetime
) -> Batch:
    """Read a landed page: what it says, with its title, its revision and where it stands.

    `kinds` is what it was asked for as: `person`, `show`.
    """
    page = payload["parse"]
    title = page["title"]
    try:
        told = read_page(page["text"]) | {
            "title": title,
            "revision": page["revid"],
            "url": f"{site}/wiki/{quote(title.replace(' ', '_'), safe='/:()!,')}",
            "kinds": list(kinds),
            "categories": _categories(page.get("categories")),
        }
        return Batch([document(PROFILES, key, told, request=PARSE, fetched_at=fetched_at)])
    except Unreadable as unreadable:
        unfit = Unfit("unreadable", str(unreadable))
    except Unfit as error:
        unfit = error
    body = page["text"].encode("utf-8", "replace")
    reject = Reject(PROFILES.name, key, unfit.reason, unfit.detail, body, PARSE, fetched_at)
    return Batch(rejects=[reject])


def revisions_of(answer: Answer) -> dict[int, tuple[int | None, Answer]]:
    """Read the latest revision of each page that an answer tells of; None where it is missing.

    Each comes with the answer that says so.
    """
    try:
        value = read(answer.body)
    except Unfit:
        return {}
    query = value.get("query") if isinstance(value, dict) else None
    pages = query.get("pages") if isinstance(query, dict) else None
    found: dict[int, tuple[int | None, Answer]] = {}
    for each in pages if isinstance(pages, list) else []:
        if isinstance(each, dict) and type(each.get("pageid")) is int:
            if each.get("missing"):
                found[each["pageid"]] = (None, answer)
            elif type(each.get("lastrevid")) is int:
                found[each["pageid"]] = (each["lastrevid"], answer)
    return found


def _taken(resource: Resource, key: str, answer: Answer) -> Batch:
    told: dict[str, Any] = {"request": answer.request, "fetched_at": answer.fetched_at}
    try:
        return Batch([document(resource, key, _fitting(resource, key, answer.body), **told)])
    except Unfit as unfit:
        reject = Reject(resource.name, key, unfit.reason, unfit.detail, answer.body, **told)
        return Batch(rejects=[reject])


def _fitting(resource: Resource, key: str, body: bytes) -> dict[str, Any]:
    payload = read(body)
    if not isinstance(payload, dict):
        raise Unfit("not_an_object", f"it is a {type(payload).__name__}")
    if wrong := resource.check(key, payload):
        raise Unfit("wrong_shape", wrong)
    return payload


def _categories(listed: Any) -> list[str]:
    entries = listed if isinstance(listed, list) else []
    names = (each.get("category") for each in entries if isinstance(each, dict))
    return [name for name in names if isinstance(name, str)]
