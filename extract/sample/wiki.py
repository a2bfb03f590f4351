"""Answers for a wiki of one page, written by us, as MediaWiki's `api.php` would."""

import json
from collections.abc import Mapping
from typing import Any

from extract.sample.facts import FOLDER

Reply = tuple[int, Mapping[str, str], bytes]

WIKI = "showhouse-sample"
"""Its name; Fandom has no such wiki."""
WIKI_SERIES = 14658
"""The series that it is about, by TMDb's id."""
PAGE_ID, REVISION, TITLE = 900_000_001, 900_000_001, "Jeff Probst"
_MISSING = {"code": "nosuchpageid", "info": "There is no page with this id."}


def answer_wiki(path: str, params: Mapping[str, str] | None = None) -> Reply:
    """Status, headers and body for a question for titles or for revisions, or for a page."""
    asked = params or {}
    page = {"pageid": PAGE_ID, "ns": 0, "title": TITLE}
    if "titles" in asked:
        titles = asked["titles"].split("|")
        missing = [{"ns": 0, "title": title, "missing": True} for title in titles if title != TITLE]
        found = [page | {"lastrevid": REVISION}] if TITLE in titles else []
        return _reply({"batchcomplete": True, "query": {"pages": [*missing, *found]}})
    if asked.get("prop") == "info":
        return _reply({"query": {"pages": [page | {"lastrevid": REVISION}]}})
    if asked.get("pageid") != str(PAGE_ID):
        return _reply({"error": _MISSING})
    text = (FOLDER / "wiki" / "jeff_probst.html").read_text(encoding="utf-8")
    told = {"revid": REVISION, "text": text, "displaytitle": TITLE}
    return _reply({"parse": page | told | {"categories": [{"category": "Hosts", "sortkey": ""}]}})


def _reply(document: dict[str, Any]) -> Reply:
    return 200, {"content-type": "application/json; charset=utf-8"}, json.dumps(document).encode()
