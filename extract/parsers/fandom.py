"""A Fandom page of a person, as an object: the infobox, and the sections that such pages have.

Wikis write their own templates, so nothing is taken for granted: a row of the infobox is known by
what its label or its name says, whatever the case and spacing ("Full Name", `full_name`), and all
rows are kept as they stand under `fields`. Sections are known by their headings, tables by theirs.

    {"parser_version": 2, "name": str, "full_name": str, "birth_date": "1985-09-14", …,
     "relatives": [{"name": str, "relation": str, "page": str}], "fields": {label: [line]},
     "taglines": [{"season": str, "text": str, "position": str}], "seats": [{…}],
     "trivia": [str], "images": [{"name": str, "url": str}], "headings": [str]}

Missing is absent: no key has an empty value.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html

from extract.parsers.dates import read_date
from extract.parsers.markup import has_class, line, lines, parse

VERSION = 2
"""Raise it when the same page is to give more, or something else."""

MOST_ENTRIES = 500
"""Of one kind on one page: a list with more is none that people wrote."""
LONGEST_LINE = 2_000

_KNOWN: Mapping[str, str] = {
    "fullname": "full_name",
    "birthname": "full_name",
    "birthdate": "birth_date_text",
    "birthday": "birth_date_text",
    "dateofbirth": "birth_date_text",
    "born": "birth_date_text",
    "deathdate": "death_date_text",
    "died": "death_date_text",
    "birthplace": "birth_place",
    "placeofbirth": "birth_place",
    "gender": "gender_text",
    "sex": "gender_text",
    "residence": "residence",
    "residesin": "residence",
    "lives": "residence",
    "hometown": "hometown",
    "occupation": "occupation",
    "occupations": "occupation",
}
"""Infobox rows by their label, letters alone; `birth_date` is read off its text."""

_RELATIONS = frozenset(
    {"family", "relatives", "relationships", "romances", "spouse", "spouses", "children", "parents"}
    | {"siblings", "husband", "wife", "partner", "partners"}
)
_GENDERS = {
    "female": "female",
    "woman": "female",
    "male": "male",
    "man": "male",
    "nonbinary": "non-binary",
}
_UNKNOWN = frozenset({"unknown", "n/a", "none", "?", "tba", "tbd", "to be added", "to be added."})
_INFOBOX = f"//aside[{has_class('portable-infobox')}]"
_REVISION = re.compile(r"/revision/.*", re.DOTALL)


def read_page(text: str | bytes) -> dict[str, Any]:
    """Read what a page says of a person. Raises extract.parsers.markup.Unreadable."""
    root = parse(text)
    boxes = root.xpath(_INFOBOX)
    found: dict[str, Any] = {"parser_version": VERSION}
    if boxes:
        found |= _infobox(boxes[0])
    found |= _sections(root)
    found["images"] = list(_images(root))[:MOST_ENTRIES]
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _infobox(box: html.HtmlElement) -> dict[str, Any]:
    found: dict[str, Any] = {"fields": {}, "relatives": []}
    for title in box.xpath(f".//*[{has_class('pi-title')}]")[:1]:
        found["name"] = _said(line(title))
    for row in box.xpath(f".//*[{has_class('pi-data')}]")[:MOST_ENTRIES]:
        values = row.xpath(f".//*[{has_class('pi-data-value')}]")
        labels = row.xpath(f".//*[{has_class('pi-data-label')}]")
        label = line(labels[0]) if labels else row.get("data-source", "")
        told = [_cut(each) for each in lines(values[0])] if values else []
        if not (label and told):
            continue
        found["fields"].setdefault(_cut(label), told)
        names = {_letters(label), _letters(row.get("data-source", ""))}
        for name in sorted(names & _KNOWN.keys()):
            # An address or a name that was broken into lines is still one.
            found.setdefault(_KNOWN[name], _said(_joined(told)))
        if names & _RELATIONS:
            found["relatives"] += _relatives(values[0], told)
    for name in ("birth_date", "death_date"):
        date = read_date(found.get(f"{name}_text") or "")
        found[name] = str(date) if date else None
    found["gender"] = _GENDERS.get(_letters(found.get("gender_text") or ""))
    return found


def _relatives(value: html.HtmlElement, told: Iterable[str]) -> Iterator[dict[str, str]]:
    """Names, each with the relation that follows in brackets and the page that it links to."""
    pages = {
        line(link): unquote(urlsplit(link.get("href", "")).path.removeprefix("/wiki/"))
        for link in value.xpath(".//a[starts-with(@href, '/wiki/')]")
    }
    name = ""
    for text in [*told, ""]:
        relation = re.fullmatch(r"\((.+)\)", text)
        if relation and name:
            yield _relative(name, relation[1], pages)
            name = ""
            continue
        if name:
            yield _relative(name, "", pages)
        inline = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", text)
        if inline:
            yield _relative(inline[1], inline[2], pages)
            name = ""
        else:
            name = text


def _relative(name: str, relation: str, pages: Mapping[str, str]) -> dict[str, str]:
    told = {"name": name, "relation": relation.strip(), "page": pages.get(name, "")}
    return {key: value for key, value in told.items() if value}


def _sections(root: html.HtmlElement) -> dict[str, Any]:
    """What stands under the headings `Taglines`, `Reunion Seating` and `Trivia`."""
    found: dict[str, Any] = {"headings": [], "taglines": [], "seats": [], "trivia": []}
    within = ""
    for element in root.iter("h2", "h3", "table", "ul"):
        if element.tag in ("h2", "h3"):
            if (titled := _titled(element)) is not None:
                heading = _cut(line(titled))
                found["headings"].append(heading)
                within = _letters(heading) if element.tag == "h2" else within
        elif element.tag == "table" and within == "taglines":
            found["taglines"] += _table(element, _TAGLINES)
        elif element.tag == "table" and within in ("reunionseating", "seating", "reunionseats"):
            found["seats"] += _table(element, _SEATS)
        elif element.tag == "ul" and within == "trivia":
            items = (_said(_cut(line(item))) for item in element.xpath("./li"))
            found["trivia"] += [item for item in items if item]
    return {name: values[:MOST_ENTRIES] for name, values in found.items()}


def _titled(heading: html.HtmlElement) -> html.HtmlElement | None:
    """Give what holds the text of a section's heading; None for one of an infobox, or a contents.

    Up to MediaWiki 1.43 it is a `span.mw-headline` within, beside the link to edit the section;
    from 1.44 on the heading itself, within a `div.mw-heading`, and the link stands outside
    (https://www.mediawiki.org/wiki/Heading_HTML_changes).
    """
    headlines = heading.xpath(f".//*[{has_class('mw-headline')}]")
    if headlines:
        return headlines[0]
    return heading if heading.xpath(f"parent::*[{has_class('mw-heading')}]") else None


_TAGLINES = {
    "season": "season",
    "seasonnumber": "season",
    "tagline": "text",
    "taglines": "text",
    "position": "position",
}
_SEATS = {
    "season": "season",
    "seasonnumber": "season",
    "hostside": "side",
    "side": "side",
    "distancefromhost": "distance",
    "distance": "distance",
}


def _table(table: html.HtmlElement, columns: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The rows of a table whose first row names its columns; those we know, by our names."""
    rows = table.xpath(".//tr")[: MOST_ENTRIES + 1]
    if not rows:
        return
    names = [columns.get(_letters(line(cell))) for cell in rows[0].xpath("./th|./td")]
    for row in rows[1:]:
        cells = [line(cell).strip(" \"“”'") for cell in row.xpath("./td|./th")]
        told = {name: _cut(text) for name, text in zip(names, cells, strict=False) if name and text}
        if told.keys() - {"season"}:
            yield told


def _images(root: html.HtmlElement) -> Iterator[dict[str, str]]:
    """The wiki's pictures on the page, each once, at their original address."""
    seen = set()
    for image in root.iter("img"):
        name = image.get("data-image-name") or image.get("data-image-key") or ""
        source = image.get("data-src") or image.get("src") or ""
        url = _REVISION.sub("", source)
        if name and url.startswith("https://") and url not in seen:
            seen.add(url)
            yield {"name": _cut(name), "url": _cut(url)}


def _joined(told: Iterable[str]) -> str:
    text = " ".join(told)
    return _cut(re.sub(r"\s+,", ",", re.sub(r",(?=\w)", ", ", text)))


def _said(text: str) -> str | None:
    return None if text.strip().casefold() in _UNKNOWN else text


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"
