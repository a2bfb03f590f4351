"""Probing: one source after the other is asked, then each belief is held against what came.

Nothing is landed: the rate gate's row is all that is written to the database.
"""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from extract.mirror.errors import StoreUnusable
from extract.probe import fandom, imdb, store, tmdb
from extract.probe.asking import GivenUp
from extract.probe.beliefs import BELIEFS, Asked
from extract.probe.outcomes import (
    Finding,
    Question,
    Replies,
    Reply,
    Report,
    Told,
    Unasked,
    not_asked,
    otherwise,
    shown,
)
from extract.probe.questions import QUESTIONS
from extract.probe.shapes import shape_of
from extract.settings import Settings

SOURCES: tuple[Asked, ...] = get_args(Asked)
HEADERS = (
    *("accept-ranges", "cache-control", "content-encoding", "content-range", "content-type"),
    *("etag", "last-modified", "retry-after", "x-amz-checksum-sha256"),
)
"""The headers of which a file of shapes says whether they came."""


def why_not(settings: Settings, source: Asked) -> str:
    """Say which setting is missing to ask a source; empty: it can be asked."""
    if source == "tmdb" and not (settings.tmdb_bearer_token or settings.tmdb_api_key):
        return "neither TMDB_BEARER_TOKEN nor TMDB_API_KEY is set"
    if source == "store" and not settings.aws_s3_bucket:
        return "AWS_S3_BUCKET is not set: images go into a folder"
    return ""


def probe(
    settings: Settings,
    database: str,
    source: Asked,
    *,
    series_id: int = tmdb.SERIES_ID,
    wiki: str = fandom.WIKI,
    title: str = fandom.TITLE,
) -> Report:
    """Ask a source for everything that is believed of it. Raises GateUnusable, SettingsError."""
    replies: dict[str, Reply] = {}
    try:
        if source == "tmdb":
            trouble = asyncio.run(tmdb.ask(settings, database, replies, series_id))
        elif source == "imdb":
            trouble = asyncio.run(imdb.ask(settings, database, replies))
        elif source == "fandom":
            trouble = asyncio.run(fandom.ask(settings, database, replies, wiki, title))
        else:
            trouble = store.ask(settings, replies)
    except (GivenUp, StoreUnusable) as error:
        trouble = str(error)
    found = () if trouble else findings(source, replies)
    return Report(source, found, tuple(replies.values()), shown(trouble))


def findings(source: Asked, replies: Replies) -> tuple[Finding, ...]:
    """Hold each belief about a source against what came."""
    asked = {each.belief: each for each in QUESTIONS[source]}
    return tuple(
        Finding(belief, _told(asked[belief.name], replies))
        for belief in BELIEFS
        if belief.source == source
    )


def _told(question: Question | Unasked, replies: Replies) -> Told:
    if isinstance(question, Unasked):
        return not_asked(question.how.removeprefix("not asked: "))
    for name in question.needs:
        if name not in replies:
            return not_asked("what came before named nothing to ask for")
        if replies[name].status is None:
            return otherwise(shown(replies[name].problem))
    try:
        told = question.check(replies)
    except Exception as error:  # an answer may be anything, and the other beliefs are asked on
        told = otherwise(f"an answer that cannot be read: {type(error).__name__}")
    return Told(told.outcome, shown(told.came))


def shapes(report: Report, day: date) -> Mapping[str, Any]:
    """Describe a report without a value: outcomes, and of each request status, headers, shape."""
    return {
        "source": report.source,
        "date": day.isoformat(),
        "trouble": bool(report.trouble),
        "beliefs": {each.belief.name: each.told.outcome.value for each in report.findings},
        "requests": [_shape(each) for each in report.replies],
    }


def _shape(reply: Reply) -> Mapping[str, Any]:
    return {
        "request": reply.request,
        "status": reply.status,
        "headers": [name for name in HEADERS if name in reply.headers],
        "shape": shape_of(reply.value) if reply.value is not None else _packing(reply),
    }


def _packing(reply: Reply) -> str:
    if reply.status is None:
        return "no whole answer"
    start = reply.body[:64].lstrip()
    kinds = {b"\x1f\x8b": "gzip", b"<!": "html", b"<h": "html", b"<?": "xml"}
    return kinds.get(start[:2], "bytes") if reply.body else "empty"
