"""Asks one wiki of Fandom: fifty titles, a page's revision, the page, one of no page, and a lag."""

import re

from extract.http.client import Client, Gate, host_of
from extract.probe.asking import (
    ATTEMPTS,
    DEADLINE_SECONDS,
    SILENCE_SECONDS,
    Asker,
    as_it_comes,
    refusal,
)
from extract.probe.outcomes import (
    Question,
    Replies,
    Reply,
    Told,
    Unasked,
    judged,
    kind_of,
    mapping,
    not_asked,
    objects,
    otherwise,
)
from extract.settings import Settings
from extract.sources.fandom import asking
from extract.sources.fandom.resources import FANDOM, page_fault

WIKI, TITLE = "breakingbad", "Walter White"
"""The wiki that is asked, and a page of it with headings and an infobox."""
ABSENT_PAGE = 999_999_999
UNDERSCORED = "Showhouse_probe_1"
"""A title that MediaWiki writes with spaces."""
ALWAYS_LAGS = {"maxlag": "-1"}
"""No database lags less than this: MediaWiki's documentation names it for tests."""

_HEADINGS = re.compile(r"<h[2-4][\s>]")
_KNOWN_HEADINGS = re.compile(r"class=\"[^\"]*\bmw-(headline|heading)\b")
_INFOBOX = re.compile(r"<aside[^>]*\bportable-infobox\b")


async def ask(
    settings: Settings,
    database: str,
    replies: dict[str, Reply],
    wiki: str = WIKI,
    title: str = TITLE,
) -> str:
    """Ask everything; `replies` receives what comes. Gives why the wiki cannot be asked.

    Raises GivenUp, GateUnusable.
    """
    base_url = asking.address(settings, wiki)
    async with Client(
        source=f"{FANDOM.title} ({wiki})",
        base_url=base_url,
        gate=Gate(database, host_of(base_url), settings.fandom_requests_per_second),
        user_agent=settings.showhouse_user_agent,
        classify=as_it_comes(asking.classify),
        max_connections=1,
        max_body_bytes=asking.MAX_BODY_BYTES,
        timeout=SILENCE_SECONDS,
        deadline=DEADLINE_SECONDS,
        attempts=ATTEMPTS,
    ) as client:
        asker = Asker(client, replies)
        titles = await asker.get("titles", asking.API, asking.titles(fifty_titles(title)))
        if trouble := refusal(FANDOM.title, titles):
            return trouble
        page_id = _page_id(titles)
        if page_id:
            await asker.get("revisions", asking.API, asking.revisions([page_id]))
            await asker.get("page", asking.API, asking.page(page_id))
        await asker.get("absent", asking.API, asking.page(ABSENT_PAGE))
        await asker.get("lag", asking.API, {**asking.titles([title]), **ALWAYS_LAGS})
    return ""


def fifty_titles(title: str) -> list[str]:
    """The page's title, and 49 that no wiki has: one with underscores, the others with spaces."""
    strangers = (f"Showhouse probe {number}" for number in range(2, asking.MOST_AT_ONCE))
    return [title, UNDERSCORED, *strangers]


def _pages(reply: Reply) -> list[object]:
    pages = mapping(reply.fields.get("query")).get("pages")
    return list(objects(pages))


def _page_id(reply: Reply) -> int | None:
    # Of the fifty titles one has a page, which may be written otherwise than the user did.
    ids = (mapping(each).get("pageid") for each in _pages(reply))
    return next((each for each in ids if type(each) is int and each > 0), None)


def _open(replies: Replies) -> Told:
    reply = replies["titles"]
    return judged(reply.status == 200 and bool(reply.fields), reply.came)


def _fifty(replies: Replies) -> Told:
    pages = [mapping(each) for each in _pages(replies["titles"])]
    missing = sum(each.get("missing") is True for each in pages)
    came = f"{len(pages)} pages, {missing} of them missing"
    is_told = len(pages) == asking.MOST_AT_ONCE and missing >= asking.MOST_AT_ONCE - 1
    return judged(is_told, came)


def _revision(replies: Replies) -> Told:
    for name in ("titles", "revisions"):
        found = [each for each in map(mapping, _pages(replies[name])) if "pageid" in each]
        if not found:
            return (
                not_asked("the wiki has no page of that title")
                if name == "titles"
                else otherwise(replies[name].came)
            )
        if not all(type(each.get("lastrevid")) is int for each in found):
            return otherwise("no number as `lastrevid`")
    return judged(True, "`pageid` and `lastrevid`")


def _normalized(replies: Replies) -> Told:
    query = mapping(replies["titles"].fields.get("query"))
    pairs = [(each.get("from"), each.get("to")) for each in objects(query.get("normalized"))]
    is_told = (UNDERSCORED, UNDERSCORED.replace("_", " ")) in pairs
    return judged(is_told, f"{len(pairs)} entries in `normalized`")


def _page(replies: Replies) -> Told:
    reply = replies["page"]
    parse = mapping(reply.fields.get("parse"))
    if reply.status != 200 or not parse:
        return otherwise(reply.came)
    wrong = page_fault(str(parse.get("pageid")), reply.fields)
    has_list = isinstance(parse.get("categories"), list)
    return judged(
        not wrong and has_list, wrong or f"`categories` is {kind_of(parse.get('categories'))}"
    )


def _code(reply: Reply) -> object:
    return mapping(reply.fields.get("error")).get("code")


def _told_error(reply: Reply) -> str:
    code = _code(reply)
    return f"{reply.status} with the error `{code}`" if code is not None else reply.came


def _errors(replies: Replies) -> Told:
    reply = replies["absent"]
    return judged(reply.status == 200 and isinstance(_code(reply), str), _told_error(reply))


def _absent(replies: Replies) -> Told:
    return judged(_code(replies["absent"]) == "nosuchpageid", _told_error(replies["absent"]))


def _lag(replies: Replies) -> Told:
    return judged(_code(replies["lag"]) == "maxlag", _told_error(replies["lag"]))


def _text(replies: Replies) -> str | None:
    text = mapping(replies["page"].fields.get("parse")).get("text")
    return text if isinstance(text, str) else None


def _headings(replies: Replies) -> Told:
    text = _text(replies)
    if text is None:
        return not_asked("the page came without text")
    headings, known = len(_HEADINGS.findall(text)), len(_KNOWN_HEADINGS.findall(text))
    if not headings:
        return not_asked("the page has no headings")
    return judged(known > 0, f"{headings} headings, {known} marks of a known form")


def _infoboxes(replies: Replies) -> Told:
    text = _text(replies)
    if text is None:
        return not_asked("the page came without text")
    boxes, rows = len(_INFOBOX.findall(text)), text.count("data-source=")
    return judged(boxes > 0 and rows > 0, f"{boxes} infoboxes, {rows} `data-source`")


_TITLES = "a query for fifty titles"
_PAGE = "`action=parse` of the page"
_ABSENT = f"`action=parse` of page {ABSENT_PAGE}"

FANDOM_QUESTIONS: tuple[Question | Unasked, ...] = (
    Question("wikis_answer_this_client", _TITLES, ("titles",), _open),
    Question("fifty_titles_are_told_at_once", _TITLES, ("titles",), _fifty),
    Question(
        "titles_tell_their_last_revision",
        "a query for fifty titles, then for a page's revision",
        ("titles", "revisions"),
        _revision,
    ),
    Question(
        "titles_are_normalized_aloud",
        "a title with an underscore among the fifty",
        ("titles",),
        _normalized,
    ),
    Question("pages_come_with_text_and_revision", _PAGE, ("page",), _page),
    Question("wiki_errors_come_with_200", _ABSENT, ("absent",), _errors),
    Question("absent_page_is_nosuchpageid", _ABSENT, ("absent",), _absent),
    Question("lag_is_told_as_maxlag", "a query with `maxlag=-1`", ("lag",), _lag),
    Question("headings_have_a_known_form", _PAGE, ("page",), _headings),
    Question("infoboxes_are_portable", _PAGE, ("page",), _infoboxes),
    Unasked("titles_are_composed_first", "not asked: names are asked for in NFC"),
    Unasked("too_many_titles_are_an_error", "not asked: no request has more than fifty"),
    Unasked("long_urls_are_refused", "not asked: no URL of ours is as long"),
)
