"""How MediaWiki answers `action=query&prop=info&redirects=1&titles=A|B|…` with `formatversion=2`.

Where the rules come from (D: https://www.mediawiki.org/wiki/API:Query and /wiki/Manual:Page_title,
S: MediaWiki's source, includes/api/ApiPageSet.php and docs/title.txt, B: a belief of ours,
`extract.probe.beliefs`):

- D  Up to 50 titles; `normalized`, `redirects` and `interwiki` are lists, absent where empty.
- D  A title that no page has is `missing`, an impossible one `invalid`, with its reason.
- S  Spaces and underscores at the ends go, several are one, the first letter is a capital; what
     follows `#` is dropped, and so is one leading colon. A title that differs then is `normalized`.
- B  `titles_are_composed_first`: a title that is not NFC is normalized twice: first to NFC, its
     `from` in percent signs and marked `fromencoded`, then to the title.
- S  A title with the prefix of another wiki stands in `interwiki` and in none of the `pages`; one
     in a negative namespace is `special`.
- S  Redirects are followed one after the other; those in a circle, or out of the wiki, lead to no
     page at all.
- S  Pages come without regard for the order of the titles, each once: first what is no page.
- B  `too_many_titles_are_an_error`: more than 50 titles are the error `toomanyvalues`. Older
     versions ignored the rest and warned.
"""

import re
import unicodedata
from collections.abc import Container, Mapping
from typing import Any
from urllib.parse import quote

MOST = 50
_INTERWIKI = frozenset({"de", "w"})
_NAMESPACES = {"special": -1, "talk": 1, "user": 2, "file": 6, "category": 14}
_FORBIDDEN = re.compile(r"[\[\]<>{}|\x00-\x1f\x7f\ufffd]|%[0-9A-Fa-f]{2}|~~~")

Entry = dict[str, Any]


def answer_titles(
    pages: Mapping[str, Entry],
    redirects: Mapping[str, str],
    asked: str,
    otherwise: Container[str] = (),
) -> dict[str, Any]:
    """Answer a question for titles; `pages` are by their titles."""
    titles = list(dict.fromkeys(asked.split("|")))
    if "too_many_titles_are_an_error" in otherwise:
        titles = titles[:MOST]
    if len(titles) > MOST:
        return {"error": {"code": "toomanyvalues", "info": f"The limit is {MOST}."}}
    query: dict[str, list[Entry]] = {}
    wanted: dict[str, Entry] = {}
    for title in titles:
        if "titles_are_composed_first" not in otherwise:
            title = _composed(title, query)
        entry = _normalized(title)
        if entry.get("title", title) != title and not entry.get("invalid"):
            _add(query, "normalized", _changed(title, entry["title"]))
        if "iw" in entry:
            _add(query, "interwiki", entry)
        else:
            wanted[entry["title"]] = entry
    found: dict[str, Entry] = {}
    for title, entry in wanted.items():
        last = _followed(title, redirects, query)
        if last is not None:
            found[last] = entry if last == title else _normalized(last)
    told = [pages.get(title) or _absent(entry) for title, entry in found.items()]
    if told:
        query["pages"] = sorted(told, key=lambda entry: (entry.get("pageid", 0), entry["title"]))
    return {"batchcomplete": True, "query": query}


def _composed(title: str, query: dict[str, list[Entry]]) -> str:
    composed = unicodedata.normalize("NFC", title)
    if composed != title:
        encoded = {"fromencoded": True, "from": quote(title, safe=""), "to": composed}
        _add(query, "normalized", encoded)
    return composed


def _normalized(title: str) -> Entry:
    """Give the title as MediaWiki writes it, with its namespace, or why it is none."""
    text = re.sub(r"[\s_]+", " ", title.partition("#")[0]).strip()
    text = text.removeprefix(":").strip()
    if not text or text.startswith(":") or _FORBIDDEN.search(text) or len(text.encode()) > 255:
        reason = "The requested page title contains invalid characters, is empty or too long."
        return {"title": title, "invalid": True, "invalidreason": reason}
    prefix, colon, rest = text.partition(":")
    if colon and prefix.casefold() in _INTERWIKI:
        return {"title": f"{prefix.casefold()}:{rest.strip()}", "iw": prefix.casefold()}
    number = _NAMESPACES.get(prefix.casefold(), 0) if colon else 0
    if number:
        rest = rest.strip()
        return {"ns": number, "title": f"{prefix.capitalize()}:{rest[:1].upper()}{rest[1:]}"}
    return {"ns": 0, "title": text[:1].upper() + text[1:]}


def _followed(
    title: str, redirects: Mapping[str, str], query: dict[str, list[Entry]]
) -> str | None:
    met = {title}
    while title in redirects:
        to, _, section = redirects[title].partition("#")
        entry = {"from": title, "to": to} | ({"tofragment": section} if section else {})
        wiki = _normalized(to).get("iw")
        _add(query, "redirects", entry | ({"tointerwiki": wiki} if wiki else {}))
        if to in met or wiki:
            return None
        met.add(to)
        title = to
    return title


def _absent(entry: Entry) -> Entry:
    if entry.get("invalid"):
        return entry
    return entry | ({"special": True} if entry["ns"] < 0 else {"missing": True})


def _changed(title: str, to: str) -> Entry:
    return {"fromencoded": False, "from": title, "to": to}


def _add(query: dict[str, list[Entry]], name: str, entry: Entry) -> None:
    listed = query.setdefault(name, [])
    if entry not in listed:
        listed.append(entry)
