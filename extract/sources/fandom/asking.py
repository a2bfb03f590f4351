"""The way to a wiki: one request at a time, and none while its database lags behind."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from extract.http.answers import Verdict
from extract.http.client import Client, Gate, OpenGate, host_of
from extract.sample import answer_wiki
from extract.settings import Settings
from extract.sources.fandom.resources import FANDOM

MAX_BODY_BYTES = 16 * 1024 * 1024
MOST_AT_ONCE = 50
"""Titles or pages in one request: MediaWiki's bound for readers without rights."""

API = "/api.php"
_ALWAYS = {"format": "json", "formatversion": "2", "maxlag": "5"}
_PASSING = frozenset({"maxlag", "ratelimited", "readonly"})
_MISSING = frozenset({"missingtitle", "nosuchpageid", "nosuchrevid"})
_CHALLENGES = (b"challenge-platform", b"_cf_chl", b"Just a moment")
"""What pages hold that let only browsers pass."""


def open_client(settings: Settings, database: str, wiki: str, *, sample: bool = False) -> Client:
    """Make a client of one wiki, which asks one thing after the other.

    `sample` answers with the bundled page, without a network.
    """
    base_url = address(settings, wiki)
    gate = Gate(database, host_of(base_url), settings.fandom_requests_per_second)
    return Client(
        source=f"{FANDOM.title} ({wiki})",
        base_url=base_url,
        gate=OpenGate() if sample else gate,
        user_agent=settings.showhouse_user_agent,
        classify=classify,
        max_connections=1,
        max_body_bytes=MAX_BODY_BYTES,
        answerer=answer_wiki if sample else None,
    )


def address(settings: Settings, wiki: str) -> str:
    """Give the address of a wiki."""
    return settings.fandom_base_url.replace("{wiki}", wiki)


def titles(names: Sequence[str]) -> Mapping[str, str]:
    """Ask which pages have these titles, of up to 50, and where those lead that are redirects."""
    asked = {"action": "query", "prop": "info", "redirects": "1", "titles": "|".join(names)}
    return {**asked, **_ALWAYS}


def revisions(page_ids: Sequence[int]) -> Mapping[str, str]:
    """Ask which revision each of up to 50 pages has: the cheap call."""
    ids = "|".join(map(str, page_ids))
    return {"action": "query", "prop": "info", "pageids": ids, **_ALWAYS}


def page(page_id: int) -> Mapping[str, str]:
    """Ask for a page as its readers see it."""
    asked = {"action": "parse", "pageid": str(page_id)}
    return {**asked, "prop": "text|revid|displaytitle|categories", **_ALWAYS}


def classify(status: int, body: bytes) -> Verdict:
    """Say what to do with an answer: MediaWiki tells its errors with status 200, by their code."""
    value = _object(body)
    error = value.get("error") if value is not None else None
    code = error.get("code") if isinstance(error, dict) else None
    if code is None and _is_refusal(status, body):
        return Verdict.REFUSED
    if value is None:
        return Verdict.RETRY if status == 200 else _of_status(status)
    if error is None:
        return Verdict.OK if status == 200 else _of_status(status)
    if code in _MISSING:
        return Verdict.GONE
    if code in _PASSING or str(code).startswith("internal_api_error"):
        return Verdict.RETRY
    return Verdict.BUG if status == 200 else _of_status(status)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _is_refusal(status: int, body: bytes) -> bool:
    """Whether something before MediaWiki refuses the client; an outage has a page of 503 as well.

    Asked for JSON, MediaWiki never answers 200 with a page: it is one that tells people and
    programs apart.
    """
    if status in (402, 403):
        return True
    is_page = body.lstrip().startswith(b"<")
    is_challenge = any(mark in body for mark in _CHALLENGES)
    return is_page and (status == 200 or (status == 503 and is_challenge))


def _of_status(status: int) -> Verdict:
    # 403 with an error of MediaWiki's own is about the request or the moment: later it may pass.
    return Verdict.RETRY if status in (403, 408, 429) or status >= 500 else Verdict.BUG
